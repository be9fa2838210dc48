"""Bodies of old events are read as the current version would have written them, and the log stays as it was."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from chargelore.kb.clock import Stamp
from chargelore.kb.events import VERSIONS, Event, canonical, content_id, event, from_line, to_line
from chargelore.kb.finding import finding_of
from chargelore.kb.fold import fold, told
from chargelore.kb.upcast import UPCASTERS, upcast

STAMP = Stamp(1_770_000_000_000, 0, "r")


def of_version(v: int, kind: str, body: dict[str, object]) -> Event:
    """An event as an earlier version wrote it."""
    old = replace(event(kind, "c", body, stamp=STAMP, author="ann"), v=v)
    return replace(old, id=content_id(old))


def test_a_finding_of_version_1_was_the_end_of_one_visit() -> None:
    old = of_version(1, "finding", {"case": "c", "fault": "trip", "cause": "wet"})
    assert finding_of(upcast(old).body).visits == 1
    assert upcast(old).v == VERSIONS["finding"]


def test_the_scope_of_a_gap_of_version_1_stands_apart() -> None:
    old = of_version(1, "gap", {"words": "E 7", "vendor": "Acme", "model": "One"})
    assert upcast(old).body == {"words": "E 7", "scope": {"vendor": "Acme", "model": "One"}}


def test_an_old_event_keeps_its_name_and_its_line() -> None:
    old = of_version(1, "finding", {"case": "c", "fault": "trip", "cause": "wet"})
    line = to_line(old)
    assert from_line(line) == old
    assert upcast(old).id == old.id
    assert hashlib.sha256(to_line(old).encode()).digest() == hashlib.sha256(line.encode()).digest()


def test_old_and_new_findings_count_alike() -> None:
    old = of_version(1, "finding", {"case": "c", "fault": "trip", "cause": "wet"})
    new = event("finding", "c", {"case": "c", "fault": "trip", "cause": "wet", "visits": 1}, stamp=STAMP, author="ann")
    assert fold([old]) == fold([new])
    assert [each.counted.finding for each in told([upcast(old)])] == [each.counted.finding for each in told([new])]


def test_a_body_of_a_later_version_is_read_as_far_as_it_is_understood() -> None:
    later = of_version(9, "finding", {"case": "c", "fault": "trip", "cause": "wet", "mood": "good"})
    assert upcast(later) == later
    assert fold([later]).cases == 1


def test_every_version_before_the_current_one_has_its_upcaster() -> None:
    assert {(kind, v) for kind, newest in VERSIONS.items() for v in range(1, newest)} == set(UPCASTERS)


def test_a_broken_old_body_becomes_no_error() -> None:
    for body in ({}, {"words": ["a"]}, {"case": {"b": 1}}):
        for kind in VERSIONS:
            assert canonical(upcast(of_version(1, kind, body)).body)
