"""What meters and power-quality recorders write of a site's supply: columns, events, and what means cannot show."""

from __future__ import annotations

import io

import pytest
import table_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.logs.tables.gridevents import event_in, event_of
from chargelore.engine.decode.logs.tables.supply import field_of, nominal_of, number_in
from chargelore.engine.read import Reading, read
from chargelore.engine.signal import Signal


def opened(text: str, **columns: str) -> Reading:
    return read(io.BytesIO(text.encode()), columns)


def events(text: str) -> list[tuple[object, ...]]:
    told = [each for each in opened(text) if each.kind == "grid-event"]
    return [tuple(each.fields.get(name) for name in ("event", "residual", "duration", "phase")) for each in told]


def samples_in(text: str) -> list[Signal]:
    return [each for each in opened(text) if each.kind == "supply"]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("U L1 [V]", ("voltage.l1", 1.0)),
        ("Spannung_L2_min", ("voltage.min.l2", 1.0)),
        ("UL1_avg (V)", ("voltage.l1", 1.0)),
        ("Phase A Voltage", ("voltage.l1", 1.0)),
        ("U12 (V)", ("voltage.l1l2", 1.0)),
        ("Voltage L1-N", ("voltage.l1", 1.0)),
        ("Strom L3 [A]", ("current.l3", 1.0)),
        ("IN [A]", ("current.n", 1.0)),
        ("P total [kW]", ("power", 1000.0)),
        ("Puissance (W)", ("power", 1.0)),
        ("f [Hz]", ("frequency", 1.0)),
        ("THD I3 (%)", ("thd.current.l3", 1.0)),
        ("THD U L1", ("thd.voltage.l1", 1.0)),
        ("Pst L1", ("flicker.short.l1", 1.0)),
        ("PLT_L2", ("flicker.long.l2", 1.0)),
        ("Unsymmetrie u2/u1 [%]", ("unbalance", 1.0)),
        ("Energy [kWh]", None),
        ("cos phi", None),
        ("Status", None),
        ("Vendor", None),
    ],
)
def test_a_column_is_known_by_its_name(name: str, field: tuple[str, float] | None) -> None:
    assert field_of(name) == field


def test_a_meter_of_a_site_speaks_on_the_grid_layer_in_si_units() -> None:
    first = samples_in(samples.SUPPLY)[0]
    assert first.layer == "grid"
    told = ("voltage.l1", "current.l1", "power", "frequency", "thd.voltage.l1", "flicker.long.l1", "unbalance")
    assert [first.fields[name] for name in told] == [256.1, -20.0, -15300.0, 50.01, 2.1, 0.3, 0.4]


def test_a_meter_of_a_connector_is_no_meter_of_the_site() -> None:
    rows = "Time,Charger,Connector,Voltage L1 (V),Current L1 (A)\n2031-05-01 10:00:00,CP-A,2,231,16\n"
    told = list(opened(rows))
    assert [(each.kind, each.layer, each.charger, each.connector) for each in told] == [("meter", "csms", "CP-A", 2)]


def test_strange_columns_are_given_by_hand() -> None:
    rows = "When;ch1;ch2\n2031-05-01 10:00:00;231,5;7\n2031-05-01 10:00:10;230,5;8\n"
    told = list(opened(rows, **{"time": "When", "voltage.l1": "ch1", "current.l1": "ch2"}))
    assert [each.fields["voltage.l1"] for each in told] == [231.5, 230.5]
    assert told[0].kind == "supply"


@pytest.mark.parametrize("rows", [samples.GRID_EVENTS, samples.GRID_EVENTS_GERMAN])
def test_a_recorders_events_are_named_as_in_the_standard(rows: str) -> None:
    assert [each[0] for each in events(rows)][:3] == ["dip", "interruption", "swell"]


def test_an_event_keeps_its_length_its_depth_and_its_phase() -> None:
    assert events(samples.GRID_EVENTS)[0] == ("dip", 62.4, 0.18, "L1")
    assert events(samples.GRID_EVENTS_GERMAN)[:2] == [("dip", 62.391, 0.18, "U1"), ("interruption", 1.0, 1.2, "U1")]


def test_what_a_recorder_calls_a_dip_for_five_minutes_is_undervoltage() -> None:
    assert (
        event_of({"grid.event|": "Dip", "grid.duration|s": "300", "grid.residual|%": "84"})["event"] == "undervoltage"
    )


def test_samples_of_a_second_show_dips_and_interruptions() -> None:
    assert events(samples.SUPPLY_SECONDS) == [("dip", 64.3, 2.0, "L1"), ("interruption", 1.3, 1.0, "L2")]


def test_the_lowest_and_highest_of_ten_minutes_show_them_too_but_not_how_long() -> None:
    assert events(samples.SUPPLY_EXTREMES) == [("dip", 57.0, None, "L1"), ("swell", 115.7, None, "L1")]


def test_means_of_ten_minutes_show_none_and_the_reading_says_so() -> None:
    rows = "Time,V1,V2\n" + "".join(f"2031-05-01 1{hour}:{ten}0:00,{230 - 60 * (ten == 3)},231\n"
                                    for hour in range(3) for ten in range(6))  # fmt: skip
    assert events(rows) == []
    assert "each row is 10 minutes" in opened(rows).hint


def test_what_a_meter_leaves_out_proves_nothing() -> None:
    assert all("excerpt" in each.marks for each in opened(samples.SUPPLY))


def test_a_supply_of_another_voltage_is_judged_by_its_own() -> None:
    rows = "Time,V1\n".replace("V1", "V1,I1") + "".join(
        f"2031-05-01 10:00:{second:02},{80 if second == 30 else 120},4\n" for second in range(60)
    )
    assert [each[:2] for each in events(rows)] == [("dip", 66.7)]
    assert nominal_of([]) == 230.0


@pytest.mark.parametrize("text", ["Charging", "Faulted", "Available", "ConnectorLockFailure", "", "x" * 500])
def test_a_state_of_a_charger_is_no_event_of_the_grid(text: str) -> None:
    assert event_in(text) == ""


@given(st.text(max_size=60))
def test_any_cell_is_a_number_or_none(cell: str) -> None:
    assert number_in(cell) is None or abs(float(number_in(cell) or 0)) < 1e14


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_any_name_of_a_column_is_a_field_or_none(names: list[str]) -> None:
    assert all(found is None or found[0].split(".")[0].isalpha() for found in map(field_of, names))


@given(
    st.dictionaries(
        st.sampled_from(["grid.event|", "grid.duration|ms", "grid.residual|%", "grid.depth|"]), st.text(max_size=20)
    )
)
def test_any_row_of_events_is_read_or_says_none(cells: dict[str, str]) -> None:
    assert event_of(cells) == {} or event_of(cells)["event"]
