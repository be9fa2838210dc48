"""Tables: columns are known by name and content, cells may be anything, and a person can say what a column holds."""

from __future__ import annotations

import io

import pytest
import table_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.logs.tables import proposal, table_in
from chargelore.engine.decode.logs.tables.columns import NOTHING, ROLE_OF, bare, roles_of
from chargelore.engine.read import Reading, read
from chargelore.engine.signal import Signal
from chargelore.kb.errors import UseError


def opened(text: str, columns: dict[str, str] | None = None) -> Reading:
    return read(io.BytesIO(text.encode()), columns or NOTHING)


def of_kind(text: str, kind: str) -> list[Signal]:
    return [each for each in opened(text) if each.kind == kind]


@pytest.mark.parametrize(
    ("text", "charger"),
    [
        (samples.GERMAN, "Säule 1"),
        (samples.FRENCH, "B-1"),
        (samples.DUTCH, "L-1"),
        (samples.SPANISH, "C-1"),
        (samples.MARKDOWN, "CP-A"),
        (samples.STATUS_LINES, "CP-A"),
    ],
)
def test_a_state_is_the_same_in_five_languages(text: str, charger: str) -> None:
    before, after = of_kind(text, "status")
    assert (before.charger, before.connector, before.fields["status"]) == (charger, 1, "Available")
    assert (after.fields["status"], after.fields["errorCode"]) == ("Faulted", "GroundFailure")
    assert before.at is not None
    assert (before.at.year, before.at.month, before.at.day, before.at.hour) == (2031, 5, 1, 10)
    assert after.layer == "csms"
    assert "told" in after.marks


def test_a_charger_that_is_offline_is_disconnected() -> None:
    (gone,) = of_kind(samples.GERMAN, "disconnected")
    assert gone.charger == "Säule 2"


def test_a_row_of_a_database_carries_its_codes_with_the_vendor_id() -> None:
    codes = [(each.fields["code"], each.fields.get("vendorId")) for each in of_kind(samples.STEVE_STATUS, "code")]
    assert codes == [("GroundFailure", None), ("E204", "Volta")]


def test_sessions_begin_and_end_in_order_of_time() -> None:
    found = list(opened(samples.SESSIONS))
    assert [each.kind for each in found] == ["start", "stop", "start", "stop"]
    assert found[1].fields["reason"] == "PowerLoss"


def test_a_session_that_goes_on_has_no_end() -> None:
    assert [each.kind for each in opened(samples.STEVE_STARTS)] == ["start", "stop", "start"]


def test_meter_values_become_si_units() -> None:
    first, second = of_kind(samples.METERS, "meter")
    assert (first.fields["current.l1"], second.fields["power"]) == (16.0, 11040.0)


def test_parts_of_a_message_in_columns_make_the_frame() -> None:
    reading = opened(samples.MESSAGE_PARTS)
    boot, answer = reading
    assert (boot.kind, boot.fields["vendor"], boot.charger) == ("boot", "Volta", "CP-A")
    assert (answer.kind, answer.fields["uid"], reading.frames) == ("orphan", "m1", 2)


def test_a_row_with_request_and_answer_makes_both_and_joins_them() -> None:
    reading = opened(samples.MESSAGE_PAIRS)
    found = list(reading)
    assert [each.kind for each in found] == ["heartbeat", "orphan", "command", "orphan"]
    assert [each.fields["from"] for each in found] == ["charger", "csms", "csms", "charger"]
    assert found[2].fields["uid"] == found[3].fields["uid"]
    assert (found[3].fields["status"], reading.frames) == ("Rejected", 4)


def test_who_sends_what_only_the_other_side_asks_answers() -> None:
    head = "time,charger,direction,action,uniqueId,payload\n"
    rows = '2031-05-01 10:00:00,A1,CS->CP,Reset,m2,"{""type"":""Hard""}"\n2031-05-01 10:00:01,A1,CP->CS,Reset,m2,{}\n'
    assert [each.kind for each in opened(head + rows)] == ["command", "orphan"]


def test_what_a_table_tells_counts_as_no_frame() -> None:
    reading = opened(samples.GERMAN)
    list(reading)
    assert reading.frames == 0


def test_a_row_of_another_width_is_counted_and_shown() -> None:
    reading = opened(samples.DUTCH + "2031-05-01 10:06:00,L-1,1,Storing,GroundFailure,and,more,cells\n")
    assert [each.kind for each in reading][-1] == "unreadable"
    assert (reading.unreadable, reading.samples[0].line) == (1, 4)
    assert "8 cells" in str(reading.samples[0].fields["why"])


