"""Door: what names a person, a card, a vehicle or a device becomes a stable pseudonym before it is stored or shown.

A pseudonym is the kind of the secret and twelve letters, `idTag:7k2m4q…`: the same card has the same pseudonym as long
as the local key is the same, and nobody without the key can find the card from it. Chargers keep their ids.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

from msgspec.structs import replace

from chargelore.engine.signal import Scalar, Signal

LETTERS, CHECKS = 8, 4  # forty bits of name, then twenty that prove that we made it
SHORTEST = 4  # shorter texts are replaced in their own field, not wherever they stand
VERSIONS = frozenset({"firmware", "firmwareVersion", "chargingStation.firmwareVersion"})  # 5.0.1.12 is no address

# What the last part of a field's name says it holds, in OCPP 1.6 and 2.x and in makers' interfaces.
_NAMES = """
idTag idtag parentidtag idtoken groupidtoken id_tag rfid rfidtag cardid
serial chargepointserialnumber chargeboxserialnumber meterserialnumber serialnumber serial serial_number serialno sn
sim iccid imsi imei msisdn
mac mac macaddress mac_address bssid
vehicle vin evccid vehicleid
contract emaid contractid
ip ip ipaddress ip_address clientip
mail email e-mail mail
secret authorizationkey authorization password passwd pwd secret token apikey api_key basicauthpassword accesstoken
secret access_token authkey
"""
KINDS: Mapping[str, str] = {name: kind for kind, *names in map(str.split, _NAMES.split("\n")[1:-1]) for name in names}
# Keys of interfaces that hide something in their own field; in free text they are too short to mean that.
FIELDS: Mapping[str, str] = {
    **dict.fromkeys(("rfidclass", "rca", "rcr", "rcd", "rc4", "rc5", "rc6", "rc7", "rc8", "rc9", "rc1"), "rfid"),
    **dict.fromkeys(("rna", "rnm", "rne", "rn4", "rn5", "rn6", "rn7", "rn8", "rn9", "rn1"), "person"),
    **dict.fromkeys(("wss", "ssid", "wifissid"), "wifi"),
    **dict.fromkeys(("wke", "wak"), "secret"),
}
_SETTING = re.compile(r"authorizationkey|password|passwd|secret|token\b|apikey|basicauth", re.IGNORECASE)
_BLANK = re.compile(r"[\s0xX*.-]*")
_PSEUDONYM = re.compile(
    rf"({'|'.join(sorted({*KINDS.values(), *FIELDS.values()}))}):([a-z2-7]{{{LETTERS}}})([a-z2-7]{{{CHECKS}}})"
)
_HARMLESS_ADDRESSES = ("0.0.0.", "127.", "255.")

_JOINTS = ("=", ":", "is ")
_NAMED = re.compile(
    r"(?<![a-z])(" + "|".join(sorted(KINDS, key=len, reverse=True)) + r")"
    r"(\\?[\"']?\s?(?:[=:]|is)\s?\\?[\"']?(?:(?:Basic|Bearer) )?)(?!null|None|true|false)([^\s\"'\\,;&{}\[\])]{3,128})",
    re.IGNORECASE,
)
_SETTING_PAIR = re.compile(
    r"(\"key\"\s*:\s*\"(?:AuthorizationKey|[^\"]{0,60}(?:[Pp]assword|[Ss]ecret|[Tt]oken))\""
    r"[^{}]{0,60}?\"value\"\s*:\s*\")([^\"]+)"
)
_NO_VERSION = r"(?<!ersion\":\")(?<!ersion\": \")(?<!ersion )(?<!ersion: )"
_CARD = r"(?:[\dA-F]{8}|[\dA-F]{14}|[\dA-F]{20})"
# Kind, the shape of such a secret, and marks of which a text must hold one to be worth a search.
_SHAPES: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    (
        "secret",
        re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|(?<=Bearer )\S{8,}|(?<=Basic )[\w+/=]{8,}"),
        ("eyJ", "Bearer ", "Basic "),
    ),
    ("secret", re.compile(r"(?<=://)[^\s/:@]{1,64}:[^\s/@]{1,128}(?=@)"), ("://",)),
    ("mail", re.compile(r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\b"), ("@",)),
    ("mac", re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])"), (":", "-")),
    ("ip", re.compile(rf"(?<![\w.]){_NO_VERSION}(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\w.]*\w)"), (".",)),
    (
        "ip",
        re.compile(r"(?<![\w:])(?=[\da-f:]*(?:::|[a-f]))(?:[\da-f]{1,4}:{1,2}){3,7}[\da-f]{1,4}(?![\w:])", re.I),
        (":",),
    ),
    ("vehicle", re.compile(r"\b(?=\w*[A-Z])[A-HJ-NPR-Z0-9]{13}\d{4}\b"), tuple("123456789")),
    ("contract", re.compile(r"\b[A-Z]{2}-[A-Z0-9]{3}-C?[A-Z0-9]{8,9}(?:-[A-Z0-9])?\b"), ("-",)),
    ("sim", re.compile(r"(?<![\w-])89\d{17,18}(?![\w-])"), ("89",)),
    ("idTag", re.compile(rf"(?:(?<=rfid )|(?<=tag )|(?<=card )){_CARD}\b", re.IGNORECASE), ("d ", "g ", "D ", "G ")),
)


def redacted(signal: Signal, key: bytes) -> Signal:
    """The signal with pseudonyms for all that names someone, in its fields and in its raw text. Idempotent."""
    hide = _hiding(dict(_secrets(signal.fields)), key)
    fields: dict[str, Scalar] = {}
    for name, value in signal.fields.items():
        if kind := _kind(name, value, signal.fields):
            fields[name] = _once(kind, str(value), key)
        else:
            fields[name] = hide(value) if isinstance(value, str) and name not in VERSIONS else value
    return replace(signal, fields=fields, raw=hide(signal.raw))


def redacted_text(text: str, key: bytes) -> str:
    """A free text with pseudonyms for all that looks like the name of someone."""
    return _hiding({}, key)(text)


@lru_cache(maxsize=8192)
def pseudonym(kind: str, value: str, key: bytes) -> str:
    """The kind and twelve letters; case, and the marks between the bytes of an address, do not matter."""
    plain = re.sub(r"[\s:-]", "", value).lower()
    name = _letters(f"{kind}:{plain}", LETTERS, key)
    return f"{kind}:{name}{_letters(f'made {kind}:{name}', CHECKS, key)}"


def _letters(text: str, count: int, key: bytes) -> str:
    digest = hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:count]


def is_ours(text: str, key: bytes) -> bool:
    """Whether a text is a pseudonym that was made with this key."""
    found = _PSEUDONYM.fullmatch(text)
    return found is not None and _letters(f"made {found[1]}:{found[2]}", CHECKS, key) == found[3]


def _kind(name: str, value: Scalar, fields: Mapping[str, Scalar]) -> str:
    """What a field hides: by its own name, or, for the value of a setting, by the setting's name; "" for nothing."""
    if value is None or isinstance(value, bool) or _BLANK.fullmatch(str(value)):
        return ""
    last = _last_part(name)
    if last in KINDS or last in FIELDS:
        return KINDS.get(last) or FIELDS[last]
    if last in ("value", "attributevalue"):
        place = name[: -len(last)]
        return "secret" if _SETTING.search(f"{fields.get(place + 'key')} {fields.get(place + 'variable.name')}") else ""
    return "secret" if name.startswith("key.") and _SETTING.search(name) else ""


