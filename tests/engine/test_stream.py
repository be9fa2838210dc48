from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import NOON, network, rule

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.grammar.rule import shipped
from chargelore.engine.matching.network import START, Network, compile_rules
from chargelore.engine.matching.sieve import JOINED, Sieve
from chargelore.engine.matching.stream import Stream

RULES = (
    rule("{a: {kind: status, status: Faulted}}", "{signal: a}", name="faulted"),
    rule('{a: {kind: status, info: {matches: "relay \\\\d"}}}', "{signal: a}", name="relay"),
    rule("{a: {kind: code, code: 7}}", "{count: a, at_least: 2, within: 1m}", name="codes"),
    rule('{a: {kind: meter, temperature: {">": 80 C}}}', "{signal: a}", name="hot"),
    rule('{a: {kind: meter, power: {">": 10 kW}, current.l1: {"<": 5 A}}}', "{signal: a}", name="load"),
    rule("{a: {kind: meter, voltage.l2: {==: 0}}}", "{signal: a}", name="dead"),
    rule("{a: {kind: stop, reason: [PowerLoss, Reboot]}}", "{signal: a}", name="stopped"),
    rule("{a: {kind: call, action: ReservationStatusUpdate}}", "{signal: a}", name="call"),
    rule("{a: {kind: start}, b: {kind: stop}}", "{absent: b, after: a, for: 30s}", name="absent"),
    rule("{a: {kind: boot}}", "{changed: a.firmware}", name="boot"),
    rule("{a: {kind: status, status: Preparing}}", "{sustained: a, for: 40s}", name="sustained"),
)
SUSTAINED = RULES[-1]

MEASURANDS = (
    *("Voltage", "Temperature", "Power.Active.Import", "Current.Import", "Current.Import.L1", "temperature", ""),
    *("voltage", "voltage.l2", "Energy.Active.Import.Register", "SoC", "current"),
)
ACTIONS = (
    *("StatusNotification", "MeterValues", "StopTransaction", "StartTransaction", "Heartbeat", "BootNotification"),
    *(
        "ReservationStatusUpdate",
        "SignCertificate",
        "DataTransfer",
        "Reset",
        "NotifyEvent",
        "SecurityEventNotification",
        "Odd",
    ),
)

