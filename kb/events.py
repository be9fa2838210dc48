"""Events: what happened, as unchangeable values that carry their own checksum as a name.

Two stores that never met merge by set union: the same event has the same id everywhere. There is nothing to migrate
and nothing to overwrite; a later event says what has changed. All values are text, whole numbers, yes or no, lists and
mappings, so that the same content is the same bytes on every machine.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chargelore.kb.clock import Stamp, latest, stamp_of
from chargelore.kb.errors import InputError
from chargelore.kb.finding import Finding, body_of

FINDING, HELD, RETRACT, GAP, HEARD = "finding", "held", "retract", "gap", "heard"
CHARGE, DECLINED = "charge", "declined"
NODE, EDGE, SET, DISPUTE, REVIEW = "node", "edge", "set", "dispute", "review"
MERGE, UNMERGE, GRANT = "merge", "unmerge", "grant"
OPENED, WORDS, HANDED, CLOSED = "opened", "words", "handed", "closed"
ESCALATED, ANSWERED = "escalated", "answered"
ANSWER, TRIED, PINNED = "answer", "tried", "pinned"  # what a person did in a case before its finding
VERSIONS: Mapping[str, int] = {FINDING: 2, GAP: 2}  # of bodies as they are written now; all others stand at 1
ID_LETTERS = 26
LONGEST_NAME = 200
LONGEST_BODY = 64_000
LONGEST_LINE = 500_000  # a body may take six letters for one, and there is a name or two
DEEPEST = 12
LAST_VERSION = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one subject.

    `hlc` is the text of a Stamp; `origin` says which store it came from and is no part of the content. A kind that
    this version does not know is kept and passed on.
    """

    id: str
    kind: str
    subject: str
    body: Mapping[str, Any]
    hlc: str
    author: str
    origin: str = ""
    v: int = 1


def event(kind: str, subject: str, body: Mapping[str, Any], *, stamp: Stamp, author: str) -> Event:
    """A new event with its content id; InputError when the content has no canonical form."""
    draft = Event(
        id="",
        kind=kind,
        subject=_clean(subject),
        body=_canonical_body(body),
        hlc=str(stamp),
        author=_clean(author),
        v=VERSIONS.get(kind, 1),
    )
    return replace(draft, id=content_id(draft), origin=stamp.replica)


def finding_event(finding: Finding, *, stamp: Stamp, author: str) -> Event:
    """A technician says what it was and what helped."""
    return event(FINDING, finding.case[:LONGEST_NAME], body_of(finding), stamp=stamp, author=author)


def held_event(  # noqa: PLR0913  # all but the first two are named
    finding: str, held: bool, *, by: str, stamp: Stamp, author: str, because: Mapping[str, Any] | None = None
) -> Event:
    """A fix is judged: the fault stayed away, or it came back. `by` is `auto` (live signals) or `manual`.

    `because` is the evidence: the good sessions, or when and how the fault came back.
    """
    return event(HELD, finding, {"held": held, "by": by, **(because or {})}, stamp=stamp, author=author)


def charge_event(finding: str, session: Mapping[str, Any], *, stamp: Stamp, author: str) -> Event:
    """After a fix the charger charged a vehicle as it should; three of them and the fix held."""
    return event(CHARGE, finding, session, stamp=stamp, author=author)


def retract_event(target: str, reason: str, *, stamp: Stamp, author: str) -> Event:
    """Somebody takes back what they said; the event stays in the log and counts no more."""
    return event(RETRACT, target, {"reason": reason}, stamp=stamp, author=author)


def gap_event(query: str, scope: Mapping[str, str], *, stamp: Stamp, author: str) -> Event:
    """Somebody looked for these words and found nothing: what this knowledge base should learn next."""
    body = {"words": query[:1000], "scope": {key: value[:LONGEST_NAME] for key, value in scope.items() if value}}
    return event(GAP, " ".join(query.split())[:LONGEST_NAME], body, stamp=stamp, author=author)


def case_event(kind: str, case: str, said: Mapping[str, str], *, stamp: Stamp, author: str) -> Event:
    """What a person did in a case before its finding: an ANSWER `{evidence, answer}`, a TRIED `{step}`, or a PINNED.

    `opened_at`, the time at which the case opened, tells it from others of its name.
    """
    return event(kind, case[:LONGEST_NAME], said, stamp=stamp, author=author)


