"""Relief: what all rules together remember of one charger stays bounded. Pure; runs when there is too much, else never.

First goes what no signal can complete any more. Then, again and again, the older half of what the rule that keeps most
remembers: a storm that one rule collects costs that rule, and not the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from chargelore.engine.grammar.operators import Absent, All, Any_, Changed, Count, Not, One, Sequence, Sustained, When
from chargelore.engine.matching.moment import Hit, Memory
from chargelore.engine.matching.runs import Run
from chargelore.engine.matching.window import Part
from chargelore.engine.signal import Signal

MOST_KEPT = 8_000  # signals that all rules together keep of one charger; a long one counts for several
MOST_EACH = 8  # where there are so many rules that this is more, so many for each
LONG = 4_096  # characters of raw text; every so many more count as one signal more


class Relieved(NamedTuple):
    """What is left, what it weighs, and how many signals were given up by each rule."""

    memories: Mapping[str, Memory]
    kept: int
    evicted: Mapping[str, int]


def size(when: When, memory: Memory) -> int:
    """How many signals an operator keeps; quick, for it is asked at every step."""
    return 0 if memory is None else SIZES[type(when)](when, memory)


def excess(signal: Signal | None) -> int:
    """For how many more signals than itself a long one counts."""
    return 0 if signal is None else len(signal.raw) // LONG


def most_kept(rules: int) -> int:
    """How many signals so many rules may keep of one charger."""
    return max(MOST_KEPT, MOST_EACH * rules)


def relieved(whens: Mapping[str, When], memories: Mapping[str, Memory], at: datetime, most: int) -> Relieved:
    """The memories without the least valuable, well below `most`; what rules that are gone left goes first."""
    left = {key: memory for key, memory in memories.items() if key in whens and not is_spent(whens[key], memory, at)}
    weights = {key: _weight(memory) for key, memory in left.items()}
    kept = sum(weights.values())
    evicted: dict[str, int] = {}
    if kept <= most:
        return Relieved(left, kept, {})
    while kept > most * 3 // 4:
        key = max(weights, key=weights.__getitem__)
        before = size(whens[key], left[key])
        memory = eased(whens[key], left.pop(key))
        kept -= weights.pop(key)
        evicted[key] = evicted.get(key, 0) + before - size(whens[key], memory)
        if memory is not None:
            left[key], weights[key] = memory, _weight(memory)
            kept += weights[key]
    return Relieved(left, kept, evicted)


def is_spent(when: When, memory: Memory, at: datetime) -> bool:
    """Whether nothing that comes from now on can join what is kept: its window is over."""
    if isinstance(when, Sequence):
        return all(at - hit.at > when.within for hit in memory)
    if isinstance(when, Count):
        hits, fired = memory
        return all(at - hit.at > when.within for hit in hits) and all(at - last > when.within for _, last in fired)
    if isinstance(when, All):
        return all(
            all(at - came > when.within for _, came, _ in each.came) and _is_spent_part(part, each.memory, at)
            for part, each in zip(when.parts, memory, strict=True)
        )
    return memory is None


def _is_spent_part(part: When, memory: Memory, at: datetime) -> bool:
    return memory is None or is_spent(part.part if isinstance(part, Not) else part, memory, at)


def eased(when: When, memory: Memory) -> Memory:
    """The newer half of what an operator keeps; None when nothing is left."""
    return None if memory is None or size(when, memory) <= 1 else EASES[type(when)](when, memory)


def _newer(kept: tuple[Any, ...]) -> tuple[Any, ...]:
    return kept[(len(kept) + 1) // 2 :]


def _newer_places(kept: Mapping[Any, Any]) -> Memory:
    return dict(_newer(tuple(kept.items()))) or None


def _count_eased(_: Count, memory: Memory) -> Memory:
    hits, fired = memory
    return (_newer(hits), fired) if hits else (hits, _newer(fired))


def _absent_eased(_: Absent, memory: Memory) -> Memory:
    waiting, seen = memory
    return (waiting, _newer(seen)) if seen else (_newer(waiting), seen)


def _parts_eased(when: All | Any_, memory: Memory) -> Memory:
    return tuple(
        Part(eased(part.part if isinstance(part, Not) else part, each.memory), _newer(each.came))
        for part, each in zip(when.parts, memory, strict=True)
    )


def _parts_size(when: All | Any_, memory: Memory) -> int:
    return sum(
        size(part.part if isinstance(part, Not) else part, each.memory) + sum(len(told) for _, _, told in each.came)
        for part, each in zip(when.parts, memory, strict=True)
    )


def _weight(memory: Memory) -> int:
    """How much a memory keeps, to the letter."""
    return sum(1 + excess(signal) for signal in _signals(memory))


def _signals(kept: Any) -> Iterator[Signal | None]:
    """Every signal in a memory, whatever its shape; None for a run that was told."""
    if isinstance(kept, Signal):
        yield kept
    elif isinstance(kept, Hit):
        yield kept.signal
    elif isinstance(kept, Run):
        yield kept.first
    elif isinstance(kept, Part):
        yield from _signals((kept.memory, kept.came))
    elif isinstance(kept, tuple | Mapping):
        for each in kept.values() if isinstance(kept, Mapping) else kept:
            yield from _signals(each)


Size = Callable[[Any, Memory], int]
SIZES: Mapping[type, Size] = {
    One: lambda *_: 0,
    Not: lambda *_: 0,
    Sequence: lambda _, memory: len(memory),
    Count: lambda _, memory: len(memory[0]) + len(memory[1]),
    Absent: lambda _, memory: len(memory[0]) + len(memory[1]),
    Sustained: lambda _, memory: len(memory),
    Changed: lambda _, memory: len(memory),
    All: _parts_size,
    Any_: _parts_size,
}
EASES: Mapping[type, Callable[[Any, Memory], Memory]] = {
    Sequence: lambda _, memory: _newer(memory) or None,
    Count: _count_eased,
    Absent: _absent_eased,
    Sustained: lambda _, memory: _newer_places(memory),
    Changed: lambda _, memory: _newer_places(memory),
    All: _parts_eased,
    Any_: _parts_eased,
}
