"""A watch without an engine: it holds the cases it is given and remembers what it was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import small_world

from chargelore.engine.aftercare.sequel import Followed
from chargelore.engine.case import Case, Charger
from chargelore.engine.clocks.skew import Skew
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Visit
from chargelore.engine.diagnosing.observed import observed
from chargelore.engine.diagnosing.posterior import posterior
from chargelore.engine.diagnosing.visit import visit
from chargelore.engine.firing import Firing
from chargelore.engine.heard.reportability import Sheet
from chargelore.engine.infer import Standing
from chargelore.engine.post import Seen
from chargelore.engine.signal import Signal
from chargelore.engine.trial import Trial
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.model import EvidenceId, Knowledge, StepId

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class FakeWatch:
    """Answers as the engine's Watch does. A signal of kind `fault` opens a case of a trip at plug-in."""

    def __init__(self, cases: Iterable[Case] = (), chargers: Iterable[Seen] = ()) -> None:
        self.knowledge, self.learned, self.standing = world(), NOTHING_LEARNED, Standing("chain")
        self.on_trial: tuple[Trial, ...] = ()
        self.cases, self.closed = {each.id: each for each in cases}, dict[str, Case]()
        self.chargers = {each.charger.id: each for each in chargers}
        self.chargers |= {each.charger.id: seen(each.charger.id) for each in cases}

    def clock(self, _: str) -> tuple[Skew, ...]:
        return ()

    def feed(self, signal: Signal) -> frozenset[str]:
        if signal.kind == "unreadable":
            raise RuntimeError("the engine stumbles")
        self.chargers[signal.charger] = seen(signal.charger)
        if signal.kind != "fault":
            return frozenset()
        case = trip(signal.charger)
        self.cases[case.id] = case
        return frozenset({case.id})

    def tick(self, now: datetime) -> frozenset[str]:  # noqa: ARG002  # silence means nothing to it
        return frozenset()

    def case(self, case_id: str) -> Case:
        return self.cases[case_id]

    def trials(self, case_id: str) -> tuple[Trial, ...]:
        return self.on_trial if case_id in self.cases else ()

    def diagnosis(self, case_id: str) -> Diagnosis:
        return diagnose(self.knowledge, self.learned, self.cases[case_id])

    def visit(self, case_id: str) -> Visit:
        case = self.cases[case_id]
        odds = posterior(self.knowledge, self.learned, case, observed(self.knowledge, case))
        return visit(self.knowledge, self.learned, case, odds)

    def answer(self, case_id: str, evidence: EvidenceId, answer: str) -> None:
        case = self.cases[case_id]
        self.cases[case_id] = replace(case, answers={**case.answers, evidence: answer})

    def tried(self, case_id: str, step: StepId) -> None:
        case = self.cases[case_id]
        self.cases[case_id] = replace(case, tried=(*case.tried, step))

    def unanswer(self, case_id: str, evidence: EvidenceId) -> None:
        case = self.cases[case_id]
        self.cases[case_id] = replace(case, answers={k: v for k, v in case.answers.items() if k != evidence})

    def untried(self, case_id: str, step: StepId) -> None:
        case = self.cases[case_id]
        self.cases[case_id] = replace(case, tried=tuple(each for each in case.tried if each != step))

    def close(self, case_id: str) -> None:
        self.closed[case_id] = self.cases.pop(case_id)

    def reopen(self, case_id: str) -> None:
        self.cases[case_id] = self.closed.pop(case_id)

    def follows(self, fixes: Iterable[Followed]) -> None:
        """No charger of it does anything after a fix."""

    def seen_after_fixes(self) -> tuple[Followed, ...]:
        return ()

    def remembers(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def relearn(self, learned: Learned, knowledge: Knowledge | None = None) -> None:
        self.learned, self.knowledge = learned, knowledge or self.knowledge


def world() -> Knowledge:
    """The small world, but drying takes an hour: asking about the rain comes first."""
    small = small_world.knowledge()
    dry, rain = small.steps[small_world.DRY], small.evidence[small_world.RAIN]
    steps = {**small.steps, dry.id: replace(dry, minutes=60, where="cabinet", hazard="Mains voltage behind the cover.")}
    asked = {**small.evidence, rain.id: replace(rain, question="Did it rain in the last day?")}
    return replace(small, steps=steps, evidence=asked)


def seen(charger: str, status: str = "Available") -> Seen:
    """A charger that stands ready."""
    made = Charger(id=charger, vendor="Acme", model="Post 22", firmware="1.4")
    return Seen(charger=made, connected=True, status={1: status}, last_at=NOON, signals=12)


def trip(charger: str = "CP-1", signals: Iterable[Signal] = ()) -> Case:
    """A ground fault when the car is plugged in, with a small log."""
    plug, fault = (signal(charger, second, kind) for second, kind in ((3, "status"), (9, "fault")))
    log = tuple(signals) or (signal(charger, 0, "boot"), plug, fault)
    symptom = small_world.AT_PLUG_IN
    firing = Firing(
        id=f"f-{charger}", rule=symptom, version="1", symptom=symptom, charger=charger, connector=2, at=NOON,
        signals=(plug, fault),
    )  # fmt: skip
    known = small_world.case(faults=(small_world.TRIP,), charger=seen(charger).charger)
    return replace(
        known, id=f"{charger}-1", connector=2, opened_at=NOON, last_at=NOON, firings=(firing,),
        signals=log, layers={"ocpp": None},
    )  # fmt: skip


SAYS = {
    "boot": {"vendor": "Acme", "model": "Post 22", "firmware": "1.4"},
    "status": {"status": "Preparing", "errorCode": "NoError"},
    "fault": {"fault": "ground-fault-trip", "code": "E7"},
    "meter": {"power": 7200, "current": 31.5, "voltage": 229},
}


def signal(charger: str, second: int, kind: str, **fields: object) -> Signal:
    """One signal of a charger, so many seconds after noon."""
    return Signal(
        layer="ocpp", kind=kind, charger=charger, connector=2, at=NOON + timedelta(seconds=second),
        fields={**SAYS.get(kind, {}), **fields}, raw=f'[2,"{second}","{kind}",{{}}]', line=second + 1,
    )  # fmt: skip
