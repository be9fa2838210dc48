"""The first words of a trouble stay with it, however much comes in and whatever is said later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from chargelore.engine.case import KEPT_SIGNALS, Charger
from chargelore.engine.casework import OpenCase
from chargelore.engine.signal import Signal
from chargelore.engine.triage import as_json, found
from chargelore.engine.witness import alone, sights
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.tui.live import live_watch

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WORDS = Signal(
    layer="field", kind="observation", charger="CP-1", at=NOON, fields={"text": "dark", "name": "witness"}, raw="dark"
)
BEAT = Signal(layer="ocpp", kind="heartbeat", charger="CP-1", at=NOON)


def case() -> OpenCase:
    return OpenCase("CP-1-1", Charger(id="CP-1"), 1, NOON, NOON)


def test_first_words_outlast_the_timeline() -> None:
    one = case()
    one.takes(WORDS)
    for _ in range(KEPT_SIGNALS + 1):
        one.takes(BEAT)
    assert WORDS not in one.frozen().signals
    assert one.frozen().first_words == WORDS


def test_later_words_do_not_take_their_place() -> None:
    one = case()
    for text in ("dark", "it was the breaker"):
        one.takes(replace(WORDS, raw=text))
    assert one.frozen().first_words == WORDS


def test_words_of_a_trouble_of_yesterday_are_no_first_words() -> None:
    one = case()
    one.takes(replace(WORDS, at=NOON - timedelta(days=1)))
    assert one.frozen().first_words is None


def test_the_answer_to_a_question_and_a_line_of_a_log_are_no_words_of_a_person() -> None:
    one = case()
    one.takes(replace(WORDS, fields={"text": "", "evidence": "rain", "answer": "yes", "name": "witness"}))
    one.takes(replace(WORDS, kind="log"))
    one.takes(replace(WORDS, fields={"text": "Err 7", "name": "display"}))
    assert one.frozen().first_words is None


def test_what_a_person_saw_stands_in_the_case_and_survives_a_stop_of_the_watch() -> None:
    told = "10:05 @CP-1/2 burnt smell at the socket of card 04A1B2C3D4E5F6"
    with live_watch(NOTHING_LEARNED) as watch, live_watch(NOTHING_LEARNED) as next_watch:
        for signal in alone(sights([told, "@CP-1/2 it was the breaker"], {})):
            watch.feed(signal)
        next_watch.resume(watch.snapshot(NOON))
        for each in (watch, next_watch):
            (one,) = found(each)
            words = as_json(one)["first_words"]
            assert words["text"].startswith("10:05 @CP-1/2 burnt smell at the socket")
            assert "04A1B2C3D4E5F6" not in words["text"]
