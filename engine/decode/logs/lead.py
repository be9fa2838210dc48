"""The words in front of a frame: which way it went, and which charger it belongs to."""

from __future__ import annotations

import re
from functools import lru_cache

_CHARGER = r"client|charger|charge ?point|charging ?station|charge ?box|cp|cs?tation|evse|wallbox|device|box|downstream"
_CSMS = r"target|csms|central ?system|cs|server|backend|upstream|remote|cloud|cpms|cms|evcc|steve|ocpp ?server"
_ROUTE = re.compile(
    rf"\b(?:(?P<from_cp>{_CHARGER})|(?P<from_cs>{_CSMS}))\s*(?:[-=]*>|→|»|\bto\b)\s*(?:{_CHARGER}|{_CSMS})\b",
    re.IGNORECASE,
)
_BACK_ROUTE = re.compile(
    rf"\b(?:(?P<to_cp>{_CHARGER})|(?P<to_cs>{_CSMS}))\s*(?:<[-=]*|←|«)\s*(?:{_CHARGER}|{_CSMS})\b", re.IGNORECASE
)
_NAMED = re.compile(
    rf"\b(?:received?|incoming|message|request|response|got)\s+(?:\w+\s+)?from\s+(?:the\s+)?(?:(?P<cp>{_CHARGER})|(?P<cs>{_CSMS}))\b",
    re.IGNORECASE,
)
_WORD = re.compile(
    r"\b(?:(?P<inward>recv|rcvd|rx|receiv(?:e|ed|ing)|incoming|inbound|got|from)"
    r"|(?P<outward>sen[dt]|sending|tx|transmit(?:ted|ting)?|outgoing|outbound|to|wr(?:ite|iting|ote)))\b",
    re.IGNORECASE,
)
_ARROW = re.compile(
    r"(?:(?P<inward><[-=<]*|←|↓|«|\bin\b)|(?P<outward>[-=>]*>|→|↑|»|\bout\b))(?=[^<>→←]{0,40}\Z)", re.IGNORECASE
)
_TAG = re.compile(r"<[A-Za-z][^<>]*>")  # `<Opcode.TEXT: 1>` points nowhere
_DIRECTION = re.compile(
    r"\b(?:direction|dir|way|type)[\"']?\s*[:=]\s*[\"']?(?:(?P<inward>in|rx|recv|received?)|(?P<outward>out|tx|sen[dt]))",
    re.IGNORECASE,
)
_TO_CSMS = re.compile(rf"([\w.#+-]{{2,64}})\s*(?:-+>|=+>|→|»)\s*(?:{_CSMS})\b", re.IGNORECASE)
_FROM_CSMS = re.compile(rf"\b(?:{_CSMS})\s*(?:-+>|=+>|→|»)\s*([\w.#+-]{{2,64}})", re.IGNORECASE)
_BRACKETED = re.compile(
    r"\[(?!.*(?:thread|nio|exec|pool|worker|task|conn))([A-Za-z][\w.#+-]*\d[\w.#+-]*)\][\s:]*\Z", re.I
)

