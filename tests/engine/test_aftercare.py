"""Whether a fix held is decided by what the charger does after it, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
import small_world as world
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.aftercare.care import Care
from chargelore.engine.aftercare.evidence import followed, news
from chargelore.engine.aftercare.sequel import Followed, Sequel, Verdict, all_together, verdict
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.watch import Watch
from chargelore.kb.aftermath import aftermath
from chargelore.kb.casebook import Opened, entry_event
from chargelore.kb.clock import Stamp
from chargelore.kb.events import Event, event, finding_event, held_event, retract_event
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.fold import fold
from chargelore.kb.model import FaultId

FIXED = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = FIXED + timedelta(days=400)
OWNERS: frozenset[str] = frozenset()
KNOWN = world.knowledge()


def stamp(at: datetime, replica: str = "r") -> Stamp:
    return Stamp(int(at.timestamp() * 1000), 0, replica)


def fix(
    *, case: str = "CP-1-1", author: str = "ann", connector: int | None = 1, at: datetime | None = FIXED, **more: object
) -> Event:
    """Somebody dried the plug of CP-1 in the morning, and recorded it a year later."""
    told: dict[str, object] = {
        "fault": world.TRIP, "cause": world.WET, "charger": Machine(id="CP-1", vendor="Acme"), "fixed_by": world.DRY,
        "connector": connector, "fixed_at": at.isoformat() if at else "", "evidence": {world.AT_PLUG_IN: "yes"}, **more,
    }  # fmt: skip
    return finding_event(Finding(case=case, **told), stamp=stamp(LATER), author=author)  # type: ignore[arg-type]  # fields of a finding


def said(days: float, kind: str, connector: int | None = 1, charger: str = "CP-1", **fields: Scalar) -> Signal:
    return Signal(
        layer="ocpp", kind=kind, charger=charger, connector=connector, at=FIXED + timedelta(days=days), fields=fields
    )


def back(days: float, connector: int | None = 1, fault: str = world.TRIP, charger: str = "CP-1") -> Signal:
    return said(days, "fault", connector, charger, fault=fault, code="E7")


def session(days: float, connector: int | None = 1, *, wh: int = 9000, **more: Scalar) -> list[Signal]:
    """A visit of an hour, in OCPP 1.6: the number comes with the answer and the stop names no connector."""
    number = round(days * 1000)
    return [
        said(days, "start", connector, meterStart=1000),
        said(days, "answer", connector, action="StartTransaction", transactionId=number),
        said(days + 1 / 24, "stop", None, transactionId=number, meterStop=1000 + wh, reason="Local", **more),
    ]  # fmt: skip


def three(since: float = 1, connector: int | None = 1) -> list[Signal]:
    return [each for number in range(3) for each in session(since + number, connector)]


def seen(log: Iterable[Event], signals: Iterable[Signal], firings: Iterable[Firing] = ()) -> tuple[Followed, ...]:
    """The fixes of a log after these signals."""
    care = Care()
    care.follows(followed(aftermath(log, OWNERS), KNOWN))
    care.hears(signals)
    care.shows(firings)
    return care.taken()


def judged(
    log: Iterable[Event], signals: Iterable[Signal], *, now: datetime = LATER, firings: Iterable[Firing] = ()
) -> dict[str, bool]:
    """What is written of each finding."""
    told = [each for one in seen(log, signals, firings) for each in news(one, now)]
    return {each.subject: each.body["held"] for each in told if each.kind == "held"}


def test_the_same_fault_back_on_that_connector_within_two_weeks_means_it_did_not_hold() -> None:
    one = fix()
    assert judged([one], [back(13.9)]) == {one.id: False}


def test_three_good_sessions_mean_that_it_held() -> None:
    one = fix()
    assert judged([one], three()) == {one.id: True}
    assert judged([one], three()[:-1]) == {}


def test_nothing_is_decided_from_silence() -> None:
    heartbeats = [said(day, "heartbeat", None) for day in range(60)]
    offline = [said(1, "disconnected", None), said(50, "connected", None)]
    assert judged([fix()], [*heartbeats, *offline]) == {}


def test_a_fault_that_is_back_after_two_weeks_is_new_trouble_and_ends_what_the_fix_can_show() -> None:
    one = fix()
    assert judged([one], [back(15)]) == {}
    assert judged([one], [*three(), back(15)]) == {one.id: True}
    assert judged([one], [*session(1), *session(2), back(15), *three(16)]) == {}


def test_three_good_sessions_and_then_the_fault_within_two_weeks_did_not_hold() -> None:
    one = fix()
    assert judged([one], [*three(), back(8)]) == {one.id: False}


def test_another_fault_another_connector_and_another_charger_say_nothing() -> None:
    others = [back(1, fault=world.LINK), back(1, connector=2), back(1, charger="CP-2")]
    assert judged([fix()], others) == {}


def test_a_fault_of_the_whole_charger_is_one_of_each_connector() -> None:
    one = fix()
    assert judged([one], [back(1, connector=None)]) == {one.id: False}
    assert judged([one], [back(1, connector=0)]) == {one.id: False}


def test_what_was_fixed_on_the_whole_charger_is_judged_on_all_its_connectors() -> None:
    one = fix(connector=0)
    assert judged([one], [back(1, connector=2)]) == {one.id: False}
    assert judged([one], [*session(1, 1), *session(2, 2), *session(3, 1)]) == {one.id: True}


def test_a_finding_that_names_no_connector_is_judged_by_what_the_whole_charger_says() -> None:
    one = fix(connector=None)
    assert judged([one], [back(1, connector=1), *three(2, 1)]) == {}
    assert judged([one], [back(1, connector=None)]) == {one.id: False}
    assert judged([one], three(1, None)) == {one.id: True}


def test_what_was_before_the_fix_says_nothing_of_it() -> None:
    before = [back(-0.1), *three(-5)]
    assert judged([fix()], before) == {}
    across = [said(-0.01, "start", 1, meterStart=0), said(0.1, "stop", 1, meterStop=5000)]
    assert judged([fix()], [*across, *session(1), *session(2)]) == {}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"wh": 20},
        {"wh": 0},
        {"reason": "EmergencyStop"},
        {"reason": "PowerLoss"},
        {"reason": "GroundFault"},
        {"meterStop": None},
        {"meterStop": "nan"},
        {"meterStop": 1e300},
    ],
)  # fmt: skip
def test_a_session_without_energy_or_with_a_bad_end_is_no_good_one(spoilt: dict[str, Scalar]) -> None:
    wh = spoilt.get("wh", 9000)
    last = session(3, wh=int(str(wh)))
    changed = {key: value for key, value in spoilt.items() if key != "wh"}
    end = last[-1]
    last[-1] = Signal(layer="ocpp", kind="stop", charger="CP-1", at=end.at, fields={**end.fields, **changed})
    assert judged([fix()], [*session(1), *session(2), *last]) == {}


def test_a_session_with_any_fault_on_its_connector_is_no_good_one() -> None:
    begin, numbered, end = session(3)
    for trouble in (back(3.01, fault="over-temperature"), said(3.01, "status", 1, status="Faulted")):
        assert judged([fix()], [*session(1), *session(2), begin, numbered, trouble, end]) == {}


def test_energy_is_read_off_the_meter_where_a_session_does_not_tell_it() -> None:
    one = fix()
    told = [
        [
            said(day, "start", 1, transactionId=f"t{day}"),
            said(day + 0.01, "meter", 1, energy=500.0, transactionId=f"t{day}"),
            said(day + 0.02, "meter", 1, energy=4500.0, transactionId=f"t{day}"),
            said(day + 0.03, "stop", 1, transactionId=f"t{day}", reason="EVDisconnected"),
        ]
        for day in (1, 2, 3)
    ]  # fmt: skip
    assert judged([one], [each for some in told for each in some]) == {one.id: True}


def test_two_sessions_at_once_are_told_apart_and_doubt_counts_for_none() -> None:
    one = fix()
    both = [said(1, "start", 1, meterStart=0), said(1, "start", 2, meterStart=0)]
    assert judged([one], [*both, said(1.1, "stop", None, transactionId=5, meterStop=5000), *three(2)[:6]]) == {}
    named = [said(1, "answer", 1, action="StartTransaction", transactionId=5)]
    assert judged([one], [*both, *named, said(1.1, "stop", None, transactionId=5, meterStop=5000), *three(2)[:6]]) == {
        one.id: True
    }


def test_a_symptom_that_the_trouble_was_known_by_is_the_fault_again() -> None:
    one = fix()
    assert judged([one], [], firings=[fired(world.AT_PLUG_IN, 2)]) == {one.id: False}
    assert judged([one], [], firings=[fired(world.IDLE, 2)]) == {}
    unseen = fix(evidence={world.AT_PLUG_IN: "no"})
    assert judged([unseen], [], firings=[fired(world.AT_PLUG_IN, 2)]) == {}


def fired(symptom: str, days: float) -> Firing:
    at = FIXED + timedelta(days=days)
    return Firing(id="f", rule="r", version="1", symptom=symptom, charger="CP-1", connector=1, at=at, signals=())  # type: ignore[arg-type]  # a plain str keeps the call short


def test_a_finding_that_was_taken_back_is_judged_no_more_and_again_once_that_is_taken_back() -> None:
    one = fix()
    gone = retract_event(one.id, "wrong charger", stamp=stamp(LATER), author="ann")
    again = retract_event(gone.id, "right after all", stamp=stamp(LATER), author="ann")
    assert judged([one, gone], [back(1)]) == {}
    assert judged([one, gone, again], [back(1)]) == {one.id: False}


def test_what_a_charger_did_before_it_broke_does_not_prove_a_fix_that_is_told_for_before_then() -> None:
    """It says that it was fixed in the year 1: three good sessions of the month before would speak for it."""
    began = Opened(opened_at=FIXED.isoformat())
    entered = entry_event("CP-1-1", began, stamp=stamp(FIXED + timedelta(hours=1)), author="ann")
    early = fix(at=datetime(1, 1, 1, tzinfo=UTC))
    assert judged([entered, early], three(-30)) == {}
    assert judged([entered, fix()], three(1)) == {fix().id: True}


def test_a_finding_that_fixed_nothing_or_names_no_charger_is_not_judged() -> None:
    assert judged([fix(fixed_by="")], [back(1)]) == {}
    assert judged([fix(charger=Machine(), case="charger-1")], [back(1, charger=""), back(1, charger="charger")]) == {}
    assert judged([fix(fault=FaultId(""))], [back(1, fault="")]) == {}


def test_a_finding_on_a_charger_never_seen_stays_open() -> None:
    assert judged([fix(charger=Machine(id="CP-404"))], [back(1), *three()]) == {}


def test_an_older_finding_is_known_by_the_name_of_its_case_and_the_time_of_its_event() -> None:
    told = Finding(case="CP-1-12", fault=world.TRIP, cause=world.WET, fixed_by=world.DRY)
    one = finding_event(told, stamp=stamp(FIXED), author="ann")
    assert judged([one], [back(-1, connector=None)]) == {}
    assert judged([one], [back(1, connector=None)]) == {one.id: False}


def test_a_return_counts_against_every_fix_of_the_last_two_weeks_and_sessions_for_the_last_one() -> None:
    first, second = fix(), fix(case="CP-1-2", author="bob", at=FIXED + timedelta(days=5))
    assert judged([first, second], [back(4), back(7)]) == {first.id: False, second.id: False}
    assert judged([first, second], [back(16)]) == {second.id: False}
    assert judged([first, second], three(6)) == {second.id: True}
    assert judged([first, second], three(1)) == {first.id: True}


def test_two_findings_on_one_case_stand_or_fall_together() -> None:
    ann, bob = fix(), fix(author="bob", cause=world.CABLE, at=FIXED + timedelta(hours=1))
    assert judged([ann, bob], three()) == {ann.id: True, bob.id: True}
    assert judged([ann, bob], [back(2)]) == {ann.id: False, bob.id: False}


def test_an_author_with_a_wrong_clock_is_placed_on_the_clock_of_the_stream() -> None:
    """The event says next year; the finding says when it was, as the watch heard it."""
    one = fix()
    assert one.hlc > str(stamp(FIXED + timedelta(days=300)))
    assert judged([one], [back(3)]) == {one.id: False}


@pytest.mark.parametrize("odd", ["", "yesterday", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_fix_at_no_time_that_can_be_read_is_placed_by_the_time_of_its_event(odd: str) -> None:
    told = Finding(
        case="c", fault=world.TRIP, charger=Machine(id="CP-1"), fixed_by="dry", connector=1, fixed_at=odd
    )  # fmt: skip
    one = finding_event(told, stamp=stamp(FIXED), author="ann")
    assert judged([one], [back(-1)]) == {}
    assert judged([one], [back(1)]) == {one.id: False}


def test_a_fix_of_the_future_is_not_judged_before_its_time() -> None:
    one = fix(at=FIXED + timedelta(days=30))
    assert judged([one], [back(3), *three()]) == {}


def test_what_a_charger_says_of_the_future_waits_for_its_time() -> None:
    one = fix()
    assert judged([one], [back(3)], now=FIXED + timedelta(days=2)) == {}
    assert judged([one], three(), now=FIXED + timedelta(days=2)) == {}
    assert judged([one], [back(9), back(1)], now=FIXED + timedelta(days=2)) == {one.id: False}


def test_a_signal_without_a_time_decides_nothing() -> None:
    timeless = [Signal(layer="ocpp", kind="fault", charger="CP-1", connector=1, fields={"fault": world.TRIP})]
    assert judged([fix()], timeless) == {}


def test_a_verdict_carries_its_evidence() -> None:
    [held] = news(seen([fix()], three())[0], LATER)
    [gone] = news(seen([fix()], [back(2.5)])[0], LATER)
    assert [each["wh"] for each in held.body["sessions"]] == [9000, 9000, 9000]
    assert gone.body == {
        "held": False, "by": "auto", "at": "2026-05-06T22:00:00+00:00", "connector": 1, "sign": "E7", "days": 2,
    }  # fmt: skip


def test_good_sessions_are_remembered_until_there_are_enough() -> None:
    """A log a day: each is read by a watch of its own, and what it saw is in the store."""
    kept = _read([fix()], [session(day) for day in (1, 2, 3)])
    assert [each.kind for each in kept] == ["finding", "charge", "charge", "held"]


def test_sessions_that_nobody_can_read_prove_nothing() -> None:
    one = fix()
    odd = [
        event("charge", one.id, body, stamp=stamp(FIXED), author="x")
        for body in (
            {},
            {"began": 5, "ended": 6, "connector": 1, "wh": 9},
            {"began": "2026-05-05", "ended": "2026-05-04", "connector": 1, "wh": 900},
            {"began": "2026-05-05", "ended": "2026-05-06", "connector": 1, "wh": -900},
            {"began": "2026-05-05", "ended": "2026-05-06", "connector": "1", "wh": 900},
        )
    ]
    [known] = followed(aftermath([one, *odd], OWNERS), KNOWN)
    assert known.sequel == Sequel()


def test_what_is_judged_already_is_not_judged_again() -> None:
    one = fix()
    first = [each for fixed in seen([one], three()) for each in news(fixed, LATER)]
    assert judged([one, *first], three(20)) == {}
    assert judged([one, *first], [back(9)]) == {one.id: False}
    gone = held_event(one.id, False, by="manual", stamp=stamp(LATER), author="ann")
    assert judged([one, gone], [*three(), back(9)]) == {}


def test_whoever_sees_the_same_writes_the_very_same_event() -> None:
    one = fix()
    for signals in (three(), [back(2)], session(1)):
        here, there = (
            [each for fixed in seen([one], told) for each in news(fixed, now)]
            for told, now in ((signals, LATER), ([*signals, *signals], LATER + timedelta(days=9)))
        )
        assert here == there
        assert here


@st.composite
def streams(draw: st.DrawFn) -> list[list[Signal]]:
    """What a charger may say in a month: visits, faults, other faults; each a piece that stays together."""
    days = st.integers(-60, 480).map(lambda sixteenth: sixteenth / 16)
    piece = st.one_of(
        st.tuples(days, st.sampled_from([0, 1, 2, None])).map(lambda told: session(*told)),
        st.tuples(days, st.sampled_from([0, 1, 2, None])).map(lambda told: [back(*told)]),
        days.map(lambda day: [back(day, fault=world.LINK)]),
    )
    return draw(st.lists(piece, max_size=12))


@given(streams(), st.randoms(), st.integers(0, 12))
def test_any_order_any_split_and_any_repetition_of_what_was_seen_come_to_the_same(
    pieces: list[list[Signal]], chance: object, cut: int
) -> None:
    log = [fix(), fix(case="CP-1-2", author="bob", at=FIXED + timedelta(days=6))]
    shuffled = [*pieces, *pieces[:cut]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis calls its Random an object
    whole = _sequels(log, pieces)
    assert all_together([_sequels(log, shuffled[:cut]), _sequels(log, shuffled[cut:])]) == whole
    assert _verdicts(log, whole) == _verdicts(log, _sequels(log, shuffled))


def _sequels(log: list[Event], pieces: Iterable[list[Signal]]) -> dict[str, Sequel]:
    """Each piece is a log of its own, so that no order of pieces can tear a session apart."""
    told = ({each.fix.finding: each.sequel for each in seen(log, piece)} for piece in pieces)
    return all_together(told)


def _verdicts(log: list[Event], sequels: dict[str, Sequel]) -> list[Verdict | None]:
    fixes = followed(aftermath(log, OWNERS), KNOWN)
    return [verdict(each.fix, sequels.get(each.fix.finding, Sequel()), LATER) for each in fixes]


@given(streams(), st.randoms())
def test_however_logs_come_in_the_store_learns_the_same_and_each_verdict_once(
    pieces: list[list[Signal]], chance: object
) -> None:
    """Logs are read one after the other, each twice; what is written in between is known to the next."""
    shuffled = list(pieces)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis calls its Random an object
    told = [_read([fix()], some) for some in (pieces, shuffled)]
    assert len({repr(fold(each)) for each in told}) == 1
    for each in told:
        verdicts = [one.body["held"] for one in each if one.kind == "held"]
        assert verdicts in ([], [True], [False], [True, False])


def _read(log: list[Event], pieces: Iterable[list[Signal]]) -> list[Event]:
    kept = {each.id: each for each in log}
    for piece in pieces:
        for _ in range(2):
            kept |= {new.id: new for one in seen(kept.values(), piece) for new in news(one, LATER)}
    return list(kept.values())


def test_a_watch_that_is_started_again_goes_on_with_the_session_that_ran_and_with_what_it_saw() -> None:
    """The second begins without a store, as while that is away, and hears of the fixes later."""
    fixes = followed(aftermath([fix()], OWNERS), KNOWN)
    begin, numbered, end = session(3)
    with Watch(KNOWN, Rules(), hearing=Hearing(fixes=fixes)) as first, Watch(KNOWN, Rules()) as second:
        for each in (*session(1), *session(2), begin, numbered):
            first.feed(each)
        second.resume(first.snapshot(FIXED), FIXED)
        second.feed(end)
        second.follows(fixes)
        [one] = second.seen_after_fixes()
        assert len(one.sequel.charges) == 2
    with Watch(KNOWN, Rules(), hearing=Hearing(fixes=fixes)) as third:
        third.resume(first.snapshot(FIXED), FIXED)
        third.feed(end)
        [one] = third.seen_after_fixes()
        assert [each.body["held"] for each in news(one, LATER)] == [True]


def test_what_a_charger_writes_as_a_code_is_kept_short() -> None:
    loud = said(1, "fault", 1, fault=world.TRIP, code="[red]" + "x" * 5000)
    [gone] = [each for one in seen([fix()], [loud]) for each in news(one, LATER)]
    assert len(gone.body["sign"]) == 80


def test_a_code_that_is_said_not_to_be_the_fault_is_none() -> None:
    denied = said(1, "fault", 1, fault=world.TRIP, code="E7", relation="not")
    assert judged([fix()], [denied]) == {}


def test_a_cause_that_nobody_knew_is_judged_all_the_same() -> None:
    one = fix(cause="unknown")
    assert judged([one], [back(1)]) == {one.id: False}
