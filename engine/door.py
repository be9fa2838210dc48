"""Door: what names a person, a card, a vehicle or a device becomes a stable pseudonym before it is stored or shown.

A pseudonym is the kind of the secret and twelve letters, `idTag:7k2m4q…`: the same card has the same pseudonym as long
as the local key is the same, and nobody without the key can find the card from it. Chargers keep their ids.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from urllib.parse import quote

from msgspec.structs import replace

from chargelore.engine.doortyped import TYPED
from chargelore.engine.doorwords import (
    ALL_KINDS,
    ANNOUNCED,
    ASSIGNED,
    AT_A_NAME,
    ITEM,
    LISTED,
    PAIR,
    SHAPES,
    canonical,
    hides,
    hides_as_value,
    is_harmless_value,
    is_secret_setting,
    may_be_shaped,
    names_in,
)
from chargelore.engine.signal import BY_SERIAL, Scalar, Signal

LETTERS, CHECKS = 8, 4  # forty bits of name, then twenty that prove that we made it
SHORTEST = 4  # shorter texts are replaced in their own field and in quotes, not wherever they stand
SPELT = 6  # from so many letters on a secret is also known in other spellings
VERSIONS = frozenset({"firmware", "firmwareVersion", "chargingStation.firmwareVersion"})  # 5.0.1.12 is no address
SETTING = frozenset({"ChangeConfiguration", "SetVariables"})  # where a cut frame may lack which one is set
NUMBER = "uid"  # the field with the number of a message; elsewhere a uid is that of a card

_BLANK = re.compile(r"[\s0xX*.-]*")
_PSEUDONYM = re.compile(rf"({'|'.join(sorted({*ALL_KINDS, 'subject'}))}):([a-z2-7]{{{LETTERS}}})([a-z2-7]{{{CHECKS}}})")
_HARMLESS_ADDRESSES = ("0.0.0.", "127.", "255.")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[\s:.-]?)+")


def redacted(signal: Signal, key: bytes) -> Signal:
    """The signal with pseudonyms for all that names someone, in its fields and in its raw text. Idempotent."""
    kinds = {name: kind for name, value in signal.fields.items() if (kind := _kind(name, value, signal.fields))}
    hide = _hiding(frozenset((str(signal.fields[name]), kind) for name, kind in kinds.items()), key)
    if signal.layer == "field":
        hide = _as_typed(hide, key)
    fields: dict[str, Scalar] = {}
    for name, value in signal.fields.items():
        if kind := kinds.get(name, ""):
            fields[_passing(name, key)] = _once(kind, str(value), key)
        else:
            fields[_passing(name, key)] = hide(value) if isinstance(value, str) and name not in VERSIONS else value
    return replace(signal, charger=charger_called(signal.charger, key), fields=fields, raw=hide(signal.raw))


def charger_called(name: str, key: bytes) -> str:
    """Chargers keep their ids, but for one that is only known by its serial number."""
    return _once("serial", name.removeprefix(BY_SERIAL), key) if name.startswith(BY_SERIAL) else name


def redacted_text(text: str, key: bytes) -> str:
    """A free text with pseudonyms for all that looks like the name of someone."""
    return _hiding(frozenset(), key)(text)


def naming_nobody(words: str, key: bytes) -> str:
    """What a person typed with pseudonyms for cards, numbers, addresses and people too. Idempotent."""
    return _typed(redacted_text(words, key), key)


def _as_typed(hide: Callable[[str], str], key: bytes) -> Callable[[str], str]:
    """The same for a person's words."""
    return lambda text: _typed(hide(text), key)


def _typed(text: str, key: bytes) -> str:
    for kind, shape in TYPED:
        text = shape.sub(partial(_told, kind, key), text)
    return text


def _told(kind: str, key: bytes, found: re.Match[str]) -> str:
    """What the group holds is hidden, and what announces it stays."""
    begin, end = (place - found.start() for place in found.span(1))
    whole = found.group()
    return whole if is_ours(whole, key) else whole[:begin] + _once(kind, found[1], key) + whole[end:]


