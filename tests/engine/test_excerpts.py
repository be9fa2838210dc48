"""Excerpts: what a table or a dump leaves out proves nothing."""

from __future__ import annotations

import io

import pytest
import table_samples
from moments import NOON, beat, network, rule, run, seconds, signal
from msgspec.structs import replace

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.observed import ENOUGH_TO_MISS, observed
from chargelore.engine.read import read
from chargelore.engine.signal import EXCERPT, Signal
from chargelore.kb.load import shipped

STAYS_AWAY = network(rule("{a: {kind: start}, b: {kind: meter}}", "{absent: b, after: a, for: 5m}"))


def marked(told: Signal) -> Signal:
    return replace(told, marks=(EXCERPT,))


@pytest.mark.parametrize(
    "text", [table_samples.STEVE_STARTS, table_samples.GERMAN, table_samples.EASEE, table_samples.GOE_2]
)
def test_tables_and_dumps_say_that_they_are_excerpts(text: str) -> None:
    found = [each for each in read(io.BytesIO(text.encode())) if each.kind not in ("disconnected", "log")]
    assert found
    assert all(EXCERPT in each.marks for each in found)


def test_what_a_table_leaves_out_is_no_absence() -> None:
    _, heard = run(STAYS_AWAY, [signal(0, "start"), beat(900)])
    _, told = run(STAYS_AWAY, [marked(signal(0, "start")), marked(beat(900))])
    assert seconds(heard) == [300]
    assert told == []


def test_many_rows_of_a_table_are_no_search_in_vain() -> None:
    signals = tuple(replace(signal(each, "log"), layer="csms", at=NOON) for each in range(ENOUGH_TO_MISS + 1))
    heard = observed(shipped(), Case(id="c", charger=Charger(id="C1"), signals=signals))
    told = observed(shipped(), Case(id="c", charger=Charger(id="C1"), signals=tuple(map(marked, signals))))
    assert heard.absent
    assert not told.absent
