"""Observed: what a case shows, as answered evidence, seen faults and words; the left-hand side of every weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from chargelore.engine.case import Case, SeenCode
from chargelore.engine.firing import Conclusion
from chargelore.engine.signal import EXCERPT
from chargelore.kb.codekey import bare, key
from chargelore.kb.model import Confidence, EvidenceId, FaultId, Knowledge, Layer, Relation
from chargelore.kb.words import tokens

LONGEST_CODE = 80  # letters; what a charger sends as a code may be anything
ENOUGH_TO_MISS = 30  # signals of a layer before its silence on a symptom means anything

# How sure a translated code makes us of the fault it maps to.
RELATION_TRUST: Mapping[Relation, float] = {"exact": 0.9, "close": 0.7, "broad": 0.6, "narrow": 0.5, "not": 0.02}
CONFIDENCE_TRUST: Mapping[Confidence, float] = {"high": 1.0, "medium": 0.9, "low": 0.6}


class Observed(Struct, frozen=True, kw_only=True):  # made for each ranking, in a third of the time of a dataclass
    """`answers` are evidence id -> answer, `absent` was looked for and not there, `faults` carry a trust in 0..0.9.

    `codes` are those that nobody mapped, each `maker code`.
    """

    answers: Mapping[EvidenceId, str]
    absent: frozenset[EvidenceId]
    faults: Mapping[FaultId, float]
    conclusions: tuple[Conclusion, ...]
    words: frozenset[str]
    codes: frozenset[str] = frozenset()


def observed(knowledge: Knowledge, case: Case, unasked: Collection[EvidenceId] = ()) -> Observed:
    """Everything that the case says, ready to be weighed; of what was `unasked` nobody knows that it is absent."""
    answers = _answers(case)
    return Observed(
        answers=answers,
        absent=frozenset(_looked_for_in_vain(knowledge, case, answers)).difference(unasked),
        faults=_faults(case.codes),
        conclusions=case.conclusions,
        words=frozenset(token for text in case.words for token in tokens(text)),
        codes=frozenset(_opaque(case.codes)),
    )


def _answers(case: Case) -> dict[EvidenceId, str]:
    """A person's answer outweighs what a rule detected: the person stood at the charger."""
    seen = {firing.symptom: "yes" for firing in case.firings}
    seen.update((end.symptom, "yes") for end in case.conclusions if end.symptom is not None)
    seen.update(case.answers)
    return seen


def _faults(codes: Iterable[SeenCode]) -> dict[FaultId, float]:
    trust: dict[FaultId, float] = {}
    for code in codes:
        if code.fault is not None:
            trust[code.fault] = max(trust.get(code.fault, 0.0), _trust(code))
    return trust


def _opaque(codes: Iterable[SeenCode]) -> Iterator[str]:
    """Such codes, in one spelling."""
    return (f"{bare(code.vendor)} {key(code.code)}"[:LONGEST_CODE] for code in codes if is_opaque(code))


def is_opaque(code: SeenCode) -> bool:
    """Whether it may be trouble and stands for no canonical fault."""
    return code.fault is None and (code.known is None or code.known.is_fault)


def _trust(code: SeenCode) -> float:
    means = next((m for m in code.known.means if m.fault == code.fault), None) if code.known else None
    sure = CONFIDENCE_TRUST[means.confidence] if means else CONFIDENCE_TRUST["medium"]
    return RELATION_TRUST[code.relation or "close"] * sure


def _looked_for_in_vain(knowledge: Knowledge, case: Case, answers: Mapping[EvidenceId, str]) -> Iterator[EvidenceId]:
    """Symptoms whose layer spoke long enough that a rule would have seen them."""
    if len(case.signals) < ENOUGH_TO_MISS:
        return
    spoke = Counter(signal.layer for signal in case.signals if EXCERPT not in signal.marks)
    for layer, evidence_ids in _by_layer(knowledge).items():
        if spoke[layer] >= ENOUGH_TO_MISS:
            yield from (each for each in evidence_ids if each not in answers)


@lru_cache(maxsize=4)
def _by_layer(knowledge: Knowledge) -> Mapping[Layer, tuple[EvidenceId, ...]]:
    layers: dict[Layer, list[EvidenceId]] = {}
    for each in knowledge.evidence.values():
        if each.channel == "signal" and each.layer not in (None, "field"):
            layers.setdefault(each.layer, []).append(each.id)
    return {layer: tuple(ids) for layer, ids in layers.items()}
