"""Deal: which shard a charger belongs to, the same on every machine and in every run."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from chargelore.engine.nameplate import NAMELESS, short
from chargelore.engine.places import Places


def alone(charger: str) -> str:
    """A charger that has nothing to do with any other; one without a name goes by that of its cases."""
    return charger or NAMELESS


def neighbours(places: Places, charger: str) -> str:
    """All chargers of a site, which rules over several of them hear together, and the meters that measure it."""
    key = places.key(charger, "site") or places.measured_by(charger)
    return f"site {key[0]}" if key else alone(charger)


@dataclass(frozen=True, slots=True)
class Deal:
    """One of `shards` shares, from 0. `party` names what must stay together: a site, or a charger by itself."""

    shards: int = 1
    share: int = 0
    party: Callable[[str], str] = alone

    def is_mine(self, charger: str) -> bool:
        """Whether signals of this charger are for this share."""
        return share_of(self.party(short(charger)), self.shards) == self.share


def share_of(party: str, shards: int) -> int:
    """The share of a party. Python's own `hash` differs from process to process; a checksum does not."""
    return zlib.crc32(party.encode("utf-8", "surrogatepass")) % shards