def test_words_around_a_table_are_lines_of_text() -> None:
    texts = [each.fields["text"] for each in of_kind(samples.MARKDOWN, "log")]
    assert texts == ["Hello, this is what the portal shows:", "Can anybody help?"]


def test_a_cell_may_run_over_lines() -> None:
    text = (
        'Time,Charger,Status,Info\n2031-05-01 10:00:00,CP-A,Faulted,"first\nsecond"\n2031-05-01 10:01:00,A,Available,\n'
    )
    found = of_kind(text, "status")
    assert [each.fields["status"] for each in found] == ["Faulted", "Available"]
    assert found[0].fields["info"] == "first\nsecond"


def test_a_quote_that_never_closes_swallows_nothing() -> None:
    rows = "".join(f"2031-05-01 10:{minute:02d}:00,CP-A,Available,\n" for minute in range(1, 50)) * 3
    text = f'Time,Charger,Status,Info\n2031-05-01 10:00:00,CP-A,Faulted,"open\n{rows}'
    assert len(of_kind(text, "status")) > 100


STRANGE = "Seit;Wo;Lampe\n2031-05-01 10:00:00;Hof;rot\n2031-05-01 10:05:00;Hof;Faulted\n"


def test_a_strange_table_is_read_when_a_person_says_what_it_holds() -> None:
    reading = opened(STRANGE, {"time": "Seit", "charger": "Wo", "status": "3"})
    statuses = [each for each in reading if each.kind == "status"]
    assert [(each.charger, each.fields["status"]) for each in statuses] == [("Hof", "Faulted")]


def test_a_strange_table_is_answered_with_the_mapping_to_give() -> None:
    hint = opened(STRANGE).hint
    assert "--columns 'time=Seit" in hint
    assert "status=?" in hint


@pytest.mark.parametrize("columns", [{"colour": "Lampe"}, {"status": "Licht"}, {"status": "9"}])
def test_a_mapping_that_does_not_fit_is_refused_with_what_would(columns: dict[str, str]) -> None:
    with pytest.raises(UseError) as caught:
        opened(STRANGE, columns)
    assert caught.value.mend


def test_a_mapping_for_what_is_no_table_is_refused() -> None:
    with pytest.raises(UseError, match="no"):
        opened("10:00:00 charger says hello\n", {"status": "Licht"})


@pytest.mark.parametrize(
    "text",
    [
        "2031-05-01 10:00:00, INFO, charger, started\n2031-05-01 10:00:01, INFO, charger, stopped\n",
        "name,price,state\nbread,2.10,sold\nmilk,1.10,open\n",
        '{"time":"2031-05-01T10:00:00Z","level":"info","msg":"hello"}\n{"time":"2031-05-01T10:00:01Z","msg":"you"}\n',
        "a | b\nc | d\n",
    ],
)
def test_what_is_no_table_of_chargers_stays_a_text(text: str) -> None:
    assert table_in(text.splitlines()) is None


def test_frames_are_worth_more_than_half_a_table() -> None:
    text = 'Time;Status;Note\n2031-05-01 10:00:00;Available;[2,"m1","Heartbeat",{}]\n2031-05-01 10:01:00;Charging;x\n'
    reading = opened(text)
    assert [each.fields.get("uid") for each in reading if each.fields.get("uid")] == ["m1"]


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=6), max_size=8), st.sampled_from("\t;,|"))
def test_any_cells_are_read(rows: list[list[str]], delimiter: str) -> None:
    lines = [delimiter.join(row).replace("\n", " ") for row in rows]
    table = table_in(lines)
    assert table is None or table.name
    assert isinstance(proposal(lines), str)


@given(st.sampled_from(sorted(ROLE_OF)), st.booleans())
def test_a_name_is_known_however_it_is_spelt(name: str, is_upper: bool) -> None:
    spelt = " ".join(name.upper() if is_upper else name)
    assert bare(spelt) == name
    assert list(roles_of([spelt], [])) == [ROLE_OF[name]]


def test_a_connector_pk_is_no_number_of_a_connector_and_the_reading_says_so() -> None:
    reading = opened(samples.STEVE_STATUS)
    told = list(reading)
    assert {(each.charger, each.connector) for each in told} == {("connector_pk 7", None)}
    assert "charge_box_id" in reading.hint
