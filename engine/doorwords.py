"""Door words: which names of fields, and which shapes of texts, tell that somebody or something is named. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import re2

# Kind, and what holds such a secret: in OCPP 1.6 and 2.x, in ISO 15118, in makers' interfaces and in people's words.
_STRONG = """
idTag: id tag, parent id tag, id token, group id token, additional id token, tag id, tag uid, card id, card uid
idTag: card number, card no, rfid, rfid tag, rfid uid, rfid card, rfid id, nfc id, nfc uid, kartennummer, karten id
serial: charge point serial number, charge box serial number, meter serial number, serial number, serial no, serial
serial: seriennummer, serien nr, numero de serie, sn, s/n
sim: iccid, imsi, imei, msisdn, sim number
mac: mac, mac address, bssid
vehicle: vin, vehicle id, vehicle identification number, evcc id, fin nummer
contract: emaid, contract id
ip: ip, ip address, client ip
mail: email, e mail, mail, email address
phone: phone, phone number, telephone, telephone number, mobile number, telefon, telefonnummer, tel
plate: license plate, licence plate, number plate, plate number, kennzeichen, registration plate
person: user name, first name, last name, full name, driver name, customer name, owner name, card holder
person: customer id, customer identifier, driver id, user id, benutzername, vorname, nachname, kundennummer
secret: authorization key, authorization, password, passwd, pwd, secret, token, api key, access token, auth key
secret: basic auth password, sim pin, user pin, passphrase, passwort, kennwort, mot de passe, private key
secret: client secret, x api key, cookie, set cookie, pre shared key, psk
"""
# These are everyday words too: they name somebody as a field or before an equals sign, and nobody in a sentence.
_WEAK = """
person: user, login, customer, driver, owner, holder
plate: plate
phone: mobile, mobil, handy, fax
wifi: ssid, wifi ssid, wlan ssid
certificate: csr, certificate, certificate chain, exi request, exi response
secret: pin
address: street
"""
# Keys of interfaces that hide something in their own field; in free text they are too short to mean that.
FIELDS: Mapping[str, str] = {
    **dict.fromkeys(("rfidclass", "rca", "rcr", "rcd", "rc4", "rc5", "rc6", "rc7", "rc8", "rc9", "rc1"), "idTag"),
    **dict.fromkeys(("rna", "rnm", "rne", "rn4", "rn5", "rn6", "rn7", "rn8", "rn9", "rn1"), "person"),
    **dict.fromkeys(("wss", "wifissid"), "wifi"),
    **dict.fromkeys(("wke", "wak"), "secret"),
}


def _listed(text: str) -> Iterator[tuple[str, str]]:
    for line in text.strip().splitlines():
        kind, _, names = line.partition(": ")
        yield from ((name, kind) for name in names.split(", "))


STRONG, WEAK = dict(_listed(_STRONG)), dict(_listed(_WEAK))
KINDS: Mapping[str, str] = {name.replace(" ", ""): kind for name, kind in {**STRONG, **WEAK}.items()}
ALL_KINDS = frozenset({*KINDS.values(), *FIELDS.values(), "address"})  # addresses are looked for in what people type
_SETTING = re.compile(
    r"authorizationkey|passw|passphrase|secret|token\b|apikey|basicauth|ssid|psk\b|private_?key|apn_?user|user_?name"
    r"|(?:user|sim)_?pin\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SEPARATORS = re.compile(r"[\s_-]")


def hides(field: str) -> str:
    """What a field hides by its own name, "" for nothing; `userEmail` is an e-mail, `card_uid` a card."""
    return _hides(field.rpartition(".")[2])


def hides_as_value(name: str) -> str:
    """What a value hides that is called so, such as `ev.mac` in a register map or `Serial number` in a dump."""
    return _hides(name.replace(".", " ")[:100])


@lru_cache(maxsize=8192)
def _hides(last: str) -> str:
    name = re.sub(r"\[\d+\]", "", last)
    plain = _SEPARATORS.sub("", name).lower()
    if plain in FIELDS:
        return FIELDS[plain]
    words = [each.lower() for part in _SEPARATORS.split(name) for each in _WORD.findall(part)]
    tails = ["".join(words[place:]) for place in range(len(words))]
    return next(
        (KINDS[each] for tail in (plain, *tails) for each in (tail, tail.removesuffix("s")) if each in KINDS), ""
    )


def is_secret_setting(name: str) -> bool:
    """Whether the value of a setting, a configuration key or a variable of that name is nobody's business."""
    return _SETTING.search(name) is not None


