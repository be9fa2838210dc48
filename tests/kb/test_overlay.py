"""What people added, corrected and merged here stands in the knowledge that the diagnosis reads."""

from __future__ import annotations

import small_world as world
from event_logs import OWNER, OWNERS, by, logs
from hypothesis import given, settings

from chargelore.kb.counts import renamed
from chargelore.kb.events import Event
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId, EvidenceId, FaultId, Knowledge, StepId
from chargelore.kb.overlay import overlaid
from chargelore.kb.pack import node_of_code
from chargelore.kb.project import project
from chargelore.kb.statement import Link, edge_event, merge_event, node_event, review_event, set_event

KNOWN = shipped()
CAUSE = next(each for each in KNOWN.causes.values() if each.shows)
OTHER = next(each for each in KNOWN.causes.values() if each.id != CAUSE.id and each.fault == CAUSE.fault)
STEP = next(each for each in KNOWN.steps.values() if each.fixes and each.hazard)
MOUSE = CauseId("mouse-in-cabinet")


def laid(*events: Event) -> Knowledge:
    return overlaid(KNOWN, project(events, owners=OWNERS))


def mouse() -> Event:
    return node_event("cause/mouse-in-cabinet", "A mouse", {"fault": CAUSE.fault, "prior": "rarely"}, by("ann", 1))


def test_a_log_without_statements_leaves_the_knowledge_as_it_is() -> None:
    assert laid() is KNOWN


def test_a_cause_that_somebody_added_is_a_draft_until_a_reviewer_accepts_it() -> None:
    cause = laid(mouse()).causes[MOUSE]
    assert (cause.label, cause.fault, cause.prior, cause.status) == ("A mouse", CAUSE.fault, "rarely", "draft")
    accepted = laid(mouse(), review_event("cause/mouse-in-cabinet", "reviewed", by(OWNER, 2)))
    assert accepted.causes[MOUSE].status == "reviewed"


def test_a_cause_may_get_its_fault_and_its_evidence_by_links() -> None:
    evidence = CAUSE.shows[0].evidence
    known = laid(
        node_event("cause/mouse-in-cabinet", "A mouse", {}, by("ann", 1)),
        edge_event(Link(src=f"fault/{CAUSE.fault}", rel="has_cause", dst=f"cause/{MOUSE}"), "often", by("ann", 1)),
        edge_event(
            Link(src=f"cause/{MOUSE}", rel="shows", dst=f"evidence/{evidence}", answer="no"), "often", by("ann", 1)
        ),
        edge_event(Link(src=f"step/{STEP.id}", rel="fixes", dst=f"cause/{MOUSE}"), "always", by("ann", 1)),
    )
    assert (known.causes[MOUSE].fault, known.causes[MOUSE].prior) == (CAUSE.fault, "often")
    assert [(each.evidence, each.answer) for each in known.causes[MOUSE].shows] == [(evidence, "no")]
    assert (MOUSE, "always") in {(each.cause, each.grade) for each in known.steps[STEP.id].fixes}


def test_what_fits_nowhere_is_left_aside() -> None:
    known = laid(
        node_event("cause/lost", "Lost", {"fault": "no-such-fault"}, by("ann", 1)),
        node_event("cause/wrong", "Wrong", {"fault": CAUSE.fault, "prior": "perhaps"}, by("ann", 1)),
        edge_event(Link(src=f"cause/{CAUSE.id}", rel="shows", dst="evidence/nowhere"), "often", by("ann", 1)),
        edge_event(
            Link(src="cause/nowhere", rel="shows", dst=f"evidence/{CAUSE.shows[0].evidence}"), "often", by("ann", 1)
        ),
    )
    assert (known.causes, known.steps) == (KNOWN.causes, KNOWN.steps)


