"""Any signals at all, signals as chargers send them, and rules of every sort that hear them, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st
from moments import network, rule, signal

from chargelore.engine.signal import KINDS

RULES = (
    rule(
        "{a: {kind: status, status: Preparing}, b: {kind: fault, fault: x}}",
        "{sequence: [a, b], within: 30s}",
        name="one",
    ),
    rule("{a: {kind: fault}}", "{count: a, at_least: 3, within: 1m}", name="two"),
    rule("{a: {kind: status, status: [Faulted, Unavailable]}}", "{sustained: a, for: 20s}", name="three"),
    rule("{a: {kind: start}, b: {kind: status, status: Charging}}", "{absent: b, after: a, for: 15s}", name="four"),
    rule(
        '{a: {kind: meter, power: {">": 5 kW}}, b: {kind: fault, fault: x}}',
        "{all: [{signal: a}, {signal: b}]}",
        name="five",
    ),
    rule('{a: {kind: [log, observation], text: {matches: "no (pilot|cp)"}}}', "{signal: a}", name="six"),
    rule("{a: {kind: boot}}", "{changed: a.firmware}", name="seven"),
)
ALL = network(*RULES)

WORDS = ["Preparing", "Charging", "Faulted", "Unavailable", "Available", "x", "No CP seen", "1.0", "1.1"]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(WORDS)
fields = st.dictionaries(
    st.sampled_from(["status", "fault", "power", "text", "firmware", "vendor", "model"]) | st.text(max_size=8), scalars
)
signals = st.builds(
    signal,
    st.none() | st.integers(-100, 100) | st.floats(-2e9, 2e9, allow_nan=False),
    st.sampled_from(sorted(KINDS)) | st.text(max_size=8),
    fields,
    connector=st.none() | st.integers(-1, 3),
    charger=st.sampled_from(["", "C1", "C2", "C3"]),
    line=st.integers(0, 50),
)
plausible = st.builds(
    signal,
    st.integers(0, 120),
    st.sampled_from(["status", "fault", "start", "meter", "log", "boot", "heartbeat"]),
    st.fixed_dictionaries(
        {}, optional={
            "status": st.sampled_from(WORDS), "fault": st.sampled_from("xy"), "power": st.sampled_from([0, 9000.0]),
            "text": st.sampled_from(WORDS), "firmware": st.sampled_from(["1.0", "1.1"]),
        }
    ),
    connector=st.sampled_from([None, 0, 1, 2]),
    charger=st.sampled_from(["C1", "C2"]),
    line=st.integers(0, 50),
)  # fmt: skip