def is_harmless_value(after: str) -> bool:
    """Whether what stands behind the value of a variable names that variable, and it is none that hides its value."""
    found = _VARIABLE.search(after)
    return found is not None and not is_secret_setting(found["variable"])


def _spelt(names: Mapping[str, str]) -> str:
    """A pattern of all names, the longest first, with or without something between their words."""
    return "|".join(name.replace(" ", r"[ _-]?") for name in sorted(names, key=len, reverse=True))


def _caps(names: Mapping[str, str]) -> str:
    """As they stand behind another word in camel case: `userEmail`, `evVIN`."""
    told = {each for name in names for each in (name.title().replace(" ", ""), name.replace(" ", "").upper())}
    return "|".join(sorted(told, key=len, reverse=True))


def _named(names: Mapping[str, str]) -> str:
    return rf"(?P<name>(?<![A-Za-z])(?i:{_spelt(names)})|(?<=[a-z])(?:{_caps(names)}))s?"


_BOTH = {**STRONG, **WEAK}
_NOTHING = r"(?!(?i:null|none|true|false|undefined|unknown)\b)"
_PLAIN = r"[^\s\"'\\,;&{}\[\]()<>|]"
_BYTES = r"(?:[0-9A-Fa-f]{2}[ :.-]){3,9}[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
_OPENED = r"\\*[\"']"
_SCHEME = r"(?:(?:Basic|Bearer|Token) )?"
# A name and a value in quotes; a name, a sign between, and a word; a name and, right behind it, what has a digit in it.
QUOTED = re.compile(
    rf"{_named(_BOTH)}(?:{_OPENED})?\s{{0,3}}(?:=>|[=:])\s{{0,3}}\[?\s?b?(?P<open>{_OPENED}){_SCHEME}{_NOTHING}"
    r"(?P<value>(?:(?!(?P=open)).){1,4096})(?:(?P=open)|\Z)",
    re.DOTALL,
)
SIGNED = re.compile(
    rf"{_named(STRONG)}(?:{_OPENED})?(?:\s{{0,3}}(?:=>|->|[=:])\s{{0,3}}|\sis\s)(?:\[\s?)?b?(?:{_OPENED})?{_SCHEME}{_NOTHING}"
    rf"(?!\w{{1,40}}\()(?P<value>{_BYTES}|{_PLAIN}{{1,512}})"
)
EQUALLED = re.compile(rf"{_named(WEAK)}=(?P<value>{_PLAIN}{{1,512}})")
BESIDE = re.compile(
    rf"{_named({name: kind for name, kind in STRONG.items() if name not in ('serial', 'authorization', 'cookie')})}"
    rf"(?:(?:\s(?:no|nr|number|uid|id)\.?)?\s{{1,3}}(?:{_OPENED})?|\s?[(\[]\s?(?:{_OPENED})?|>)"
    rf"(?P<value>{_BYTES}|(?=[\w.*-]{{0,24}}\d)[\w.*+-]{{4,128}})"
)
CALLED = re.compile(
    r"(?P<name>(?<![A-Za-z])(?i:(?:tele)?phone(?: number)?|tel(?:efon(?:nummer)?)?|mobile?(?: number)?|handy|fax))"
    r"(?:\s?[:=.]\s?|\s)(?P<value>\+?\(?\d[\d ()/.-]{4,20}\d\w*)"
)
PLATED = re.compile(
    r"(?P<name>(?<![A-Za-z])(?i:(?:licen[cs]e |number )?plate|kennzeichen|registration))(?:\s?[:=.]\s?|\s)"
    r"(?P<value>[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?\d{1,4}[EH]?)(?!\w)"
)
QUERY = re.compile(
    r"(?P<name>[?&;](?i:sig|signature|key|code|auth|user|usr|pass|pw|session|sid|x-amz-[a-z-]{2,30}))="
    r"(?P<value>[^\s&#\"'<>\\]{1,512})"
)
SUBJECT = re.compile(
    r"(?P<name>(?<![A-Za-z])(?:CN|commonName|emailAddress|UID))\s?=\s?(?P<value>[^,/+\n\"'<>\\;)]{2,128})"
)
PEM = re.compile(r"(?P<name>-----BEGIN [A-Z0-9 ]{3,40}-----)(?P<value>[^-]{8,65536})")
LOGGED = re.compile(
    r"(?P<name>(?<![A-Za-z])(?i:user))\s(?P<value>[\w.@+-]{2,64})(?=\s(?:logged|signed|connected|authenticated)\b)"
)
LISTED = re.compile(
    rf"{_named(_BOTH)}(?:{_OPENED})?\s{{0,3}}(?:=>|[=:])\s{{0,3}}\[(?P<value>(?:\s*\\*[\"'][^\"'\[\]{{}}]{{1,256}}[\"']\s*,?){{1,256}})"
)
ITEM = re.compile(r"(?<=[\"'])(?=[^\s,:])[^\"'\\]+(?=\\*[\"'])")
AT_A_NAME = (CALLED, PLATED, QUOTED, SIGNED, EQUALLED, BESIDE)
CUSTOMER = re.compile(
    r"(?P<name>NotifyCustomerInformation\W{1,12}data\W{2,12})(?P<value>[^\"'\\{}]{2,4096})"
)  # all that is known of a customer, in the charger's own words
ASSIGNED = re.compile(
    rf"(?P<name>attributeValue{_OPENED}?\s{{0,3}}[:=]\s{{0,3}}(?P<open>{_OPENED}))(?P<value>(?:(?!(?P=open)).){{1,2500}})"
    r"(?=(?P<rest>.{0,400}))",
    re.DOTALL,
)
_VARIABLE = re.compile(r"variable\W{1,12}name\W{1,12}(?P<variable>\w{1,60})")
# Kind, what announces a secret, and marks of which a text must hold one.
ANNOUNCED: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("certificate", PEM, ("-----BEGIN",)),
    ("secret", QUERY, ("?", "&")),
    ("subject", SUBJECT, ("CN=", "CN =", "commonName", "emailAddress", "UID=", "UID =")),
    ("person", LOGGED, ("ser ",)),
    ("person", CUSTOMER, ("NotifyCustomerInformation",)),
)
PAIR = re.compile(
    rf"(?P<name>{_OPENED}key{_OPENED}\s{{0,3}}[:=]\s{{0,3}}{_OPENED}(?P<key>[^\"'\\]{{1,80}}){_OPENED}[^{{}}]{{0,60}}?"
    rf"{_OPENED}value{_OPENED}\s{{0,3}}[:=]\s{{0,3}}(?P<open>{_OPENED}))(?P<value>(?:(?!(?P=open)).){{1,2500}})"
)  # of a setting

