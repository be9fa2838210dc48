"""Keeping: a case becomes an example of a rule: what it shows of the rule's signals, and that it matched or did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from chargelore.engine.drafting.examples import does, shown_value, story, written
from chargelore.engine.grammar.condition import value_of
from chargelore.engine.grammar.rulefile import Example
from chargelore.engine.grammar.rulesplice import Append, spliced
from chargelore.engine.proving.explain import Asked, Explanation
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.units import spelt
from chargelore.kb.errors import UseError
from chargelore.tui.cli.ruling.rulesaving import save, text_of

AS_IN, BARELY_NOT = "as in a case of {day}", "what a case of {day} lacked"
MEND = "press e and write it by hand"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was changed: how it was, and how it is now."""

    file: Path
    before: str
    after: str

    def put(self, text: str, other: str) -> None:
        """The one text in place of the other. UseError where somebody changed the file meanwhile."""
        if text_of(self.file) != other:
            raise UseError(f"{self.file.name} was changed since", mend="undo it in an editor")
        save(self.file, text)

    @property
    def ways(self) -> tuple[Callable[[], None], Callable[[], None]]:
        """To do it again, and to undo it."""
        return lambda: self.put(self.after, self.before), lambda: self.put(self.before, self.after)


def example_of(told: Explanation) -> Example:
    """What the case shows of a rule, as one of its examples. UseError where no short story can be made of it."""
    for made in _stories(told):
        if does(told.rule, made):
            if any(made.given == each.given and made.expect == each.expect for each in told.rule.examples):
                raise UseError("the rule has this example already", mend="nothing is left to do")
            return made
    raise UseError(f"no short example of {told.rule.id} can be made of this case", mend=MEND)


def _stories(told: Explanation) -> Iterator[Example]:
    for firing in told.firings[:3]:
        name = AS_IN.format(day=firing.at.date() if firing.at else "an unknown day")
        yield Example(name=name, expect="match", given=tuple(story(told.rule, firing)))
    if not told.fired:
        shown = sorted(_shown(told), key=lambda each: (each[1].at is not None, each[1].at))
        begin = next((signal.at for _, signal in shown if signal.at), None)
        given = [
            {
                "at": spelt(signal.at - begin if begin and signal.at else timedelta()),
                asked.pattern.name: _values(asked, signal),
            }
            for asked, signal in shown
        ]
        if given:
            day = begin.date() if begin else "an unknown day"
            yield Example(name=BARELY_NOT.format(day=day), expect="no match", given=tuple(given))


def _shown(told: Explanation) -> Iterator[tuple[Asked, Signal]]:
    """The signal that met each pattern first, or came nearest to it."""
    for each in told.asked:
        signal = each.first or (each.nearest.signal if each.nearest else None)
        if signal is not None:
            yield each, signal


def _values(asked: Asked, signal: Signal) -> dict[str, Scalar]:
    """Everything that is tested, with nothing where the signal says nothing: else it would go without saying."""
    found: dict[str, Scalar] = {}
    for test in asked.pattern.conditions:
        value = value_of(signal, test.field)
        found[test.field] = None if value is None else shown_value(test, value, signal.charger)
    return found


def keep(file: Path, example: Example) -> Kept:
    """The example goes to the end of the rule's examples; all else in the file stays as it is."""
    before = text_of(file)
    after = spliced(before, [Append(("examples",), written(example))], file)
    save(file, after)
    return Kept(file, before, after)
