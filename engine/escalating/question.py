"""Question: the one thing to ask the maker: what would decide most among the suspects and nobody else can know. Pure.

A code without a meaning tells, once its maker says what it means, behind which fault the cause lies. A sign that this
model never shows tells what it would have told. Where neither decides anything, the maker is asked what tells the
first two suspects apart, and where nothing is suspected, what does this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from chargelore.engine.case import Charger, SeenCode
from chargelore.engine.diagnosing.observed import is_opaque
from chargelore.engine.diagnosing.posterior import Suspect
from chargelore.engine.escalating.deciding import ENOUGH, Doubt, Telling, by_fault, telling
from chargelore.engine.escalating.packet import Question
from chargelore.engine.escalating.veil import Hide, version

MOST_NAMED = 3
LONGEST = 80  # letters of a code or of what a charger says with it
_TO_A_GAP = re.compile(r".+(?=[^\w:-])", re.DOTALL)
OPAQUE = 1.0  # bits that a code without a meaning is worth where nothing is suspected


def one_question(doubt: Doubt, hide: Hide, tellings: Iterable[Telling] | None = None) -> Question:
    """What to ask the maker; `tellings` are those of the doubt where they were worked out before."""
    found = telling(doubt) if tellings is None else tuple(tellings)
    sign = next((each for each in found if each.is_for_maker), None)
    code = _opaque(doubt)
    of_code = (by_fault(doubt) if doubt.suspects else OPAQUE) if code is not None else 0.0
    if code is not None and of_code >= max(ENOUGH, sign.bits if sign else 0.0):
        return _of_code(doubt, code, hide)
    if sign is not None:
        return _of_sign(doubt, sign, hide)
    if len(doubt.suspects) > 1:
        return _apart(doubt, hide)
    return _of_cause(doubt, hide)


def _opaque(doubt: Doubt) -> SeenCode | None:
    """The code without a meaning that was reported most often; one that still stands comes first."""
    return min(
        filter(is_opaque, doubt.codes),
        key=lambda each: (each.is_over, -each.times, each.vendor, each.code),
        default=None,
    )


def _of_code(doubt: Doubt, code: SeenCode, hide: Hide) -> Question:
    name, said = (_cut(hide(text)) for text in (code.code, code.text))
    text = f' ("{said}")' if said and said != name else ""
    about = f"What does the code {name}{text} mean on {_model(doubt.charger, hide)}, and which part of it reports that?"
    return Question(text=about, kind="code", about=name, splits=_labels(doubt.suspects))


def _of_sign(doubt: Doubt, sign: Telling, hide: Hide) -> Question:
    asked = sign.evidence.question.rstrip("?. ")
    others = [each for each in doubt.suspects if each not in sign.suspects]
    told = _labels(sign.suspects, 1) + _labels(others, 1) if others else _labels(sign.suspects, 2)
    between = f" It would decide between {_listed(told)}." if len(told) > 1 else ""
    text = f'On {_model(doubt.charger, hide)}, how can we know this: "{asked}"? We cannot see it: {sign.why}.{between}'
    return Question(text=text, kind="sign", about=sign.evidence.id, splits=told)


def _apart(doubt: Doubt, hide: Hide) -> Question:
    told = _labels(doubt.suspects, 2)
    text = f"What tells {_listed(told)} apart on {_model(doubt.charger, hide)}, and where does the charger show it?"
    return Question(text=text, kind="apart", about="", splits=told)


def _of_cause(doubt: Doubt, hide: Hide) -> Question:
    codes = [_cut(hide(each.code)) for each in doubt.codes][:MOST_NAMED]
    signs = [f'"{each}"' for each in doubt.signs[: MOST_NAMED - len(codes)]]
    shown = _listed([*codes, *signs])
    text = f"What makes {_model(doubt.charger, hide)} show {shown or 'this'}, and what cures it?"
    return Question(text=text, kind="cause", about=codes[0] if codes else "", splits=_labels(doubt.suspects))


def _model(charger: Charger, hide: Hide) -> str:
    """The kind of charger in words, as far as it said who it is."""
    named = " ".join(filter(None, (_cut(hide(charger.vendor)), _cut(hide(charger.model)))))
    firmware = _cut(version(charger.firmware, hide))
    return (f"your {named}" if named else "this charger") + (f" with firmware {firmware}" if firmware else "")


def _cut(text: str) -> str:
    """The beginning of what is too long, to the end of a word: a pseudonym in it is whole or not there."""
    if len(text) <= LONGEST:
        return text
    head = _TO_A_GAP.match(text[: LONGEST + 1])
    return f"{(head[0] if head else text[:LONGEST]).rstrip()}…"


def _labels(suspects: Iterable[Suspect], most: int = MOST_NAMED) -> tuple[str, ...]:
    return tuple(each.cause.label for each in suspects)[:most]


def _listed(texts: Iterable[str]) -> str:
    *first, last = [*texts] or [""]
    return f"{', '.join(first)} and {last}" if first else last
