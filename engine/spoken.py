"""Spoken: signals as rules hear them, answers joined to requests and codes beside the faults they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chargelore.engine.case import Charger
from chargelore.engine.matching.late import in_order
from chargelore.engine.post import Post
from chargelore.engine.signal import Signal
from chargelore.engine.translate import ended_codes, fault_signals, in_namespace, read_off, seen_codes
from chargelore.kb.codes import Codes


def spoken(signals: Iterable[Signal], codes: Codes, known: Iterable[Charger] = ()) -> Iterator[Signal]:
    """Every signal that a rule would be asked about, in order; `known` are chargers that do not name themselves."""
    posts = {charger.id: Post(charger) for charger in known}
    for signal in in_order(signals):
        post = posts.setdefault(signal.charger, Post(Charger(id=signal.charger)))
        yield from (each for one in post.hears(signal) for each in _with_faults(post, one, codes))
    for post in posts.values():
        yield from (each for one in post.closes() for each in _with_faults(post, one, codes))


def _with_faults(post: Post, signal: Signal, codes: Codes) -> tuple[Signal, ...]:
    post.notices(signal)
    signal = read_off(signal, post.charger, codes)
    seen = seen_codes(signal, post.charger, codes) or ended_codes(signal, post.charger, codes)
    return (in_namespace(signal, post.charger, codes), *fault_signals(signal, seen))
