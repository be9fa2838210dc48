"""Case told: a trouble as commands print it: the first words first, then who has it, what it waited for and on whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from textwrap import wrap

from chargelore.engine.handing.ball import Ball, holdings, waiting
from chargelore.engine.handing.life import Hand, Life
from chargelore.engine.handing.proposing import advice
from chargelore.tui.parties import called
from chargelore.tui.text import count, day, lasting, plain

WIDTH = 80
MINUTE = timedelta(minutes=1)
Json = dict[str, object]


def as_json(life: Life, ball: Ball | None, now: datetime) -> Json:
    """A trouble as JSON; `ball` is None where it is over. Minutes are whole ones."""
    charger, best = life.told.charger, advice(life)
    return {
        "case": life.key.case,
        "name": life.name,
        "first_words": _words(life)[0] if life.words else None,
        "opened_at": life.key.opened_at or None,
        "began_at": _iso(life.began),
        "charger": {each: getattr(charger, each) for each in ("id", "vendor", "model", "firmware")},
        "connector": life.told.connector,
        "fault": life.fault,
        "holder": ball.holder if ball else None,
        "since": _iso(ball.since) if ball else None,
        "waiting_min": minutes(ball.waited) if ball else None,
        "by_party_min": {party: minutes(span) for party, span in waiting(holdings(life, now)).items()},
        "unshown": list(ball.unshown) if ball else [],
        "telling": list(ball.telling) if ball else [],
        "proposed": {"party": best.party or None, "percent": best.percent, "because": list(best.because)},
        "words": _words(life),
        "hands": [
            {"at": _iso(each.at), "from": each.giver, "to": each.to, "note": each.note, "author": each.author}
            for each in life.hands
        ],
        "over": {"at": _iso(life.ended), "by": life.ended_by} if life.ended else None,
        "marks": list(life.marks),
    }


def minutes(span: timedelta) -> int:
    """Whole minutes, cut."""
    return span // MINUTE


def _words(life: Life) -> list[Json]:
    return [{"text": each.text, "by": each.by or None, "at": _iso(each.at)} for each in life.words]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def lines(life: Life, ball: Ball | None, now: datetime, width: int = WIDTH) -> Iterator[str]:
    """A trouble as lines of at most so many columns."""
    return (each for text, indent in _said(life, ball, now) for each in folded(text, indent, width))


def _said(life: Life, ball: Ball | None, now: datetime) -> Iterator[tuple[str, str]]:
    """What is told of a trouble, each with its indent."""
    charger = life.told.charger
    made = " ".join(filter(None, (charger.vendor, charger.model, charger.firmware)))
    yield f"{life.name}{f' ({made})' if made else ''}", "  "
    yield from ((text, "    ") for text in _state(life, ball, now))
    yield from ((_hand(each), "    ") for each in life.hands)
    yield from ((f"then {who(each.by)} said: {each.text}", "    ") for each in life.words[1:])
    yield from ((f"! {each}", "    ") for each in life.marks)


def _state(life: Life, ball: Ball | None, now: datetime) -> Iterator[str]:
    if life.words:
        yield f"first words, {who(life.words[0].by)}: “{life.words[0].text}”"
    if ball is not None:
        yield f"{called(ball.holder)} has it since {day(ball.since)}, {lasting(ball.waited)}"
    elif life.ended is not None:
        yield f"over since {day(life.ended)}: {life.ended_by.replace('-', ' ')}"
    yield f"waited: {_spans(waiting(holdings(life, now)))}"
    if ball is not None:
        yield from (unshown(ball), advised(life))


def who(party: str) -> str:
    """Whose words they are."""
    return called(party) if party else "somebody"


def _spans(by_party: Mapping[str, timedelta]) -> str:
    longest = sorted(by_party.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{called(party)} {lasting(span)}" for party, span in longest) or "not known, as no begin is told"


def unshown(ball: Ball) -> str:
    """Which layers nobody has shown, those first in which something could be looked for."""
    rest = [each for each in ball.unshown if each not in ball.telling]
    named = [*(f"{each} (would tell)" for each in ball.telling), *rest]
    return f"nobody has shown: {', '.join(named)}" if named else "every layer was shown"


def advised(life: Life) -> str:
    """Who should have it, as far as the suspects say; a person decides."""
    found = advice(life)
    if life.cause:
        return "its cause is named: what was suspected before says no more who should have it"
    if not found.party:
        return "nothing says who should have it"
    causes = f" ({found.percent} %): {', '.join(found.because)}" if found.because else ", as no step is worth its time"
    return f"should have it: {called(found.party)}{causes}"


def _hand(one: Hand) -> str:
    note = f": {one.note}" if one.note else ""
    return f"{day(one.at)}  {called(one.giver)} to {called(one.to)}{note}"


def folded(text: str, indent: str, width: int = WIDTH, hang: str = "  ") -> list[str]:
    """The text in lines of at most so many columns, the first at the indent and the others behind it by `hang`."""
    return wrap(plain(text), width, initial_indent=indent, subsequent_indent=indent + hang, break_on_hyphens=False)


def head(party: str, number: int, waited: timedelta) -> str:
    """A party, how many cases it has and how long the oldest waits."""
    return f"{called(party)}: {count(number, 'case')}, the longest for {lasting(waited)}"