_NO_VERSION = r"(?<!ersion\":\")(?<!ersion\": \")(?<!ersion )(?<!ersion: )"
_CARD = r"(?:[\dA-F]{8}|[\dA-F]{14}|[\dA-F]{20})"
# Kind, the shape of such a secret, and marks of which a text must hold one to be worth a search.
SHAPES: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    (
        "secret",
        re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|(?<=Bearer )\S{8,}|(?<=Basic )[\w+/=]{8,}"),
        ("eyJ", "Bearer ", "Basic "),
    ),
    ("secret", re.compile(r"(?<=://)[^\s/@\"'<>]{1,200}(?=@)"), ("://",)),
    ("mail", re.compile(r"\b[\w.+-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+\b"), ("@", "%40")),
    ("mac", re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])"), (":", "-")),
    ("mac", re.compile(r"(?<![\w.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.])"), (".",)),
    ("ip", re.compile(rf"(?<![\w.]){_NO_VERSION}(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\w.]*\w)"), (".",)),
    (
        "idTag",
        re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{2}:){6}[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){3})?(?![\w:])"),
        (":",),
    ),
    (
        "ip",
        re.compile(r"(?<![\w:])(?=[\da-f:]*(?:::|[a-f]))(?:[\da-f]{1,4}:{1,2}){3,7}[\da-f]{1,4}(?![\w:])", re.I),
        (":",),
    ),
    ("vehicle", re.compile(r"\b(?=\w*[A-Z])[A-HJ-NPR-Z0-9]{13}\d{4}\b"), tuple("123456789")),
    (
        "contract",
        re.compile(
            r"\b(?=[\w*-]{0,16}\d)(?i:[A-Z]{2}-[A-Z0-9]{3}-(?!E)C?[A-Z0-9]{8,9}(?:-[A-Z0-9])?"
            r"|[A-Z]{2}\*[A-Z0-9]{3}\*C[A-Z0-9]{8}(?:\*[A-Z0-9])?)\b"
        ),
        ("-", "*"),
    ),
    ("contract", re.compile(r"\b[A-Z]{2}[A-Z0-9]{3}C(?=(?:[A-Z]*\d){4})[A-Z0-9]{8,9}\b"), ("C",)),
    ("sim", re.compile(r"(?<![\w-])89\d{17,18}(?![\w-])"), ("89",)),
    ("phone", re.compile(r"(?<![\w+])\+\d(?=(?:[ ()/.-]{0,2}\d){9,14}(?![\d.]))[\d ()/.-]{6,22}\d(?!\w)"), ("+",)),
    (
        "idTag",
        re.compile(r"(?<![\w:.-])(?=[\dA-F]*[A-F])(?=[\dA-F]*\d)(?:[\dA-F]{14}|[\dA-F]{20})(?![\w.-])"),
        ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    ),
    (
        "idTag",
        re.compile(rf"(?:(?<=rfid )|(?<=tag )|(?<=card )|(?<=uid )|(?<=UID=)|(?<=uid:)){_CARD}\b", re.IGNORECASE),
        ("d ", "g ", "D ", "G ", "=", ":"),
    ),
)
# One look by which most texts are known to name nobody, and the places where one might.
_NAME = re2.compile(rf"(?:^|[^A-Za-z])((?i:{_spelt(_BOTH)}))|[a-z]({_caps(_BOTH)})")
_ANYWHERE = re.compile(_named(_BOTH))
_ANY_SHAPE = re2.compile(
    r"eyJ|Bearer |Basic |@|%40|[\dA-Fa-f]{2}(?:[:-][\dA-Fa-f]{2}){3}|[\dA-Fa-f]{4}\.[\dA-Fa-f]{4}\.|(?:\d{1,3}\.){3}\d"
    r"|(?:[\dA-Fa-f]{0,4}:){3}[\dA-Fa-f]|[A-HJ-NPR-Z\d]{13}\d{4}|[A-Za-z]{2}[-*][A-Za-z\d]{3}[-*]|[A-Z]{2}[A-Z\d]{3}C[A-Z\d]{8}"
    r"|89\d{17}|[\dA-F]{14}|\+\d[\d ()/.-]{7}|(?i:rfid|tag|card|uid)[ =:][\dA-Fa-f]{8}"
)


