"""A false alarm goes, every true hit stays, and where that cannot be had nothing is proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import signal, status
from sessions import day, log, meter, session, trip

from chargelore.engine.case import Charger
from chargelore.engine.drafting.session import Hearing, Session
from chargelore.engine.grammar.rule import Rules, SignalRule, rule_in
from chargelore.engine.grammar.rulesplice import Append, changed
from chargelore.engine.proving.exercise import exercise
from chargelore.engine.signal import Signal
from chargelore.engine.tuning.recorded import Proofs, outcomes
from chargelore.engine.tuning.stored import of_findings, tune_stored
from chargelore.engine.tuning.tune import Tuned, Written, tune
from chargelore.kb.errors import RuleError
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId, EvidenceId, FaultId
from chargelore.kb.yamlfile import parse

WET, RAMP = CauseId("water-in-coupler"), CauseId("relay-opens-before-vehicle-ramps-down")
HEAD = "id: r\ntitle: T\nstatus: stable\nauthor: a\nsource: own\nsymptom: ground-fault-at-plug-in\n"
ANY_TRIP = "signals: {tripped: {kind: fault, fault: ground-fault-trip}}\nwhen: {signal: tripped}\n"


def written(text: str) -> Written:
    document = parse(Path("r.yaml"), RuleError, HEAD + text)
    rule = rule_in(document)
    assert isinstance(rule, SignalRule)
    return Written(rule, document.value, Path("r.yaml"))


def tuned(text: str, *sessions: Session) -> Tuned:
    one = written(text)
    return tune(one, outcomes(one.rule, sessions, shipped()), shipped(), Proofs())


def after(text: str, found: Tuned) -> dict[str, Any]:
    """The rule with the change and the example that goes with it, which must do as it says."""
    assert found.move is not None
    examples = [] if found.example is None else [
        Append(("examples",), {"name": "x", "expect": "no match", "given": list(found.example.given)})
    ]  # fmt: skip
    body = changed(written(text).body, [*found.move.changes, *examples])
    made = rule_in(parse(Path("r.yaml"), RuleError, str(body).replace("'", '"')))
    assert isinstance(made, SignalRule)
    assert all(each.passed for each in exercise(Rules(signal_rules=(made,))))
    return body


def wet(*signals: Signal, name: str = "wet") -> Session:
    return session(name, [*day(), *signals], WET)


def good(*signals: Signal, name: str = "good") -> Session:
    return session(name, [*day(), *signals])


def test_a_span_is_shortened_into_the_gap() -> None:
    text = (
        "signals: {plugged: {kind: status, status: Preparing}, tripped: {kind: fault, fault: ground-fault-trip}}\n"
        "when: {sequence: [plugged, tripped], within: 1h}\n"
    )
    found = tuned(text, wet(trip(108)), wet(trip(115)), good(trip(1300), name="g1"), good(trip(1100), name="g2"))
    assert after(text, found)["when"]["within"] in {"1m", "90s", "2m", "3m"}
    assert found.after is not None
    assert (found.before.right, found.before.alarm) == (found.after.right, 2) == (2, 2)
    assert found.after.alarm == 0
    assert found.moved == (("g1", "alarm", "silent"), ("g2", "alarm", "silent"))
    assert (found.held.silenced, found.held.false, found.held.kept, found.held.hits) == (2, 2, 2, 2)


def test_a_limit_moves_between_what_hits_and_false_alarms_measured() -> None:
    text = 'signals: {hot: {kind: meter, temperature: {">": 50 C}}}\nwhen: {signal: hot}\n'
    found = tuned(text, wet(meter(300, 82.0)), wet(meter(300, 88.0)), good(meter(300, 55.0)))
    assert after(text, found)["signals"]["hot"]["temperature"] == {">": "70 C"}
    assert found.example is not None
    assert found.example.given[0]["hot"] == {"temperature": "55 C"}


def test_a_count_goes_up() -> None:
    text = "signals: {lost: {kind: disconnected}}\nwhen: {count: lost, at_least: 2, within: 1h}\n"
    lost = [signal(200 + 60 * n, "disconnected") for n in range(8)]
    found = tuned(text, wet(*lost), good(*lost[:2]), good(*lost[:3]))
    assert after(text, found)["when"]["at_least"] in {4, 5, 6, 7, 8} or "within" in found.move.says  # type: ignore[union-attr]  # after() looked


def test_a_test_is_added_that_all_hits_pass_and_no_false_alarm() -> None:
    text = "signals: {bad: {kind: status, errorCode: GroundFailure}}\nwhen: {signal: bad}\n"

    def told(state: str) -> Signal:
        return signal(500, "status", {"status": state, "errorCode": "GroundFailure"}, connector=1)

    found = tuned(text, wet(told("Faulted")), wet(told("Faulted")), good(told("Available")))
    assert after(text, found)["signals"]["bad"]["status"] == "Faulted"


def test_an_exception_is_made_of_what_goes_before_false_alarms_alone() -> None:
    test_button = log(295, "self test of the residual sensor begins")
    found = tuned(ANY_TRIP, wet(trip(300)), wet(trip(105)), good(test_button, trip(300)), good(test_button, trip(299)))
    body = after(ANY_TRIP, found)
    assert body["when"]["all"] == [{"signal": "tripped"}, {"not": {"signal": "unless"}}]
    assert body["signals"]["unless"]["kind"] == "log"
    assert found.example is not None
    assert {name for each in found.example.given for name in each} >= {"unless", "tripped"}


def test_the_maker_is_the_last_resort() -> None:
    def on(vendor: str, cause: CauseId | None) -> Session:
        box = Charger(id="C1", vendor=vendor, model="M1")
        return Session(name=vendor, cause=cause, signals=(trip(300),), known=(box,))

    assert tuned(ANY_TRIP, on("Alfen", WET), on("Zaptec", None)).move is None
    found = tuned(ANY_TRIP, *[on("Alfen", WET)] * 3, on("Zaptec", None))
    assert found.move is not None
    assert found.move.changes[0].value == {"vendor": "Alfen"}
    narrower = tuned(ANY_TRIP + 'applies_to: {model: "*"}\n', *[on("Alfen", WET)] * 3, on("Zaptec", None))
    assert after(ANY_TRIP + 'applies_to: {model: "*"}\n', narrower)["applies_to"] == {"model": "*", "vendor": "Alfen"}
    assert found.example is None


def test_where_nothing_separates_nothing_is_proposed() -> None:
    found = tuned(ANY_TRIP, wet(trip(300)), good(trip(300)))
    assert (found.move, found.after, found.false) == (None, None, ("good",))
    assert found.looked_at == 0 or found.move is None


def test_without_a_true_hit_nothing_is_proved() -> None:
    found = tuned(ANY_TRIP, good(trip(300)), good())
    assert (found.move, found.false) == (None, ("good",))


def test_without_a_false_alarm_nothing_is_changed() -> None:
    found = tuned(ANY_TRIP, wet(trip(300)), good())
    assert (found.move, found.false, found.before.right) == (None, (), 1)


def test_a_recording_whose_cause_contradicts_is_a_false_alarm() -> None:
    ramp = session("ramp", [*day(), log(290, "contactor opens under load"), trip(300)], RAMP)
    found = tuned(ANY_TRIP, wet(trip(300)), ramp)
    assert found.false == ("ramp",)
    assert found.moved == (("ramp", "wrong", "silent"),)


def test_a_change_that_breaks_the_authors_own_examples_is_set_aside() -> None:
    text = (
        "signals: {plugged: {kind: status, status: Preparing}, tripped: {kind: fault, fault: ground-fault-trip}}\n"
        "when: {sequence: [plugged, tripped], within: 1h}\n"
        "examples:\n"
        "  - {name: late, expect: match, given: [{at: 0s, plugged: {}}, {at: 50m, tripped: {}}]}\n"
    )
    found = tuned(text, wet(trip(108)), good(trip(1300)))
    assert found.set_aside > 0
    assert found.move is None or "within" not in found.move.says


def test_no_change_hides_a_true_hit_even_if_it_would_silence_more() -> None:
    both = [status(280, "SuspendedEV"), trip(300)]
    found = tuned(ANY_TRIP, wet(*both), wet(trip(300)), good(*both, name="g1"), good(log(295, "self test"), trip(300)))
    assert found.after is not None
    assert found.after.right == found.before.right == 2
    assert found.left == ("g1",)


def finding(case: str, cause: CauseId, vendor: str = "Alfen", codes: tuple[str, ...] = ()) -> Finding:
    return Finding(
        case=case, fault=FaultId("ground-fault-trip"), cause=cause, charger=Machine(vendor=vendor),
        codes=codes, evidence={EvidenceId("ground-fault-at-plug-in"): "yes"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        (finding("a", WET), finding("b", RAMP, "Zaptec"), "only for chargers of Alfen"),
        (
            finding("a", WET, "EVPoint"), finding("b", RAMP, "EVPoint", ("EVSE_FAULT_ACT_LOCK_FAULT",)),
            "not when fault connector-lock-failure was seen up to 1h before",
        ),
        (finding("a", WET), finding("b", RAMP), ""),
    ],
)  # fmt: skip
def test_findings_tell_of_makers_and_codes(right: Finding, wrong: Finding, says: str) -> None:
    one = written(ANY_TRIP)
    seen = of_findings(one, [right, right, right, wrong], shipped(), Hearing.of(shipped(), b"k"))
    assert [each.told for each in seen] == ["right", "right", "right", "wrong"]
    found = tune_stored(one, seen, shipped())
    assert (found.move.says if found.move else "") == says
    assert found.before.right == (found.after or found.before).right == 3


def test_a_change_that_fails_on_what_was_left_out_is_no_sound_one() -> None:
    def odd(name: str, *words: str) -> Session:
        return good(*(log(290 + n, each) for n, each in enumerate(("tick from box", *words))), trip(300), name=name)

    pairs = (("pump begins", "crane lifts"), ("crane lifts", "horn sounds"), ("horn sounds", "pump begins"))
    found = tuned(ANY_TRIP, wet(trip(300)), wet(trip(305)), *(odd(f"g{n}", *each) for n, each in enumerate(pairs)))
    assert found.move is not None
    assert "tick" in found.move.says
    assert (found.left, found.held.silenced, found.held.false) == ((), 0, 3)
    assert not found.is_sound


@settings(max_examples=25)
@given(
    hits=st.lists(st.integers(100, 400), min_size=1, max_size=4),
    false=st.lists(st.tuples(st.integers(100, 1700), st.booleans()), min_size=1, max_size=4),
)
def test_whatever_is_proposed_hides_no_hit_and_silences_what_it_says(
    hits: list[int], false: list[tuple[int, bool]]
) -> None:
    ill = [wet(trip(at), name=f"wet-{n}") for n, at in enumerate(hits)]
    well = [
        good(trip(at), *([log(at - 5, "self test begins")] if has_test else []), name=f"good-{n}")
        for n, (at, has_test) in enumerate(false)
    ]
    text = (
        "signals: {plugged: {kind: status, status: Preparing}, tripped: {kind: fault, fault: ground-fault-trip}}\n"
        "when: {sequence: [plugged, tripped], within: 1h}\n"
    )
    found = tuned(text, *ill, *well)
    if found.move is None:
        return
    one = written(text)
    rule = found.move.rule(one.body, one.file)
    assert rule is not None
    now = {each.session.name: each.told for each in outcomes(rule, [*ill, *well], shipped())}
    assert all(now[each.session.name] == each.told for each in outcomes(one.rule, ill, shipped()))
    assert {name for name, told in now.items() if told == "alarm"} == set(found.left)
    assert set(found.left) < set(found.false)
