"""A packet says what a maker needs on one page, keeps yes, no and nobody looked apart, and names nobody."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import canary
import jsonschema
import planted
import pytest
import small_world as world
import trouble
from hypothesis import given, settings
from hypothesis import strategies as st
from trouble import ACME, KEY, case, matter, signal

from chargelore.engine.case import Charger
from chargelore.engine.escalating.bundle import json_text
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.packetjson import as_json
from chargelore.engine.escalating.packing import packed
from chargelore.engine.escalating.page import page
from chargelore.kb.answer import Answer
from chargelore.kb.learned import Learned
from chargelore.kb.model import EvidenceId, StepId
from chargelore.kb.pinned import Pinned

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "escalation.schema.json").read_text(encoding="utf-8"))
MOST_LINES, MOST_LETTERS = 90, 12_000
HOSTILE = "# x\n\n- [a](http://evil) <script>alert(1)</script> | ![i](x) `c` *b* _e_ ~~s~~ \x1b[31mred \u202e www.evil"


def whole(packet: Packet) -> str:
    return page(packet) + json_text(as_json(packet))


def section(text: str, title: str) -> list[str]:
    found = re.search(rf"^## {re.escape(title)}\n\n((?:[ -].*\n?)*)", text, re.MULTILINE)
    return found[1].splitlines() if found else []


def test_the_page_says_who_what_and_the_one_question() -> None:
    text = page(packed(matter(), KEY))
    assert text.startswith("# Escalation ")
    assert text.splitlines()[0].endswith("TLP:AMBER")
    assert text.count("**The question:**") == 1
    assert "Acme One, firmware 1.4.0.12" in text
    assert "opened 2031-05-01 10:01:00 UTC" in text
    assert section(text, "Codes") == ["- Acme E7: ground fault trip (exact); 1 time"]


def test_yes_no_and_nobody_looked_stand_apart() -> None:
    one = case(answers={world.RAIN: "no"})
    text = page(packed(matter(one), KEY))
    assert section(text, "Looked for: there") == ["- Trips at plug-in (it says so)"]
    assert section(text, "Looked for: not there") == ["- Rain in the last day (a person looked)"]
    assert [each.split(" (")[0] for each in section(text, "Nobody looked")] == ["- When does it trip?"]


def test_what_was_tried_stands_there_and_speaks_against_what_it_cures() -> None:
    text = page(packed(matter(case(tried=(world.SWAP,), answers={world.RAIN: "yes"})), KEY))
    assert section(text, "Tried in vain") == ["- Swap the cable"]
    assert section(text, "Ruled out") == ["- Cable cut: tried in vain: Swap the cable"]
    assert any("Water in plug" in line for line in section(text, "Suspects"))


def test_the_window_ends_where_the_fault_begins() -> None:
    signals = [signal(second, text=f"at {second}") for second in (10, 59, 60, 61, 119)]
    packet = packed(matter(case(*signals)), KEY)
    assert [each.at[14:19] for each in packet.window.moments] == ["00:10", "00:59", "01:00"]


def test_of_a_case_that_went_on_for_long_the_window_is_that_before_the_fault_came_last() -> None:
    signals = [signal(place, text=f"line {place}") for place in range(3_000)]
    again = signal(2_500.5, kind="status", status="Faulted")
    packet = packed(matter(case(*signals[:2_501], again, *signals[2_501:])), KEY)
    assert packet.window.again_at == "2031-05-01T10:41:40.500000+00:00"
    assert packet.window.moments[-1].says == "status: status Faulted"
    assert "and before it came again at 2031-05-01 10:41:40 UTC:" in "\n".join(
        section(page(packet), "Before the fault")
    )


@pytest.mark.parametrize("tlp", ["AMBER", "RED"])
def test_nothing_planted_is_in_the_packet(tlp: str) -> None:
    said = planted.words()
    signals = [signal(place, text=each) for place, each in enumerate(said[:50])]
    codes = [replace(trouble.OPAQUE, code=f"F{place}", text=each) for place, each in enumerate(said)]
    one = replace(case(*signals, codes=codes), words=tuple(said), answers={world.WHEN: said[0]})
    packet = packed(matter(one), KEY, tlp)  # type: ignore[arg-type]  # a label
    assert planted.leaks(whole(packet)) == set()


def test_a_charger_goes_by_a_pseudonym_wherever_its_name_stands() -> None:
    codes = [replace(trouble.OPAQUE, text="cp-4711 failed (CP-4711/1)", code="CP-4711")]
    packet = packed(matter(case(signal(5, text="ws://csms/CP-4711 opened"), codes=codes)), KEY)
    assert "4711" not in whole(packet)
    assert packet.head.charger.name in packet.window.moments[0].says
    other = packed(matter(replace(case(), charger=replace(trouble.ACME, id="CP-4712"))), KEY)
    assert other.head.charger.name != packet.head.charger.name


def test_the_name_of_a_charger_that_is_a_word_leaves_the_words_of_the_knowledge_alone() -> None:
    named = replace(case(signal(5, text="Water is up")), charger=replace(trouble.ACME, id="Water"))
    text = page(packed(matter(named), KEY))
    assert "Water in plug" in text
    assert "Water is up" not in text


def test_what_people_said_goes_only_where_red_was_asked_for() -> None:
    said = signal(5, kind="observation", layer="field", text="the landlord cut it")
    one = replace(case(said), words=("the landlord cut it",))
    assert "landlord" not in whole(packed(matter(one), KEY, "AMBER+STRICT"))
    assert "landlord" in whole(packed(matter(one), KEY, "RED"))


def test_knowledge_with_a_stricter_label_stays_at_home() -> None:
    known = canary.knowledge("RED")
    one = case(codes=[replace(trouble.OPAQUE, known=known.codes[1], text="told")])
    one = replace(one, answers={EvidenceId(canary.word("RED")): "yes"}, tried=(StepId(canary.word("RED")),))
    assert canary.word("RED") not in whole(packed(matter(one, known), KEY, "AMBER"))
    secret = replace(world.knowledge(), causes={
        name: replace(each, tlp="RED", label="Kept close") for name, each in world.knowledge().causes.items()
    })  # fmt: skip
    packet = packed(matter(case(), secret), KEY)
    assert "Kept close" not in whole(packet)
    assert packet.weighed.withheld == 2
    assert "2 more may not be named under TLP:AMBER" in page(packet)


def test_hostile_text_stays_text_on_one_line() -> None:
    code = replace(trouble.OPAQUE, code=HOSTILE, text=HOSTILE, vendor=HOSTILE)
    charger = Charger(id="CP-4711", vendor=HOSTILE, model=HOSTILE, firmware=HOSTILE)
    text = page(packed(matter(replace(case(signal(5, text=HOSTILE), codes=[code]), charger=charger)), KEY))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not re.search(r"(?<!\\)<script", text)
    assert not re.search(r"(?<!\\)\]\(", text)
    assert not re.search(r"://|\bwww\.", text)
    assert {line[:2] for line in text.splitlines() if line} <= {"# ", "##", "**", "- ", "  "}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_of_a_charger_begins_a_block_of_markdown(text: str) -> None:
    code = replace(trouble.OPAQUE, code=text, text=text, vendor=text)
    lines = page(packed(matter(case(signal(5, text=text), codes=[code])), KEY)).splitlines()
    titles = [line for line in lines if line.startswith("#")]
    assert titles[0].startswith("# Escalation")
    assert all(re.fullmatch(r"## [A-Z][a-z :]+", line) for line in titles[1:])
    assert all(line[:2] in ("# ", "##", "**", "- ", "  ") for line in lines if line)


def test_a_case_with_ten_thousand_signals_gives_one_page() -> None:
    signals = [signal(place / 100, text=f"line {place} " * 20) for place in range(10_000)]
    codes = [replace(trouble.OPAQUE, code=f"F{place}", text="x" * 500) for place in range(300)]
    one = case(*signals, codes=codes, tried=tuple(StepId(f"gone-{place}") for place in range(50)))
    text = page(packed(matter(one), KEY))
    assert len(text.splitlines()) <= MOST_LINES
    assert len(text) <= MOST_LETTERS
    assert "more, in `packet.json`" in text


@pytest.mark.parametrize(
    "one",
    [
        case(),
        case(signal(5, text="x"), codes=[trouble.OPAQUE], tried=(world.SWAP,), answers={world.RAIN: "no"}),
        replace(case(), firings=(), codes=(), opened_at=None, last_at=None, connector=None),
    ],
    ids=["plain", "full", "empty"],
)
def test_the_json_is_as_its_schema_says(one: object) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    told = json.loads(json_text(as_json(packed(matter(one), KEY))))  # type: ignore[arg-type]  # a case
    jsonschema.validate(told, SCHEMA)


def test_the_same_case_is_the_same_packet_and_another_key_gives_other_pseudonyms() -> None:
    assert packed(matter(), KEY) == packed(matter(), KEY)
    other = packed(matter(), b"x" * 32)
    assert other.head.reference != packed(matter(), KEY).head.reference
    assert other.head.charger.name != packed(matter(), KEY).head.charger.name


def test_an_open_case_whose_step_and_question_left_the_knowledge_says_so() -> None:
    one = case(tried=(StepId("old-step"),), answers={EvidenceId("old-question"): "yes"})
    text = page(packed(matter(one), KEY))
    assert "old step (no longer in this knowledge base)" in text
    assert "old question (no longer in this knowledge base)" in text


def test_an_answer_whose_cause_left_the_knowledge_is_told_as_such() -> None:
    first = matter()
    answer = Answer(
        case="x", signature=packed(first, KEY).signature, cause="old-cause", said_by="desk", event="e" * 26,  # type: ignore[arg-type]  # an id
        scope=replace(world.knowledge().causes[world.QUIRK].scope, vendor="Acme", model="One", firmware=""),
    )  # fmt: skip
    text = page(packed(matter(learned=Learned(answers=(answer,))), KEY))
    assert "old-cause, which is no longer in our knowledge base" in text


def test_evidence_stands_in_the_order_of_time_with_its_notes_and_what_people_said_only_under_red() -> None:
    said = f"reading of {ACME.id}"
    pinned = (
        Pinned(name="b", at="2031-05-01T10:00:20+00:00", layer="modbus", says=said, note="16 A too late"),
        Pinned(name="a", at="2031-05-01T10:00:05+00:00", layer="ocpp", says="status: Faulted"),
        Pinned(name="c", at="2031-05-01T10:00:30+00:00", layer="field", says="observation: it smells"),
    )
    packet = packed(replace(matter(), pinned=pinned), KEY)
    lines = section(page(packet), "Held for evidence")
    assert lines[0] == "- 2031-05-01 10:00:05 ocpp: status: Faulted"
    assert lines[1].endswith("— “16 A too late”")
    assert len(lines) == 2
    assert ACME.id not in whole(packet)
    jsonschema.validate(json.loads(json_text(as_json(packet))), SCHEMA)
    assert "it smells" in page(packed(replace(matter(), pinned=pinned), KEY, "RED"))
