"""How well `map` finds the MREC of codes of a maker it has never seen: one code table is left out at a time.

    python benchmarks/bench_map.py [--misses] [--fit] [codes.csv]      (make bench-map CODES=codes.csv)

The CSV has the columns id, vendor, model, firmware, channel, code, native_text, canonical_guess (the MREC or none),
canonical_alt (others that a reader would accept, joined by |), table, and perhaps confidence, fault, is_fault. Without
a file the shipped codes are mapped, each maker without itself; their texts are ours and speak our language, so that
figure flatters. A table is mapped without any code of its makers and of those that build on the same platform.

unseen_codes_1.csv to _5.csv are codes of imaginary makers, each file written before the map had answered any of it, and
the vocabulary widened after. What counts is the first answer, strict top-1 and lenient top-3 over tables, high
confidence: file 1 .670 .704 (before any widening), 2 .964 .994, 3 .957 .993, 4 .874 1.000, 5 .927 .972.

Prints strict top-1 and lenient top-3 as the mean over tables (a table of three counts as much as one of three hundred)
and over rows, for rows of high confidence and for all; the worst tables; calibration; and beside it the nearest
neighbour by rapidfuzz `token_set_ratio` on the same rows. `--misses` lists what is wrong, `--fit` finds the sharpness
that is best calibrated on the tables left out.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from rapidfuzz import fuzz, process, utils

from chargelore.kb.codes import Codes, bare
from chargelore.kb.load import shipped
from chargelore.kb.model import Knowledge
from chargelore.kb.suggest import SHARPNESS, Row, Suggestion, nearest_mrec, suggest

COLUMNS = ("id", "vendor", "model", "firmware", "channel", "code", "native_text")
WORST = 6
SHARPNESSES = (1.2, 1.6, 2.0, 2.4, 3.0)
UNSEEN = Path(__file__).parent.glob("unseen_codes_*.csv")
# Makers whose codes stem from one platform or repeat one standard: none may help another.
FAMILIES = (
    ("EVerest", "Pionix", "chargebyte", "ChargeX MREC"),
    ("Bender", "Mennekes"),
    ("YKC protocol", "Yunkuaichong", "Bull"),
    ("ChargeX MREC", "EVgo", "CharIN UEC"),
)
Line = dict[str, str]
Ranked = list[tuple[str, float]]  # MREC or "none", with a confidence
Judged = list[tuple[Line, Ranked]]
Ranker = Callable[[str, list[Line]], Callable[[Line], Ranked]]


def main(arguments: list[str]) -> None:
    files = [Path(each) for each in arguments if each and not each.startswith("--")]
    if "--fit" in arguments:
        return fit(given(files[0]) if files else shipped_lines())
    bench(f"{files[0].name}" if files else "shipped codes", given(files[0]) if files else shipped_lines(), arguments)
    for file in sorted(UNSEEN) if not files else ():
        bench(f"{file.name}, imaginary makers", given(file), arguments)
    return None


def bench(name: str, lines: list[Line], arguments: list[str]) -> None:
    tables = {line["table"] for line in lines}
    print(f"\n== {name}: {len(lines)} codes in {len(tables)} tables; each table is mapped without itself")
    mapped = run(lines, by_suggestion)
    report("map", mapped)
    beyond_mrec(lines)
    calibration("map", mapped)
    compared = run(lines, by_neighbour)
    report("nearest neighbour", compared)
    if "--misses" in arguments:
        misses(mapped)


def given(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped_lines() -> list[Line]:
    faults = shipped().faults
    return [
        {
            "id": str(place), "vendor": code.vendor, "model": code.model, "firmware": "", "channel": code.channel,
            "code": code.code, "native_text": code.text, "table": family(code.vendor, code.channel),
            "canonical_alt": "|".join(nearest_mrec(faults[each.fault]) or "none" for each in code.means[1:]),
            "canonical_guess": nearest_mrec(faults[code.means[0].fault]) or "none",
            "confidence": code.means[0].confidence, "fault": code.means[0].fault,
            "is_fault": str(code.is_fault and faults[code.means[0].fault].is_fault).lower(),
        }
        for place, code in enumerate(shipped().codes)
        if code.means
    ]  # fmt: skip


def family(vendor: str, channel: str) -> str:
    """The table that a shipped code is left out with."""
    kin = next((names[0] for names in FAMILIES if is_of(bare(vendor), {bare(name) for name in names})), vendor)
    return "Tuya makers" if channel.startswith("api:tuya") else kin


def run(lines: list[Line], ranker: Ranker) -> Judged:
    started, judged = perf_counter(), []
    for table in sorted({line["table"] for line in lines}):
        rank = ranker(table, lines)
        judged += [(line, rank(line)) for line in lines if line["table"] == table]
    print(f"{(perf_counter() - started) * 1000 / len(lines):.2f} ms a code, set-up included")
    return judged


def by_suggestion(table: str, lines: list[Line], sharpness: float = SHARPNESS) -> Callable[[Line], Ranked]:
    knowledge = without(shipped(), {line["vendor"] for line in lines if line["table"] == table})

    def rank(line: Line) -> Ranked:
        return [(each.mrec or "none", each.confidence) for each in suggested(line, knowledge, sharpness)]

    return rank


def suggested(line: Line, knowledge: Knowledge, sharpness: float = SHARPNESS) -> tuple[Suggestion, ...]:
    return suggest(Row(**{name: line.get(name) or "" for name in COLUMNS}), knowledge, sharpness)


def without(knowledge: Knowledge, makers: set[str]) -> Knowledge:
    """The knowledge without any code of these makers and their kin, under whatever name it knows them."""
    codes = Codes(knowledge)
    hidden = {bare(name) for maker in makers for name in (maker, codes.maker(maker), *maker.split("/"))} - {""}
    for names in FAMILIES:
        kin = {bare(name) for name in names}
        hidden |= kin if any(is_of(name, hidden) for name in kin) else set()
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
    """Strict and lenient figures for rows of high confidence and for all, and the worst tables."""
    sure = [(line, ranked) for line, ranked in judged if line.get("confidence", "high") == "high"]
    for which, part in (("high confidence", sure), ("all rows", judged)):
        strict, lenient = by_table(part, right), by_table(part, accepted)
        print(f"{name}, {which} ({len(part)}): mean over tables strict top-1 {over_tables(strict):.3f}, ", end="")
        print(f"lenient top-3 {over_tables(lenient):.3f}; over rows {over_rows(strict):.3f}, {over_rows(lenient):.3f}")
    strict = by_table(sure, right)
    worst = sorted(strict, key=lambda table: (mean(strict[table]), table))[:WORST]
    print("  worst tables:", ", ".join(f"{table} {mean(strict[table]):.2f} of {len(strict[table])}" for table in worst))


def by_table(judged: Judged, is_right: Callable[[Line, Ranked], bool]) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {}
    for line, ranked in judged:
        found.setdefault(line["table"], []).append(is_right(line, ranked))
    return found


def over_tables(found: dict[str, list[bool]]) -> float:
    return mean(mean(each) for each in found.values())


def over_rows(found: dict[str, list[bool]]) -> float:
    return mean(each for table in found.values() for each in table)


def right(line: Line, ranked: Ranked) -> bool:
    return bool(ranked) and ranked[0][0] == line["canonical_guess"]


def accepted(line: Line, ranked: Ranked) -> bool:
    good = {line["canonical_guess"], *line["canonical_alt"].split("|")} - {""}
    return any(mrec in good for mrec, _ in ranked)


def beyond_mrec(lines: list[Line]) -> None:
    """How often the fault, and whether it is one at all, is right; where the file says so."""
    told = [line for line in lines if line.get("fault")]
    if told:
        firsts = list(zip(told, best_of(told), strict=True))
        fault = mean(line["fault"] == best[0].fault for line, best in firsts)
        any_ = mean(line["fault"] in {each.fault for each in best} for line, best in firsts)
        kind = mean(line["is_fault"] == str(best[0].is_fault).lower() for line, best in firsts)
        print(f"  fault right {fault:.3f}, among three {any_:.3f}; fault or no fault right {kind:.3f}")


def best_of(lines: list[Line]) -> Iterable[tuple[Suggestion, ...]]:
    knowledge = {vendor: without(shipped(), {vendor}) for vendor in {line["vendor"] for line in lines}}
    return (suggested(line, knowledge[line["vendor"]]) for line in lines)


def calibration(name: str, judged: Judged) -> None:
    said = [(ranked[0][1], right(line, ranked)) for line, ranked in judged if ranked]
    for sure, good, count, _ in bins(said):
        print(f"  said {sure:.2f}: right {good:.2f} ({count})")
    error = sum(error for *_, error in bins(said))
    print(f"  {name}: calibration error {error:.3f}, Brier {mean((sure - good) ** 2 for sure, good in said):.3f}")


def bins(said: list[tuple[float, bool]]) -> list[tuple[float, float, int, float]]:
    """Ten bins of confidence: what was said, what was right, how many, and their share of the calibration error."""
    found = []
    for low in range(10):
        bin_ = [(sure, is_right) for sure, is_right in said if low <= sure * 10 - (sure == 1) < low + 1]
        if bin_:
            sure, good = mean(each for each, _ in bin_), mean(each for _, each in bin_)
            found.append((sure, good, len(bin_), abs(sure - good) * len(bin_) / len(said)))
    return found


def misses(judged: Judged) -> None:
    for line, ranked in judged:
        if not right(line, ranked):
            got = ", ".join(f"{mrec} {sure:.2f}" for mrec, sure in ranked)
            print(f"{line['table']} {line['code']} {line['native_text']!r}: {line['canonical_guess']}, but {got}")


def fit(lines: list[Line]) -> None:
    """The calibration error for several sharpnesses, on the tables left out; the best stands in kb/suggest.py."""
    for sharpness in SHARPNESSES:
        said = [(each[1][0][1], right(*each)) for each in run(lines, partial(by_suggestion, sharpness=sharpness))]
        print(f"sharpness {sharpness}: calibration error {sum(error for *_, error in bins(said)):.3f}")


def mean(values: Iterable[float]) -> float:
    all_ = list(values)
    return sum(all_) / len(all_) if all_ else 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
