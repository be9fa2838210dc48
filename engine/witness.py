"""Witness: what a person saw at a charger, in a sentence, as signals like those of the charger itself.

`10:05 @CP-1/2 burnt smell at the socket` says when and where, as far as it is known; `no smell` says that somebody
looked and there was none; `breaker-found=tripped` answers a question of the knowledge by its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import NamedTuple

from msgspec.structs import replace

from chargelore.engine.decode.clock import STAMP, Moment, moment, whole_time
from chargelore.engine.denial import DENIAL
from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.called import id_of
from chargelore.kb.clock import SLACK
from chargelore.kb.errors import UseError
from chargelore.kb.model import Evidence, EvidenceId

NAME = "witness"  # of the format, and the mark of these signals
LONGEST = 2_000  # characters of one sentence
MOST = 500
WELL, ABSENT = "well", "absent"  # of what only says that something is well, or is not there
HALF_A_DAY = timedelta(hours=12)

_WHEN = re.compile(rf"(?:{STAMP.pattern}|(?:\d{{4}}-\d\d-\d\d[T ]|\d\d?\.\d\d?\.\d{{4}} )?\d\d?:\d\d(?![:\d]))[ ,:]*")
_MEANT = re.compile(r"(?:\d{4}-\d\d?-\d\d?|\d\d?\.\d\d?\.\d{4}|\d\d?:\d\d)(?:[T ]\d\d?:\d\d)?(?![\w.])")
_WHERE = re.compile(r"@(?P<charger>[^\s/:]{1,64})(?:/(?P<connector>\d{1,3}))?[ :,]*")
_ANSWER = re.compile(r"(?P<evidence>[a-z0-9]+(?:-[a-z0-9]+)+) ?= ?(?P<answer>[a-z0-9-]+)\Z")
_SPELLED_OUT = re.compile(r"(?P<evidence>[^=]{3,400}) ?= ?(?P<answer>[a-z0-9-]+)\Z")
# Of a thing that is not there nothing is heard, unless a charger needs it; of what does not work there is.
_OF_A_THING = re.compile(r"\b(?:no(?! (?:longer|more)\b)|without|none|kein(?:e[nmrs]?)?|ohne|nein)\b", re.IGNORECASE)
_OF_A_DEED = re.compile(r"\b(?:not|never|cannot|nicht|nie|niemals)\b|n['’]t\b", re.IGNORECASE)
_NEEDED = re.compile(
    r"\b(?:power|mains|voltage|current|phases?|energy|network|internet|connect\w*|signal|reception|coverage|light|leds?"
    r"|display|screen|react\w*|response|answer|communicat\w*|charg\w*|data|values?|readings?|backend|server|heartbeats?"
    r"|pilot|neutral|earth|ground|cover|lid|cap|seals?|screws?|fuses?|contact|lock|airflow|cool\w*|strom|spannung|netz\w*|phasen?|energie|verbindung|empfang|licht|anzeige|bild|reaktion"
    r"|antwort|kommunikation|lad\w*|funktion|leistung|daten|werte?|nullleiter|erde|erdung"
    r"|deckel|kappe|abdeckung|dichtung\w*|schrauben?|sicherung|kontakt|luft|kühlung)\b",
    re.IGNORECASE,
)
_FINE = re.compile(
    r"\s+(?:is|are|was|were|looks?|seems?|ist|sind|war|waren|wirkt|scheint)\s+(?:\w+\s+)?"
    r"(?:fine|ok|okay|good|intact|undamaged|in order|(?:völlig |ganz )?in ordnung|heil|intakt|unbeschädigt)[\s.!]*\Z",
    re.IGNORECASE,
)
_JOINT = re.compile(r"([.;,!?]+\s+|\s+(?:but|and|aber|sondern|und)\s+)", re.IGNORECASE)


class Sight(NamedTuple):
    """One thing seen: its signal, and the time as it was written, which may lack the day."""

    signal: Signal
    when: Moment | None


_Asked = tuple[str, str, int | None, str]  # a question, with the charger, the connector and the time of its answer


def sights(texts: Iterable[str], known: Mapping[EvidenceId, Evidence]) -> tuple[Sight, ...]:
    """What the sentences say, in the order given. UseError for one that is empty, and where none is so answered."""
    found = [each for text in texts for each in _sights(text.strip(), known)]
    if len(found) > MOST:
        raise UseError(f"more than {MOST} things were seen", mend="tell the telling ones")
    return tuple(found)


def at_odds(seen: Iterable[Sight]) -> dict[str, tuple[str, ...]]:
    """What was answered with one thing and another at the same place and time: question -> its answers, in order."""
    return {evidence: answers for (evidence, *_), answers in _answers(seen).items() if len(answers) > 1}


def without_odds(seen: Iterable[Sight]) -> tuple[Sight, ...]:
    """The same, where such answers are kept word for word and answer nothing: which of them holds nobody knows."""
    found = tuple(seen)
    odd = {asked for asked, answers in _answers(found).items() if len(answers) > 1}
    return tuple(_unanswered(each) if _asked(each) in odd else each for each in found)


def _answers(seen: Iterable[Sight]) -> dict[_Asked, tuple[str, ...]]:
    said: dict[_Asked, dict[str, None]] = {}
    for each in seen:
        if "answer" in each.signal.fields:
            said.setdefault(_asked(each), {})[str(each.signal.fields["answer"])] = None
    return {asked: tuple(answers) for asked, answers in said.items()}


def _asked(sight: Sight) -> _Asked:
    """Which question, where and when."""
    signal = sight.signal
    return str(signal.fields.get("evidence", "")), signal.charger, signal.connector, str(sight.when)


def _unanswered(sight: Sight) -> Sight:
    return sight._replace(signal=replace(sight.signal, fields={"name": NAME, "text": "", "answer": ""}))


def _sights(text: str, known: Mapping[EvidenceId, Evidence]) -> Iterator[Sight]:
    when = _WHEN.match(text)
    rest = text[when.end() :] if when else text
    where = _WHERE.match(rest)
    words = rest[where.end() :] if where else rest
    if not words or len(words) > LONGEST:
        what = f"`{text[:60]}` says nothing that was seen" if not words else f"more than {LONGEST} letters were seen"
        raise UseError(what, mend="tell it like this: burnt smell at the socket")
    written = moment(whole_time(when.group().rstrip(" ,:"))) if when else None
    if written is None:
        _refuse_no_time(text)
    at = written.at if written is not None and written.has_date and written.has_year else None
    base = Signal(
        layer="field",
        kind="observation",
        charger=where["charger"] if where else "",
        connector=int(where["connector"]) if where and where["connector"] else None,
        at=at,
        raw=text,
        marks=(NAME,),
    )
    for fields in _said(words, known):
        yield Sight(replace(base, fields={"name": NAME, **fields}), written)


def _refuse_no_time(text: str) -> None:
    """What is written as a time and is none would be taken for words, and what was seen for seen at no time."""
    meant = _MEANT.match(text)
    if meant is None:
        return
    whole = meant.group() if ":" in meant.group() else f"{meant.group()} 00:00"
    if moment(whole_time(whole)) is None:
        mend = "write 10:05, or 2031-05-01 10:05; a number that is no time goes behind the words"
        raise UseError(f"`{meant.group().strip()}` is no time", mend=mend)


def not_to_come(seen: Iterable[Sight], now: datetime, log_ends: datetime | None = None) -> None:
    """UseError for what would be seen only after now; a log whose clock is ahead proves that clock wrong, not this."""
    limit = max(each.timestamp() for each in (now, log_ends and log_ends + HALF_A_DAY) if each is not None)
    for each in seen:
        if _by_time(each) != float("inf") and _by_time(each) > limit + SLACK.total_seconds():
            raise UseError(f"`{each.signal.raw[:60]}` is still to come", mend="give the time at which it was seen")


def _said(words: str, known: Mapping[EvidenceId, Evidence]) -> Iterator[dict[str, Scalar]]:
    answer = _ANSWER.match(words)
    evidence = known.get(EvidenceId(answer["evidence"])) if answer else None
    if evidence is None and (asked := _asked_in_words(words, known)) is not None:
        answer, evidence = asked
    if answer is None:
        yield from _clauses(words)
    elif evidence is None:
        close = get_close_matches(answer["evidence"], known, n=1)
        mend = f"did you mean {close[0]}?" if close else "say what you saw in words of your own"
        raise UseError(f"{answer['evidence']} is no question of this knowledge", mend=mend)
    elif answer["answer"] not in evidence.answers:
        what = f"`{evidence.id}` is not answered with `{answer['answer']}`"
        raise UseError(what, mend=f"answer {', '.join(evidence.answers)}")
    else:
        yield {"text": "", "evidence": evidence.id, "answer": answer["answer"]}


def _asked_in_words(words: str, known: Mapping[EvidenceId, Evidence]) -> tuple[re.Match[str], Evidence] | None:
    """An answer to a question that is written out, in any language that asks it; None where it is none."""
    answer = _SPELLED_OUT.match(words)
    asked = id_of(known, answer["evidence"]) if answer else None
    return (answer, known[asked]) if answer is not None and asked is not None else None


def _clauses(words: str) -> Iterator[dict[str, Scalar]]:
    """What was seen as one text, and each part that says no as one of its own, with what it says without the no."""
    parts = re.split(_JOINT, _ASKED_AND_DENIED.sub(r"no \1", words))
    if not any(map(_says_no, parts)):
        yield {"text": words}
        return
    affirmed = ""
    for part in parts:
        if not _says_no(part):
            affirmed += part
            continue
        yield {"text": part.strip(), "denied": _without_no(part), **_nothing(part)}
        affirmed += ". "
    if _LETTER.search(rest := _LOOSE_ENDS.sub("", affirmed)):
        yield {"text": rest}


_ASKED_AND_DENIED = re.compile(r"([^.;,!?]+)\?\s+(?:no|nope|none|nein|keine?[rs]?)\b(?=[\s.,;!]|\Z)", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_LOOSE = r"(?:[.;,!?\s]|\b(?:but|and|aber|sondern|und)\b)+"
_LOOSE_ENDS = re.compile(rf"\A{_LOOSE}|{_LOOSE}\Z", re.IGNORECASE)


def _says_no(text: str) -> bool:
    return bool(DENIAL.search(text) or _FINE.search(text))


def _nothing(text: str) -> dict[str, Scalar]:
    """Whether it only says what is well, or what there is not: its words speak for nothing then."""
    if not DENIAL.search(text):
        return {"nothing": WELL}
    is_thing = _OF_A_THING.search(text) and not (_OF_A_DEED.search(text) or _NEEDED.search(text))
    return {"nothing": ABSENT} if is_thing else {}


def _without_no(text: str) -> str:
    return re.sub(r"\s{2,}", " ", _FINE.sub("", DENIAL.sub("", text))).strip(" .,:;!?-")


def among(signals: Iterable[Signal], seen: Iterable[Sight]) -> Iterator[Signal]:
    """The signals of a log with what was seen in its place; a time without a day is of the day the log begins.

    What says no charger is of the one that the log speaks of. UseError where it speaks of several.
    """
    place = _Place()
    waiting: list[Sight] | None = None
    for signal in signals:
        place.notes(signal)
        if waiting is None and signal.at is not None:
            waiting = sorted((_dated(each, signal.at) for each in seen), key=_by_time)
        while waiting and signal.at is not None and _by_time(waiting[0]) <= signal.at.timestamp():
            yield place.put(waiting.pop(0))
        yield signal
    yield from map(place.put, seen if waiting is None else waiting)


def alone(seen: Iterable[Sight]) -> Iterator[Signal]:
    """What was seen where there is no log beside it, in order of time."""
    return (each.signal for each in sorted(seen, key=_by_time))


def is_dateless(sight: Sight) -> bool:
    """Whether a time was written without its day, which only a log beside it tells."""
    return sight.when is not None and sight.signal.at is None


def _dated(sight: Sight, begin: datetime) -> Sight:
    written = sight.when
    if sight.signal.at is not None or written is None:
        return sight
    at = datetime.combine(begin.date(), written.at.timetz())
    if begin - at > HALF_A_DAY:
        at += timedelta(days=1)  # the log begins in the evening, and it was seen after midnight
    return sight._replace(signal=replace(sight.signal, at=at))


def _by_time(sight: Sight) -> float:
    return sight.signal.at.timestamp() if sight.signal.at is not None else float("inf")


class _Place:
    """Of which charger a log speaks; lives for one reading."""

    def __init__(self) -> None:
        self._named: dict[str, None] = {}
        self._put: Signal | None = None

    def notes(self, signal: Signal) -> None:
        if signal.charger and len(self._named) < 2:
            self._named.setdefault(signal.charger)
        self._refuse_what_may_be_of_another()

    def put(self, sight: Sight) -> Signal:
        if sight.signal.charger:  # of a log that names none we take the person's word
            return sight.signal if self._named else replace(sight.signal, charger="")
        self._put = sight.signal
        self._refuse_what_may_be_of_another()
        return replace(sight.signal, charger=next(iter(self._named), ""))

    def _refuse_what_may_be_of_another(self) -> None:
        if self._put is not None and len(self._named) > 1:
            what = f"the log speaks of several chargers, and `{self._put.raw[:60]}` says of none"
            raise UseError(what, mend=f"say which, `@{next(iter(self._named))} {self._put.raw[:60]}`")
