"""Echo: which signs repeat another one, and how often, as findings tell in which both were looked for. Pure.

Signs of one event share its luck: where the one is there, so is the other, and seeing both tells hardly more than
seeing one. Findings in which both were looked for say how often that is so. Of signs that nobody ever saw together it
is only suspected, where authors give both to the same causes: as often as of such signs that were seen, and with doubt.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from chargelore.engine.diagnosing.known import standing
from chargelore.engine.diagnosing.odds import odds
from chargelore.engine.telemetry.belief import Belief, chance_of, sign_chance, sign_worth, speakers, telling
from chargelore.kb.counts import UNLISTED
from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId, EvidenceId

ALIKE, FEWEST_SHARED = 0.4, 2  # of the causes of both that they share, to be suspected of repeating one another
GROUPED = (0.95, 0.05)  # how often signs of one group are one event, and how sure that is
SUSPECTED = (0.5, 0.3)  # the same of signs that are alike, before any were seen together
WORTH = 3  # pairs of signs that were seen together
STRANGERS = 0.01  # of signs that are not alike, how many repeat one another all the same
TOGETHER, ENOUGH = 3.0, 0.2  # standard deviations by which they must go together, of at most this, to be looked at
FEWEST, MOST = 0.1, 0.97  # of all troubles; never surely the same
GRID = (*(each / 40 for each in range(39)), MOST)

Pair = tuple[EvidenceId, EvidenceId]  # in order
Share = tuple[float, float]  # of troubles in which both have one luck, and its standard deviation


@dataclass(frozen=True, slots=True)
class Echo:
    """`of` is the sign that it repeats, in this `share` of troubles; `doubt` is the standard deviation of that."""

    of: EvidenceId
    share: float
    doubt: float


@lru_cache(maxsize=4)
def echoes(held: Belief) -> Mapping[EvidenceId, Echo]:
    """What each sign repeats of those before it in the alphabet; signs that repeat nothing are left out."""
    found: dict[EvidenceId, Echo] = {}
    for (first, then), (share, doubt) in sorted(_shares(held).items()):
        if share > max(FEWEST, found[then].share if then in found else 0.0):
            found[then] = Echo(first, share, doubt)
    return found


def lift(share: float, first: float, then: float, said: tuple[bool, bool]) -> float:
    """How many times likelier both answers are than if the signs had nothing to do with one another.

    `first` and `then` are the chances that each is there, and what is `said` of each. In this `share` of troubles one
    luck decides both: the rarer one is then never there alone.
    """
    both = min(first, then)
    cell = {
        (True, True): both,
        (True, False): first - both,
        (False, True): then - both,
        (False, False): 1 - max(first, then),
    }[said]
    apart = (first if said[0] else 1 - first) * (then if said[1] else 1 - then)
    return 1 - share + share * cell / apart


Said = tuple[bool, bool]  # what is said of the sign that is repeated, and of its echo
Together = Mapping[tuple[EvidenceId, EvidenceId], Mapping[Said, float]]


@lru_cache(maxsize=4)
def together(held: Belief) -> Mapping[CauseId, Together]:
    """By cause and echo (what it repeats, itself): how much what both say tells beyond what each says, as log odds."""
    pairs = [(each.of, name, each.share) for name, each in echoes(held).items()]
    found = {}
    for cause, signs in telling(held).items():
        spoken = [each for each in pairs if each[0] in signs or each[1] in signs]
        found[cause] = {(of, name): _beyond(held, cause, (of, name), share) for of, name, share in spoken}
    return found


def _beyond(held: Belief, cause: CauseId, pair: Pair, share: float) -> Mapping[Said, float]:
    leaks = odds(held.knowledge, held.learned).leaks
    first, then = (sign_chance(held, cause, each, "yes") for each in pair)
    anyhow = leaks[pair[0], "yes"], leaks[pair[1], "yes"]
    return {
        (one, other): math.log(lift(share, first, then, (one, other)) / lift(share, *anyhow, (one, other)))
        for one, other in product((True, False), repeat=2)
    }


def is_plain(held: Belief, evidence: EvidenceId) -> bool:
    """Whether the sign is there or is not, and has no third answer."""
    return held.knowledge.evidence[evidence].answers == ("yes", "no")


def _shares(held: Belief) -> dict[Pair, Share]:
    looked = [each for proof in held.learned.proofs if (each := _looked_for(held, proof.finding))]
    grouped, alike = set(_grouped(held)), set(_alike(held))
    usual = _usual([_fitted(FLAT, looked, pair) for pair in sorted(alike & _met(looked))])
    before = dict.fromkeys(_striking(looked), STRANGE)
    before |= dict.fromkeys(alike, _bell(*usual)) | dict.fromkeys(grouped, _bell(*GROUPED))
    return {pair: _fitted(each, looked, pair) for pair, each in before.items()}


Chances = tuple[float, ...]  # of each share in GRID
FLAT: Chances = tuple(1 / len(GRID) for _ in GRID)
STRANGE: Chances = (1 - STRANGERS, *(STRANGERS / (len(GRID) - 1) for _ in GRID[1:]))


def _bell(mean: float, doubt: float) -> Chances:
    raw = [math.exp(-(((each - mean) / doubt) ** 2) / 2) for each in GRID]
    return tuple(each / sum(raw) for each in raw)


def _fitted(before: Chances, looked: Sequence[Looked], pair: Pair) -> Share:
    """What was believed before of a pair, and what findings say in which both were looked for."""
    cells = [(one[pair[0]], one[pair[1]]) for one in looked if pair[0] in one and pair[1] in one]
    logs = [
        math.log(chance) + sum(math.log(lift(share, p, q, (x, y))) for (p, x), (q, y) in cells)
        for share, chance in zip(GRID, before, strict=True)
    ]
    raw = [math.exp(each - max(logs)) for each in logs]
    mean = sum(share * each for share, each in zip(GRID, raw, strict=True)) / sum(raw)
    apart = sum((share - mean) ** 2 * each for share, each in zip(GRID, raw, strict=True)) / sum(raw)
    return mean, math.sqrt(apart)


def _usual(some: Iterable[Share]) -> Share:
    """How often signs that are alike repeat one another, by those that were seen together."""
    sure = [share for share, doubt in some if doubt < ENOUGH]
    mean = (WORTH * SUSPECTED[0] + sum(sure)) / (WORTH + len(sure))
    apart = WORTH * SUSPECTED[1] ** 2 + sum((each - mean) ** 2 for each in sure)
    return mean, math.sqrt(apart / (WORTH + len(sure)))


def _grouped(held: Belief) -> Iterator[Pair]:
    """Signs of which the authors say that they are one event."""
    by_group: defaultdict[str, list[EvidenceId]] = defaultdict(list)
    for each in held.knowledge.evidence.values():
        by_group[each.group or each.id].append(each.id)
    for some in by_group.values():
        yield from combinations(sorted(each for each in some if is_plain(held, each)), 2)


def _alike(held: Belief) -> Iterator[Pair]:
    """Signs that authors give to the same causes."""
    causes = speakers(held.knowledge)
    plain = [each for each in sorted(causes) if is_plain(held, each)]
    for first, then in combinations(plain, 2):
        shared = len(causes[first] & causes[then])
        if shared >= FEWEST_SHARED and shared >= ALIKE * len(causes[first] | causes[then]):
            yield first, then


Looked = Mapping[EvidenceId, tuple[float, bool]]  # what was looked for: its chance, and whether it was there


def _met(looked: Sequence[Looked]) -> set[Pair]:
    """Signs that were looked for in one case."""
    return {pair for one in looked for pair in combinations(one, 2)}


def _striking(looked: Sequence[Looked]) -> Iterator[Pair]:
    """Signs that go together more often than their cause makes them."""
    sums: defaultdict[Pair, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for one in looked:
        for (first, (p, x)), (then, (q, y)) in combinations(one.items(), 2):
            row = sums[first, then]
            row[0] += (x - p) * (y - q)
            row[1] += min(p, q) - p * q
            row[2] += p * (1 - p) * q * (1 - q)
    for pair, (together, most, noise) in sums.items():
        doubt = math.sqrt(noise)
        if together > TOGETHER * doubt and doubt < ENOUGH * most:
            yield pair


def _looked_for(held: Belief, finding: Finding) -> Looked:
    """The signs that were looked for, in order, each with its chance with the cause that it was."""
    cause = _cause(held, finding)
    if cause is None:
        return {}
    said = {each: answer for each, answer in sorted(finding.evidence.items()) if each in held.knowledge.evidence}
    return {
        each: (chance_of(sign_worth(held, cause, each, "yes")), answer == "yes")
        for each, answer in said.items()
        if is_plain(held, each) and answer in ("yes", "no")
    }


def _cause(held: Belief, finding: Finding) -> CauseId | None:
    if finding.unlisted:
        return UNLISTED
    cause = standing(held.knowledge, CauseId(finding.cause))
    return cause.id if cause else None
