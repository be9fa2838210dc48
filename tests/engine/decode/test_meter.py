"""Sampled values in SI units: what a rule sees does not depend on how a charger writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.meter import meter_fields

SAMPLES = st.lists(
    st.dictionaries(
        st.sampled_from(["value", "measurand", "phase", "unit", "location", "context", "unitOfMeasure"]),
        st.none()
        | st.integers()
        | st.floats()
        | st.text(max_size=12)
        | st.sampled_from(["L1", "Voltage", "kW", "nan"]),
    )
    | st.integers(),
    max_size=5,
)


def fields(*samples: dict[str, object]) -> dict[str, object]:
    return dict(meter_fields({"sampledValue": list(samples)})[0])


def sample(value: object, measurand: str, unit: str = "", phase: str = "") -> dict[str, object]:
    return {"value": value, "measurand": measurand, "unit": unit, "phase": phase}


@given(SAMPLES)
def test_any_samples_make_fields(samples: list[object]) -> None:
    meter_fields({"sampledValue": samples})


@pytest.mark.parametrize(
    ("value", "measurand", "unit", "name", "expected"),
    [
        ("7.4", "Power.Active.Import", "kW", "power", 7400),
        ("12.5", "Energy.Active.Import.Register", "kWh", "energy", 12500),
        ("10209", "Current.Import", "mA", "current", 10.209),
        (" 230.1", "Voltage", "V", "voltage", 230.1),
        ("230,1", "Voltage", "V", "voltage", 230.1),
        ("104", "Temperature", "Fahrenheit", "temperature", 40),
        ("300.15", "Temperature", "K", "temperature", 27),
        ("40", "Temperature", "Celcius", "temperature", 40),
        (55, "SoC", "Percent", "soc", 55),
        ("16", "Current.Offered", "A", "current.offered", 16),
    ],
)
def test_values_come_in_our_units(value: object, measurand: str, unit: str, name: str, expected: float) -> None:
    assert fields(sample(value, measurand, unit))[name] == pytest.approx(expected)


def test_a_value_without_measurand_is_the_energy_register() -> None:
    assert fields({"value": "971"})["energy"] == 971


def test_current_is_the_highest_phase_and_power_the_sum() -> None:
    amps = [sample(each, "Current.Import", "A", phase) for each, phase in (("6", "L1"), ("15.5", "L2"), ("0", "L3"))]
    watts = [sample(each, "Power.Active.Import", "W", phase) for each, phase in (("1380", "L1"), ("3500", "L2"))]
    found = fields(*amps, *watts)
    assert (found["current"], found["current.l1"], found["power"]) == (15.5, 6, 4880)


def test_a_total_given_by_the_charger_stays() -> None:
    found = fields(sample("5000", "Power.Active.Import", "W"), sample("1600", "Power.Active.Import", "W", "L1"))
    assert found["power"] == 5000


def test_phase_to_neutral_is_the_phase() -> None:
    assert fields(sample("231", "Voltage", "V", "L2-N"))["voltage.l2"] == 231


@pytest.mark.parametrize("value", ["nan", "NaN", float("nan"), float("inf")])
def test_not_a_number_is_no_value(value: object) -> None:
    found, marks = meter_fields({"sampledValue": [sample(value, "Voltage", "V")]})
    assert found["voltage"] is None
    assert "nan" in marks


def test_an_unknown_unit_is_marked_and_kept() -> None:
    found, marks = meter_fields({"sampledValue": [sample("5", "Voltage", "furlong")]})
    assert found["voltage"] == 5
    assert "off-spec" in marks


def test_of_several_temperatures_the_hottest_counts() -> None:
    samples = [
        {"value": v, "measurand": "Temperature", "location": place} for v, place in (("41", "Body"), ("77", "Outlet"))
    ]
    found = fields(*samples)
    assert (found["temperature"], found["temperature.body"]) == (77, 41)
