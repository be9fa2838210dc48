"""How well and how fast a look-up finds what was typed as people type it, beside what one would take instead.

    python benchmarks/bench_lookup.py [tune] [N codes asked, default 600]

`tune` asks with another seed and only about makers that the report's held-out third does not hold; constants of the
look-up were chosen with it alone. A find: with the maker known, the same code of the same maker (where a text stands
for several of its codes, one with that text; for a label in German one of that fault); with the maker unknown, the
same code of the same maker or any entry of the same canonical fault. Of two bits in one register both must be found.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter, process_time

from lookup_queries import Asked, by_kind, digest, first_fault, grown, is_held_out, queries
from rapidfuzz import fuzz, process, utils

from chargelore.kb.load import shipped
from chargelore.kb.model import Code, FaultId, Knowledge
from chargelore.kb.search import lookup

TUNE_SEED, REPORT_SEED = 11, 2026
MOST, LINES = 10, 5
BY_TEXT = frozenset(
    {"text_as_shown", "cut_text", "typing_error_in_text", "wrong_case", "words_of_a_name", "typing_error_in_code"}
)
SIZES = (10_000, 100_000)
ASKED_OF_SIZES = 150  # codes; the same for every size, and about eight queries each
ASKED_OF_RIVALS = 40  # of the same queries; the look-up answers them again, for the ratio
WARM_UP = 20
Find = tuple[str, str, FaultId | None, str]  # maker, code, fault, text
Search = Callable[[str, str], list[Find]]


@dataclass(frozen=True, slots=True)
class Run:
    """Ranks (0 for not found) and milliseconds of one way to search, of the processor and by the clock."""

    ranks: list[int]
    times: list[float]
    clock: list[float]

    def __str__(self) -> str:
        mrr, recall = self.quality
        return f"{mrr:.3f} / {recall:.3f}"

    @property
    def quality(self) -> tuple[float, float]:
        """MRR and recall at 5."""
        mrr = statistics.mean(1 / each if each else 0.0 for each in self.ranks)
        return mrr, statistics.mean(0 < each <= LINES for each in self.ranks)

    @property
    def slow(self) -> float:
        """The 95th percentile."""
        return late(self.times)

    @property
    def speed(self) -> str:
        return f"{statistics.median(self.times):7.1f} {self.slow:7.1f} {late(self.clock):7.1f}"


def late(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main(*, tunes: bool, count: int) -> None:
    knowledge = shipped()
    seed = TUNE_SEED if tunes else REPORT_SEED
    print(__doc__.split("\n\n")[2])
    print(f"\nseed {seed}; cells are MRR / recall at {LINES}")
    print("times in ms: median and 95th percentile of the processor, 95th percentile by the clock")
    if tunes:
        pool = [code for code in knowledge.codes if not is_held_out(code.vendor)]
        return shown("makers to tune on", knowledge, sampled(pool, count, seed), seed)
    held = [code for code in knowledge.codes if is_held_out(code.vendor)]
    shown("held-out third of makers", knowledge, sampled(held, count, seed), seed)
    shown("all makers", knowledge, sampled(knowledge.codes, count, seed), seed)
    print(f"\n{'codes':>8} {'':22} {'maker known':>15} {'ms':>23} {'unknown':>15} {'ms':>23} {'first s':>8}")
    for size in (len(knowledge.codes), *SIZES):
        compared(grown(knowledge, size, seed), min(count, ASKED_OF_SIZES), seed)
    return None


def sampled(codes: Iterable[Code], count: int, seed: int) -> list[Code]:
    listed = list(codes)
    return random.Random(seed).sample(listed, min(count, len(listed)))


def shown(title: str, knowledge: Knowledge, codes: list[Code], seed: int) -> None:
    """One line for each way of spoiling."""
    asked = list(queries(knowledge, codes, seed))
    search = by_lookup(knowledge)
    search("warm up", "")
    print(f"\n{title}: {len(codes)} codes, {len(asked)} queries, digest {digest(asked)}")
    print(f"{'':22} {'maker known':>15} {'unknown':>15} {'n':>6}")
    total: dict[bool, list[int]] = {True: [], False: []}
    for name, some in by_kind(asked).items():
        runs = [ran(search, some, is_known=is_known) for is_known in (True, False)]
        total[True] += runs[0].ranks
        total[False] += runs[1].ranks if name != "two_bits" else []
        unknown = str(runs[1]) if name != "two_bits" else "-"
        print(f"{name:22} {runs[0]!s:>15} {unknown:>15} {len(some):>6}")
    print(f"{'all':22} {Run(total[True], [], [])!s:>15} {Run(total[False], [], [])!s:>15} {len(asked):>6}")


def compared(knowledge: Knowledge, count: int, seed: int) -> None:
    """The look-up beside its rivals on the same queries of the same knowledge."""
    asked = list(queries(knowledge, sampled(shipped().codes, count, seed), seed))
    few = sampled_queries(asked, ASKED_OF_RIVALS, seed)
    told("look-up", by_lookup(knowledge), asked, knowledge)
    same = [ran(by_lookup(knowledge), few, is_known=is_known) for is_known in (True, False)]
    for name, make in (("WRatio over all", by_wratio), ("FTS5 trigram, bm25", by_trigram)):
        other = told(name, make(knowledge), few, knowledge)
        ratios = " ".join(
            f"{'known' if place == 0 else 'unknown'}: {other[place].slow / mine.slow:.1f} x our 95th percentile,"
            f" MRR {mine.quality[0]:.2f} against {other[place].quality[0]:.2f}"
            for place, mine in enumerate(same)
        )
        print(f"{'':9}{ratios} (same {len(few)} queries)")


def sampled_queries(asked: list[Asked], count: int, seed: int) -> list[Asked]:
    return random.Random(seed).sample(asked, min(count, len(asked)))


def told(name: str, search: Search, asked: list[Asked], knowledge: Knowledge) -> tuple[Run, Run]:
    started = process_time()
    search("warm up", "")
    built = process_time() - started
    for each in asked[:WARM_UP]:  # so that what is paid once is in no figure but the first
        search(each.query, each.codes[0].vendor)
    known, unknown = (ran(search, asked, is_known=is_known) for is_known in (True, False))
    size = len(knowledge.codes)
    print(f"{size:>8} {name:22} {known!s:>15} {known.speed} {unknown!s:>15} {unknown.speed} {built:8.1f}")
    return known, unknown


def ran(search: Search, asked: Iterable[Asked], *, is_known: bool) -> Run:
    ranks, times, clock = [], [], []
    for each in asked:
        if not is_known and each.spoilt == "two_bits":
            continue  # a sum of bits without a maker means nothing
        started, began = process_time(), perf_counter()
        found = search(each.query, each.codes[0].vendor if is_known else "")
        times.append((process_time() - started) * 1000)
        clock.append((perf_counter() - began) * 1000)
        ranks.append(rank(found, each, is_known=is_known))
    return Run(ranks or [0], times or [0.0], clock or [0.0])


def rank(found: list[Find], asked: Asked, *, is_known: bool) -> int:
    """The place of the find, 0 for none; of two codes the later place, as if the first did not stand before it."""
    places = [place_of(found, code, asked.spoilt, is_known=is_known) for code in asked.codes]
    return max(places) - len(places) + 1 if all(places) else 0


def place_of(found: list[Find], code: Code, spoilt: str, *, is_known: bool) -> int:
    fits = (place for place, each in enumerate(found, start=1) if is_find(each, code, spoilt, is_known=is_known))
    return next(fits, 0)


def is_find(find: Find, code: Code, spoilt: str, *, is_known: bool) -> bool:
    vendor, native, fault, text = find
    if (vendor, native) == (code.vendor, code.code):
        return True
    is_same_fault = fault is not None and fault == first_fault(code)
    if not is_known:
        return is_same_fault
    is_shared = spoilt == "in_german" or (spoilt in BY_TEXT and text == code.text)
    return vendor == code.vendor and is_same_fault and is_shared


def by_lookup(knowledge: Knowledge) -> Search:
    def search(query: str, vendor: str) -> list[Find]:
        return [
            (hit.vendor, hit.code, hit.fault, hit.text) for hit in lookup(query, knowledge, vendor=vendor, limit=MOST)
        ]

    return search


def by_wratio(knowledge: Knowledge) -> Search:
    """What most would write: the one scorer of rapidfuzz over code and text of everything."""
    texts = [utils.default_process(f"{code.code} {code.text}") for code in knowledge.codes]
    own: dict[str, list[int]] = {}
    for place, code in enumerate(knowledge.codes):
        own.setdefault(code.vendor, []).append(place)

    def search(query: str, vendor: str) -> list[Find]:
        places = own.get(vendor, []) if vendor else range(len(texts))
        there = texts if not vendor else [texts[place] for place in places]
        best = process.extract(utils.default_process(query), there, scorer=fuzz.WRatio, limit=MOST)
        return [found_code(knowledge.codes[places[place]]) for _, _, place in best]

    return search


def by_trigram(knowledge: Knowledge) -> Search:
    """SQLite's own search: all trigrams of the query, ranked by bm25, filtered by the maker."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entry USING fts5(body, vendor UNINDEXED, tokenize='trigram')")
    rows = [(f"{code.code} {code.text}", code.vendor) for code in knowledge.codes]
    database.executemany("INSERT INTO entry (body, vendor) VALUES (?, ?)", rows)

    def search(query: str, vendor: str) -> list[Find]:
        wanted = " OR ".join(dict.fromkeys(trigrams(query.lower())))
        if not wanted:
            return []
        where = "SELECT rowid FROM entry WHERE entry MATCH ? AND (? = '' OR vendor = ?) ORDER BY rank LIMIT ?"
        places = database.execute(where, (wanted, vendor, vendor, MOST))
        return [found_code(knowledge.codes[place - 1]) for (place,) in places]

    return search


def trigrams(text: str) -> Iterator[str]:
    for start in range(len(text) - 2):
        piece = text[start : start + 3].replace('"', '""')
        yield f'"{piece}"'


def found_code(code: Code) -> Find:
    return code.vendor, code.code, first_fault(code), code.text


if __name__ == "__main__":
    given = sys.argv[1:]
    main(tunes="tune" in given, count=next((int(each) for each in given if each.isdigit()), 600))