word = st.sampled_from(
    ["Faulted", " *faulted* ", "Preparing", "Available", "NoError", "0", "7", 7, 7.0, "", "relay 3", "x", None, True]
) | st.lists(st.sampled_from(["Faulted", "7"]), max_size=1)
sample = st.fixed_dictionaries(
    {"value": st.sampled_from(["230", "0", "3", "11", "99", " 81 ", "6000", "6,5", "nan", "", "x", 12.5, True, None])},
    optional={
        "measurand": st.sampled_from(MEASURANDS),
        "phase": st.sampled_from(["L1", "L2", "L3-N", "l2", "", None, "N"]),
        "unit": st.sampled_from(["V", "kW", "W", "A", "K", "Celsius", "Fahrenheit", "", "mA"]),
        "location": st.sampled_from(["Outlet", "Inlet", "Body"]),
        "unitOfMeasure": st.just({"unit": "kW", "multiplier": 1}),
    },
)
meter_value = st.fixed_dictionaries(
    {"sampledValue": st.lists(sample, max_size=4) | st.none()}, optional={"timestamp": st.just("1970-01-01T00:00:00Z")}
)
payload = st.fixed_dictionaries(
    {},
    optional={
        "connectorId": st.sampled_from([0, 1, 2, "1"]),
        "status": word,
        "errorCode": word,
        "vendorErrorCode": word,
        "info": word,
        "reason": st.sampled_from(["PowerLoss", "Local", "reboot", None]),
        "temperature": st.sampled_from([90, "20"]),
        "voltage": st.just({"l2": 0}),
        "": st.just({"status": "Faulted"}),
        "meterValue": st.lists(meter_value, max_size=2) | st.just("none"),
        "transactionData": st.lists(meter_value, max_size=1),
        "evseId": st.just(1),
        "firmwareVersion": st.sampled_from(["1", "2"]),
    },
)
action = st.sampled_from(ACTIONS)
elements = st.builds(lambda uid, name, said: [2, uid, name, said], st.sampled_from(["1", "", "a", 5]), action, payload)
answer = st.builds(lambda uid, said: [3, uid, said], st.sampled_from(["1", "", "a"]), payload)
written = (elements | answer).map(json.dumps) | (elements | answer).map(json.dumps).flatmap(
    lambda text: st.sampled_from(
        [text[:-1], text[: len(text) // 2], text.replace("Faulted", "…"), f" {text}\n", "junk" + text]
    )
)
story = st.lists(
    st.tuples(st.sampled_from(["A", "B"]), st.sampled_from([0, 1, 5, 20, 50, -10, 40 * 86_400]), written), max_size=25
)


def plainly(compiled: Network, told: list[tuple[str, int, str]]) -> list[list[str]]:
    """What the network finds when every frame is decoded and given to it: the definition."""
    states, at, found = {}, NOON, []
    for line, (charger, later, text) in enumerate(told):
        at, fired = at + timedelta(seconds=later), []
        for signal in decode_frame(text, direction="charger", charger=charger, at=at, line=line):
            states[charger], firings = compiled.step(states.get(charger, START), signal)
            fired += [each.id for each in firings]
        found.append(fired)
    return found


def streamed(compiled: Network, told: list[tuple[str, int, str]], *, sift: bool) -> tuple[list[list[str]], object]:
    stream, at, found = Stream(compiled, sift=sift), NOON, []
    for line, (charger, later, text) in enumerate(told):
        at += timedelta(seconds=later)
        found.append([each.id for each in stream.take(charger, at, text.encode(), line)])
    return found, (stream.states, stream.close(at + timedelta(days=1)))


@pytest.mark.parametrize("compiled", [network(*RULES), network(*RULES[:-1])], ids=["with a run", "without runs"])
@settings(max_examples=400, deadline=None)
@given(told=story)
def test_a_sieve_changes_nothing_that_rules_find(compiled, told):
    fast, slow = streamed(compiled, told, sift=True), streamed(compiled, told, sift=False)
    assert fast == slow
    assert fast[0] == plainly(compiled, told)


SHIPPED = compile_rules(shipped())
WITHOUT_ANSWERS = Network(
    tuple(each for each in shipped().signal_rules if all(JOINED.isdisjoint(p.kinds) for p in each.patterns.values()))
)


@settings(max_examples=60, deadline=None)
@given(told=story)
def test_a_sieve_changes_nothing_that_shipped_rules_find(told):
    assert streamed(WITHOUT_ANSWERS, told, sift=True) == streamed(WITHOUT_ANSWERS, told, sift=False)


def test_rules_on_answers_see_them_joined_to_their_requests():
    compiled = network(rule("{a: {kind: answer, action: Authorize, status: Invalid}}", "{signal: a}"))
    stream = Stream(compiled)
    stream.take("A", NOON, b'[2,"12345678","Authorize",{"idTag":"x"}]', 1)
    assert stream.take("A", NOON, b'[3,"12345678",{"status":"Invalid"}]', 2, "csms")


@pytest.mark.parametrize(
    "quiet",
    [
        b'[2,"1","Heartbeat",{}]',
        b'[3,"1",{"currentTime":"2024-05-01T12:00:00Z"}]',
        b'[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]',
        b'[2,"1","MeterValues",{"connectorId":1,"meterValue":[{"sampledValue":[{"value":"21","measurand":"Temperature"}]}]}]',
    ],
)
def test_everyday_frames_are_let_by(quiet):
    assert Sieve(network(*RULES).patterns).is_quiet(quiet)


def test_the_same_frames_give_the_same_bytes_twice():
    told = [("A", 5, json.dumps([2, "1", "StatusNotification", {"status": "Faulted", "vendorErrorCode": "7"}]))] * 20
    once, again = (streamed(network(*RULES), told, sift=True) for _ in range(2))
    assert repr(once).encode() == repr(again).encode()
