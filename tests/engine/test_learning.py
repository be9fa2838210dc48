"""Learning: what findings change in the diagnosis, and what they cannot."""

from __future__ import annotations

from dataclasses import replace

import small_world as world

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.odds import odds
from chargelore.engine.diagnosing.temper import TEMPER, temper
from chargelore.kb.clock import Stamp
from chargelore.kb.events import finding_event, held_event
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.fold import fold
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.model import Evidence, EvidenceId, Knowledge, Shows

KNOWLEDGE = world.knowledge()
ECHOES = tuple(EvidenceId(f"echo-{number}") for number in range(8))


def learned(*some: Finding, held: bool | None = None) -> Learned:
    """Each finding by an author of its own."""
    log = []
    for number, each in enumerate(some):
        one = finding_event(each, stamp=Stamp(1_770_000_000_000 + number, 0, "r"), author=f"a{number}")
        log += [one, *([] if held is None else [held_event(one.id, held, by="auto", author="w", stamp=stamp(number))])]
    return fold(log)


def stamp(number: int) -> Stamp:
    return Stamp(1_770_000_000_000 + number, 1, "r")


def chance(knowledge: Knowledge, found: Learned, cause: str, **case: object) -> float:
    told = diagnose(knowledge, found, replace(world.case(faults=(world.TRIP,)), **case))  # type: ignore[arg-type]  # fields of a case
    return next(each.probability for each in told.hypotheses if each.cause == cause)


def of(cause: str, vendor: str = "", **more: object) -> Finding:
    return Finding(case="c", fault=world.TRIP, cause=cause, charger=Machine(vendor=vendor), **more)  # type: ignore[arg-type]  # fields of a finding


def test_what_is_common_on_chargers_of_one_maker_counts_most_there_and_a_little_elsewhere() -> None:
    found = learned(*[of(world.CABLE, "Acme")] * 20, *[of(world.WET, "Other")] * 20)
    acme, other, third = (
        chance(KNOWLEDGE, found, world.CABLE, charger=Charger(id="x", vendor=name))
        for name in ("Acme", "Other", "Third")
    )
    assert acme > third > other


def told_by_findings(found: Learned, cause: str) -> list[tuple[bool, str]]:
    """Whether findings speak for a cause or against it, and how many there are."""
    suspects = diagnose(KNOWLEDGE, found, world.case(faults=(world.TRIP,))).hypotheses
    sides = [(each, is_for) for one in suspects if one.cause == cause for is_for in (True, False)
             for each in (one.because if is_for else one.against)]  # fmt: skip
    return [(is_for, each.backed_by) for each, is_for in sides if each.evidence == "findings"]


def test_a_reason_says_that_findings_made_a_cause_commoner_and_how_many_there_are() -> None:
    assert told_by_findings(NOTHING_LEARNED, world.CABLE) == []
    found = learned(*[replace(of(world.CABLE), case=f"c{number}") for number in range(4)])
    assert told_by_findings(found, world.CABLE) == [(True, "4 of 4 cases, 0 held")]
    assert told_by_findings(found, world.WET) == [(False, "0 of 4 cases, 0 held")]


def test_a_maker_is_the_same_however_its_name_is_written() -> None:
    found = learned(*[of(world.CABLE, "ACME GmbH")] * 20)
    written = Charger(id="x", vendor="acme")
    assert chance(KNOWLEDGE, found, world.CABLE, charger=written) > chance(KNOWLEDGE, found, world.CABLE)


def test_a_repair_that_did_not_help_speaks_against_what_it_cures() -> None:
    assert chance(KNOWLEDGE, NOTHING_LEARNED, world.WET, tried=(world.DRY,)) < chance(
        KNOWLEDGE, NOTHING_LEARNED, world.WET
    )


def test_causes_that_were_found_and_are_not_listed_raise_the_unknown() -> None:
    case = world.case(world.AT_PLUG_IN, faults=(world.TRIP,))
    found = learned(*[of(f"not listed: a mouse {number}") for number in range(10)])
    assert diagnose(KNOWLEDGE, found, case).unknown > diagnose(KNOWLEDGE, NOTHING_LEARNED, case).unknown


def test_a_sign_that_comes_with_every_cause_soon_tells_nothing() -> None:
    dry, rainy = (of(world.CABLE, evidence={world.RAIN: said}) for said in ("no", "yes"))
    everywhere = learned(dry, *[rainy] * 30)
    assert (
        odds(KNOWLEDGE, everywhere).leaks[world.RAIN, "yes"] > odds(KNOWLEDGE, NOTHING_LEARNED).leaks[world.RAIN, "yes"]
    )
    rained = {"answers": {world.RAIN: "yes"}}
    before = chance(KNOWLEDGE, NOTHING_LEARNED, world.WET, **rained) / chance(KNOWLEDGE, NOTHING_LEARNED, world.WET)
    after = chance(KNOWLEDGE, everywhere, world.WET, **rained) / chance(KNOWLEDGE, everywhere, world.WET)
    assert after < before


def test_an_answer_that_nobody_ever_denied_says_only_that_it_was_written_down() -> None:
    yes_men = learned(*[of(world.CABLE, evidence={world.RAIN: "yes"})] * 30)
    assert odds(KNOWLEDGE, yes_men).leaks == odds(KNOWLEDGE, NOTHING_LEARNED).leaks


def test_few_findings_leave_the_temper_as_it_was_measured() -> None:
    assert temper(KNOWLEDGE, learned(*[of(world.WET)] * 9)) == TEMPER


def test_signals_that_repeat_one_another_are_believed_less_once_findings_show_it() -> None:
    """Eight echoes of one symptom speak for water eight times over, and are as often there when the cable is cut."""
    noisy = echoing()
    heard = dict.fromkeys(ECHOES, "yes")
    both = [of(cause, evidence=heard, codes=("E7",)) for cause in (world.WET, world.CABLE)]
    found = learned(*both * 20, held=True)
    assert temper(noisy, replace(found, without=NOTHING_LEARNED)) < TEMPER


def echoing() -> Knowledge:
    echoes = {each: Evidence(id=each, question="?", leak="rarely", layer="ocpp") for each in ECHOES}
    wet = KNOWLEDGE.causes[world.WET]
    loud = replace(wet, shows=(*wet.shows, *(Shows(evidence=each, grade="often") for each in ECHOES)))
    return replace(KNOWLEDGE, evidence={**KNOWLEDGE.evidence, **echoes}, causes={**KNOWLEDGE.causes, world.WET: loud})


def test_a_fix_that_came_back_judges_nobody() -> None:
    assert learned(*[of(world.WET)] * 12, held=False).proofs == ()


def test_one_author_judges_once_a_topic_however_often_they_say_it() -> None:
    log = [
        finding_event(of(world.WET, minutes=number), stamp=stamp(number), author="loud") for number in range(20)
    ]  # fmt: skip
    assert len(fold(log).proofs) == 1


def test_what_is_judged_was_learned_without_its_judges() -> None:
    found = learned(*[of(world.WET)] * 4)
    assert found.without is not None
    assert found.without.causes == {}
