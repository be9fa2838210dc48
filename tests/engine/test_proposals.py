"""Findings propose links that nobody wrote down; loud authors and chance propose none."""

from __future__ import annotations

from dataclasses import replace

import small_world as world
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.learning.proposals import Proposed, proposals
from chargelore.kb.aftermath import aftermath
from chargelore.kb.clock import Stamp
from chargelore.kb.events import Event, finding_event, held_event, retract_event
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.model import Knowledge, Quirk, QuirkId, Scope
from chargelore.kb.overlay import overlaid
from chargelore.kb.project import project
from chargelore.kb.settled import settled
from chargelore.kb.statement import By, declined_event, edge_event, review_event

QUIRK = Quirk(
    id=QuirkId("thin-cable"), topic="hardware", label="Thin cable", detail="", scope=Scope(vendor="Acme")
)  # fmt: skip
KNOWN = replace(world.knowledge(), quirks={QUIRK.id: QUIRK})
OWNER = frozenset({"owner"})


def stamp(ms: int, replica: str = "a") -> Stamp:
    return Stamp(1_770_000_000_000 + ms, 0, replica)


def told(
    number: int,
    cause: str,
    rain: str,
    *,
    author: str = "",
    case: str = "",
    vendor: str = "",
    replica: str = "a",
    opened: str | None = None,
) -> Event:
    """A finding by an author of its own, on a case of its own."""
    found = Finding(
        case=case or f"case-{number}", fault=world.TRIP, cause=cause, evidence={world.RAIN: rain},
        charger=Machine(vendor=vendor), minutes=number, opened_at=opened,
    )  # fmt: skip
    return finding_event(found, stamp=stamp(number, replica), author=author or f"author-{number}")


def rainy(cut: int = 6, others: int = 30, **more: str) -> list[Event]:
    """It rained whenever the cable was cut, and hardly ever else."""
    return [
        *(told(number, world.CABLE, "yes", **more) for number in range(cut)),
        *(told(100 + number, "unknown", "no") for number in range(others)),
    ]


def proposed(log: list[Event], known: Knowledge = KNOWN) -> tuple[Proposed, ...]:
    judged = settled(log, OWNER, project(log, owners=OWNER))
    return proposals(aftermath(log, OWNER).findings, known, judged)


def test_a_sign_that_comes_with_a_cause_far_more_often_than_by_chance_is_proposed() -> None:
    [one] = proposed(rainy())
    assert (one.link.src, one.link.rel, one.link.dst, one.link.answer) == (
        "cause/cut-cable", "shows", "evidence/rain", "yes",
    )  # fmt: skip
    assert (one.n, one.looked, one.authors, one.houses, one.grade) == (6, 6, 6, 1, "often")
    assert one.lift == 6.0


def test_cases_of_one_name_that_opened_at_other_times_are_several_cases() -> None:
    at = [f"2026-05-0{day}T12:00:00+00:00" for day in range(1, 7)]
    log = [each for each in rainy(case="CP-7-1") if each.body["cause"] != world.CABLE]
    log += [told(number, world.CABLE, "yes", case="CP-7-1", opened=opened) for number, opened in enumerate(at)]
    assert [each.n for each in proposed(log)] == [6]


def test_a_case_that_several_people_tell_of_in_several_houses_is_one_case() -> None:
    log = [each for each in rainy() if each.body["cause"] != world.CABLE]
    same = {"case": "CP-7-1", "opened": "2026-05-01T12:00:00+00:00"}
    assert proposed([*log, *(told(each, world.CABLE, "yes", replica=f"r{each}", **same) for each in range(6))]) == ()


def test_four_cases_or_a_lift_of_two_and_a_half_are_not_enough() -> None:
    assert proposed(rainy(cut=4)) == ()
    assert proposed(rainy(cut=6, others=9)) == ()  # 15 of 6: two and a half times, not more
    assert proposed(rainy(cut=6, others=10)) != ()


def test_a_link_that_is_written_down_is_not_proposed() -> None:
    wet = [told(number, world.WET, "yes") for number in range(6)]
    assert proposed([*wet, *rainy(cut=0)]) == ()


def test_what_nobody_looked_at_or_what_was_always_so_proposes_nothing() -> None:
    assert proposed([*rainy(cut=0), *(told(number, world.CABLE, "unknown") for number in range(9))]) == ()
    assert proposed([told(number, world.CABLE, "yes") for number in range(9)]) == ()


def test_a_case_that_five_people_tell_of_is_one_case() -> None:
    assert proposed(rainy(case="the-same")) == ()


def test_a_loud_author_is_counted_as_one_and_listed_last() -> None:
    quiet = [told(200 + number, world.NAT, "yes", replica="b") for number in range(5)]
    first, last = proposed([*rainy(cut=20, others=200, author="loud"), *quiet])
    assert (first.link.src, first.authors) == ("cause/nat-timeout", 5)
    assert (last.link.src, last.authors, last.n) == ("cause/cut-cable", 1, 20)