@lru_cache(maxsize=8192)
def _passing(name: str, key: bytes) -> str:
    """The name of a field; some makers list cards by their numbers."""
    return redacted_text(name, key) if sum(map(str.isdigit, name)) >= SHORTEST else name


@lru_cache(maxsize=8192)
def pseudonym(kind: str, value: str, key: bytes) -> str:
    """The kind and twelve letters; case, and the marks between the parts of a number, do not matter."""
    kind, plain = canonical(kind, value)
    name = _letters(f"{kind}:{plain}", LETTERS, key)
    return f"{kind}:{name}{_letters(f'made {kind}:{name}', CHECKS, key)}"


def _letters(text: str, count: int, key: bytes) -> str:
    digest = hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:count]


def is_ours(text: str, key: bytes) -> bool:
    """Whether a text is a pseudonym that was made with this key; signs may stand against it, as in any text."""
    found = _PSEUDONYM.search(text)
    if found is None or any(map(str.isalnum, text[: found.start()] + text[found.end() :])):
        return False
    return _letters(f"made {found[1]}:{found[2]}", CHECKS, key) == found[3]


def _kind(name: str, value: Scalar, fields: Mapping[str, Scalar]) -> str:
    """What a field hides: by its own name, or, for the value of a setting, by the setting's name; "" for nothing."""
    if value is None or isinstance(value, bool) or name == NUMBER or _BLANK.fullmatch(str(value)):
        return ""
    if kind := hides(name):
        return kind
    if name == "data" and "NotifyCustomerInformation" in f"{fields.get('action')} {fields.get('text')}":
        return "person"  # all that is known of a customer, in the charger's own words
    last = name.rpartition(".")[2].lower()
    if last in ("value", "attributevalue"):
        place = name[: -len(last)]
        setting = f"{fields.get(place + 'key')} {fields.get(place + 'variable.name')}"
        named = fields.get(place + "name")  # of a register, or of a value in a dump
        if is_secret_setting(setting) or (setting == "None None" and fields.get("action") in SETTING):
            return "secret"
        return hides_as_value(named) if isinstance(named, str) else ""
    return "secret" if name.startswith("key.") and is_secret_setting(name) else ""


def _hiding(secrets: frozenset[tuple[str, str]], key: bytes) -> Callable[[str], str]:
    """A function that hides the given secrets, however they are spelt, and everything that has the shape of one."""
    known = _wherever(secrets, key)

    def hide(text: str) -> str:
        text = known(text)
        if len(text) < SHORTEST or text.isalpha():
            return text
        seen: Seen = set()
        text = _shaped(_named(text, seen, key), key)
        return _wherever(frozenset(seen), key)(text) if seen else text

    return hide


@lru_cache(maxsize=2048)
def _wherever(secrets: frozenset[tuple[str, str]], key: bytes) -> Callable[[str], str]:
    """A function that hides the given secrets wherever they stand."""
    kinds = {spelling: (kind, secret) for secret, kind in secrets for spelling in _spellings(secret, key)}
    pattern = _known(kinds)

    def told(found: re.Match[str]) -> str:
        kind, secret = kinds.get(found.group(), kinds.get(found.group().lower(), ("secret", found.group())))
        return _once(kind, secret, key)

    return (lambda text: text) if pattern is None else (lambda text: pattern.sub(told, text))


def _spellings(secret: str, key: bytes) -> Iterator[str]:
    """How a secret may be written elsewhere: escaped once or twice, in hex, in base64, with or without marks."""
    yield secret
    if is_ours(secret, key) or len(secret) < SHORTEST:
        return
    for escaped in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield from (escaped, json.dumps(escaped)[1:-1])
    yield quote(secret, safe="")
    if len(secret) >= SPELT:
        raw = secret.encode("utf-8", "replace")
        yield from (secret.lower(), raw.hex(), base64.b64encode(raw).decode().rstrip("="))
        yield from _as_bytes(secret)


