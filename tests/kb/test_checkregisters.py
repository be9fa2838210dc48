"""Checks of register maps: a tidy map has no findings, and each flaw is told by its code."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small_world as world
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb.checks.registers import REGISTER_CHECKS
from chargelore.kb.model import Knowledge, Source, SourceId
from chargelore.kb.registermap import Connectors, FaultRule, Frame, Register, RegisterMap, Sample

STATE = Register(name="state", address=0, values={1: "ready", 2: "charging"})
ERROR = Register(name="error", address=1)
VOLTAGE = Register(name="voltage.l1", address=2, type="u32", decimals=1, unit="V", plausible=(0, 500))
FLAGS = Register(name="flags", address=4, bits={0: "warm", 9: "hot"})
NAME = Register(name="model", address=5, type="text", words=2)
TRIPPED = Sample(
    name="tripped",
    frames=(Frame(address=0, words=(1, 7, 0, 2301, 0)),),
    reads={"state": "ready", "error": 7, "voltage.l1": 230.1, "flags": 0},
    codes=("7",),
)
TIDY = RegisterMap(
    map="acme-box",
    vendor="Acme",
    model="Box",
    source=Source(id=SourceId("acme"), title="Acme registers", licence="MIT"),
    registers=(STATE, ERROR, VOLTAGE, FLAGS, NAME),
    note="not seen on a charger",
    faults=(FaultRule(register="error"),),
    samples=(TRIPPED,),
)
SEVEN = replace(world.TRIP_CODE, code="7", channel="modbus:1")
FINE = replace(SEVEN, code="8", is_fault=False)


def knowing(**more: object) -> Knowledge:
    return replace(world.knowledge(), codes=(SEVEN, FINE), registers={TIDY.map: replace(TIDY, **more)})  # type: ignore[arg-type]  # a test may set any field


def having(*registers: Register) -> Knowledge:
    """With these in place of those of the same name; others are added."""
    named = {each.name: each for each in (*TIDY.registers, *registers)}
    return knowing(registers=tuple(named.values()))


def ruled(**more: object) -> Knowledge:
    return knowing(faults=(FaultRule(**{"register": "error"} | more),))  # type: ignore[arg-type]  # a test may set any field


FLAWS = [
    ("K60", having(replace(ERROR, address=0))),
    ("K60", having(replace(VOLTAGE, type="u64"))),
    ("K61", having(replace(VOLTAGE, unit="A"))),
    ("K61", having(replace(VOLTAGE, unit=""))),
    ("K61", having(replace(STATE, unit="furlong"))),
    ("K62", having(replace(NAME, words=0))),
    ("K62", having(replace(ERROR, words=1))),
    ("K63", ruled(register="alarm")),
    ("K63", knowing(faults=(FaultRule(register="error"), FaultRule(register="error", by="mask")))),
    ("K64", knowing(samples=(replace(TRIPPED, codes=()),))),
    ("K64", knowing(samples=(replace(TRIPPED, reads={**TRIPPED.reads, "voltage.l1": 23.0}),))),
    ("K64", knowing(samples=(replace(TRIPPED, reads={"state": "ready"}),))),
    ("K64", knowing(samples=(replace(TRIPPED, frames=(Frame(address=0, words=(70_000,)),)),))),
    ("K65", knowing(source=Source(id=SourceId("found"), title="Found somewhere"))),
    ("K66", ruled(are=(0, 7))),
    ("K66", ruled(are=(7, 8))),
    ("K67", having(replace(FLAGS, bits={16: "far out"}))),
    ("K67", having(replace(STATE, values={70_000: "far out"}))),
    ("K67", ruled(by="mask", are=(3, 20))),
    ("K68", having(replace(VOLTAGE, decimals=9))),
    ("K68", having(replace(VOLTAGE, type="f32"))),
    ("K69", knowing(note=" ")),
    ("K69", knowing(verified=True)),
    ("K70", knowing(registers=(*TIDY.registers, replace(ERROR, address=40)))),
    ("K71", having(replace(VOLTAGE, plausible=(500, 0)))),
    ("K71", having(replace(VOLTAGE, plausible=(0, 100)))),
    ("K72", knowing(samples=())),
    ("K72", knowing(samples=(replace(TRIPPED, frames=(Frame(address=0, words=(1,)),), reads={}, codes=()),))),
    ("K73", ruled(are=(7,))),
    ("K74", knowing(unit_id=300)),
    ("K74", knowing(connectors=Connectors(count=2))),
    ("K74", knowing(block=1)),
    ("K74", having(replace(NAME, address=0xFFFF))),
    ("K75", knowing(vendor="Nobody")),
    ("K75", ruled(by="bit")),
    ("K75", ruled(untranslated="nobody knows")),
]


def told(knowledge: Knowledge) -> set[str]:
    issues = [issue for each in REGISTER_CHECKS for issue in each(knowledge)]
    assert all(issue.what and issue.fix for issue in issues)
    return {issue.code for issue in issues}


def test_a_tidy_map_has_no_findings() -> None:
    assert told(knowing()) == set()


@pytest.mark.parametrize(("flaw", "knowledge"), FLAWS, ids=[f"{code}-{place}" for place, (code, _) in enumerate(FLAWS)])
def test_each_flaw_of_a_map_is_told_by_its_code(flaw: str, knowledge: Knowledge) -> None:
    assert flaw in told(knowledge)


def test_every_check_of_maps_has_a_flaw_that_it_tells() -> None:
    assert len({code for code, _ in FLAWS}) == len(REGISTER_CHECKS)


def test_a_fault_that_no_table_knows_may_say_why() -> None:
    assert "K75" not in told(ruled(by="bit", untranslated="the bits are not public"))


WILD = st.integers(-3, 70_000) | st.just(10**9)
WORDS = st.text(st.sampled_from("ab.E4"), max_size=4)
REGISTERS = st.builds(
    Register,
    name=st.sampled_from(["state", "error", "voltage.l1", ""]),
    address=WILD,
    type=st.sampled_from(["u16", "i32", "f32", "text"]),
    words=st.integers(0, 200),
    word_order=st.sampled_from(["big", "little"]),
    decimals=st.integers(-9, 9),
    values=st.dictionaries(WILD | WORDS, WORDS, max_size=3),
    bits=st.dictionaries(st.integers(0, 63), WORDS, max_size=3),
    absent=st.tuples(WILD),
    plausible=st.none() | st.tuples(st.floats(), st.floats()),
)
RULES = st.builds(
    FaultRule,
    register=st.sampled_from(["state", "error", "gone"]),
    by=st.sampled_from(["value", "mask", "bit", "name"]),
    are=st.lists(WILD | WORDS, max_size=3).map(tuple),
    clear=st.lists(WILD | WORDS, max_size=2).map(tuple),
    of=WORDS,
)
FRAMES = st.builds(Frame, address=WILD, words=st.lists(st.integers(-1, 70_000), max_size=9).map(tuple))
SAMPLES = st.builds(Sample, name=WORDS, frames=st.lists(FRAMES, max_size=2).map(tuple))
MAPS = st.builds(
    RegisterMap,
    map=WORDS,
    vendor=st.sampled_from(["Acme", ""]),
    model=WORDS,
    source=st.just(TIDY.source),
    registers=st.lists(REGISTERS, max_size=4).map(tuple),
    faults=st.lists(RULES, max_size=3).map(tuple),
    samples=st.lists(SAMPLES, max_size=2).map(tuple),
)


@settings(deadline=None)
@given(wild=MAPS)
def test_whatever_stands_in_a_map_the_checks_tell_and_never_fail(wild: RegisterMap) -> None:
    told(replace(world.knowledge(), codes=(SEVEN, FINE), registers={"wild": wild}))
