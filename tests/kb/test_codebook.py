"""The codebook answers as the look-up does, to a program that knows nothing but docs/lookup-json.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chargelore.kb.codebook import codebook
from chargelore.kb.codekey import is_null, number
from chargelore.kb.load import shipped
from chargelore.kb.messages import is_pattern
from chargelore.kb.model import Code
from chargelore.kb.search import lookup
from chargelore.kb.version import in_range

Book = dict[str, Any]
LEGAL = r"\b(gmbh|bv|b\.v\.|ag|inc|ltd|co|kg|se|as|spa|srl|sl|group|emobility|e-mobility)\b"
NULLS = {"n:0", "", "noerror", "none", "null", "ok", "nofault", "noerrors", "nil"}


def bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(LEGAL, "", re.sub(r"\(.*?\)", "", name.lower())))


def key(text: str) -> str:
    plain = text.strip().lower()
    if found := re.fullmatch(r"(?:0x|#)([0-9a-f]+)|([0-9][0-9a-f]*)h", plain):
        return f"n:{int(found[1] or found[2], 16)}"
    if re.fullmatch(r"[0-9]+", plain):
        return f"n:{int(plain)}"
    if found := re.fullmatch(r"bit\s*(\d+)", plain):
        return f"b:{int(found[1])}"
    return re.sub(r"[^\w.]", "", plain).replace("_", "")


def arrived(text: str, travel: Book) -> str:
    field = travel.get("field", "")
    if field.isdigit() and "," in text:
        text = (text.split(",") + [""] * 40)[int(field)]
    elif field and text.startswith("{"):
        text = str(json.loads(text).get(field, ""))
    text = text.removeprefix(travel.get("prefix", ""))
    offset = travel.get("offset", 0)
    return str(int(text) - offset) if offset and text.isdigit() and int(text) >= offset else text


def direct(text: str, channel: str, table: Book) -> list[Book]:
    name, codes = key(text), table.get("codes", {})
    is_bits = re.search(r"(?<![a-z])bits?(?![a-z])", channel.lower().replace("_", " "))
    return [] if name in NULLS else (codes.get(f"b:{name[2:]}") if is_bits else None) or codes.get(name, [])


def plain_channel(channel: str) -> str:
    return re.sub(r"register|local|[^a-z0-9]", "", channel.lower())


def masked(text: str, asked: str, channel: str, table: Book) -> list[Book]:
    travel, bits = table.get("travel", {}), table.get("bits", {})
    words, there = table.get("words", {}), plain_channel(asked)
    if there != plain_channel(channel) and len(words) > 1:
        bits = next((own for word, own in words.items() if word and there.endswith(word)), bits)
    is_spelt = re.fullmatch(r"[01]+", text) and len(text) == travel.get("width")
    value = int(text, 2) if is_spelt else int(key(text)[2:]) if key(text).startswith("n:") else 0
    places = [place for place in range(value.bit_length()) if value >> place & 1] if value < 1 << 64 else []
    known = [bits[str(place)] for place in places if str(place) in bits]
    width = travel.get("width", 0) * max(1, len(travel.get("words", ())))
    is_believed = travel.get("carries") in ("mask", "delta-mask") or len(known) == len(places)
    return known if known and is_believed and not (width and places[-1] >= width) else []


def model_fit(known: str, model: str) -> int:
    if not known or not model:
        return 0
    ours = [bare(each) for each in known.split("/")]
    return max((min(len(each), len(model)) for each in ours if each in model or model in each), default=0) or -1


def channel_fit(known: str, asked: str) -> int:
    same = 0
    while same < min(len(known), len(asked)) and known[same] == asked[same]:
        same += 1
    return 2 * same + (known == asked)


def fits(entry: Book, channel: str, charger: tuple[str, str, str]) -> tuple[int, int, int]:
    model, firmware, asked = charger
    bounds = entry.get("firmware", "")
    by_firmware = (1 if in_range(bounds, firmware) else -1) if bounds and firmware else 0
    by_channel = channel_fit(plain_channel(channel), plain_channel(asked))
    return model_fit(entry.get("model", ""), bare(model)), by_firmware, by_channel


def answer(book: Book, text: str, vendor: str, charger: tuple[str, str, str]) -> Book | None:
    maker = book["makers"].get(book["names"].get(bare(vendor), ""))
    found: list[tuple[tuple[int, int, int], bool, int, Book]] = []
    for channel, table in ((own, each) for own, tables in maker["channels"].items() for each in tables):
        plain = arrived(text, table.get("travel", {}))
        both = ((True, direct(plain, charger[2], table)), (False, masked(plain, charger[2], channel, table)))
        found += [
            (fits(each, channel, charger), is_direct, -each["n"], each) for is_direct, some in both for each in some
        ]
    return max(found, key=lambda each: each[:3])[3] if found else None


@pytest.fixture(scope="module")
def book() -> Book:
    return json.loads(json.dumps(codebook(shipped())))  # as a file that was written and read


def sums(codes: list[Code]) -> Iterator[tuple[str, Code]]:
    """Two bits of each register at once."""
    tables: dict[tuple[str, str, str, str], list[Code]] = {}
    for code in codes:
        if code.kind == "bit" and (number(key(code.code)) or 0).bit_count() == 1:
            tables.setdefault((code.vendor, code.model, code.channel, code.table), []).append(code)
    for first, second, *_ in (each for each in tables.values() if len(each) > 1):
        yield hex((number(key(first.code)) or 0) | (number(key(second.code)) or 0)), first


def is_told(code: Code) -> bool:
    """Whether it says more than that nothing is wrong; some makers wrap it in JSON."""
    return not is_null(arrived(code.code, {"field": code.travel.field})) and not is_pattern(code)


def test_every_shipped_code_and_mask_has_the_first_answer_of_the_look_up(book: Book) -> None:
    singles = [(code.code, code) for code in shipped().codes if is_told(code)]
    pairs = list(sums(list(shipped().codes)))
    assert len(singles) > 1000
    assert len(pairs) > 5
    for text, code in (*singles, *pairs):
        (first, *_) = lookup(text, vendor=code.vendor, model=code.model, channel=code.channel)
        found = answer(book, text, code.vendor, (code.model, "", code.channel))
        assert found is not None, (text, code)
        assert (found["code"], found["text"]) == (first.code, first.text), (text, code)


def test_a_code_of_another_firmware_is_not_the_answer() -> None:
    codes = tuple(
        Code(vendor="Acme", code="7", text=text, firmware=bounds) for text, bounds in (("new", ">=2"), ("old", "<2"))
    )
    small = codebook(replace(shipped(), codes=codes, makers={}))
    for firmware, text in (("2.1", "new"), ("1.9", "old")):
        found = answer(small, "0x07", "ACME GmbH", ("", firmware, ""))
        assert found is not None
        assert found["text"] == text


def test_the_codebook_is_the_same_every_time_and_names_only_faults_that_it_holds(book: Book) -> None:
    assert json.dumps(codebook(shipped())) == json.dumps(book)
    entries = [
        entry
        for maker in book["makers"].values()
        for tables in maker["channels"].values()
        for table in tables
        for found in table.get("codes", {}).values()
        for entry in found
    ]
    assert {means["fault"] for entry in entries for means in entry.get("means", ())} <= set(book["faults"])
    assert {entry["source"] for entry in entries} <= set(book["sources"])
    assert book["faults"]["ground-fault-trip"]["label"].keys() >= {"en", "de"}
