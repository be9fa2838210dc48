"""Diagnosis: the words in which the engine answers; made by `diagnose`, shown by screens and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from chargelore.kb.model import (
    CauseId,
    Competence,
    Domain,
    EvidenceId,
    FaultId,
    Layer,
    Party,
    Place,
    StepId,
    StepKind,
    Tool,
)

Verdict = Literal["diagnosed", "ambiguous", "no-fault", "unknown", "escalate"]
Strength = Literal["weak", "clear", "strong"]
How = Literal["ask", "measure", "listen", "never-sent"]  # the way to an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One piece of evidence that was counted for or against a cause. `points` are 10·log10 of the odds it moved."""

    evidence: str
    text: str
    points: float
    strength: Strength
    backed_by: str  # "author only" | "14 cases, 11 held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """A symptom that is neither seen nor known to be absent: `rule` needs what the charger's model never sends."""

    symptom: EvidenceId
    rule: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One suspected cause. `probability` lies in 0..0.97; `unseen` would count but was not looked for.

    Of these, `unasked` are those that could not be looked for on a charger of this model.
    """

    fault: FaultId
    label: str
    domain: Domain
    responsible: Party
    cause: CauseId
    cause_label: str
    probability: float
    because: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()
    unseen: tuple[EvidenceId, ...] = ()
    unasked: tuple[Unasked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What to do next: `splits` names the causes it separates, `message` the OCPP message that does it, if one does.

    `first` are the safety steps that come before it and are not done yet.
    """

    step: StepId
    kind: StepKind
    label: str
    minutes: int
    where: Place
    splits: tuple[CauseId, ...]
    needs: Competence = "technician"
    tools: tuple[Tool, ...] = ()
    parts: tuple[str, ...] = ()
    first: tuple[StepId, ...] = ()
    hazard: str = ""
    precondition: str = ""
    answers: tuple[EvidenceId, ...] = ()
    fixes: tuple[CauseId, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerSaid:
    """What the charger's maker answered to such a trouble: to the very `same`, or to a `close` one.

    `cause_label` is empty where the cause is no longer in this knowledge base; the answer then counts for nothing.
    """

    event: str
    cause: CauseId
    cause_label: str
    resolution: str
    source: str
    said_by: str
    said_at: str
    likeness: Literal["same", "close"]


class Outcome(NamedTuple):
    """What an answer makes the likeliest of some causes, and its chance among them, 0..1."""

    answer: str
    cause: CauseId
    label: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The observation that tells causes apart: `step` asks or measures, or `layer` would have to be listened to.

    `why` proves that the charger's model never sends it.
    """

    how: How
    evidence: EvidenceId
    question: str
    layer: Layer | None = None
    step: StepId | None = None
    label: str = ""
    minutes: int | None = None
    where: str = ""
    why: str = ""
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Suspects that cannot be told apart, likeliest first, and what would do it; None where nothing known here does.

    `more` is how many are as likely and not named here. `is_same_here` where nothing that this charger can report would
    tell them apart; otherwise what was seen so far did not.
    """

    causes: tuple[CauseId, ...]
    labels: tuple[str, ...]
    more: int
    is_same_here: bool
    by: Split | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One finding that would change the first place: how likely it is, and who would be first then, with what chance.

    `cause` is None where that is `not in this knowledge base`, or, if `is_untold`, one that nothing speaks for yet.
    """

    evidence: EvidenceId
    question: str
    answer: str
    chance: float
    cause: CauseId | None
    label: str
    probability: float
    is_untold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The answer on one case. `unknown` is the chance of everything but the hypotheses and other suspects, 0..1.

    `untold` is as much of it as falls to causes known here that nothing speaks for yet; the rest is the chance that the
    cause is not in this knowledge base.
    `maker_said` is what makers answered to such a trouble before; the hypotheses have taken it in. `apart` are the
    suspects that share the first place, `turns` the findings that would change it.
    """

    verdict: Verdict
    hypotheses: tuple[Hypothesis, ...]
    unknown: float
    steps: tuple[NextStep, ...]
    layers_seen: tuple[Layer, ...]
    layers_missing: tuple[Layer, ...]
    unasked: tuple[Unasked, ...] = ()
    maker_said: tuple[MakerSaid, ...] = ()
    apart: Apart | None = None
    turns: tuple[Turn, ...] = ()
    untold: float = 0.0

    @property
    def unlisted(self) -> float:
        """The chance that the cause is not in this knowledge base."""
        return max(0.0, self.unknown - self.untold)

    @property
    def is_untold(self) -> bool:
        """Whether most of what is left falls to causes known here: then it would be wrong to call it unknown."""
        return is_mostly_untold(self.unknown, self.untold)


def is_mostly_untold(unknown: float, untold: float) -> bool:
    """Whether most of what is left beside the suspects falls to causes known here that nothing speaks for yet."""
    return 2 * untold > unknown


class Uncovered(NamedTuple):
    """A cause that the parts taken along do not cure, with its chance and the parts that would."""

    cause: CauseId
    label: str
    probability: float
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Spare parts to take: they cover so much, 0..1, of the chance `needed` that only a part cures it."""

    take: tuple[str, ...] = ()
    covers: float = 1.0
    needed: float = 0.0
    uncovered: tuple[Uncovered, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A step of a visit: the chance that it comes to it, and for a repair that it ends the trouble there, 0..1."""

    step: NextStep
    use: float
    cures: float = 0.0


class LeftOut(NamedTuple):
    """A step that would help and that this person cannot do, with why."""

    step: StepId
    label: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """What is done in one place, in order: making safe, asking and measuring, mending."""

    where: Place
    steps: tuple[Planned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit: stops from afar to the open cabinet.

    `minutes` are expected, without what comes after, `at_most` is all of it. It ends the trouble with the chance
    `cured`, and where it does not it lets one cause stand out with the chance `named`.
    """

    stops: tuple[Stop, ...] = ()
    minutes: float = 0.0
    at_most: float = 0.0
    cured: float = 0.0
    named: float = 0.0
    parts: Parts = Parts()
    left_out: tuple[LeftOut, ...] = ()


_CHANCES = (
    *(Fraction(1, n) for n in (100, 50, 30, 20, 15, 10)), Fraction(3, 20), Fraction(1, 5), Fraction(1, 4),
    Fraction(3, 10), Fraction(1, 3), Fraction(2, 5), Fraction(1, 2), Fraction(3, 5),
    *(Fraction(n - 1, n) for n in (3, 4, 5, 10, 20)),
)  # fmt: skip
SLACK = 1e-4  # what was rounded to four digits is still a third


def chance(probability: float) -> str:
    """A probability as a person says it: `1 in 3`, `9 in 10`; below 1 in 100 it is `rare`.

    What lies between two is told as the lesser, so that chances of which only one can be true never add up to more
    than one.
    """
    least = [each for each in _CHANCES if each <= probability + SLACK]
    return f"{least[-1].numerator} in {least[-1].denominator}" if least else "rare"
