"""Watch: signals of many chargers become cases, each charger's own, and a person's answers count at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live import BEGIN, boot, frame, status

from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.signal import Signal
from chargelore.engine.watch import Watch
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.load import shipped as knowledge


@pytest.fixture
def watch() -> Iterator[Watch]:
    with Watch(knowledge(), rules()) as made:
        yield made


def feed(watch: Watch, *groups: tuple[Signal, ...]) -> set[str]:
    return {case for group in groups for signal in group for case in watch.feed(signal)}


def trip(after: float = 0, connector: int = 1, charger: str = "CP-1") -> tuple[Signal, ...]:
    return status("Faulted", "GroundFailure", connector=connector, after=after, charger=charger)


def test_a_healthy_charger_has_no_case(watch: Watch) -> None:
    assert feed(watch, boot(), status("Available"), status("Preparing", after=5), status("Charging", after=20)) == set()
    assert watch.chargers["CP-1"].charger.vendor == "Acme"
    assert watch.chargers["CP-1"].status == {1: "Charging"}


def test_a_fault_code_opens_a_case_with_the_signals_before_it(watch: Watch) -> None:
    (case_id,) = feed(watch, boot(), status("Preparing", after=5), trip(9))
    case = watch.case(case_id)
    assert case.connector == 1
    assert [signal.kind for signal in case.signals][:2] == ["boot", "status"]
    assert watch.diagnosis(case_id).hypotheses[0].fault == "ground-fault-trip"


def test_two_connectors_have_two_cases_and_two_chargers_as_well(watch: Watch) -> None:
    assert len(feed(watch, trip(), trip(1, connector=2), trip(2, charger="CP-2"))) == 3


def test_trouble_of_the_whole_charger_joins_the_case_that_is_open(watch: Watch) -> None:
    first = feed(watch, trip())
    assert feed(watch, status("Faulted", "InternalError", connector=0, after=2)) == first


def test_trouble_after_hours_of_silence_is_a_new_case(watch: Watch) -> None:
    first = feed(watch, trip())
    assert feed(watch, trip(after=7 * 3600)) - first


def test_an_answer_changes_the_diagnosis_and_stays(watch: Watch) -> None:
    (case_id,) = feed(watch, status("Preparing"), trip(8))
    top = watch.diagnosis(case_id).hypotheses[0]
    asked = next(each for each in top.unseen if "no" in knowledge().evidence[each].answers)
    watch.answer(case_id, asked, "no")
    after = next(each for each in watch.diagnosis(case_id).hypotheses if each.cause == top.cause)
    assert after.probability < top.probability
    assert asked in [reason.evidence for reason in after.against]


def test_a_closed_case_makes_room_for_the_next(watch: Watch) -> None:
    (first,) = feed(watch, trip())
    watch.close(first)
    assert watch.cases == {}
    assert feed(watch, trip(after=10)) not in (set(), {first})


def test_a_case_that_was_not_over_goes_on_with_what_its_charger_said_meanwhile(watch: Watch) -> None:
    (case_id,) = feed(watch, boot(), trip(9))
    watch.close(case_id)
    feed(watch, status("Available", after=20))
    assert case_id not in watch.cases
    watch.reopen(case_id)
    assert [each.fields.get("status") for each in watch.case(case_id).signals][-1] == "Available"
    assert feed(watch, trip(30)) == {case_id}


def test_an_answer_and_a_try_can_be_taken_back(watch: Watch) -> None:
    (case_id,) = feed(watch, boot(), trip(9))
    before = watch.diagnosis(case_id)
    step = next(each for each in before.steps if each.answers)
    watch.answer(case_id, step.answers[0], "no")
    watch.tried(case_id, step.step)
    watch.unanswer(case_id, step.answers[0])
    watch.untried(case_id, step.step)
    assert watch.diagnosis(case_id) == before


def test_what_was_learned_is_used_by_the_next_diagnosis(watch: Watch) -> None:
    (case_id,) = feed(watch, trip())
    before = watch.diagnosis(case_id).hypotheses
    second = before[1]
    watch.relearn(Learned(causes={(second.fault, second.cause): Tally(yes=60, cases=60)}))
    assert watch.diagnosis(case_id).hypotheses[0].cause == second.cause


def test_a_code_that_nobody_mapped_opens_a_case_that_says_unknown(watch: Watch) -> None:
    odd = frame(
        "StatusNotification",
        {
            "connectorId": 1,
            "status": "Faulted",
            "errorCode": "OtherError",
            "vendorErrorCode": "QX-778",
            "vendorId": "x",
        },
    )
    (case_id,) = feed(watch, odd)
    assert "QX-778" in [code.code for code in watch.case(case_id).codes]


def test_a_storm_of_faults_leaves_memory_bounded_and_counts_on(watch: Watch) -> None:
    for second in range(3_000):
        feed(watch, trip(after=second))
    (case,) = watch.cases.values()
    assert len(case.signals) <= 2_000
    assert case.dropped_signals > 0
    assert len(case.firings) <= 500


def test_a_storm_of_one_symptom_leaves_room_for_the_next(watch: Watch) -> None:
    for second in range(1_000):
        feed(watch, status("Preparing", after=10 * second), trip(after=10 * second + 5))
    (before,) = watch.cases.values()
    feed(watch, status("Faulted", "InternalError", after=10_100), status("Faulted", "HighTemperature", after=10_101))
    (after,) = watch.cases.values()
    assert len(before.firings) < 100
    assert {firing.symptom for firing in before.firings} <= {firing.symptom for firing in after.firings}
    assert len(after.codes) > len(before.codes)


def test_time_that_passes_without_signals_lets_absence_speak(watch: Watch) -> None:
    feed(watch, status("Charging"))
    assert isinstance(watch.tick(BEGIN), frozenset)


def session(after: float) -> list[tuple[Signal, ...]]:
    start = {"connectorId": 1, "idTag": "CARD4711", "meterStart": 10}
    meter = {"value": "3600", "measurand": "Power.Active.Import", "unit": "W"}
    values = {
        "connectorId": 1,
        "transactionId": 5,
        "meterValue": [{"timestamp": "2026-01-05T08:10:00Z", "sampledValue": [meter]}],
    }
    return [
        status("Preparing", after=after),
        frame("StartTransaction", start, after=after + 5),
        status("Charging", after=after + 8),
        *(frame("MeterValues", values, after=after + 60 * minute) for minute in range(1, 6)),
        frame("StopTransaction", {"transactionId": 5, "meterStop": 300, "reason": "EVDisconnected"}, after=after + 400),
        status("Finishing", after=after + 401),
        status("Available", after=after + 420),
    ]


def test_a_normal_session_that_the_driver_ends_by_unplugging_opens_no_case(watch: Watch) -> None:
    assert feed(watch, boot(), *session(0), *session(3600)) == set()


def test_a_card_never_gets_past_the_door() -> None:
    with Watch(knowledge(), rules(), key=b"k" * 32) as guarded:
        (case_id,) = feed(guarded, *session(0), trip(500))
        assert "CARD4711" not in repr(guarded.case(case_id))
        assert "CARD4711" not in repr(guarded.chargers)
