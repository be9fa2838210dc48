"""A person's observation stands beside what the charger says: it opens a case, weighs, denies, and answers."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine import witness
from chargelore.engine.read import heard_alone, read
from chargelore.engine.signal import Signal
from chargelore.engine.triage import Found, triaged
from chargelore.engine.watch import Watch
from chargelore.engine.witness import Sight, among, at_odds, sights, without_odds
from chargelore.kb.errors import UseError
from chargelore.kb.load import shipped

KNOWN = shipped()
BEGIN = datetime(2031, 5, 1, 10, 0, tzinfo=UTC)


def seen(*texts: str) -> tuple[Sight, ...]:
    return sights(texts, KNOWN.evidence)


def log(*moments: str, charger: str = "CP-1") -> list[Signal]:
    return [
        Signal(layer="firmware", kind="log", charger=charger, at=datetime.fromisoformat(each), fields={"text": "x"})
        for each in moments
    ]


def cases(*texts: str, after: str = "") -> tuple[Found, ...]:
    from chargelore.engine.grammar.rule import shipped as rules  # noqa: PLC0415  # two things are called so

    with Watch(KNOWN, rules(), key=b"k" * 32) as watch:
        reading = read(io.BytesIO(after.encode())) if after else heard_alone(witness.NAME, witness.alone(seen(*texts)))
        told = reading.through(lambda _, signals: among(signals, seen(*texts))) if after else reading
        return triaged(told, watch).cases


def test_a_sentence_says_when_where_and_what() -> None:
    signal = seen("2031-05-01 10:05 @CP-1/2 burnt smell at the socket")[0].signal
    assert (signal.at, signal.charger, signal.connector) == (datetime(2031, 5, 1, 10, 5, tzinfo=UTC), "CP-1", 2)
    assert (signal.kind, signal.layer, signal.fields["text"]) == ("observation", "field", "burnt smell at the socket")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10:05 it hums", [("it hums", None)]),
        ("no smell", [("no smell", "smell")]),
        ("kein Brandgeruch, Klemme N verschmort", [("kein Brandgeruch", "Brandgeruch"), ("Klemme N verschmort", None)]),
        ("socket is hot but no smell", [("no smell", "smell"), ("socket is hot", None)]),
        ("Geruch: nein", [("Geruch: nein", "Geruch")]),
        ("plug and socket burnt", [("plug and socket burnt", None)]),
        ("kein Geruch und kein Wasser", [("kein Geruch", "Geruch"), ("kein Wasser", "Wasser")]),
        ("the fan doesn't turn", [("the fan doesn't turn", "the fan does turn")]),
    ],
)
def test_each_part_that_says_no_stands_apart(text: str, told: list[tuple[str, str | None]]) -> None:
    assert [(each.signal.fields["text"], each.signal.fields.get("denied")) for each in seen(text)] == told


def test_a_question_of_the_knowledge_is_answered_by_its_id() -> None:
    fields = seen("breaker-found=tripped")[0].signal.fields
    assert (fields["evidence"], fields["answer"]) == ("breaker-found", "tripped")


def test_an_answer_to_a_question_that_is_none_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(UseError, match="did you mean breaker-found"):
        seen("breaker-fond=tripped")


@pytest.mark.parametrize("text", ["", "   ", "10:05", "@CP-1", "breaker-found=purple"])
def test_a_sentence_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UseError):
        seen(text)


def test_a_time_without_a_day_is_of_the_day_the_log_begins() -> None:
    told = list(among(log("2031-05-01T10:00:00+00:00", "2031-05-01T10:10:00+00:00"), seen("10:05 it hums")))
    assert [each.kind for each in told] == ["log", "observation", "log"]
    assert told[1].at == datetime(2031, 5, 1, 10, 5, tzinfo=UTC)


def test_after_midnight_is_the_next_day() -> None:
    told = list(among(log("2031-05-01T23:50:00+00:00"), seen("00:05 it hums")))
    assert told[-1].at == datetime(2031, 5, 2, 0, 5, tzinfo=UTC)


def test_what_says_no_charger_is_of_the_one_in_the_log() -> None:
    told = list(among(log("2031-05-01T10:00:00+00:00"), seen("it hums")))
    assert told[-1].charger == "CP-1"


def test_where_a_log_speaks_of_several_chargers_one_must_be_named() -> None:
    both = [*log("2031-05-01T10:00:00+00:00"), *log("2031-05-01T10:01:00+00:00", charger="CP-2")]
    with pytest.raises(UseError, match="which, `@CP-1"):
        list(among(both, seen("10:00 it hums")))
    assert list(among(both, seen("@CP-2 it hums")))[-1].charger == "CP-2"


def test_an_observation_alone_opens_a_case_and_weighs() -> None:
    found = cases("burnt smell at the socket")
    assert len(found) == 1
    assert found[0].diagnosis.layers_seen == ("field",)
    assert any("burnt" in each.text for each in found[0].diagnosis.hypotheses[0].because)


def test_an_observation_that_no_rule_knows_opens_a_case_too() -> None:
    assert len(cases("es wackelt seltsam")) == 1


@pytest.mark.parametrize(
    "text", ["ReaderFailure", "error ReaderFailure", "the display shows ReaderFailure", "Fehler: ReaderFailure."]
)
def test_a_code_read_off_the_display_is_looked_up_and_its_words_count_for_nothing(text: str) -> None:
    one = cases(text)[0]
    assert [(each.code, each.fault) for each in one.case.codes] == [("ReaderFailure", "token-reader-failure")]
    assert one.case.words == ()
    assert one.case.first_words is not None
    assert one.case.first_words.raw == text


def test_the_maker_said_before_a_code_says_whose_it_is() -> None:
    codes = cases("Zaptec error 0x0004")[0].case.codes
    assert {each.vendor for each in codes} == {"Zaptec"}
    assert "sensor-fault" in {each.fault for each in codes}


def test_what_is_called_an_error_is_one_though_nobody_knows_it() -> None:
    assert [(each.code, each.fault) for each in cases("error E-157")[0].case.codes] == [("E-157", None)]


@pytest.mark.parametrize("text", ["32A", "overheated", "Bob shows UnderVoltage", "no ReaderFailure", "10:05 it hums"])
def test_a_number_a_small_word_and_a_sentence_are_no_codes(text: str) -> None:
    assert all(not one.case.codes for one in cases(text))


def test_what_shares_its_only_sign_is_not_told_as_diagnosed() -> None:
    for code in ("ReaderFailure", "WeakSignal", "PowerMeterFailure", "UnderVoltage"):
        diagnosis = cases(code)[0].diagnosis
        assert (diagnosis.verdict, diagnosis.apart is not None) == ("ambiguous", True), code


def test_a_code_that_stands_for_anything_names_no_cause_and_sends_one_to_the_maker_s_own() -> None:
    diagnosis = cases("OtherError")[0].diagnosis
    assert diagnosis.verdict == "unknown"
    assert diagnosis.unknown > 0.5
    assert diagnosis.steps[0].step == "look-up-maker-code"


def test_a_wallbox_is_not_suspected_of_what_only_a_dc_charger_has() -> None:
    def only_dc(*texts: str) -> list[str]:
        found = cases("UnderVoltage", *texts)[-1].diagnosis.hypotheses
        return [each.cause for each in found if KNOWN.causes[each.cause].current == "dc"]

    assert only_dc()
    assert only_dc("it is a CCS charger")
    assert not only_dc("it is a wallbox")
    assert only_dc("it is a wallbox, no, it has CCS")


def test_what_was_looked_for_and_not_found_speaks_against() -> None:
    fault = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"HighTemperature","status":"Faulted"}]'

    def chance(*texts: str) -> float:
        hypotheses = cases(*texts, after=fault)[0].diagnosis.hypotheses
        return sum(each.probability for each in hypotheses if each.cause == "worn-contacts-heat")

    assert chance("burnt smell at the socket") > chance("the display is blue") > chance("no burnt smell at the socket")


def test_a_denial_alone_opens_no_case() -> None:
    assert cases("no smell") == ()
    assert cases("the breaker is fine") == ()


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("the breaker is fine", "well"),
        ("der LS-Schalter ist völlig in Ordnung", "well"),
        ("no water", "absent"),
        ("keinen Brandgeruch", "absent"),
        ("no network", None),
        ("kein Strom", None),
        ("the breaker is not ok", None),
        ("it does not charge without a second try", None),
    ],
)
def test_what_is_well_or_not_there_is_told_from_what_is_missing_or_fails(text: str, nothing: str | None) -> None:
    assert [each.signal.fields.get("nothing") for each in seen(text)] == [nothing]


@pytest.mark.parametrize(
    "denial", ["the breaker is fine", "keinen Brandgeruch und kein Wasser", "der FI ist in Ordnung"]
)
def test_the_words_of_a_denial_speak_for_no_cause(denial: str) -> None:
    def suspects(*texts: str) -> list[str]:
        (found,) = cases(*texts)
        return [each.cause for each in found.diagnosis.hypotheses if any(r.evidence == "words" for r in each.because)]

    assert suspects("it hums", denial) == suspects("it hums")


def test_what_was_found_after_all_is_no_longer_denied() -> None:
    assert dict(cases("no smell, terminal N scorched")[0].case.answers) == {"says-burnt-or-hot-contact": "yes"}


def test_an_answer_counts_in_the_case_of_the_log() -> None:
    fault = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"}]'
    assert dict(cases("breaker-found=tripped", after=fault)[0].case.answers) == {"breaker-found": "tripped"}


def test_a_question_answered_with_yes_and_no_at_once_is_told_and_counts_as_not_known() -> None:
    both = seen("plug-wet-inside=yes", "plug-wet-inside=no", "smell of ozone", "breaker-found=tripped")
    assert at_odds(both) == {"plug-wet-inside": ("yes", "no")}
    kept = without_odds(both)
    assert [each.signal.raw for each in kept] == [each.signal.raw for each in both]
    assert [each.signal.fields.get("answer") for each in kept] == ["", "", None, "tripped"]


@pytest.mark.parametrize(
    "texts",
    [
        ("10:05 plug-wet-inside=yes", "11:05 plug-wet-inside=no"),
        ("@CP-1/1 plug-wet-inside=yes", "@CP-1/2 plug-wet-inside=no"),
        ("plug-wet-inside=yes", "plug-wet-inside=yes"),
    ],
)
def test_answers_of_other_times_or_places_and_the_same_one_twice_contradict_nothing(texts: tuple[str, str]) -> None:
    assert at_odds(seen(*texts)) == {}
    assert without_odds(seen(*texts)) == seen(*texts)


def test_what_a_person_wrote_passes_the_door() -> None:
    found = cases("the driver of token 0x04A1B2C3D4 with mail driver@example.org says it smells")
    assert not any("driver@example.org" in signal.raw + str(signal.fields) for signal in found[0].case.signals)


@given(st.lists(st.text(max_size=80), max_size=4), st.integers(0, 3))
def test_any_words_are_taken_or_refused_and_lose_no_line_of_the_log(texts: list[str], count: int) -> None:
    lines = log(*[f"2031-05-01T10:0{each}:00+00:00" for each in range(count)])
    try:
        told = seen(*texts)
    except UseError:
        return
    heard = list(among(lines, told))
    assert [each for each in heard if each.kind == "log"] == lines
    assert sum(each.kind == "observation" for each in heard) == len(told)


@pytest.mark.parametrize(
    "words",
    [
        "seit gestern lädt die Wallbox nicht",
        "since yesterday it does not charge",
        "seit dem Firmware-Update laden die Säulen nicht mehr",
    ],
)
def test_since_when_it_does_not_work_is_not_denied_by_what_does_not(words: str) -> None:
    (found,) = cases(words)
    assert "says-does-not-start" in {each.symptom for each in found.case.firings}


@pytest.mark.parametrize("words", ["nothing smells burnt", "smoke? no", "keine Funken", "Rauch? nein."])
def test_what_was_looked_for_and_was_not_there_opens_nothing(words: str) -> None:
    assert not cases(words)
