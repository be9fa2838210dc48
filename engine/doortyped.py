"""Door, typed: how people name somebody or something in their own words, and no log does. Pure.

It is looked for in what people say alone: in a log such shapes are numbers of messages, registers and parts.
"""

from __future__ import annotations

import re

_NUMBER = r"(?:\s?-?(?:no|nr|number|nummer|id))?\.?"
_NAME = r"[A-ZÄÖÜÉ][\w.'’-]+(?:\s(?:(?:van|von|de|der|zu)\s)?[A-ZÄÖÜÉ][\w'’-]+){0,2}"
_TOWN = r"(?:,?\s\d{4,5}\s[A-ZÄÖÜ][\wäöüß-]+)?"
_QUADS = r"[\da-f]{1,4}(?::[\da-f]{1,4}){0,6}"
_ROLES = (
    r"driver|customer|owner|holder|tenant|contact|caller|user|name|resident|kunde|kundin|fahrer(?:in)?|halter(?:in)?"
    r"|besitzer(?:in)?|mieter(?:in)?|nutzer(?:in)?|ansprechpartner(?:in)?|melder(?:in)?|bewohner(?:in)?"
)

TYPED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "serial",
        re.compile(rf"\b(?:serial|serien){_NUMBER}[\s:=#]+(?!serial:)(?=\w*\d)([\w-]{{4,}})", re.I),
    ),
    ("serial", re.compile(r"\bs/?n[\s:=#.]+(?=\w*\d)([\w-]{5,})", re.I)),
    (
        "idTag",
        re.compile(rf"\b(?:id ?tag|rfid|card|karte|tag|token){_NUMBER}[\s:=#]+(?!idTag:)(?=\w*\d)([\w-]{{6,}})", re.I),
    ),
    ("idTag", re.compile(r"(?<![\w:])(?=[\dA-F]*[A-F])([\dA-F]{14}|[\dA-F]{20})(?!\w)", re.I)),
    ("mac", re.compile(r"(?<![\w:])(?=[\da-f]*[a-f])(?=[\da-f]*\d)([\da-f]{12})(?!\w)", re.I)),
    ("secret", re.compile(r"(?<![\w-])([A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,7}(?:\s?[A-Z\d]{1,3})?)(?!\w)")),  # IBAN
    ("secret", re.compile(r"(?<![\w.-])(\d{4}([ -])\d{4}\2\d{4}\2\d{1,7})(?!\w)")),  # a bank's card
    ("phone", re.compile(r"(?<![\w+])(\+\d{2}[\d /()-]{7,15}\d)")),
    ("phone", re.compile(r"(?<![\w+.:/-])(\(?0(?=(?:[ /()-]{0,2}\d){8,14}(?!\d))\d[\d /()-]{6,18}\d)(?![\w:])")),
    ("plate", re.compile(r"(?<![\w-])([A-ZÄÖÜ]{1,3}-[A-Z]{1,2}\s\d{2,4}[EH]?)(?![\w-])")),
    (
        "address",
        re.compile(
            rf"\b((?:[A-ZÄÖÜ][\wäöüß-]*[\s-]?)?(?:str\.|stra(?:ß|ss)e|weg|platz|allee|gasse|ring|ufer)\s\d+\s?[a-z]?\b{_TOWN})",
            re.I,
        ),
    ),
    ("address", re.compile(r"\b(\d+\w?\s(?:[A-Z][a-z]+\s){1,2}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive))\b")),
    ("address", re.compile(r"(?<![\w.])(-?\d{1,2}\.\d{4,}\s?[,;/]\s?-?\d{1,3}\.\d{4,})(?![\w.])")),  # where on earth
    ("ip", re.compile(rf"(?<![\w:])({_QUADS}::(?:{_QUADS})?)(?![\w:])", re.I)),
    ("person", re.compile(rf"\b(?:Herrn?|Frau|Mr|Mrs|Ms|Dr|Mme|Hr|Fr)\b\.?\s(?!person:)({_NAME})")),
    ("person", re.compile(rf"\b(?i:{_ROLES})\s?[:=]\s?(?!person:)({_NAME})")),
)  # fmt: skip
