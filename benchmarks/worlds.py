"""Worlds: chargers, causes, signals and technicians that we invent, so that the truth behind every case is known.

Three families. `plain` is a noisy-OR world: every cause shows its signs independently. In `copies` every signal is
exposed and half of them repeat another one nine times in ten. `severity` is no noisy-OR world: one fault shows all its
signs strongly or hardly any, half the signs need the weather as well, and the loudest sign hides another one.

What the authors know of a world is worse than the world: a fifth of the links is missing, a tenth is invented, three in
ten are graded wrongly, and one cause in seven was never written down. It is all drawn from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chargelore.kb.model import (
    CHANCE,
    Cause,
    CauseId,
    Code,
    Evidence,
    EvidenceId,
    Fault,
    FaultId,
    Fixes,
    Grade,
    Knowledge,
    Meaning,
    Place,
    Quirk,
    QuirkId,
    Scope,
    Shows,
    Step,
    StepId,
    StepKind,
)

FAULTS, NO_FAULTS, KNOWN, UNWRITTEN = 40, 3, 150, 25
SIGNALS, QUESTIONS, TESTS = 120, 80, 100
VENDORS = tuple(f"Maker {letter}" for letter in "ABCDEFGH")
MODELS = ("One", "Two")
WEATHERS, WEATHER_IS_ON = 6, 0.25
UNWRITTEN_SHARE, OPAQUE, WRONG_CODE, DOUBLE = 0.08, 0.15, 0.04, 0.03
SEVERITIES = ((0.3, 0.5), (0.4, 1.0), (0.3, 2.5))  # share, and how much stronger every sign of a fault shows
COPIED = 0.9
RESET = StepId("reset")


@dataclass(frozen=True, slots=True)
class Family:
    """How signs come about in a world."""

    name: str
    exposed: tuple[float, float] = (0.25, 0.5)
    copies: int = 0
    has_severity: bool = False


FAMILIES = (
    Family("plain"),
    Family("copies", exposed=(1.0, 1.0), copies=60),
    Family("severity", has_severity=True),
)


@dataclass(slots=True)
class Truth:
    """What is really so. Chances: of a cause by vendor, of a sign by cause, of a sign without any, of a cure."""

    family: Family
    fault: dict[CauseId, FaultId] = field(default_factory=dict)
    prior: dict[str, dict[CauseId, float]] = field(default_factory=dict)
    habit: dict[str, dict[CauseId, float]] = field(default_factory=dict)  # how much likelier with this maker
    links: dict[CauseId, dict[EvidenceId, float]] = field(default_factory=dict)
    leak: dict[EvidenceId, float] = field(default_factory=dict)
    weather: list[dict[EvidenceId, float]] = field(default_factory=list)
    needs: dict[tuple[CauseId, EvidenceId], int] = field(default_factory=dict)  # a sign that needs this weather too
    hides: dict[CauseId, tuple[EvidenceId, EvidenceId]] = field(default_factory=dict)
    copy_of: dict[EvidenceId, EvidenceId] = field(default_factory=dict)
    cures: dict[CauseId, dict[StepId, float]] = field(default_factory=dict)
    exposed: dict[str, frozenset[EvidenceId]] = field(default_factory=dict)
    unwritten: frozenset[CauseId] = frozenset()
    marginal: dict[CauseId, dict[EvidenceId, float]] = field(default_factory=dict)  # P(sign | cause), all in all
    base: dict[EvidenceId, float] = field(default_factory=dict)  # P(sign | a cause that has nothing to do with it)


@dataclass(frozen=True, slots=True)
class World:
    """The truth, and what the authors wrote of it."""

    truth: Truth
    knowledge: Knowledge
    signals: tuple[EvidenceId, ...]
    asked: tuple[EvidenceId, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One charger in trouble: what is wrong, which fault it reports (None: it will not say), and every sign."""

    cause: CauseId
    vendor: str
    model: str
    reported: FaultId | None
    signs: Mapping[EvidenceId, bool]

    def is_cured(self, truth: Truth, step: StepId, luck: float) -> bool:
        """Whether the step ends it, when luck in 0..1 says how well it was done."""
        return luck < truth.cures[self.cause].get(step, 0.0)


def world(family: Family, seed: int) -> World:
    """The world of that family and seed."""
    rng = random.Random(f"{family.name}-{seed}")  # a text seeds the same on every machine
    truth = _truth(family, rng)
    signals, asked = _named("signal", SIGNALS), (*_named("question", QUESTIONS), *_named("test", TESTS))
    return World(truth, _written(truth, rng), signals, asked)


