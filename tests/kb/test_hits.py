"""A hit says why it was found, how it fits the charger, how old it is, and what stands today; quirks are found too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chargelore.kb.age import aged
from chargelore.kb.checks.messages import clashes
from chargelore.kb.load import shipped
from chargelore.kb.model import Code, FaultId, Knowledge, Meaning, Quirk, QuirkId, Scope, Source, SourceId
from chargelore.kb.search import Hit, lookup

TODAY = date(2026, 11, 26)
TRIP = FaultId("ground-fault-trip")
MANUAL = Source(id=SourceId("manual"), title="Acme manual", licence="facts, own wording", dated="2024-05")


def code(name: str, text: str, **more: str) -> Code:
    means = (Meaning(fault=TRIP, confidence="high"),)
    return Code(vendor="Acme", code=name, text=text, means=means, source=MANUAL.id, **more)  # type: ignore[arg-type]  # a test may set any field


def pattern(shape: str, text: str) -> Code:
    return code(f"re:{shape}", text, kind="pattern")


def quirk(name: str, label: str, cure: str, vendor: str, model: str = "") -> Quirk:
    scope = Scope(vendor=vendor, model=model)
    return Quirk(id=QuirkId(name), topic="profiles", label=label, detail=label, scope=scope, cure=cure)


CODES = (
    code("E7", "Earth leakage detected", firmware="<2", model="One"),
    code("E8", "Leak, as it was called", status="deprecated", replaced_by="E7"),
    code("E9", "Leak of the first series", status="deprecated", reason="never shipped"),
    code("E12", "Leak in the cable", dated="2026-10"),
    code("CONNECTOR_LOCK", "Plug cannot be held"),
    pattern(r"error (?P<code>0x[0-9a-f]+) at (?P<phase>L[1-3])", "error 0x0004 at L2"),
    Code(vendor="Bolt", code="E7", text="Warranty sticker torn"),
)
QUIRKS = (
    quirk("stack", "Stack level above 8 is rejected", "Send stack level 0", "Acme", "One"),
    quirk("ping", "Ping is not answered", "Switch it off", "Bolt"),
)
KNOWN: Knowledge = replace(
    shipped(),
    codes=CODES,
    causes={},
    makers={},
    steps={},
    sources={MANUAL.id: MANUAL},
    vendor_aliases={"acme": "Acme", "bolt": "Bolt"},
    quirks={each.id: each for each in QUIRKS},
)


def first(query: str, **scope: str) -> Hit:
    return lookup(query, KNOWN, today=TODAY, **scope)[0]  # type: ignore[arg-type]  # the scope is four texts


@pytest.mark.parametrize(
    ("dated", "words"),
    [
        ("2024-05", "from 2024-05, 2 years old"),
        ("2024", "from 2024, about 2 years old"),
        ("2026", "from 2026, about 10 months old"),
        ("2026-10", "from 2026-10, 1 month old"),
        ("2026-11-20", "from 2026-11-20, less than a month old"),
        ("2026-10-27", "from 2026-10-27, less than a month old"),
        ("2031-01", "from 2031-01"),
        ("", ""),
        ("lately", ""),
    ],
)
def test_the_age_of_a_claim_is_told_in_words(dated: str, words: str) -> None:
    assert aged(dated, TODAY) == words


def test_without_a_clock_only_the_date_is_told() -> None:
    assert aged("2024-05") == "from 2024-05"


def test_a_hit_has_the_age_of_its_source_unless_it_has_its_own() -> None:
    assert first("E7", vendor="Acme").age == "from 2024-05, 2 years old"
    assert first("E12", vendor="Acme").age == "from 2026-10, 1 month old"
    assert first("E7", vendor="Acme").licence == "facts, own wording"


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ({"vendor": "Acme"}, "known for One; firmware <2"),
        ({"vendor": "Acme", "model": "One", "firmware": "1.4"}, "known for One, as yours is; firmware <2, as yours is"),
        (
            {"vendor": "Acme", "model": "Two", "firmware": "5.1"},
            "known for One, not verified for Two; known for <2, not verified for yours",
        ),
        ({}, "known for One; firmware <2"),
    ],
)
def test_a_hit_says_how_it_fits_the_charger(scope: dict[str, str], words: str) -> None:
    assert first("E7", **scope).scope == words


def test_a_hit_of_another_maker_says_so() -> None:
    told = first("Warranty sticker torn", vendor="Acme")
    assert (told.vendor, told.note, told.scope) == ("Bolt", "of another maker", "known for Bolt, not for Acme")


@pytest.mark.parametrize(
    ("query", "match", "words"),
    [
        ("E7", "exact", "the code itself"),
        ("E-07", "exact", "E-07 is the code E7"),
        ("CONECTOR_LOCK", "similar", "one letter differs: CONECTOR_LOCK for CONNECTOR_LOCK"),
        ("leak of the first seres", "similar", "spelt alike"),
    ],
)
def test_a_hit_says_why_it_was_found(query: str, match: str, words: str) -> None:
    told = first(query, vendor="Acme")
    assert told.match == match
    assert words in told.evidence


def test_what_was_replaced_leads_to_what_stands_today() -> None:
    told = first("E8", vendor="Acme")
    assert (told.code, told.status, told.note) == ("E7", "reviewed", "in place of E8; firmware <2")


def test_what_was_given_up_without_a_successor_says_so() -> None:
    assert first("E9", vendor="Acme").status == "deprecated"


@pytest.mark.parametrize("message", ["error 0x0004 at L2", "ERROR 0x1F at L3"])
def test_a_message_with_numbers_is_read_by_its_pattern(message: str) -> None:
    told = first(message, vendor="Acme")
    assert (told.match, told.fault) == ("pattern", TRIP)
    assert dict(told.values)["phase"] == message[-2:]


def test_two_patterns_that_read_one_message_are_complained_of() -> None:
    both = replace(KNOWN, codes=(*CODES, pattern(r"error (?P<code>\w+) at .*", "error 9 at night")))
    said = [issue.what for issue in clashes(both)]
    assert said == ["reads `error 0x0004 at L2`, which is another code's"]


@pytest.mark.parametrize("shape", ["(", "(?P<a>x)(?P<a>y)", "a\\1"])
def test_a_pattern_that_is_none_or_does_not_read_its_own_text_is_complained_of(shape: str) -> None:
    for wrong in (pattern(shape, "x"), pattern("abc", "x")):
        assert len(list(clashes(replace(KNOWN, codes=(wrong,))))) == 1
        assert lookup("x", replace(KNOWN, codes=(wrong,)), vendor="Acme") is not None


def test_the_shipped_patterns_read_their_own_texts_and_no_others() -> None:
    assert list(clashes(shipped())) == []


@pytest.mark.parametrize("query", ["Acme stack level", "acme One profile stack level rejected"])
def test_a_quirk_is_found_when_its_maker_is_named(query: str) -> None:
    told = first(query)
    assert (told.match, told.text) == ("quirk", "Stack level above 8 is rejected: Send stack level 0")
    assert told.scope == "known for One"


def test_a_quirk_of_another_maker_is_not_told() -> None:
    assert all(hit.match != "quirk" for hit in lookup("stack level rejected", KNOWN, vendor="Bolt"))


def test_a_maker_alone_brings_its_quirks() -> None:
    assert [hit.match for hit in lookup("Bolt", KNOWN)][:1] == ["quirk"]
