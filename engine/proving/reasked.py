"""Reasked: confirmed cases put to a knowledge base once more: recordings played anew, and findings out of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from multiprocessing import get_context

from chargelore.engine.case import Case, Charger, SeenCode
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.firing import Conclusion
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.infer import best
from chargelore.engine.infer.fact import Fact, Inference
from chargelore.engine.matching.late import USUAL
from chargelore.engine.proving.answers import HEALTHY, Answer, answer
from chargelore.engine.proving.recordings import Recording
from chargelore.engine.read import Reading, read
from chargelore.engine.signal import Signal
from chargelore.engine.translate import seen_codes
from chargelore.engine.trial import IN_FORCE
from chargelore.engine.watch import Watch
from chargelore.kb.codes import Codes
from chargelore.kb.counts import UNLISTED
from chargelore.kb.finding import UNKNOWN, Finding
from chargelore.kb.learned import Learned
from chargelore.kb.model import EvidenceId, Knowledge

CHAIN = "chain"  # the engines conclude the same; this one starts at once


def of_recordings(listed: Sequence[Recording], knowledge: Knowledge, rules: Rules, jobs: int = 1) -> tuple[Answer, ...]:
    """The answer on each recording, in the order of the list, with nothing learned; `jobs` processes at once."""
    ask = partial(_asked, knowledge, rules)
    if jobs <= 1 or len(listed) <= 1:
        return ask(listed)
    hands = [listed[place::jobs] for place in range(min(jobs, len(listed)))]
    with ProcessPoolExecutor(len(hands), mp_context=get_context("spawn")) as pool:
        told = {each.case: each for each in chain.from_iterable(pool.map(ask, hands))}
    return tuple(told[each.name] for each in listed)


def _asked(knowledge: Knowledge, rules: Rules, listed: Iterable[Recording]) -> tuple[Answer, ...]:
    return tuple(_played(each, knowledge, rules) for each in listed)


def _played(one: Recording, knowledge: Knowledge, rules: Rules) -> Answer:
    with Watch(knowledge, rules, lateness=USUAL, inference=CHAIN) as watch:
        _play(read(one.file), watch)
        told = [watch.diagnosis(case) for case, _ in watch.opened]
    return answer(one.name, one.cause or HEALTHY, told, knowledge)


def _play(reading: Reading, watch: Watch) -> None:
    for charger in reading.introduced:
        watch.identify(charger)
    for signal in reading:
        watch.feed(signal)
    watch.end()


def of_findings(
    findings: Iterable[Finding], knowledge: Knowledge, rules: Rules, learned: Learned
) -> tuple[Answer, ...]:
    """The answer on each finding that says what it was, by what was written down then.

    Of what was `learned` only that counts which is older than the findings that judge it.
    """
    with_rules, codes, before = best(rules.case_rules, IN_FORCE, CHAIN), Codes(knowledge), learned.without or learned
    told: dict[str, Answer] = {}
    for each in findings:
        confirmed = UNLISTED if each.unlisted else each.cause
        if confirmed == UNKNOWN:
            continue
        case = case_of(each, codes, with_rules)
        told[each.case] = answer(each.case, confirmed, [diagnose(knowledge, before, case)], knowledge)
    return tuple(told.values())


def case_of(finding: Finding, codes: Codes, inference: Inference) -> Case:
    """A case as a finding remembers it: its charger, its codes as they are read now, and what was answered."""
    made = finding.charger
    charger = Charger(id=finding.case, vendor=made.vendor, model=made.model, firmware=made.firmware)
    answers = {each: said for each, said in finding.evidence.items() if said != UNKNOWN}
    return Case(
        id=finding.case,
        charger=charger,
        codes=tuple(chain.from_iterable(_read(each, charger, codes) for each in finding.codes)),
        conclusions=_concluded(answers, inference),
        answers=answers,
    )


def _read(code: str, charger: Charger, codes: Codes) -> tuple[SeenCode, ...]:
    said = Signal(layer="csms", kind="code", charger=charger.id, fields={"code": code}, raw=code)
    return seen_codes(said, charger, codes)


def _concluded(answers: Mapping[EvidenceId, str], inference: Inference) -> tuple[Conclusion, ...]:
    return inference.conclude([Fact(each, None) for each, said in answers.items() if said == "yes"])
