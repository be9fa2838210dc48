"""Snapshot: all that a watch remembers as one text, so that it may stop and go on where it was.

While nobody listened a charger may have done what a rule waits for. So after more than a short break nothing is
concluded from silence across it: waits, standing runs and open requests are given up, and how many is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass, replace
from datetime import datetime, timedelta

import msgspec

from chargelore.engine.aftercare.charging import Charge, Run, Running
from chargelore.engine.aftercare.sequel import Back, Sequel
from chargelore.engine.case import SeenCode
from chargelore.engine.casework import Kept, OpenCase
from chargelore.engine.clocks import backlog, skew
from chargelore.engine.decode import dialogue, monitors
from chargelore.engine.firing import Conclusion, Firing
from chargelore.engine.freeze import Freezer
from chargelore.engine.matching import late
from chargelore.engine.matching.crowd import Crowd
from chargelore.engine.matching.network import Network
from chargelore.engine.neighbours import Site
from chargelore.engine.places import Key
from chargelore.engine.plain import Shelf
from chargelore.engine.post import Post
from chargelore.engine.signal import Signal
from chargelore.engine.stored import STATE_CLASSES
from chargelore.kb import model

SHORT = timedelta(minutes=2)  # a break in which chargers wait with what they say, as they do when a line is down


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A watch as it stood `at` a time: its chargers, its cases with those that are over, its sites and feeders.

    `place` is the number of the last record of a journal that it had taken; 0 where there is none. `running` are the
    charging sessions of chargers that were fixed, `sequels` what was seen after each fix, by finding.
    """

    at: datetime
    place: int
    posts: Mapping[str, Post]
    cases: Mapping[str, OpenCase]
    sites: Mapping[Key, Site]
    running: Mapping[str, Running]
    sequels: Mapping[str, Sequel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """What a watch went on with: since when nobody listened, and how many waits could not be judged for that.

    `place` is where it stood in its journal.
    """

    at: datetime
    place: int
    chargers: int
    cases: int
    unjudged: int


_OWN = (
    Snapshot,
    Post,
    Freezer,
    Kept,
    SeenCode,
    Firing,
    Conclusion,
    Site,
    Crowd,
    late.Buffer,
    dialogue.State,
    dialogue.Waiting,
    monitors.State,
    monitors.Monitor,
    monitors.Told,
    monitors.Fault,
    backlog.State,
    skew.State,
    skew.Ticks,
    Charge,
    Run,
    Back,
    Sequel,
)
_OF_CODES = tuple(each for each in vars(model).values() if is_dataclass(each) and isinstance(each, type))
_SHELF = Shelf((*STATE_CLASSES, *_OWN, *_OF_CODES), once=(Signal, OpenCase, model.Code))


def written(snapshot: Snapshot) -> str:
    """The snapshot as JSON."""
    return _SHELF.written(snapshot)


def read(text: str | bytes) -> Snapshot:
    """The snapshot that was written. EngineError when the text is none of ours, cut, or of another version."""
    return _SHELF.read(text, Snapshot)


def gone_on(snapshot: Snapshot, network: Network, now: datetime) -> tuple[Snapshot, Resumed]:
    """The snapshot for the rules that run now, without what cannot be judged after the break."""
    is_short = now - snapshot.at <= SHORT
    unjudged = 0
    for post in snapshot.posts.values():
        waits = len(post.rules.windows.deadlines)
        post.rules = network.adopted(post.rules, is_heard=is_short)
        unjudged += waits - len(post.rules.windows.deadlines)
        post.talk = post.talk if is_short else msgspec.structs.replace(post.talk, waiting={})
    sites = snapshot.sites if is_short else {key: _unheard(site) for key, site in snapshot.sites.items()}
    told = Resumed(
        at=snapshot.at,
        place=snapshot.place,
        chargers=len(snapshot.posts),
        cases=len(snapshot.cases),
        unjudged=unjudged,
    )
    return replace(snapshot, sites=sites), told


def _unheard(site: Site) -> Site:
    memories = {key: memory for key, memory in site.memories.items() if key not in site.deadlines}
    return site._replace(memories=memories, deadlines={})
