"""What changed between two exports, and which version follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import small_world as world

from chargelore.kb.errors import InputError
from chargelore.kb.export.view import view
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import FaultId, Knowledge, Meaning, Source, SourceId
from chargelore.kb.release import Change, changes, inventory, log_head, next_version, notice

BASE = world.knowledge()


def found(new: Knowledge, old: Knowledge = BASE, learned: Learned | None = None) -> tuple[Change, ...]:
    first = view(old, audience="AMBER", version="1.4.2")
    second = view(new, learned or Learned(), audience="AMBER", version="0.0.0")
    return changes(inventory(first), inventory(second))


def fault(**changed: object) -> Knowledge:
    return replace(BASE, faults={**BASE.faults, world.TRIP: replace(BASE.faults[world.TRIP], **changed)})  # type: ignore[arg-type]  # a test may set any field


def code(*means: Meaning) -> Knowledge:
    return replace(BASE, codes=(replace(BASE.codes[0], means=means),))


def without_steps() -> Knowledge:
    return replace(BASE, steps={})


def with_more() -> Knowledge:
    more = replace(BASE.faults[world.LINK], id=FaultId("new-fault"))
    return replace(BASE, faults={**BASE.faults, more.id: more})


CASES: list[tuple[Callable[[], Knowledge], str, str]] = [
    (without_steps, "removed", "2.0.0"),
    (lambda: fault(status="deprecated"), "deprecated without successor", "2.0.0"),
    (lambda: fault(status="deprecated", replaced_by=world.LINK), "deprecated with successor", "1.5.0"),
    (code, "mapping removed", "2.0.0"),
    (lambda: code(Meaning(fault=world.TRIP, relation="not")), "mapping removed", "2.0.0"),
    (lambda: code(Meaning(fault=world.TRIP, relation="close")), "mapping changed", "1.5.0"),
    (lambda: code(*BASE.codes[0].means, Meaning(fault=world.LINK, relation="close")), "mapping added", "1.5.0"),
    (with_more, "added", "1.5.0"),
    (lambda: fault(label="Another label"), "renamed", "1.4.3"),
    (lambda: fault(definition="Another text"), "changed", "1.4.3"),
]


@pytest.mark.parametrize(("made", "what", "version"), CASES, ids=[f"{what} {v}" for _, what, v in CASES])
def test_a_change_is_named_and_moves_the_version(made: Callable[[], Knowledge], what: str, version: str) -> None:
    told = found(made())
    assert what in {each.what for each in told}
    assert next_version("1.4.2", told) == version


def test_no_change_is_no_new_version() -> None:
    assert found(BASE) == ()
    assert next_version("1.4.2", ()) == "1.4.2"


def test_counts_are_a_patch() -> None:
    learned = Learned(causes={(world.TRIP, world.WET): Tally(cases=9)})
    told = found(BASE, learned=learned)
    assert {each.what for each in told} == {"counts changed"}
    assert next_version("1.4.2", told) == "1.4.3"


def test_a_new_name_tells_the_old_one() -> None:
    told = next(each for each in found(fault(label="New words")) if each.what == "renamed")
    assert (told.before, told.after) == (BASE.faults[world.TRIP].label, "New words")


def test_the_heaviest_change_comes_first() -> None:
    both = replace(fault(label="New words"), steps={})
    assert [each.weight for each in found(both)] == sorted(each.weight for each in found(both))


def test_what_becomes_valid_again_is_told() -> None:
    told = found(BASE, old=fault(status="deprecated"))
    assert [(each.what, each.weight) for each in told] == [("status changed", "minor")]


def test_other_grades_of_evidence_are_a_patch() -> None:
    cause = BASE.causes[world.WET]
    told = found(replace(BASE, causes={**BASE.causes, cause.id: replace(cause, shows=cause.shows[:1])}))
    assert {(each.kind, each.weight) for each in told} == {("shows", "patch")}


def test_a_version_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="write three numbers"):
        next_version("one.two", ())


def test_a_log_has_one_name_in_whatever_order_it_came() -> None:
    assert log_head(["b", "a"]) == log_head(["a", "b", "a"]) != log_head(["a"])
    assert log_head([]) == ""


def test_the_notice_names_every_source_with_its_licence() -> None:
    source = Source(id=SourceId("s"), title="Acme manual", url="https://acme.example", licence="CC-BY-4.0; Acme")
    told = notice(view(replace(BASE, sources={source.id: source}), audience="CLEAR", version="1.0.0")).decode()
    assert "- Acme manual (https://acme.example): CC-BY-4.0; Acme" in told