def troubles(where: World, count: int, rng: random.Random, vendor: str = "") -> Iterator[Trouble]:
    """So many charge points in trouble, as the world deals them; all of one maker where it is named."""
    for _ in range(count):
        yield _trouble(where.truth, rng, vendor)


def _named(kind: str, count: int) -> tuple[EvidenceId, ...]:
    return tuple(EvidenceId(f"{kind}-{number}") for number in range(count))


# --- the truth


def _truth(family: Family, rng: random.Random) -> Truth:
    truth = Truth(family)
    _who(truth, rng)
    _signs(truth, rng)
    _cures(truth, rng)
    for vendor in VENDORS:
        share = rng.uniform(*family.exposed)
        truth.exposed[vendor] = frozenset(rng.sample(_named("signal", SIGNALS), round(share * SIGNALS)))
    _marginals(truth, rng)
    return truth


def _who(truth: Truth, rng: random.Random) -> None:
    """Causes, the faults that they lie behind, and how common they are with each maker."""
    faults = [FaultId(f"fault-{number}") for number in range(FAULTS)]
    every = [CauseId(f"cause-{number}") for number in range(KNOWN + UNWRITTEN)]
    sizes = [
        rng.gammavariate(1.0, 1) for _ in faults
    ]  # as in the real knowledge: most have two or three causes, some a dozen
    truth.fault = dict(zip(every, [*faults, *rng.choices(faults, sizes, k=len(every) - FAULTS)], strict=True))
    truth.unwritten = frozenset(rng.sample(every, UNWRITTEN))
    common = {fault: rng.gammavariate(1.2, 1) + 0.1 for fault in faults}
    shares = {cause: common[truth.fault[cause]] * (rng.gammavariate(0.9, 1) + 0.05) for cause in every}
    for vendor in VENDORS:
        truth.habit[vendor] = {cause: rng.choice((0.25, 4.0)) for cause in every if rng.random() < 0.2}
        own = {cause: share * truth.habit[vendor].get(cause, 1.0) for cause, share in shares.items()}
        truth.prior[vendor] = _split(own, truth.unwritten)


def _split(shares: Mapping[CauseId, float], unwritten: frozenset[CauseId]) -> dict[CauseId, float]:
    """The shares scaled so that causes nobody wrote down make up theirs."""
    sums = [sum(share for cause, share in shares.items() if (cause in unwritten) is side) for side in (False, True)]
    parts = (1 - UNWRITTEN_SHARE, UNWRITTEN_SHARE)
    return {cause: share * parts[cause in unwritten] / sums[cause in unwritten] for cause, share in shares.items()}


def _signs(truth: Truth, rng: random.Random) -> None:
    signals, asked = _named("signal", SIGNALS), (*_named("question", QUESTIONS), *_named("test", TESTS))
    sources = signals[: SIGNALS - truth.family.copies]
    truth.copy_of = {copy: rng.choice(sources) for copy in signals[len(sources) :]}
    truth.leak = {each: rng.choice((0.01, 0.02, 0.04, 0.08, 0.15)) for each in (*signals, *asked)}
    for _ in range(WEATHERS):
        touched = rng.sample((*sources, *asked[:QUESTIONS]), 12)
        truth.weather.append({each: rng.uniform(0.15, 0.5) for each in touched})
    for cause in truth.fault:
        shown = [*rng.sample(sources, rng.randint(2, 4)), *rng.sample(asked, rng.randint(2, 5))]
        truth.links[cause] = {each: rng.choice((0.3, 0.5, 0.7, 0.85, 0.95)) for each in shown}
        if truth.family.has_severity:
            _entangle(truth, cause, shown, rng)


def _entangle(truth: Truth, cause: CauseId, shown: list[EvidenceId], rng: random.Random) -> None:
    """Signs of a cause that need the weather, and its loudest one that hides another."""
    for each in shown:
        if rng.random() < 0.5:
            truth.needs[cause, each] = rng.randrange(WEATHERS)
    loudest = max(shown, key=lambda each: (truth.links[cause][each], each))
    truth.hides[cause] = (loudest, rng.choice([each for each in shown if each != loudest]))


def _cures(truth: Truth, rng: random.Random) -> None:
    steps = [StepId(f"repair-{number}") for number in range(99)]
    for cause in truth.fault:
        chosen = rng.sample(steps, rng.choice((1, 1, 2)))
        truth.cures[cause] = {step: rng.uniform(0.75, 0.98) for step in chosen}
        if rng.random() < 0.3:
            truth.cures[cause][RESET] = rng.uniform(0.1, 0.6)