def _as_bytes(secret: str) -> Iterator[str]:
    """A number in hex with other marks between its bytes."""
    bare = re.sub(r"[\s:.-]", "", secret).lower()
    if _HEX.fullmatch(secret) and len(bare) >= SPELT:
        pairs = [bare[place : place + 2] for place in range(0, len(bare), 2)]
        yield from (mark.join(pairs) for mark in ("", ":", "-", " "))


def _known(spellings: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of secrets: short ones only as they are, in quotes; long ones in any case."""
    told = sorted(spellings, key=len, reverse=True)
    parts = [
        rf"(?<!\w){'(?i:' if len(each) >= SPELT else '(?:'}{re.escape(each)})(?!\w)"
        if len(each) >= SHORTEST
        else rf"(?<=[\"']){re.escape(each)}(?=\\*[\"'])"
        for each in told
    ]
    return re.compile("|".join(parts)) if parts else None


Seen = set[tuple[str, str]]  # secrets, and their kinds


def _named(text: str, seen: Seen, key: bytes) -> str:
    """The text without what names in it announce; what may stand elsewhere in it without a name is `seen`."""
    if "value" in text:
        text = PAIR.sub(partial(_set, key), text)
    for kind, pattern, marks in ANNOUNCED:
        if any(map(text.__contains__, marks)):
            text = pattern.sub(partial(_announced, kind, seen, key), text)
    if "attributeValue" in text:
        text = ASSIGNED.sub(partial(_assigned, key), text)
    begins = names_in(text)
    if "[" in text and begins:
        text = LISTED.sub(partial(_listed, key), text)
        begins = names_in(text)
    return "".join(_parts(text, begins, seen, key)) if begins else text


def _parts(text: str, begins: Iterable[int], seen: Seen, key: bytes) -> Iterator[str]:
    """The text in pieces, each secret behind a name replaced."""
    done = 0
    for begin in begins:
        found = next(filter(None, (each.match(text, begin) for each in AT_A_NAME)), None) if begin >= done else None
        if found is not None:
            yield text[done:begin]
            yield _announced("", seen, key, found)
            done = found.end()
    yield text[done:]


def _set(key: bytes, found: re.Match[str]) -> str:
    return found["name"] + _once("secret", found["value"], key) if is_secret_setting(found["key"]) else found.group()


def _listed(key: bytes, found: re.Match[str]) -> str:
    kind, begin = hides(found["name"]), found.start("value") - found.start()
    return found.group()[:begin] + ITEM.sub(lambda each: _once(kind, each.group(), key), found["value"])


def _announced(kind: str, seen: Seen, key: bytes, found: re.Match[str]) -> str:
    if _PSEUDONYM.match(found["name"] + ":" + found["value"]) or _PSEUDONYM.match(found.group()):
        return found.group()  # `idTag:` may begin a pseudonym of ours
    begin, end = found.start("value") - found.start(), found.end("value") - found.start()
    whole, value, kind = found.group(), found["value"], kind or hides(found["name"])
    if len(value) >= SPELT and any(map(str.isdigit, value)) and not is_ours(value, key):
        seen.add((value, kind))
    return whole[:begin] + _once(kind, value, key) + whole[end:]


def _assigned(key: bytes, found: re.Match[str]) -> str:
    """The value of a variable, unless it is said behind it that the variable is harmless."""
    if is_harmless_value(found["rest"]):
        return found.group()
    return found["name"] + _once("secret", found["value"], key)


def _shaped(text: str, key: bytes) -> str:
    """The text without what looks like somebody's."""
    if not may_be_shaped(text):
        return text
    for kind, shape, marks in SHAPES:
        if any(map(text.__contains__, marks)):
            text = shape.sub(lambda found, kind=kind: _once(kind, found.group(), key), text)  # type: ignore[misc]  # bound now
    return text


def _once(kind: str, value: str, key: bytes) -> str:
    """The pseudonym, unless the value is one already or says nothing about anyone."""
    if _BLANK.fullmatch(value) or is_ours(value, key) or (kind == "ip" and value.startswith(_HARMLESS_ADDRESSES)):
        return value
    return pseudonym(kind, value, key)