def names_in(text: str) -> list[int]:
    """Where in a text the names of something secret begin."""
    try:
        return [max(found.start(1), found.start(2)) for found in _NAME.finditer(text)]
    except UnicodeError:  # half of a character
        return [found.start() for found in _ANYWHERE.finditer(text)]


def may_be_shaped(text: str) -> bool:
    """Whether something in these words may look like somebody's; False is certain."""
    try:
        return _ANY_SHAPE.search(text) is not None
    except UnicodeError:  # as above
        return True


# What a secret is, whatever the field calls it, so that it has one pseudonym wherever it stands.
_TELLING: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mail", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mac", re.compile(r"(?:vid:)?(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|vid:[0-9a-f]{12}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}")),
    ("contract", re.compile(r"[a-z]{2}[-*]?[a-z0-9]{3}[-*]?c(?=(?:[a-z]*\d){3})[a-z0-9]{8}(?:[-*]?[a-z0-9])?")),
    ("ip", re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")),
)
_WHOLE_MAC = re.compile(r"[0-9a-f]{12}")
_MARKS = re.compile(r"[\s:*-]")
_CONTRACT = 14  # letters without the check digit, which some write and some do not


def canonical(kind: str, value: str) -> tuple[str, str]:
    """The kind of a secret by what it looks like, and the secret without what differs from place to place."""
    low = value.strip().lower().replace("%40", "@")
    kind = next((each for each, shape in _TELLING if shape.fullmatch(low)), kind)
    plain = _MARKS.sub("", low)
    if kind in ("mac", "vehicle"):
        bare = plain.removeprefix("vid").replace(".", "")
        return ("mac", bare) if _WHOLE_MAC.fullmatch(bare) else (kind, plain)
    if kind == "contract":
        return kind, plain[:_CONTRACT]
    if kind == "phone":
        return kind, re.sub(r"\D", "", plain).removeprefix("00")
    return kind, plain
