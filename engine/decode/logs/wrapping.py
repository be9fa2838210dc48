"""What carries a log line without being part of it: colours, journald, syslog, docker and quotation prefixes."""

from __future__ import annotations

import html
import json
import re

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]|[\u200b\ufeff\x00]")
_CARRIER = re.compile(
    # syslog and journald: time, host, program
    r"(?:<\d{1,3}>\d?\s?)?(?P<syslog>[A-Z][a-zä]{2}\s+\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)"
    r"\s(?:[\w.:-]{1,64}\s)?[\w./@()-]{1,64}(?:\[\d{1,8}\])?:\s"
    # syslog of RFC 5424: version, time, host, program, process, message, structured data
    r"|<\d{1,3}>1 (?P<syslog5>\d{4}-\d\d-\d\dT\S{8,22}) \S{1,255} \S{1,48} \S{1,128} \S{1,32}"
    r" (?:-|(?:\[[^\]]{0,200}\])+) ?"
    # syslog around a log that has times of its own
    r"|(?:<\d{1,3}>)?(?P<syslog6>[A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d)\s[\w.-]{1,64}\s(?=\d{4}-\d\d-\d\d[T ]\d\d:)"
    # containers: a time to the nanosecond, the stream
    r"|(?P<container>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6,9}Z)\s(?:std(?:out|err)\s[FP]\s)?"
    # compose: the service's name and a bar
    r"|[A-Za-z][\w.-]{0,48}\s*\|\s{1,3}(?=\S)"
    # a quotation in a mail or an issue
    r"|(?:>\s?)+(?=[\[\d{A-Za-z])"
)
_NO_CARRIER = ("[", "(", " ")

_QUOTES = str.maketrans("“”„‟″", '"' * 5)


def is_bare(text: str) -> bool:
    """Whether nothing can be in front of a line or hidden in it: a cheap look that most lines pass."""
    begins_so = text[:1] in _NO_CARRIER or (text[10:11] != "T" and text[:1].isdigit())
    return begins_so and text.isascii() and "&" not in text and text.isprintable()


def uncoloured(text: str) -> str:
    """The text without terminal colours and invisible characters, quotes as the wire has them, not a web page."""
    if not text.isprintable():
        text = _COLOUR.sub("", text)
    if "&quot;" in text or "&#34;" in text:
        text = html.unescape(text)
    return text if text.isascii() else text.translate(_QUOTES)


def peeled(text: str) -> tuple[str, str]:
    """The stamp of the carriers in front of a line ("" without one), and the line without them."""
    stamp = ""
    for _ in range(3):  # docker inside journald inside a quotation is the worst seen
        if text[:1] == "{" and (text.startswith('{"log":') or '"stream":"std' in text or '"stream": "std' in text):
            stamp, text = _docker_json(text)
        carrier = _CARRIER.match(text)
        if carrier is None or carrier.end() == len(text):
            break
        stamp = next(filter(None, carrier.groups()), stamp)
        text = text[carrier.end() :]
    return stamp, text


def _docker_json(text: str) -> tuple[str, str]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return "", text
    if not isinstance(said, dict) or not isinstance(said.get("log"), str):
        return "", text
    return str(said.get("time") or ""), said["log"].rstrip("\n")