def heard_event(model: str, body: Mapping[str, Any], *, stamp: Stamp, author: str) -> Event:
    """What chargers of a model said in a log or a watch, as counts; the same body counts once, whoever tells it."""
    return event(HEARD, model[:LONGEST_NAME], body, stamp=stamp, author=author)


def canonical(value: object) -> str:
    """The one way to write a value: sorted keys, no blanks, plain ASCII."""
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def checksum(text: str) -> str:
    """26 letters that follow from the text: base32 of its SHA-256, cut."""
    digest = hashlib.sha256(text.encode("ascii")).digest()
    return base64.b32encode(digest[:20]).decode("ascii")[:ID_LETTERS].lower()  # 20 bytes give 32 letters


def content_id(one: Event) -> str:
    """The id that follows from the content: base32 of the SHA-256 of the canonical JSON, 26 letters."""
    return checksum(canonical(_content(one)))


def to_line(one: Event) -> str:
    """The event as one line of JSON, to be carried to another store by any means."""
    return canonical({"id": one.id, "origin": one.origin, **_content(one)})


def from_line(line: str) -> Event:
    """The event on a line that `to_line` wrote; InputError when it is none, or was changed on its way."""
    if len(line) > LONGEST_LINE:
        raise InputError(
            f"this line is longer than {LONGEST_LINE // 1000} kB", mend="each line holds one event as JSON"
        )
    try:
        read = json.loads(line)
        one = Event(**{key: read[key] for key in ("id", "kind", "subject", "body", "hlc", "author", "origin", "v")})
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError("this line is no event", mend="each line holds one event as JSON") from error
    return fit(one)


def fit(one: Event) -> Event:
    """The same event when it is sound and every store can hold it as it is; InputError otherwise."""
    texts = (one.id, one.kind, one.subject, one.author, one.origin)
    if any(_clean(text) != text for text in texts) or _canonical_body(one.body) != one.body:
        raise InputError("this event holds text that no store can keep", where=_clean(one.id)[:ID_LETTERS])
    return sound(one)


def sound(one: Event) -> Event:
    """The same event when its id fits its content and its time can be read; InputError otherwise."""
    texts = (one.id, one.kind, one.subject, one.hlc, one.author, one.origin)
    if not all(isinstance(text, str) and len(text) <= LONGEST_NAME for text in texts):
        raise InputError("this event has a name that is no short text", where=str(one.id)[:ID_LETTERS])
    if not isinstance(one.v, int) or not 1 <= one.v <= LAST_VERSION:
        raise InputError("this event has a version that is no small number", where=one.id)
    _plain_body(one.body)
    stamp_of(one.hlc)
    if content_id(one) != one.id:
        raise InputError("the event was changed after it was written", where=one.id, mend="fetch it again")
    return one


def in_time(one: Event, now: datetime) -> Event:
    """The same event, unless it claims to come from more than a day ahead; then InputError."""
    if stamp_of(one.hlc) > latest(now):
        raise InputError(
            "the event lies more than a day in the future",
            where=one.id,
            mend="set the clock of the machine that wrote it",
        )
    return one


def _content(one: Event) -> dict[str, Any]:
    return {
        "kind": one.kind, "subject": one.subject, "body": one.body, "hlc": one.hlc, "author": one.author, "v": one.v,
    }  # fmt: skip


def _canonical_body(body: Mapping[str, Any]) -> dict[str, Any]:
    plain = _plain_body(body)
    if len(canonical(plain)) > LONGEST_BODY:
        raise InputError("this is too long to be recorded", mend=f"keep it below {LONGEST_BODY // 1000} kB")
    return plain


def _plain_body(body: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(body, Mapping):
        raise InputError("the body of an event is a mapping")
    return {_clean(key): _plain(value) for key, value in body.items()}


def _plain(value: object, depth: int = 0) -> Any:
    """Only what reads the same on every machine; floats do not."""
    if depth > DEEPEST:
        raise InputError("the body of an event is nested too deeply")
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return {_clean(key): _plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(each, depth + 1) for each in value]
    raise InputError(f"an event cannot hold {type(value).__name__}", mend="use text, whole numbers, yes or no, lists")


def _clean(text: str) -> str:
    """Text that every store can keep: no NUL, no half of a surrogate pair."""
    if not isinstance(text, str):
        raise InputError(f"a name in an event is text, not {type(text).__name__}")
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