def _marginals(truth: Truth, rng: random.Random) -> None:
    """P(sign | cause), by playing each cause many times where signs depend on one another."""
    truth.base = {each: _base(truth, each) for each in truth.leak}
    for copy, source in truth.copy_of.items():
        truth.base[copy] = COPIED * truth.base[source] + (1 - COPIED) * truth.leak[copy]
    for cause, links in truth.links.items():
        alone = _alone(truth, cause, rng) if truth.family.has_severity else links
        shown = {each: 1 - (1 - alone[each]) * (1 - truth.base[each]) for each in links}
        copies = {copy: source for copy, source in truth.copy_of.items() if source in shown}
        copied = {copy: COPIED * shown[source] + (1 - COPIED) * truth.leak[copy] for copy, source in copies.items()}
        truth.marginal[cause] = shown | copied


def _base(truth: Truth, sign: EvidenceId) -> float:
    quiet = 1 - truth.leak[sign]
    for weather in truth.weather:
        quiet *= 1 - WEATHER_IS_ON * weather.get(sign, 0.0)
    return 1 - quiet


def _alone(truth: Truth, cause: CauseId, rng: random.Random, plays: int = 1500) -> dict[EvidenceId, float]:
    seen = dict.fromkeys(truth.links[cause], 0)
    for _ in range(plays):
        for each in _shown(truth, cause, _weather(rng), rng):
            seen[each] += 1
    return {each: count / plays for each, count in seen.items()}


# --- a case


def _weather(rng: random.Random) -> list[bool]:
    return [rng.random() < WEATHER_IS_ON for _ in range(WEATHERS)]


def _shown(truth: Truth, cause: CauseId, weather: list[bool], rng: random.Random) -> set[EvidenceId]:
    """The signs that a cause itself shows this time."""
    strength = 1.0
    if truth.family.has_severity:
        strength = rng.choices([each for _, each in SEVERITIES], [share for share, _ in SEVERITIES])[0]
    shown = set()
    for sign, chance in truth.links[cause].items():
        needed = truth.needs.get((cause, sign))
        helped = 1.0 if needed is None or weather[needed] else 0.5
        if rng.random() < helped * (1 - (1 - chance) ** strength):
            shown.add(sign)
    if cause in truth.hides:
        loud, hidden = truth.hides[cause]
        if loud in shown and rng.random() < 0.8:
            shown.discard(hidden)
    return shown


def _trouble(truth: Truth, rng: random.Random, vendor: str) -> Trouble:
    vendor = vendor or rng.choice(VENDORS)
    cause = _drawn(truth.prior[vendor], rng)
    causes = [cause, *([_drawn(truth.prior[vendor], rng)] if rng.random() < DOUBLE else [])]
    weather = _weather(rng)
    shown = {sign for each in causes for sign in _shown(truth, each, weather, rng)}
    signs = {sign: sign in shown or rng.random() < leak for sign, leak in truth.leak.items()}
    for touched in (one for one, is_on in zip(truth.weather, weather, strict=True) if is_on):
        signs.update((sign, True) for sign, chance in touched.items() if rng.random() < chance)
    for copy, source in truth.copy_of.items():
        signs[copy] = signs[source] if rng.random() < COPIED else rng.random() < truth.leak[copy]
    return Trouble(cause, vendor, rng.choice(MODELS), _reported(truth, cause, rng), signs)


def _drawn(shares: Mapping[CauseId, float], rng: random.Random) -> CauseId:
    return rng.choices(list(shares), list(shares.values()))[0]


def _reported(truth: Truth, cause: CauseId, rng: random.Random) -> FaultId | None:
    if rng.random() < OPAQUE:
        return None
    return FaultId(f"fault-{rng.randrange(FAULTS)}") if rng.random() < WRONG_CODE else truth.fault[cause]


# --- what the authors wrote


def _written(truth: Truth, rng: random.Random) -> Knowledge:
    causes = [_cause(truth, cause, rng) for cause in truth.fault if cause not in truth.unwritten]
    evidence, steps = [_evidence(truth, each, rng) for each in truth.leak], list(_steps(truth, rng))
    return Knowledge(
        sources={},
        faults={each: _fault(each) for each in truth.fault.values()},
        codes=tuple(code_of(each, vendor) for vendor in VENDORS for each in dict.fromkeys(truth.fault.values())),
        evidence={each.id: each for each in evidence},
        causes={each.id: each for each in causes},
        steps={each.id: each for each in steps},
        quirks={each.id: each for each in _quirks(truth, rng)},
    )


