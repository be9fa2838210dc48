"""The tables are what the fold makes of the log, however the events came in, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from databases import Places
from event_logs import LINKS, OWNER, OWNERS, by, logs, stamp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_tables import Olgas, projected

from chargelore.kb.events import Event, finding_event, held_event, retract_event
from chargelore.kb.finding import Finding
from chargelore.kb.fold import fold
from chargelore.kb.model import EvidenceId, FaultId
from chargelore.kb.project import project
from chargelore.kb.statement import edge_event, node_event, set_event

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def batches(log: list[Event], cuts: list[int]) -> Iterator[list[Event]]:
    places = sorted({0, len(log), *(cut % (len(log) + 1) for cut in cuts)})
    yield from (log[start:end] for start, end in pairwise(places))


@few
@given(logs(), st.lists(st.integers(0, 60), max_size=12))
def test_the_tables_follow_every_batch_as_if_they_were_built_anew(
    places: Places, log: list[Event], cuts: list[int]
) -> None:
    place = places()
    with Olgas.open(place) as store:
        for some in batches(log, cuts):
            store.merge(some)
        kept, learned = projected(place), store.learned()
        rebuilt = store.rebuild()
        assert projected(place) == kept
        assert learned == store.learned() == rebuilt.learned == fold(log, OWNERS)
        assert rebuilt.digest() == store.projection().digest() == project(log, owners=OWNERS).digest()


@few
@given(logs(), logs())
def test_two_offline_stores_merge_to_the_same_in_any_order(
    places: Places, here: list[Event], there: list[Event]
) -> None:
    digests, tables = set(), []
    for ways in ((here, there), (there, here), (here, here, there)):
        place = places()
        with Olgas.open(place) as store:
            for log in ways:
                store.merge(log)
            digests.add(store.projection().digest())
            tables.append(projected(place))
    assert len(digests) == 1
    assert tables[0] == tables[1] == tables[2]


def finding(number: int, **evidence: str) -> Finding:
    answers = {EvidenceId(key): value for key, value in evidence.items()}
    return Finding(case=f"c{number}", fault=FaultId("trip"), cause="wet", evidence=answers, fixed_by="dry")


def test_a_finding_counts_at_once_and_a_new_answer_speaks_against_the_old_ones(places: Places) -> None:
    place = places()
    with Olgas.open(place) as store:
        events = [store.record_finding(finding(1, when="load")), store.record_finding(finding(2, when="plug-in"))]
        assert store.learned() == fold(events)
        assert {answer: tally.yes for (_, _, answer), tally in store.learned().shown.items()}.keys() == {
            "load",
            "plug-in",
        }


def test_a_verdict_or_a_retraction_that_came_in_before_its_finding_counts(places: Places) -> None:
    one, other = (finding_event(finding(n), stamp=stamp(n), author="ann") for n in (1, 2))
    held = held_event(one.id, held=True, by="auto", stamp=stamp(5), author="auto")
    back = retract_event(other.id, "wrong", stamp=stamp(6), author="ann")
    for order in ([held, back, one, other], [other, back, one, held], [back, other, held, one]):
        with Olgas.open(places()) as store:
            for each in order:
                store.merge([each])
            assert store.learned() == fold(order)


def test_a_finding_that_comes_late_moves_those_after_it(places: Places) -> None:
    log = [finding_event(finding(n), stamp=stamp(n), author="ann") for n in (30, 10, 20)]
    with Olgas.open(places()) as store:
        for each in log:
            store.merge([each])
        assert store.learned() == fold(log)


def test_shipped_statements_stand_in_the_tables_after_a_rebuild_and_can_be_corrected(places: Places) -> None:
    place = places()
    base = [
        node_event("cause/wet", "Water", {"status": "reviewed"}, by("pack:x", 0)),
        edge_event(LINKS[0], "often", by("pack:x", 0)),
    ]
    with Olgas.open(place) as store:
        store.rebuild(base)
        store.record(set_event("cause/wet", {"label": "Water in the plug"}, by("ann", 5)))
        rows = projected(place)
        assert [(row["label"], row["status"], row["author"]) for row in rows["node"]] == [
            ("Water in the plug", "reviewed", "pack:x")
        ]
        store.rebuild()
        assert projected(place) == rows
        store.rebuild(())
        assert projected(place)["node"] == []


def test_a_code_is_found_under_its_key(places: Places) -> None:
    place = places()
    with Olgas.open(place) as store:
        store.record(node_event("code/Acme/4", "Residual current", {"vendor": "Acme", "code": "0x04"}, by("ann", 1)))
    assert [(row["vendor"], row["value"]) for row in projected(place)["code_key"]] == [("Acme", "n:4")]


def test_whoever_made_the_store_owns_it_and_others_do_not(tmp_path: Path) -> None:
    with Olgas.open(tmp_path / "a.db") as store:
        store.record_finding(finding(1))
        assert store.owners == {OWNER}
