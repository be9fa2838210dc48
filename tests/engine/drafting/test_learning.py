"""Learning finds what was planted in the cases and nothing else, and refuses where there is nothing to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import signal, status
from sessions import CAUSE, day, log, meter, session, trip

from chargelore.engine.drafting.learning import Learned, learn
from chargelore.engine.drafting.session import Session
from chargelore.engine.drafting.tryout import firings
from chargelore.engine.signal import Signal

Plant = Callable[[float], Iterator[Signal]]


def fault(at: float) -> Iterator[Signal]:
    yield trip(at)


def maker_code(at: float) -> Iterator[Signal]:
    yield signal(at, "code", {"code": "E-17", "vendor": "Alfen", "channel": "log", "text": ""}, connector=1)


def words(at: float) -> Iterator[Signal]:
    yield log(at, f"[{int(at)}] locking motor blocked at step {int(at) % 7}")


def heat(at: float) -> Iterator[Signal]:
    yield meter(at, 71.0 + at % 9)


def storm(at: float) -> Iterator[Signal]:
    yield from (status(at + 8 * each, "Preparing") for each in range(9))


def trips_after_stop(at: float) -> Iterator[Signal]:
    yield signal(at, "security", {"type": "TamperDetection"}, connector=1)
    yield trip(at + 3 + at % 5)


PLANTS = [fault, maker_code, words, heat, storm, trips_after_stop]


def fires(learned: Learned, one: Session) -> bool:
    assert learned.best is not None
    return bool(firings([learned.best.rule()], one)["draft"])


@settings(max_examples=25)
@given(
    plant=st.sampled_from(PLANTS),
    cases=st.lists(st.integers(200, 1500), min_size=4, max_size=6),
    healthy=st.lists(st.integers(1000, 4000), min_size=5, max_size=8),
)
def test_what_is_planted_in_the_cases_is_caught_in_cases_never_seen(
    plant: Plant, cases: list[int], healthy: list[int]
) -> None:
    ill = [session(f"ill-{n}", [*day(charges_for=1800), *plant(at)], CAUSE) for n, at in enumerate(cases)]
    well = [session(f"well-{n}", day(charges_for=span)) for n, span in enumerate((900, 5000, *healthy))]
    learned = learn(ill[:-1], well[:-1])
    assert learned.best is not None
    assert fires(learned, ill[-1]), learned.best.says
    assert not fires(learned, well[-1]), learned.best.says
    assert not any(fires(learned, each) for each in well[:-1])


@settings(max_examples=20)
@given(spans=st.lists(st.integers(600, 4000), min_size=1, max_size=5))
def test_cases_that_are_like_the_healthy_are_refused(spans: list[int]) -> None:
    ill = [session(f"ill-{n}", day(charges_for=span), CAUSE) for n, span in enumerate(spans)]
    well = [session(f"well-{n}", day(charges_for=span)) for n, span in enumerate(spans)]
    learned = learn(ill, well)
    assert learned.best is None
    assert not learned.is_sound
    assert set(learned.alarms) <= {each.name for each in well}


def test_a_refusal_names_what_came_closest_and_whom_it_would_alarm() -> None:
    ill = [session(f"ill-{n}", [*day(), trip(300)], CAUSE) for n in range(3)]
    well = [session("tripped-too", [*day(), trip(300)]), session("well", day())]
    learned = learn(ill, well)
    assert learned.best is None
    assert learned.closest is not None
    assert learned.closest.says == "fault ground-fault-trip"
    assert (learned.caught, learned.alarms) == (("ill-0", "ill-1", "ill-2"), ("tripped-too",))


def test_a_canonical_fault_is_preferred_to_the_code_of_a_maker() -> None:
    ill = [session(f"ill-{n}", [*day(), *maker_code(300), trip(300)], CAUSE) for n in range(3)]
    learned = learn(ill, [session("well", day())])
    assert learned.best is not None
    assert dict(learned.best.signals) == {"seen": {"kind": "fault", "fault": "ground-fault-trip"}}


def test_a_code_is_learned_with_whose_it_is() -> None:
    ill = [session(f"ill-{n}", [*day(), *maker_code(300)], CAUSE) for n in range(3)]
    learned = learn(ill, [session("well", day())])
    assert learned.best is not None
    assert dict(learned.best.signals) == {"seen": {"kind": "code", "vendor": "Alfen", "code": "E-17"}}


@pytest.mark.parametrize(
    "fields",
    [
        {"idTag": "THIEF"}, {"transactionId": 4711}, {"timestamp": "2024-05-01T10:00:00Z"}, {"uid": "a-1"},
        {"serialNumber": "SN9"}, {"firmware": "9.9"}, {"model": "Rare"}, {"info": "1234567 deadbeef"},
    ],
)  # fmt: skip
def test_what_names_one_charger_card_or_session_is_never_a_condition(fields: dict[str, str | int]) -> None:
    ill = [session(f"ill-{n}", [*day(), signal(300, "status", fields, connector=1)], CAUSE) for n in range(3)]
    well = [session(f"well-{n}", [*day(), signal(300, "status", {}, connector=1)]) for n in range(3)]
    assert learn(ill, well).best is None


def test_the_charger_itself_is_never_a_condition() -> None:
    here = [session(f"ill-{n}", [log(1, "boiler7 says hello"), log(2, "C1 hello")], CAUSE) for n in range(2)]
    there = [session("well", [log(1, "says hello")])]
    learned = learn(here, there)
    assert learned.best is None or "C1" not in learned.best.says


def test_a_limit_lies_in_the_gap_away_from_both_sides() -> None:
    ill = [session(f"ill-{n}", [*day(), meter(400, 80.0 + n)], CAUSE) for n in range(3)]
    well = [session(f"well-{n}", [*day(), meter(400, 60.0 - n)]) for n in range(3)]
    learned = learn(ill, well)
    assert learned.best is not None
    assert learned.best.signals["seen"]["temperature"] == {">": 70.0}


def test_a_case_that_shares_nothing_with_the_others_is_named() -> None:
    ill = [session(f"ill-{n}", [*day(), trip(300)], CAUSE) for n in range(3)]
    odd = session("odd-one", day(), CAUSE)
    learned = learn([*ill, odd], [session("well", day(charges_for=900)), session("good", day())])
    assert learned.missed == ("odd-one",)
    assert "odd-one" in learned.held.missed


def test_one_case_alone_is_called_weak() -> None:
    learned = learn([session("ill", [*day(), trip(300)], CAUSE)], [session("well", day())])
    assert learned.is_sound
    assert learned.is_weak


def test_what_does_not_hold_on_cases_left_out_is_no_sound_rule() -> None:
    faults = (("relay-welded", "rcd-trip"), ("rcd-trip", "fuse-blown"), ("fuse-blown", "relay-welded"))
    ill = [
        session(f"ill-{n}", [*day(), *(trip(300, each) for each in pair), log(9, "tick from box")], CAUSE)
        for n, pair in enumerate(faults)
    ]
    learned = learn(ill, [session("well", day())])
    assert learned.best is not None
    assert learned.held.missed == ("ill-0", "ill-1", "ill-2")
    assert not learned.is_sound


def test_cases_with_nothing_in_common_are_refused() -> None:
    kinds = ("TamperDetection", "InvalidFirmware", "ResetOrReboot")
    ill = [
        session(f"ill-{n}", [*day(), signal(900, "security", {"type": kind})], CAUSE) for n, kind in enumerate(kinds)
    ]
    assert learn(ill, [session("well", day())]).best is None


def test_other_causes_are_told_apart_where_one_can_and_named_where_one_cannot() -> None:
    ill = [session(f"ill-{n}", [*day(), trip(105)], CAUSE) for n in range(3)]
    late = [session(f"late-{n}", [*day(), trip(1500)]) for n in range(2)]
    same = [session("same", [*day(), trip(105)])]
    well = [session("well", day())]
    assert learn(ill, well, late).strangers == ()
    assert learn(ill, well, same).strangers == ("same",)
