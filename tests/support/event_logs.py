"""Logs as people make them: everything that can be said, by owners, reviewers, authors and strangers, in any order."""

from __future__ import annotations

from hypothesis import strategies as st

from chargelore.kb.clock import Stamp
from chargelore.kb.events import Event, event, finding_event, gap_event, held_event, retract_event
from chargelore.kb.finding import Finding, StepTaken
from chargelore.kb.model import EvidenceId, FaultId, StepId
from chargelore.kb.statement import (
    By,
    Link,
    dispute_event,
    edge_event,
    grant_event,
    merge_event,
    node_event,
    review_event,
    set_event,
    unmerge_event,
)

OWNER = "olga"
OWNERS = frozenset({OWNER})
PEOPLE = (OWNER, "rita", "ann", "bob")  # rita may be made a reviewer
NODES = ("cause/wet", "cause/damp", "cause/cut", "step/dry", "evidence/rain", "code/Acme/4")
LINKS = (
    Link(src="cause/wet", rel="shows", dst="evidence/rain", answer="yes"),
    Link(src="step/dry", rel="fixes", dst="cause/wet"),
    Link(src="fault/trip", rel="has_cause", dst="cause/damp", scope={"vendor": "Acme"}),
)
SUBJECTS = (*NODES, *(link.id for link in LINKS))
START = 1_770_000_000_000


def stamp(ms: int, replica: str = "r") -> Stamp:
    """A moment of the test."""
    return Stamp(START + ms, 0, replica)


def by(author: str, ms: int, replica: str = "r") -> By:
    """Who speaks, and when."""
    return By(author, stamp(ms, replica))


speakers = st.builds(by, st.sampled_from(PEOPLE), st.integers(0, 40), st.sampled_from(["r", "s"]))
words = st.sampled_from(["", "wet", "x" * 300, "Ünï", "\x1b[31m"])
grades = st.sampled_from(["rarely", "often", "always"])
nodes, links, subjects = st.sampled_from(NODES), st.sampled_from(LINKS), st.sampled_from(SUBJECTS)


def _finding(who: By, cause: str, answer: str, worked: bool, opened: str | None) -> Event:
    told = Finding(
        case="c",
        fault=FaultId("trip"),
        cause=cause,
        evidence={EvidenceId("rain"): answer},
        steps=(StepTaken(id=StepId("dry"), worked=worked, minutes=4),),
        opened_at=opened,
    )
    return finding_event(told, stamp=who.stamp, author=who.author)


findings = st.builds(
    _finding, speakers, st.sampled_from(["wet", "cut", "unknown", "not listed: a mouse"]),
    st.sampled_from(["yes", "no", "sometimes", "unknown"]), st.booleans(),
    st.sampled_from([None, None, "", "2026-05-04T12:00:00+00:00", "2026-06-04T12:00:00+00:00"]),
)  # fmt: skip
fields = st.dictionaries(st.sampled_from(["label", "detail", "hazard", "grade", "status"]), words | grades, min_size=1)
statements = st.one_of(
    st.builds(node_event, nodes, words, st.fixed_dictionaries({"code": words}), speakers),
    st.builds(edge_event, links, grades, speakers),
    st.builds(set_event, subjects, fields, speakers),
    st.builds(review_event, subjects, st.sampled_from(["draft", "reviewed", "deprecated"]), speakers),
    st.builds(dispute_event, subjects, st.sampled_from(["agree", "disagree"]), words, speakers),
    st.builds(grant_event, st.sampled_from(PEOPLE), st.sampled_from(["reviewer", "owner", "none"]), speakers),
    st.builds(unmerge_event, nodes, st.just("") | nodes, speakers),
    st.tuples(nodes, nodes, speakers).filter(lambda each: each[0] != each[1]).map(lambda each: merge_event(*each)),
    st.builds(lambda who: gap_event("E 7", {"vendor": "Acme"}, stamp=who.stamp, author=who.author), speakers),
    st.builds(lambda who: event("of-2031", "s", {"x": 1}, stamp=who.stamp, author=who.author), speakers),
    st.builds(lambda who: event("edge", "edge/forged", {"src": "a"}, stamp=who.stamp, author=who.author), speakers),
)


@st.composite
def logs(draw: st.DrawFn, most: int = 25) -> list[Event]:
    """Statements and findings, then verdicts on them, and retractions of any of it, retractions too."""
    log = draw(st.lists(statements | findings, min_size=1, max_size=most))
    for who in draw(st.lists(speakers, max_size=4)):
        held = draw(st.booleans())
        log.append(held_event(draw(st.sampled_from(log)).id, held, by="auto", stamp=who.stamp, author=who.author))
    for who in draw(st.lists(speakers, max_size=5)):
        target = draw(st.sampled_from(log)).id
        log.append(retract_event(target, "wrong", stamp=who.stamp, author=who.author))
    return log
