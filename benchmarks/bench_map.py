"""How well `map` finds the MREC of codes of a maker it has never seen: one code table is left out at a time.

    python benchmarks/bench_map.py [codes.csv]

The CSV has the columns id, vendor, model, firmware, channel, code, native_text, canonical_guess (the MREC or none),
canonical_alt, table. Without a file the shipped codes are mapped, each maker without itself; their texts are ours and
speak our language, so that figure flatters.
Prints strict top-1 and lenient top-3 (accepted alternatives count), calibration, and the nearest neighbour by rapidfuzz
`token_set_ratio` on the same rows.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from rapidfuzz import fuzz, process, utils

from chargelore.kb.codes import Codes, bare
from chargelore.kb.load import shipped
from chargelore.kb.model import Knowledge
from chargelore.kb.suggest import Row, nearest_mrec, suggest

COLUMNS = ("id", "vendor", "model", "firmware", "channel", "code", "native_text")
Line = dict[str, str]
Ranked = list[tuple[str, float]]  # MREC or "none", with a confidence


def main(arguments: list[str]) -> None:
    lines = given(Path(arguments[0])) if arguments else shipped_lines()
    tables = sorted({line["table"] for line in lines})
    print(f"{len(lines)} codes in {len(tables)} tables; each table is mapped without itself")
    report("map", run(lines, tables, by_suggestion))
    report("nearest neighbour", run(lines, tables, by_neighbour))


def given(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped_lines() -> list[Line]:
    faults = shipped().faults
    return [
        {
            "id": str(place), "vendor": code.vendor, "model": code.model, "firmware": "", "channel": code.channel,
            "code": code.code, "native_text": code.text, "table": code.vendor, "canonical_alt": "",
            "canonical_guess": nearest_mrec(faults[code.means[0].fault]) or "none",
        }
        for place, code in enumerate(shipped().codes)
        if code.means
    ]  # fmt: skip


Judged = list[tuple[Line, Ranked]]


def run(lines: list[Line], tables: list[str], ranker: Callable[[str, list[Line]], Callable[[Line], Ranked]]) -> Judged:
    started, judged = perf_counter(), []
    for table in tables:
        rank = ranker(table, lines)
        judged += [(line, rank(line)) for line in lines if line["table"] == table]
    print(f"\n{(perf_counter() - started) * 1000 / len(lines):.2f} ms a code, set-up included")
    return judged


def by_suggestion(table: str, lines: list[Line]) -> Callable[[Line], Ranked]:
    knowledge = without(shipped(), {line["vendor"] for line in lines if line["table"] == table})

    def rank(line: Line) -> Ranked:
        row = Row(
            **{name: line[name] for name in ("id", "vendor", "model", "firmware", "channel", "code", "native_text")}
        )
        return [(each.mrec or "none", each.confidence) for each in suggest(row, knowledge)]

    return rank


def without(knowledge: Knowledge, makers: set[str]) -> Knowledge:
    """The knowledge without any code of these makers, under whatever name it knows them."""
    codes = Codes(knowledge)
    hidden = {bare(name) for maker in makers for name in (maker, codes.maker(maker), *maker.split("/"))} - {""}
    kept = tuple(code for code in knowledge.codes if not is_of(bare(code.vendor), hidden))
    return replace(knowledge, codes=kept)


def is_of(vendor: str, hidden: set[str]) -> bool:
    return any(vendor.startswith(name) or name.startswith(vendor) for name in hidden)


def by_neighbour(table: str, lines: list[Line]) -> Callable[[Line], Ranked]:
    others = [line for line in lines if line["table"] != table]
    texts = [utils.default_process(line["native_text"]) for line in others]

    def rank(line: Line) -> Ranked:
        wanted = utils.default_process(line["native_text"])
        best = process.extract(wanted, texts, scorer=fuzz.token_set_ratio, limit=3)
        return [(others[place]["canonical_guess"], score / 100) for _, score, place in best]

    return rank


def report(name: str, judged: Judged) -> None:
    strict = [right(line, ranked[:1]) for line, ranked in judged]
    lenient = [right(line, ranked, also=True) for line, ranked in judged]
    by_table: dict[str, list[bool]] = {}
    for (line, _), is_right in zip(judged, strict, strict=True):
        by_table.setdefault(line["table"], []).append(is_right)
    print(f"{name}: strict top-1 {mean(strict):.3f}, lenient top-3 {mean(lenient):.3f}", end=", ")
    print(f"strict top-1 averaged over tables {mean(mean(each) for each in by_table.values()):.3f}")
    calibration([(ranked[0][1], is_right) for (_, ranked), is_right in zip(judged, strict, strict=True) if ranked])


def right(line: Line, ranked: Ranked, *, also: bool = False) -> bool:
    accepted = {line["canonical_guess"], *(line["canonical_alt"].split("|") if also else ())} - {""}
    return any(mrec in accepted for mrec, _ in ranked)


def calibration(said: list[tuple[float, bool]]) -> None:
    error = 0.0
    for low in range(10):
        bin_ = [(sure, is_right) for sure, is_right in said if low <= sure * 10 - (sure == 1) < low + 1]
        if bin_:
            sure, good = mean(each for each, _ in bin_), mean(each for _, each in bin_)
            error += abs(sure - good) * len(bin_) / len(said)
            print(f"  said {sure:.2f}: right {good:.2f} ({len(bin_)})")
    print(f"  expected calibration error {error:.3f}, Brier {mean((sure - good) ** 2 for sure, good in said):.3f}")


def mean(values: Iterable[float]) -> float:
    all_ = list(values)
    return sum(all_) / len(all_) if all_ else 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
