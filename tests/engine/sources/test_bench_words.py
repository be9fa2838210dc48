"""What the bench says is OCPP: every request and every answer stands the schemas of its version."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import ocpp.v16.call
import ocpp.v21.call
import ocpp.v201.call
import pytest
from hypothesis import given
from hypothesis import strategies as some

from chargelore.engine.decode.actions import KIND_OF_CHARGER_REQUEST
from chargelore.engine.sources.bench import guest as guests
from chargelore.engine.sources.bench.answers import rows, verdict
from chargelore.engine.sources.bench.guest import Guest
from chargelore.engine.sources.bench.payloads import fitted, payload_of
from chargelore.engine.sources.bench.replies import reply
from chargelore.engine.sources.bench.schema import answer_flaw, has_schema, request_flaw
from chargelore.engine.sources.bench.talk import Refusal, Talk
from chargelore.kb.errand import ACTING, ANY, NEED_A_WORD, SENT, Errand, errand
from chargelore.kb.errors import UseError

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
VERSIONS = {"1.6": ocpp.v16.call, "2.0.1": ocpp.v201.call, "2.1": ocpp.v21.call}
UNKNOWN = {
    "VatNumberValidation",
    "NotifySettlement",
    "BatterySwap",
    "NotifyPeriodicEventStream",
}  # nobody sends them yet
JSON: Any = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)

SAYS = [*guests.FOLDS, "Heartbeat"]
NAMES = [
    "connectorId", "evseId", "status", "connectorStatus", "transactionId", "transactionInfo", "evse", "eventType",
    "chargingStation", "chargePointVendor", "model",
]  # fmt: skip


def actions_of(version: str) -> list[str]:
    """The requests of chargers that the `ocpp` package has for this version."""
    names = {name for name, each in vars(VERSIONS[version]).items() if dataclasses.is_dataclass(each)}
    return sorted(names & set(KIND_OF_CHARGER_REQUEST) - UNKNOWN)


def errands() -> list[Errand]:
    """Every errand, with each word that may stand behind it."""
    found = [Errand(action, (word,)) for action, known in SENT.items() for word in known if known is not ANY]
    bare = [Errand(action) for action in SENT if action not in NEED_A_WORD]
    at = [
        Errand(each.action, each.words, 2) for each in (*found, *bare) if each.action.endswith(("Connector", "Message"))
    ]
    return [
        *found,
        *bare,
        *at,
        Errand("GetVariables", ("OCPPCommCtrlr.HeartbeatInterval",)),
        Errand("Reset", ("Hard",)),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_request_of_a_charger_gets_an_answer_that_its_version_allows(version: str) -> None:
    assert actions_of(version)
    for action in actions_of(version):
        answer = reply(action, {"idToken": {"idToken": "A", "type": "Local"}}, version, NOW, 7)
        assert answer is not None, action
        assert answer_flaw(action, answer, version) is None, (action, answer)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_errand_becomes_a_request_that_its_version_allows(version: str) -> None:
    sent = set()
    for each in errands():
        try:
            fit = fitted(each, version)
        except UseError:
            continue
        payload = payload_of(version)(fit, "http://127.0.0.1:9/x/", 7)
        assert has_schema(fit.action, version), fit
        assert request_flaw(fit.action, payload, version) is None, (fit, payload)
        sent.add(fit.action)
    assert set(ACTING) <= sent


@given(some.sampled_from(errands()))
def test_an_errand_is_read_as_it_is_written_in_any_case(each: Errand) -> None:
    assert errand(str(each)) == each
    if "GetVariables" not in str(each):
        assert errand(str(each).lower()) == each


@given(some.text())
def test_what_is_no_errand_is_refused_in_a_sentence(text: str) -> None:
    try:
        found: Errand | UseError = errand(text)
    except UseError as error:
        found = error
    assert found.mend if isinstance(found, UseError) else found.action in SENT


@pytest.mark.parametrize(
    "text",
    ["SetVariables A.B=1", "ChangeConfiguration X 1", "UpdateFirmware", "RemoteStartTransaction", "DataTransfer"],
)
def test_nothing_else_that_writes_can_be_sent(text: str) -> None:
    with pytest.raises(UseError, match="not a message that is sent here"):
        errand(text)


@given(some.lists(some.tuples(some.sampled_from(SAYS), some.dictionaries(some.sampled_from(NAMES), JSON)), max_size=80))
def test_no_charger_makes_the_bench_remember_more_than_it_may(said: list[tuple[str, dict[str, Any]]]) -> None:
    guest = Guest(id="CP-1")
    for action, payload in said:
        guest = guests.hears(guest, action, payload, NOW)
    assert len(guest.connectors) <= guests.MOST
    assert len(guest.transactions) <= guests.MOST
    assert guest.is_charging in (True, False, None)


@given(some.sampled_from(sorted(SENT)), some.dictionaries(some.text(max_size=20), JSON, max_size=6))
def test_no_answer_breaks_the_reading_of_it(action: str, payload: dict[str, Any]) -> None:
    assert verdict(Errand(action), payload)[1]
    assert all(isinstance(part, str) for row in rows(action, payload, b"k" * 32) for part in row)


@given(
    some.lists(JSON | some.binary(max_size=9) | some.text(max_size=30), max_size=6), some.sampled_from(["1.6", "2.1"])
)
def test_a_talk_survives_every_message_and_answers_every_request(messages: list[Any], version: str) -> None:
    sent, odd = list[str](), list[str]()

    async def send(text: str) -> None:
        sent.append(text)

    async def says() -> None:
        talk = Talk(send, version, lambda *_: Refusal("NotImplemented", "no"), odd.append)
        for each in messages:
            await talk.takes(each if isinstance(each, bytes | str) else json.dumps(each))
        await talk.takes('[2,"last","Heartbeat",{}]')

    asyncio.run(says())
    assert len(odd) == len(messages) + 1
    assert json.loads(sent[-1])[:3] == [4, "last", "NotImplemented"]


@given(some.lists(some.sampled_from(["Started", "Updated", "Ended"]), max_size=6))
def test_a_session_runs_until_it_has_ended(events: list[str]) -> None:
    guest = guests.hears(Guest(id="CP-1"), "StatusNotification", {"evseId": 1, "connectorStatus": "Unavailable"}, NOW)
    for each in events:
        payload = {"eventType": each, "transactionInfo": {"transactionId": "T"}, "evse": {"id": 1}}
        guest = guests.hears(guest, "TransactionEvent", payload, NOW)
    assert guest.is_charging is bool(events and events[-1] != "Ended")
