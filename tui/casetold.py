"""Case told: a trouble as commands print it: the first words first, then who has it, what it waited for and on whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from textwrap import wrap

from chargelore.engine.handing.ball import Ball, holdings, waiting
from chargelore.engine.handing.life import Hand, Life
from chargelore.engine.handing.proposing import advice
from chargelore.tui.parties import called
from chargelore.tui.speech import counted, lasted, odds, t
from chargelore.tui.text import day, plain

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
    yield from ((t("then {who} said: {text}", who=who(each.by), text=each.text), "    ") for each in life.words[1:])
    yield from ((f"! {each}", "    ") for each in life.marks)


def _state(life: Life, ball: Ball | None, now: datetime) -> Iterator[str]:
    if life.words:
        yield t("first words, {who}: “{text}”", who=who(life.words[0].by), text=life.words[0].text)
    if ball is not None:
        since, waited = day(ball.since), lasted(ball.waited)
        yield t("{who} has it since {at}, {waited}", who=called(ball.holder), at=since, waited=waited)
    elif life.ended is not None:
        yield t("over since {at}: {why}", at=day(life.ended), why=t(life.ended_by.replace("-", " ")))
    yield t("waited: {told}", told=_spans(waiting(holdings(life, now))))
    if ball is not None:
        yield from (unshown(ball), advised(life))


def who(party: str) -> str:
    """Whose words they are."""
    return called(party) if party else t("somebody")


def _spans(by_party: Mapping[str, timedelta]) -> str:
    longest = sorted(by_party.items(), key=lambda each: (-each[1], each[0]))
    told = ", ".join(f"{called(party)} {lasted(span)}" for party, span in longest)
    return told or t("not known, as no begin is told")


def unshown(ball: Ball) -> str:
    """Which layers nobody has shown, those first in which something could be looked for."""
    rest = [each for each in ball.unshown if each not in ball.telling]
    named = [*(t("{layer} (would tell)", layer=each) for each in ball.telling), *rest]
    return t("nobody has shown: {layers}", layers=", ".join(named)) if named else t("every layer was shown")


def advised(life: Life) -> str:
    """Who should have it, as far as the suspects say; a person decides."""
    found = advice(life)
    if life.cause:
        return t("its cause is named: what was suspected before says no more who should have it")
    if not found.party:
        return t("nothing says who should have it")
    causes = f" ({odds(found.percent / 100)}): {', '.join(found.because)}"
    said = causes if found.because else t(", as no step is worth its time")
    return t("should have it: {who}{why}", who=called(found.party), why=said)


def _hand(one: Hand) -> str:
    note = f": {one.note}" if one.note else ""
    handed = t("{giver} to {taker}", giver=called(one.giver), taker=called(one.to))
    return f"{day(one.at)}  {handed}{note}"


def folded(text: str, indent: str, width: int = WIDTH, hang: str = "  ") -> list[str]:
    """The text in lines of at most so many columns, the first at the indent and the others behind it by `hang`."""
    return wrap(plain(text), width, initial_indent=indent, subsequent_indent=indent + hang, break_on_hyphens=False)


def head(party: str, number: int, waited: timedelta) -> str:
    """A party, how many cases it has and how long the oldest waits."""
    cases = counted(number, "case")
    return t("{who}: {cases}, the longest for {waited}", who=called(party), cases=cases, waited=lasted(waited))
