"""A ground failure of a DC charger is an isolation fault until shown otherwise, and is worked by who may do so."""

from __future__ import annotations

import io

import pytest

from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.read import read
from chargelore.engine.triage import Found, triaged
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped

KNOWN = shipped()
DC = ("Alpitronic", "HYC300")


def found(vendor: str, model: str, info: str = "") -> Found:
    """What comes of a ground failure that such a charger reports."""
    more = f',"info":"{info}"' if info else ""
    frames = (
        f'[2,"1","BootNotification",{{"chargePointVendor":"{vendor}","chargePointModel":"{model}"}}]',
        f'[2,"2","StatusNotification",{{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"{more}}}]',
    )
    log = "".join(f"2031-05-01 10:00:0{n} CP-1: send {frame}\n" for n, frame in enumerate(frames))
    with Watch(KNOWN, rules(), key=b"k" * 32) as watch:
        return triaged(read(io.BytesIO(log.encode())), watch).cases[0]


def suspects(one: Found) -> list[str]:
    return [each.cause for each in one.diagnosis.hypotheses]


def planned(one: Found) -> list[str]:
    return [each.step.step for stop in one.visit.stops for each in stop.steps]


@pytest.mark.parametrize("info", ["", "Insulation test failed 45 kOhm, DC+ to PE", "isolation resistance low"])
def test_a_dc_charger_is_suspected_of_its_isolation_and_of_nothing_that_only_ac_has(info: str) -> None:
    case = found(*DC, info)
    assert {"wet-dc-coupler", "vehicle-isolation-low", "dc-cable-isolation-worn"} <= {*suspects(case)}
    assert not [each for each in suspects(case) if KNOWN.causes[each].current == "ac"]  # type: ignore[index]  # plain str
    assert "isolate-and-discharge" in planned(case)
    assert not {"measure-cable-insulation", "exchange-residual-monitor", "isolate-and-prove-dead"} & {*planned(case)}


def test_the_text_alone_tells_where_nobody_knows_what_the_charger_gives() -> None:
    first = suspects(found("ABB", "Terra 54", "Insulation test failed 45 kOhm, DC+ to PE"))[:3]
    assert {*first} == {"wet-dc-coupler", "vehicle-isolation-low", "dc-cable-isolation-worn"}


def test_a_wallbox_is_suspected_of_no_isolation_of_a_dc_output() -> None:
    assert not [each for each in suspects(found("KEBA", "P30")) if KNOWN.causes[each].current == "dc"]  # type: ignore[index]  # plain str