def _quirks(truth: Truth, rng: random.Random) -> Iterator[Quirk]:
    """The authors know half of what chargers of one maker are prone to."""
    for vendor, habits in truth.habit.items():
        for cause in (each for each, factor in habits.items() if factor > 1 and each not in truth.unwritten):
            if rng.random() < 0.5:
                yield Quirk(id=QuirkId(f"{vendor} {cause}"), topic="hardware", label="", detail="", causes=(cause,),
                            scope=Scope(vendor=vendor), status="reviewed")  # fmt: skip


def _fault(fault: FaultId) -> Fault:
    """The last few are outcomes that are no faults: a driver's mistake, a limit that was wanted."""
    number = int(fault.rpartition("-")[2])
    is_fault = number < FAULTS - NO_FAULTS
    return Fault(id=fault, label=fault, domain="safety", definition="", responsible=("cso",), is_fault=is_fault)


def code_of(fault: FaultId, vendor: str = "") -> Code:
    """The code by which a charger says so."""
    return Code(vendor=vendor, code=fault, text="", means=(Meaning(fault=fault, confidence="high"),))


def _graded(chance: float, rng: random.Random) -> Grade:
    """The nearest grade; three times in ten its neighbour."""
    grades = list(CHANCE)
    place = min(range(len(grades)), key=lambda each: abs(CHANCE[grades[each]] - chance))
    if rng.random() < 0.3:
        place = min(len(grades) - 1, max(0, place + rng.choice((-1, 1))))
    return grades[place]


def _cause(truth: Truth, cause: CauseId, rng: random.Random) -> Cause:
    fault = truth.fault[cause]
    kin = [each for each, other in truth.fault.items() if other == fault]
    share = sum(truth.prior[vendor][cause] for vendor in VENDORS)
    among = sum(truth.prior[vendor][each] for vendor in VENDORS for each in kin)
    kept = {sign: chance for sign, chance in truth.marginal[cause].items() if rng.random() > 0.2}
    invented = rng.sample(list(truth.leak), round(0.1 * len(truth.marginal[cause]) + rng.random() - 0.5))
    kept |= {sign: 0.4 for sign in invented if sign not in truth.marginal[cause]}
    shows = tuple(Shows(evidence=sign, grade=_at_least_rarely(chance, rng)) for sign, chance in kept.items())
    return Cause(id=cause, fault=fault, label=cause, prior=_at_least_rarely(share / among, rng), shows=shows)


def _at_least_rarely(chance: float, rng: random.Random) -> Grade:
    grade = _graded(chance, rng)
    return "rarely" if grade == "never" else grade


def _evidence(truth: Truth, sign: EvidenceId, rng: random.Random) -> Evidence:
    kind = sign.partition("-")[0]
    is_noticed = int(sign.rpartition("-")[2]) % 2 == 1  # the authors know of every second copy that it is one
    group = truth.copy_of.get(sign, "") if is_noticed else ""
    leak = _graded(truth.base[sign], rng)
    if kind == "signal":
        return Evidence(id=sign, question=sign, leak=leak, layer="ocpp", group=group)
    return Evidence(id=sign, question=sign, leak=leak, channel="asked" if kind == "question" else "measured")


def _steps(truth: Truth, rng: random.Random) -> Iterator[Step]:
    for number in range(99):
        yield _repair(truth, StepId(f"repair-{number}"), "repair", rng.choice((10, 15, 20, 30, 45, 60, 90)), rng)
    yield _repair(truth, RESET, "reset", 3, rng)
    for sign in _named("question", QUESTIONS):
        yield Step(id=StepId(f"ask-{sign}"), kind="question", label=sign, minutes=rng.choice((1, 2, 3, 5)),
                   where="desk", answers=(sign,))  # fmt: skip
    for sign in _named("test", TESTS):
        yield Step(id=StepId(f"do-{sign}"), kind="test", label=sign, minutes=rng.choice((5, 10, 15, 25)),
                   answers=(sign,))  # fmt: skip


def _repair(truth: Truth, step: StepId, kind: StepKind, minutes: int, rng: random.Random) -> Step:
    cured = [(cause, cures[step]) for cause, cures in truth.cures.items() if step in cures]
    fixes = tuple(
        Fixes(cause=cause, grade=_at_least_rarely(chance, rng)) for cause, chance in cured
        if cause not in truth.unwritten
    )  # fmt: skip
    where: Place = "remote" if kind == "reset" else "at-charger"
    return Step(id=step, kind=kind, label=step, minutes=minutes, where=where, fixes=fixes)
