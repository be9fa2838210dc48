"""What leaves the house: nothing above its audience, in no format, under no disguise; and the manifest says why."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import canary
import pytest
import small_world as world

from chargelore.kb.claim import Scope, Source, SourceId, Tlp
from chargelore.kb.clock import next_stamp
from chargelore.kb.events import finding_event
from chargelore.kb.export.formats import FORMATS
from chargelore.kb.export.view import View, view
from chargelore.kb.fold import fold
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import Cause, Code, Knowledge
from chargelore.kb.release import MANIFEST, release

LOWER: list[tuple[Tlp, Tlp]] = [
    ("RED", "CLEAR"), ("RED", "GREEN"), ("RED", "AMBER"), ("AMBER+STRICT", "AMBER"), ("AMBER", "CLEAR"),
    ("AMBER", "GREEN"), ("GREEN", "CLEAR"),
]  # fmt: skip


def disguises(text: str) -> list[bytes]:
    """The word as it is, and as it would look encoded; base64 at each of its three offsets."""
    plain = text.encode()
    coded = [base64.b64encode(b"x" * offset + plain)[4:-4] for offset in range(3)]
    return [plain.lower(), plain.hex().encode(), quote(text).encode().lower(), *(each.lower() for each in coded)]


def leaks(files: dict[str, bytes], text: str) -> list[str]:
    return [
        name
        for name, content in files.items()
        for each in disguises(text)
        if each in content.lower() or each in name.lower().encode()
    ]


def seen(knowledge: Knowledge, audience: Tlp, learned: Learned | None = None, *, oem_safe: bool = False) -> View:
    return view(knowledge, learned or Learned(), audience=audience, oem_safe=oem_safe, version="1.0.0")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("label", "audience"), LOWER)
def test_a_word_labelled_above_the_audience_is_in_no_byte(form: str, label: Tlp, audience: Tlp) -> None:
    assert leaks(release(seen(canary.knowledge(label), audience), form), canary.word(label)) == []


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_word_is_there_for_whom_it_is_meant(form: str) -> None:
    files = release(seen(canary.knowledge("AMBER"), "AMBER"), form)
    assert leaks(files, canary.word("AMBER"))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("audience", ["CLEAR", "AMBER"])
def test_cases_notes_and_people_never_leave(form: str, audience: Tlp) -> None:
    text = canary.word("RED")
    stamp = next_stamp(None, datetime(2026, 1, 1, tzinfo=UTC), "a")
    learned = fold([finding_event(canary.finding(text), stamp=stamp, author=text)])
    base = world.knowledge()
    signed = replace(base, faults={name: replace(each, author=text) for name, each in base.faults.items()})
    assert leaks(release(seen(signed, audience, learned), form), text) == []


def test_the_manifest_counts_what_was_withheld_and_says_why() -> None:
    manifest = json.loads(release(seen(canary.knowledge("RED"), "GREEN"), "csv")[MANIFEST])
    told = {(each["what"], each["why"]): each["count"] for each in manifest["withheld"]}
    assert told["fault", "labelled TLP:RED"] == 1
    assert told["cause", "hangs on something that is held back"] == 1
    assert told["mapping", "one of its ends is held back"] == 1
    assert told["source", "only what is held back names it"] == 1


def test_drafts_stay_in_the_house() -> None:
    base = world.knowledge()
    draft = replace(base, codes=(replace(base.codes[0], status="draft"),))
    assert len(seen(draft, "GREEN").knowledge.codes) == 0
    assert len(seen(draft, "AMBER").knowledge.codes) == 1


def test_counts_of_findings_leave_to_amber_alone_and_small_ones_are_not_told() -> None:
    learned = Learned(causes={(world.TRIP, world.WET): Tally(cases=12), (world.TRIP, world.CABLE): Tally(cases=4)})
    assert dict(seen(world.knowledge(), "GREEN", learned).counts.causes) == {}
    told = seen(world.knowledge(), "AMBER", learned).counts.causes
    assert dict(told) == {(world.TRIP, world.CABLE): "<5", (world.TRIP, world.WET): "12"}


def test_counts_of_what_is_not_in_the_view_are_not_told() -> None:
    strange = Learned(causes={("somewhere-else", "unheard-of"): Tally(cases=99)})  # type: ignore[dict-item]  # a test may set any field
    assert dict(seen(world.knowledge(), "AMBER", strange).counts.causes) == {}


def of_one_maker() -> tuple[Knowledge, Learned]:
    """A cause of one maker alone, with a grade and counts that occur nowhere else."""
    base = world.knowledge()
    cause = replace(base.causes[world.QUIRK], prior="always", scope=Scope(vendor="Acme"))
    learned = Learned(
        causes={(cause.fault, cause.id): Tally(cases=7341)}, shown={(cause.id, world.IDLE, "yes"): Tally(cases=7342)}
    )
    return replace(base, causes={cause.id: cause}, steps={}, codes=()), learned


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_for_makers_tells_no_rate_and_no_count_of_a_maker(form: str) -> None:
    knowledge, learned = of_one_maker()
    files = FORMATS[form](seen(knowledge, "AMBER", learned, oem_safe=True))
    files.pop("chargelore.schema.json", None)
    files.pop("datapackage.json", None)
    whole = b"".join(files.values())
    assert b"734" not in whole
    assert b"always" not in whole
    assert b"often" not in whole


def test_without_that_wish_rates_and_counts_of_a_maker_are_told() -> None:
    knowledge, learned = of_one_maker()
    whole = FORMATS["csv"](seen(knowledge, "AMBER", learned))
    assert b"always,7341" in whole["causes.csv"]
    assert b"often,7342" in whole["shows.csv"]


def test_a_text_that_no_licence_lets_go_is_told_in_our_words() -> None:
    source = Source(id=SourceId("closed"), title="A manual", licence="all rights reserved")
    code = Code(vendor="Acme", code="E1", text="A sentence of the maker", source=source.id, means=world.TRIP_CODE.means)
    shown = seen(replace(world.knowledge(), sources={source.id: source}, codes=(code,)), "CLEAR")
    assert shown.knowledge.codes[0].text == shown.knowledge.faults[world.TRIP].label
    assert [each.count for each in shown.withheld if "licence" in each.why] == [1]


def test_causes_of_a_withheld_fault_are_withheld() -> None:
    base = world.knowledge()
    hidden = replace(base, faults={**base.faults, world.TRIP: replace(base.faults[world.TRIP], tlp="RED")})
    left: list[Cause] = list(seen(hidden, "CLEAR").knowledge.causes.values())
    assert {each.fault for each in left} == {world.LINK}