def test_an_author_counts_for_no_more_than_twenty_five_cases() -> None:
    [one] = proposed(rainy(cut=60, others=900, author="loud"))
    assert one.n == 25


def test_people_and_houses_are_told_up_to_ten() -> None:
    many = [told(number, world.CABLE, "yes", replica=f"r{number}") for number in range(30)]
    [one] = proposed([*many, *rainy(cut=0, others=200)])
    assert (one.n, one.authors, one.houses) == (30, 10, 10)


def test_fixes_that_came_back_and_findings_that_were_taken_back_propose_nothing() -> None:
    log = rainy(cut=5)
    gone = held_event(log[0].id, False, by="auto", stamp=stamp(9), author="stream")
    back = retract_event(log[1].id, "wrong", stamp=stamp(9), author=log[1].author)
    assert proposed(log)
    assert proposed([*log, gone]) == ()
    assert proposed([*log, back]) == ()


def test_a_cause_that_is_common_where_a_quirk_holds_is_proposed_for_the_quirk() -> None:
    log = [
        *(told(number, world.CABLE, "unknown", vendor="ACME GmbH") for number in range(6)),
        *(told(100 + number, world.WET, "unknown", vendor="Other") for number in range(30)),
    ]
    [one] = proposed(log)
    assert (one.link.src, one.link.rel, one.link.dst) == ("quirk/thin-cable", "likelier", "cause/cut-cable")
    assert (one.n, one.grade) == (6, "")


def test_what_was_accepted_acts_in_the_diagnosis_and_is_proposed_no_more() -> None:
    log = rainy()
    [one] = proposed(log)
    log += [edge_event(one.link, one.grade, by()), review_event(one.link.id, "reviewed", by(1))]
    known = overlaid(KNOWN, project(log, owners=OWNER))
    assert proposed(log, known) == ()
    assert chance(known) > chance(KNOWN)


def test_an_accepted_cause_of_a_quirk_is_likelier_where_the_quirk_holds() -> None:
    log = [
        *(told(number, world.CABLE, "unknown", vendor="Acme") for number in range(6)),
        *(told(100 + number, world.WET, "unknown", vendor="Other") for number in range(30)),
    ]
    [one] = proposed(log)
    accepted = [edge_event(one.link, "", by()), review_event(one.link.id, "reviewed", by(1))]
    known = overlaid(KNOWN, project([*log, *accepted], owners=OWNER))
    assert known.quirks[QUIRK.id].causes == (world.CABLE,)
    assert chance(known, "Acme") > chance(KNOWN, "Acme")
    assert chance(known, "Other") == chance(KNOWN, "Other")
    rejected = [*accepted, review_event(one.link.id, "deprecated", by(2))]
    assert overlaid(KNOWN, project([*log, *rejected], owners=OWNER)).quirks[QUIRK.id].causes == ()
    assert proposed([*log, *rejected]) == ()


def by(later: int = 0, author: str = "owner") -> By:
    return By(author, stamp(1_000_000 + later))


def chance(known: Knowledge, vendor: str = "") -> float:
    case = world.case(
        faults=(world.TRIP,), answers={world.RAIN: "yes"} if not vendor else {}, charger=Charger(id="x", vendor=vendor)
    )
    found = diagnose(known, NOTHING_LEARNED, case)
    return next(each.probability for each in found.hypotheses if each.cause == world.CABLE)


def test_what_was_declined_comes_again_with_twice_as_many_cases() -> None:
    log = rainy(cut=6, others=90)
    [one] = proposed(log)
    log.append(declined_event(one.link, one.n, "it rains a lot here", by()))
    more = [told(300 + number, world.CABLE, "yes") for number in range(6)]
    assert proposed(log) == ()
    assert proposed([*log, *more[:5]]) == ()
    assert [each.n for each in proposed([*log, *more])] == [12]


def test_only_a_reviewer_declines_and_who_takes_that_back_has_it_again() -> None:
    log = rainy()
    [one] = proposed(log)
    assert proposed([*log, declined_event(one.link, one.n, "", by(author="anybody"))]) == (one,)
    said = declined_event(one.link, one.n, "", by())
    taken = retract_event(said.id, "after all", stamp=stamp(2_000_000), author="owner")
    assert proposed([*log, said]) == ()
    assert proposed([*log, said, taken]) == (one,)


@given(st.randoms(), st.integers(0, 12), st.integers(0, 40))
def test_any_order_and_any_repetition_propose_the_same(chance: object, cut: int, others: int) -> None:
    log = rainy(cut, others)
    shuffled = [*log, *log[: len(log) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis calls its Random an object
    assert proposed(shuffled) == proposed(log)
