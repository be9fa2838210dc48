"""How well a look-up finds a code that was typed as people type it: the shipped codes, spoilt in nine ways.

    python benchmarks/bench_lookup.py [every Nth code, default 4]

Prints MRR and recall at 5 with the maker known and unknown, the time of one look-up, and rapidfuzz `token_set_ratio`
over code and text of the same entries. A find is any entry of the same maker and fault,
or the fault itself.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
from collections.abc import Iterable, Iterator
from time import perf_counter

from rapidfuzz import fuzz, process, utils

from chargelore.kb.load import shipped
from chargelore.kb.model import Code, FaultId, Knowledge
from chargelore.kb.search import lookup

Found = list[tuple[str, FaultId | None]]
CHANCE = random.Random(7)


def as_typed(code: Code) -> str | None:
    return code.code


def hex_or_decimal(code: Code) -> str | None:
    number = value(code.code)
    if number is None:
        return None
    return str(number) if code.code.lower().startswith("0x") else hex(number)


def value(text: str) -> int | None:
    if re.fullmatch(r"0[xX][0-9a-fA-F]+", text):
        return int(text, 16)
    return int(text) if text.isdigit() else None


def more_zeros(code: Code) -> str | None:
    return f"00{code.code}" if code.code.isdigit() else None


def letter_for_zero(code: Code) -> str | None:
    return code.code.replace("0", "O", 1) if "0" in code.code and value(code.code) is not None else None


def in_a_sentence(code: Code) -> str | None:
    return f"display shows error {code.code}" if value(code.code) is not None else f"it says {code.code}"


def typing_error(code: Code) -> str | None:
    if len(re.sub(r"[^A-Za-z]", "", code.code)) < 8:
        return None
    place = CHANCE.randrange(1, len(code.code) - 1)
    return code.code[:place] + code.code[place + 1 :]


def text_as_shown(code: Code) -> str | None:
    return code.text


def half_the_text(code: Code) -> str | None:
    words = code.text.split()
    return " ".join(words[: (len(words) + 1) // 2]) if len(words) > 3 else None


def text_with_error(code: Code) -> str | None:
    if len(code.text) < 12:
        return None
    place = CHANCE.randrange(1, len(code.text) - 2)
    return code.text[:place] + code.text[place + 1] + code.text[place] + code.text[place + 2 :]


SPOILT = (
    as_typed, hex_or_decimal, more_zeros, letter_for_zero, in_a_sentence, typing_error, text_as_shown, half_the_text,
    text_with_error,
)  # fmt: skip


def main(step: int) -> None:
    knowledge = shipped()
    codes = knowledge.codes[::step]
    lookup("warm up", knowledge)
    print(f"{len(codes)} of {len(knowledge.codes)} codes; MRR / recall at 5")
    print(f"{'':18} {'maker known':>16} {'unknown':>16} {'token_set, known':>18} {'n':>6}")
    for spoil in SPOILT:
        asked = [(query, code) for code in codes if (query := spoil(code))]
        known = score((by_lookup(knowledge, query, code.vendor, code.model), code) for query, code in asked)
        unknown = score((by_lookup(knowledge, query, "", ""), code) for query, code in asked)
        plain = score((by_letters(knowledge, query, code.vendor), code) for query, code in asked)
        print(f"{spoil.__name__:18} {known:>16} {unknown:>16} {plain:>18} {len(asked):>6}")
    times = list(timed(knowledge, codes))
    most = sorted(times)[int(len(times) * 0.95)]
    print(f"one look-up: median {statistics.median(times):.1f} ms, 95 % below {most:.1f} ms")


def by_lookup(knowledge: Knowledge, query: str, vendor: str, model: str) -> Found:
    return [(hit.vendor, hit.fault) for hit in lookup(query, knowledge, vendor=vendor, model=model)]


def by_letters(knowledge: Knowledge, query: str, vendor: str) -> Found:
    own = [code for code in knowledge.codes if code.vendor == vendor]
    texts = [utils.default_process(f"{code.code} {code.text}") for code in own]
    best = process.extract(utils.default_process(query), texts, scorer=fuzz.token_set_ratio, limit=10)
    return [(own[place].vendor, first_fault(own[place])) for _, _, place in best]


def first_fault(code: Code) -> FaultId | None:
    return code.means[0].fault if code.means else None


def score(answers: Iterable[tuple[Found, Code]]) -> str:
    ranks = [rank(found, code) for found, code in answers]
    if not ranks:
        return "-"
    mrr = statistics.mean(1 / each if each else 0.0 for each in ranks)
    return f"{mrr:.2f} / {statistics.mean(0 < each <= 5 for each in ranks):.2f}"


def rank(found: Found, code: Code) -> int:
    """The place of the first find, 0 for none; the fault itself, without a code, is a find as well."""
    finds = {(code.vendor, first_fault(code)), ("", first_fault(code))}
    return next((place for place, each in enumerate(found, start=1) if each in finds), 0)


def timed(knowledge: Knowledge, codes: tuple[Code, ...]) -> Iterator[float]:
    for code in codes:
        for query in (code.text, code.code):
            started = perf_counter()
            lookup(query, knowledge)
            yield (perf_counter() - started) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 4)
