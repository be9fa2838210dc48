"""What the log says does not depend on the way it came; only those who may, decide."""

from __future__ import annotations

from random import Random

import pytest
from event_logs import LINKS, OWNER, OWNERS, by, logs
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.errors import InputError
from chargelore.kb.events import Event, canonical, event, finding_event, held_event, retract_event
from chargelore.kb.finding import Finding
from chargelore.kb.fold import fold
from chargelore.kb.model import EvidenceId, FaultId
from chargelore.kb.project import project
from chargelore.kb.projection import Projection
from chargelore.kb.statement import (
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


def seen(*events: Event) -> Projection:
    return project(events, owners=OWNERS)


@given(logs(), st.randoms(use_true_random=False))
def test_any_order_any_split_and_any_repetition_give_the_same_digest(log: list[Event], chance: Random) -> None:
    shuffled = [*log, *log[: len(log) // 2]]
    chance.shuffle(shuffled)
    here, there = shuffled[::2], shuffled[1::2]
    once = project(log, owners=OWNERS)
    assert project(shuffled, owners=OWNERS).digest() == once.digest()
    assert project([*there, *here], owners=OWNERS).digest() == once.digest()
    assert repr(project(shuffled, owners=OWNERS).learned) == repr(fold(log, OWNERS))


@given(logs())
def test_what_was_merged_leads_to_one_that_stands_and_never_in_a_circle(log: list[Event]) -> None:
    whole = project(log, owners=OWNERS)
    assert not set(whole.aliases.values()) & set(whole.aliases)
    assert all(whole.resolve(whole.resolve(node)) == whole.resolve(node) for node in whole.aliases)


@given(logs())
def test_strangers_change_no_status_and_merge_nothing(log: list[Event]) -> None:
    alone = project([each for each in log if each.author in {"ann", "bob"}], owners=OWNERS)
    assert {each.status for each in (*alone.nodes.values(), *alone.edges.values())} <= {"draft"}
    assert not alone.aliases


@given(st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=9) | st.lists(st.text(max_size=3))))
def test_any_body_of_any_kind_is_read_or_left_aside(body: dict[str, object]) -> None:
    kinds = (
        "node",
        "edge",
        "set",
        "finding",
        "held",
        "dispute",
        "review",
        "merge",
        "unmerge",
        "retract",
        "grant",
        "gap",
    )
    many = [event(kind, "cause/x", body, stamp=by("ann", n).stamp, author=OWNER) for n, kind in enumerate(kinds)]
    assert project(many, owners=OWNERS).digest()


def wet(ms: int = 0, author: str = "ann", label: str = "Water") -> Event:
    return node_event("cause/wet", label, {"fault": "trip"}, by(author, ms))


def test_the_first_who_names_a_node_makes_it() -> None:
    node = seen(wet(5, "bob", "Rain"), wet(3)).nodes["cause/wet"]
    assert (node.author, node.label, node.status) == ("ann", "Water", "draft")


def test_the_last_who_writes_a_field_is_heard() -> None:
    late = set_event("cause/wet", {"label": "Water in the plug"}, by("bob", 9))
    early = set_event("cause/wet", {"label": "Wet", "detail": "why"}, by("ann", 4))
    node = seen(late, wet(), early).nodes["cause/wet"]
    assert (node.label, node.attrs["detail"], node.updated) == ("Water in the plug", "why", late.hlc)


def test_a_field_goes_back_to_what_it_was_when_the_change_is_taken_back() -> None:
    change = set_event("cause/wet", {"label": "Nonsense"}, by("bob", 9))
    back = retract_event(change.id, "typed wrongly", stamp=by("bob", 10).stamp, author="bob")
    assert seen(wet(), change, back).nodes["cause/wet"].label == "Water"


def test_taking_back_can_be_taken_back() -> None:
    first = retract_event(wet().id, "no", stamp=by("ann", 5).stamp, author="ann")
    second = retract_event(first.id, "yes after all", stamp=by("ann", 6).stamp, author="ann")
    assert "cause/wet" not in seen(wet(), first).nodes
    assert "cause/wet" in seen(wet(), first, second).nodes


def test_a_hazard_is_changed_by_a_reviewer_only_once_a_step_is_reviewed() -> None:
    step = node_event("step/dry", "Dry it", {"hazard": "Mains voltage"}, by("ann", 0))
    review = review_event("step/dry", "reviewed", by(OWNER, 1))
    strangers, own = (set_event("step/dry", {"hazard": ""}, by(who, 5)) for who in ("bob", "ann"))
    reviewers = set_event("step/dry", {"hazard": "High voltage"}, by(OWNER, 6))
    assert seen(step, strangers).nodes["step/dry"].attrs["hazard"] == "Mains voltage"
    assert seen(step, own).nodes["step/dry"].attrs["hazard"] == ""
    assert seen(step, review, strangers, own).nodes["step/dry"].attrs["hazard"] == "Mains voltage"
    assert seen(step, review, reviewers).nodes["step/dry"].attrs["hazard"] == "High voltage"


def test_a_reviewer_reviews_from_the_grant_on_and_until_it_ends() -> None:
    grant, end = grant_event("rita", "reviewer", by(OWNER, 10)), grant_event("rita", "none", by(OWNER, 20))
    for ms, status in ((5, "draft"), (15, "reviewed"), (25, "draft")):
        review = review_event("cause/wet", "reviewed", by("rita", ms))
        assert seen(wet(), grant, end, review).nodes["cause/wet"].status == status


def test_nobody_makes_themselves_a_reviewer() -> None:
    own = grant_event("bob", "owner", by("bob", 1))
    assert seen(wet(), own, review_event("cause/wet", "reviewed", by("bob", 2))).nodes["cause/wet"].status == "draft"


def test_everyone_has_one_voice_in_a_dispute_and_the_last_counts() -> None:
    said = [dispute_event("cause/wet", side, why, by(who, ms)) for who, side, why, ms in (
        ("ann", "agree", "", 1), ("bob", "disagree", "only ABB", 2), ("ann", "disagree", "saw it", 3),
    )]  # fmt: skip
    opinions = seen(wet(), *said).opinions["cause/wet"]
    assert [(each.author, each.position, each.reason) for each in opinions] == [
        ("ann", "disagree", "saw it"), ("bob", "disagree", "only ABB"),
    ]  # fmt: skip


def test_a_merged_node_stays_resolvable_along_the_whole_way() -> None:
    whole = seen(merge_event("cause/a", "cause/b", by(OWNER, 1)), merge_event("cause/b", "cause/c", by(OWNER, 2)))
    assert (whole.resolve("cause/a"), whole.resolve("cause/b"), whole.resolve("cause/c")) == ("cause/c",) * 3


def test_an_unmerge_sticks_although_the_log_comes_in_again() -> None:
    merge, part = merge_event("cause/a", "cause/b", by(OWNER, 1)), unmerge_event("cause/a", "", by(OWNER, 2))
    assert seen(merge, part, merge, merge, part, merge).resolve("cause/a") == "cause/a"
    again = merge_event("cause/a", "cause/b", by(OWNER, 3))
    assert seen(merge, part, again).resolve("cause/a") == "cause/b"


def test_an_unmerge_of_one_pair_leaves_the_others() -> None:
    merges = [merge_event(f"cause/{name}", "cause/z", by(OWNER, ms)) for ms, name in enumerate("ab")]
    whole = seen(*merges, unmerge_event("cause/a", "cause/z", by(OWNER, 9)))
    assert whole.aliases == {"cause/b": "cause/z"}


def test_two_stores_that_merged_in_a_circle_agree_on_the_last_choice() -> None:
    here, there = merge_event("cause/a", "cause/b", by(OWNER, 1)), merge_event("cause/b", "cause/a", by(OWNER, 2))
    assert seen(here, there).aliases == seen(there, here).aliases == {"cause/b": "cause/a"}
    with pytest.raises(InputError, match="itself"):
        merge_event("cause/a", "cause/a", by(OWNER, 1))


def test_a_merge_by_somebody_without_the_right_is_kept_and_does_nothing() -> None:
    assert not seen(merge_event("cause/a", "cause/b", by("bob", 1))).aliases


def test_an_edge_whose_name_does_not_follow_from_what_it_joins_is_none() -> None:
    good = edge_event(LINKS[0], "often", by("ann", 1))
    forged = event("edge", "edge/other", good.body, stamp=by("ann", 1).stamp, author="ann")
    assert list(seen(good, forged).edges) == [good.subject]


def test_the_same_edge_said_offline_by_two_people_is_one() -> None:
    edges = seen(edge_event(LINKS[0], "often", by("bob", 2)), edge_event(LINKS[0], "rarely", by("ann", 1))).edges
    assert [(each.author, each.grade) for each in edges.values()] == [("ann", "rarely")]


def held_finding(number: int, author: str, store: str) -> list[Event]:
    told = Finding(case=f"c{number}", fault=FaultId("trip"), cause="wet", evidence={EvidenceId("rain"): "yes"},
                   fixed_by="open-it")  # fmt: skip
    who = by(author, number, store)
    one = finding_event(told, stamp=who.stamp, author=author)
    return [one, held_event(one.id, held=True, by="auto", stamp=by("auto", 90 + number).stamp, author="auto")]


def test_three_held_findings_of_three_people_in_two_stores_make_an_evidence_link_reviewed() -> None:
    edge = edge_event(LINKS[0], "often", by("ann", 0))
    two = [*held_finding(1, "ann", "r"), *held_finding(2, "bob", "s")]
    assert (few := seen(edge, *two)).status(few.edges[edge.subject]) == "draft"
    assert (same := seen(edge, *two, *held_finding(3, "bob", "s"))).status(same.edges[edge.subject]) == "draft"
    assert (enough := seen(edge, *two, *held_finding(3, "eve", "r"))).status(enough.edges[edge.subject]) == "reviewed"


def test_no_number_of_findings_promotes_a_step() -> None:
    step = node_event("step/open-it", "Open it", {"hazard": "Mains voltage"}, by("ann", 0))
    cure = edge_event(Link(src="step/open-it", rel="fixes", dst="cause/wet"), "always", by("ann", 0))
    many = [each for n in range(30) for each in held_finding(n, f"author-{n}", f"s{n}")]
    whole = seen(step, cure, *many)
    assert whole.nodes["step/open-it"].status == whole.status(whole.edges[cure.subject]) == "draft"


def test_shipped_statements_are_believed_and_nobody_speaks_in_their_name() -> None:
    pack = node_event("cause/wet", "Water", {"status": "reviewed"}, by("pack:x", 0))
    forged = node_event("cause/cut", "Cut", {"status": "reviewed"}, by("pack:x", 0))
    away = retract_event(pack.id, "gone", stamp=by("pack:x", 5).stamp, author="pack:x")
    whole = project([forged, away], owners=OWNERS, base=[pack])
    assert (whole.nodes["cause/wet"].status, whole.nodes["cause/cut"].status) == ("reviewed", "draft")


def test_an_unknown_kind_changes_nothing_and_can_be_read_by_who_knows_it() -> None:
    later = event("of-2031", "cause/wet", {"x": 1}, stamp=by("ann", 1).stamp, author="ann")
    assert seen(wet(), later).digest() == seen(wet()).digest()
    assert canonical(later.body) == '{"x":1}'