@lru_cache(maxsize=4096)
def _last_part(name: str) -> str:
    return re.sub(r"\[\d+\]", "", name).rpartition(".")[2].lower().replace(" ", "")


def _secrets(fields: Mapping[str, Scalar]) -> Iterator[tuple[str, str]]:
    """The secrets that fields tell, long enough to be recognised elsewhere, with their kinds."""
    for name, value in fields.items():
        kind = _kind(name, value, fields)
        if kind and len(str(value)) >= SHORTEST:
            yield str(value), kind


def _hiding(secrets: Mapping[str, str], key: bytes) -> Callable[[str], str]:
    """A function that hides the given secrets and everything that has the shape of one."""
    told = "|".join(re.escape(secret) for secret in sorted(secrets, key=len, reverse=True))
    known = re.compile(rf"(?<!\w)(?:{told})(?!\w)") if told else None

    def hide(text: str) -> str:
        if known is not None:
            text = known.sub(lambda found: _once(secrets[found.group()], found.group(), key), text)
        if len(text) < SHORTEST:
            return text
        if '"value"' in text:
            text = _SETTING_PAIR.sub(lambda found: found[1] + _once("secret", found[2], key), text)
        if any(map(text.__contains__, _JOINTS)):
            text = _NAMED.sub(partial(_named, key), text)
        for kind, shape, marks in _SHAPES:
            if any(map(text.__contains__, marks)):
                text = shape.sub(partial(_shaped, kind, key), text)
        return text

    return hide


def _shaped(kind: str, key: bytes, found: re.Match[str]) -> str:
    return _once(kind, found.group(), key)


def _named(key: bytes, found: re.Match[str]) -> str:
    if is_ours(found.group(), key):
        return found.group()
    return found[1] + found[2] + _once(KINDS[found[1].lower()], found[3], key)


def _once(kind: str, value: str, key: bytes) -> str:
    """The pseudonym, unless the value is one already or says nothing about anyone."""
    if _BLANK.fullmatch(value) or is_ours(value, key) or (kind == "ip" and value.startswith(_HARMLESS_ADDRESSES)):
        return value
    return pseudonym(kind, value, key)