_BEFORE = re.compile(
    r"(?:^|[\s\]|>'\"])['\"]?([\w.#+/-]{2,64})['\"]?\s*:\s*(?:send|sent|sending|recv|receiv)\w*(?: message)?:?\s*\Z",
    re.I,
)
_AFTER = re.compile(
    r"\b(?:send|sent|recv|received|receive|to|from|for)\s+(?:JSON )?['\"]?([\w.#+-]{2,64})['\"]?\s*:\s*\Z", re.I
)
_ARROWED = re.compile(r"(?<![\w.#+-])([A-Za-z][\w.#+-]*\d[\w.#+-]*)\s*(?:[-=]+>|<[-=]+|→|←|↑|↓)\s*\Z")
_WORDED = re.compile(
    r"(?:^[ \t]*|(?:[\dZ\]|,;]|\b(?:trace|debug|info|notice|warn(?:ing)?|error))[ \t]+)([A-Za-z][\w.#+-]*)\s+"
    r"(?:sen[dt]|sending|recv|rcvd|receive[sd]?|receiving|got|tx|rx|[-=]*>+|<+[-=]*|→|←|»|«)\s*:?\s*\Z",
    re.IGNORECASE,
)
# Without a digit in it a word in that place may be whoever writes the log, unless it is written as no word is.
_NAME_LIKE = re.compile(r".*\d|\w+[-_#.]\w|[A-Z]{3,}\Z")
_ROLE = re.compile(rf"(?:{_CHARGER}|{_CSMS})\Z", re.IGNORECASE)
_CREW = re.compile(r"thread|nio|exec|pool|worker|task|conn|python|java|node", re.IGNORECASE)
_PROGRAM = re.compile(r"ocpp|web_?socket|(?:client|server|handler|logger|service)\Z", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:chargeBoxId|chargePointId|chargepoint_id|charger_?id|charge_point_id|cpId|cp_id|stationId|station_id|identity)[\"']?\s*[=:]\s*[\"']?([\w.#+-]{1,64})",
    re.I,
)
_PATH = re.compile(r"(?:GET |path:? |wss?://[\w.:-]+)(/[\w./%#+-]{1,120})", re.IGNORECASE)
_NOT_IDS = frozenset(
    {
        "message",
        "messages",
        "json",
        "text",
        "frame",
        "call",
        "ws",
        "server",
        "client",
        "target",
        "csms",
        "charger",
        "data",
    }
    | {"websocket", "ocpp", "info", "debug", "error", "warning", "trace", "request", "response", "payload", "mo", "ao"}
    | {"warn", "notice", "fatal", "verbose", "call", "callresult", "callerror", "frames", "packet", "msg"}
)


_ONE_DIGIT = str.maketrans("123456789", "0" * 9)


def way_in(lead: str) -> str:
    """Who sent what follows (`charger`, `csms`), or `in` / `out` as the logger saw it, or "" where nothing tells."""
    return _way(lead[-160:]) if lead else ""


@lru_cache(maxsize=1024)  # a log leads its frames in with a handful of phrases
def _way(lead: str) -> str:
    return _way_by_words(lead.translate(_ONE_DIGIT))  # times and numbers change from line to line, ways do not


@lru_cache(maxsize=1024)
def _way_by_words(lead: str) -> str:
    near = _TAG.sub("", lead)[-80:]
    if route := _ROUTE.search(near):
        return "charger" if route.group("from_cp") else "csms"
    if route := _BACK_ROUTE.search(near):
        return "csms" if route.group("to_cp") else "charger"
    if named := _NAMED.search(near):
        return "charger" if named.group("cp") else "csms"
    if _TO_CSMS.search(near):
        return "charger"
    if _FROM_CSMS.search(near):
        return "csms"
    word = _last(_DIRECTION, near) or _last(_WORD, near) or _last(_ARROW, near)
    return "" if word is None else "in" if word.lastgroup == "inward" else "out"


def charger_in(lead: str) -> str:
    """The charger's id where the words in front of a frame name it."""
    return _charger(lead[-160:])


@lru_cache(maxsize=1024)
def _charger(near: str) -> str:
    for pattern in (_LABEL, _BEFORE, _AFTER, _TO_CSMS, _FROM_CSMS, _BRACKETED, _ARROWED):
        found = pattern.search(near)
        if found and _could_be_id(found.group(1)):
            return found.group(1)
    return _worded(near)


def _worded(near: str) -> str:
    """`KA-MITTE sent`: a name between the head of a line and the word that says which way its frame went."""
    found = _WORDED.search(near)
    name = found.group(1) if found else ""
    is_id = _NAME_LIKE.match(name) and not (_ROLE.match(re.sub("[-_.]", " ", name)) or _CREW.search(name))
    return name if is_id and _could_be_id(name) else ""


def charger_on(path_text: str) -> str:
    """The charger's id at the end of a WebSocket path (`GET /ocpp/CP001 HTTP/1.1`, `ws://host/CP001`)."""
    found = _PATH.search(path_text)
    return found.group(1).rstrip("/.").rpartition("/")[2] if found else ""


def _could_be_id(text: str) -> bool:
    return text.lower() == "charger" or (text.lower() not in _NOT_IDS and _PROGRAM.search(text) is None)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)
