"""Known: what a maker's chargers are known for makes a cause likelier and is told; old ids lead to their successor."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small_world as world

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Hypothesis
from chargelore.kb.learned import NOTHING_LEARNED, Learned, Tally
from chargelore.kb.load import shipped
from chargelore.kb.model import Cause, CauseId, EvidenceId, Knowledge, Quirk, QuirkId, Scope, Source, SourceId, Status

ACME = Charger(id="x", vendor="Acme GmbH", model="One", firmware="3.0")
MANUAL = Source(id=SourceId("acme-manual"), title="Acme manual")
ANY = Scope(vendor="Acme")
OLD = CauseId("frayed-cable")


def quirk(status: Status = "reviewed", scope: Scope = ANY) -> Quirk:
    return Quirk(
        id=QuirkId("acme-cable"), topic="hardware", label="Acme cables wear early", detail="", scope=scope,
        causes=(world.CABLE,), status=status, source=MANUAL.id,
    )  # fmt: skip


def knowing(*quirks: Quirk) -> Knowledge:
    return replace(world.knowledge(), quirks={each.id: each for each in quirks}, sources={MANUAL.id: MANUAL})


def suspected(knowledge: Knowledge, charger: Charger = ACME, learned: Learned = NOTHING_LEARNED) -> Hypothesis:
    diagnosis = diagnose(knowledge, learned, world.case(world.AT_PLUG_IN, charger=charger))
    return next(each for each in diagnosis.hypotheses if each.cause == world.CABLE)


def test_a_quirk_makes_the_causes_that_it_names_likelier_on_such_a_charger() -> None:
    assert suspected(knowing(quirk())).probability > suspected(knowing()).probability


def test_a_draft_lifts_less_than_what_somebody_has_reviewed() -> None:
    nothing, draft, reviewed = (suspected(knowing(*each)) for each in ((), (quirk("draft"),), (quirk(),)))
    assert nothing.probability < draft.probability < reviewed.probability


@pytest.mark.parametrize(
    "charger", [Charger(id="x"), Charger(id="x", vendor="Other"), Charger(id="x", vendor="Acme", firmware="9")]
)
def test_a_quirk_says_nothing_of_a_charger_that_it_may_not_be_about(charger: Charger) -> None:
    knowledge = knowing(quirk(scope=Scope(vendor="Acme", firmware="<4")))
    assert suspected(knowledge, charger) == suspected(knowing(), charger)


def test_a_deprecated_quirk_moves_nothing() -> None:
    assert suspected(knowing(quirk("deprecated"))) == suspected(knowing())


@pytest.mark.parametrize(
    ("scope", "narrowest"),
    [
        (Scope(vendor="Acme"), "maker"),
        (Scope(vendor="Acme", model="One"), "model"),
        (Scope(vendor="Acme", firmware="<4"), "firmware"),
    ],
)
def test_the_reasons_say_what_is_known_of_the_charger_and_who_says_so(scope: Scope, narrowest: str) -> None:
    told = next(
        each for each in suspected(knowing(quirk("draft", scope))).because if each.evidence.startswith("quirk:")
    )
    assert told.text == f"known of this {narrowest}: Acme cables wear early"
    assert told.backed_by == "Acme manual, draft"


def test_a_quirk_alone_brings_nothing_under_suspicion() -> None:
    assert diagnose(knowing(quirk()), NOTHING_LEARNED, world.case(charger=ACME)).hypotheses == ()


def with_an_old_cause() -> Knowledge:
    old = replace(world.knowledge().causes[world.CABLE], id=OLD, status="deprecated", replaced_by=world.CABLE)
    return replace(knowing(), causes={**world.knowledge().causes, OLD: old})


def test_a_deprecated_cause_is_never_suspected() -> None:
    diagnosis = diagnose(with_an_old_cause(), NOTHING_LEARNED, world.case(world.AT_PLUG_IN, words=("crushed cable",)))
    assert OLD not in {each.cause for each in diagnosis.hypotheses}


def test_findings_that_name_a_deprecated_cause_count_for_its_successor() -> None:
    knowledge = with_an_old_cause()
    by_old, by_new = (Learned(causes={(world.TRIP, each): Tally(yes=5, cases=5)}) for each in (OLD, world.CABLE))
    assert suspected(knowledge, learned=by_old).probability == suspected(knowledge, learned=by_new).probability
    assert suspected(knowledge, learned=by_old).probability > suspected(knowledge).probability


def test_what_was_counted_for_both_names_is_added() -> None:
    both = Learned(causes={(world.TRIP, each): Tally(yes=5, cases=5) for each in (OLD, world.CABLE)})
    once = Learned(causes={(world.TRIP, world.CABLE): Tally(yes=10, cases=10)})
    knowledge = with_an_old_cause()
    assert suspected(knowledge, learned=both).probability == suspected(knowledge, learned=once).probability


def test_a_deprecated_cause_without_a_successor_is_let_go() -> None:
    gone: Cause = replace(world.knowledge().causes[world.CABLE], status="deprecated", reason="never seen")
    knowledge = replace(knowing(), causes={**world.knowledge().causes, world.CABLE: gone})
    learned = Learned(causes={(world.TRIP, world.CABLE): Tally(yes=5, cases=5)})
    diagnosis = diagnose(knowledge, learned, world.case(world.AT_PLUG_IN))
    assert world.CABLE not in {each.cause for each in diagnosis.hypotheses}


def test_what_ships_of_a_maker_is_told_where_it_fits() -> None:
    keba = Charger(id="x", vendor="KEBA", model="KC-P30")
    diagnosis = diagnose(shipped(), NOTHING_LEARNED, world.case(EvidenceId("udp-silent"), charger=keba))
    told = [reason.text for each in diagnosis.hypotheses for reason in each.because]
    assert any(text.startswith("known of this maker: DIP switches act after a restart only") for text in told)