def test_a_shipped_cause_is_corrected_and_deprecated_by_a_reviewer() -> None:
    subject = f"cause/{CAUSE.id}"
    known = laid(
        set_event(subject, {"label": "Clearer words"}, by(OWNER, 1)),
        review_event(subject, "deprecated", by(OWNER, 2), replaced_by=f"cause/{OTHER.id}"),
    )
    cause = known.causes[CAUSE.id]
    assert (cause.label, cause.status, cause.replaced_by) == ("Clearer words", "deprecated", OTHER.id)
    assert cause.shows == CAUSE.shows


def test_a_stranger_takes_no_hazard_from_a_shipped_step() -> None:
    hazard = set_event(f"step/{STEP.id}", {"hazard": "", "needs": "anyone"}, by("bob", 1))
    assert laid(hazard).steps[STEP.id] == STEP


def test_a_shipped_link_that_a_reviewer_rejected_is_gone() -> None:
    first = CAUSE.shows[0]
    link = Link(src=f"cause/{CAUSE.id}", rel="shows", dst=f"evidence/{first.evidence}", answer=first.answer)
    assert laid(review_event(link.id, "deprecated", by(OWNER, 1))).causes[CAUSE.id].shows == CAUSE.shows[1:]
    assert laid(review_event(link.id, "deprecated", by("bob", 1))).causes[CAUSE.id].shows == CAUSE.shows


def test_a_mapping_that_somebody_adds_is_of_low_confidence() -> None:
    code = next(each for each in KNOWN.codes if not each.means)
    link = Link(src=node_of_code(code), rel="maps_to", dst=f"fault/{CAUSE.fault}")
    known = laid(edge_event(link, "", by("ann", 1), {"relation": "narrow"}))
    means = next(each for each in known.codes if node_of_code(each) == node_of_code(code)).means
    assert [(each.fault, each.relation, each.confidence) for each in means] == [(CAUSE.fault, "narrow", "low")]


def test_a_merged_cause_gives_its_links_to_the_one_that_stands_for_it() -> None:
    known = laid(merge_event(f"cause/{CAUSE.id}", f"cause/{OTHER.id}", by(OWNER, 1)))
    assert CAUSE.id not in known.causes
    shown = {(each.evidence, each.answer) for each in known.causes[OTHER.id].shows}
    assert shown == {(each.evidence, each.answer) for each in (*OTHER.shows, *CAUSE.shows)}
    assert not [step for step in known.steps.values() if CAUSE.id in {each.cause for each in step.fixes}]


def test_a_cause_merged_into_one_that_is_not_here_stays() -> None:
    known = laid(merge_event(f"cause/{CAUSE.id}", "cause/nowhere", by(OWNER, 1)))
    assert (known.causes, known.steps) == (KNOWN.causes, KNOWN.steps)


def test_what_was_learned_of_a_merged_cause_counts_for_its_heir() -> None:
    old, new, trip, rain = CauseId("old"), CauseId("new"), FaultId("trip"), EvidenceId("rain")
    learned = Learned(
        causes={(trip, old): Tally(yes=1.0, cases=1), (trip, new): Tally(yes=0.5, cases=1)},
        shown={(old, rain, "yes"): Tally(yes=1.0, cases=1)},
        fixed={(StepId("dry"), old): Tally(no=1.0, cases=1)},
        cases=2,
    )
    now = renamed(learned, {"cause/old": "cause/new"})
    assert now.causes == {(trip, new): Tally(yes=1.5, cases=2)}
    assert list(now.shown) == [(new, rain, "yes")]
    assert list(now.fixed) == [(StepId("dry"), new)]


@settings(deadline=None, max_examples=40)
@given(logs())
def test_whatever_people_say_the_knowledge_holds_together(log: list[Event]) -> None:
    known = overlaid(world.knowledge(), project(log, owners=OWNERS))
    assert all(cause.fault in known.faults for cause in known.causes.values())
    assert all(link.evidence in known.evidence for cause in known.causes.values() for link in cause.shows)
    assert all(cure.cause in known.causes for step in known.steps.values() for cure in step.fixes)
    assert all(each in known.evidence for step in known.steps.values() for each in step.answers)
    assert all(means.fault in known.faults for code in known.codes for means in code.means)
