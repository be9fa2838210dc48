"""The timeline as a screen of its own: all layers on one clock, jumps, layers on and off, a signal in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fake_watch import NOON
from screens import LARGE, SMALL, Here, app, misses, press, row, sees, shown, trip, until

from chargelore.engine.case import Case
from chargelore.engine.clocks.skew import Skew
from chargelore.engine.relay.mover import row_of
from chargelore.engine.signal import Signal
from chargelore.kb.errors import StoreError
from chargelore.kb.model import Layer
from chargelore.kb.store import Store
from chargelore.tui.lines.lanes import plain_line
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.timeline import TimelinePage

HUGE = (160, 50)
TWO_HOURS = 7_200


def said(layer: Layer, second: float, kind: str, raw: str = "raw", **fields: object) -> Signal:
    """One signal of a layer, so many seconds after noon; `sender` is who sent it."""
    told = {{"sender": "from"}.get(name, name): value for name, value in fields.items()}
    return Signal(layer=layer, kind=kind, charger="CP-1", at=NOON + timedelta(seconds=second), fields=told, raw=raw)


LOG = (
    said("ocpp", 0, "boot", vendor="Acme", model="Post 22", sender="charger"),
    said("ocpp", 5, "start", transactionId=7, sender="charger", timestamp="2026-03-04T14:00:05Z"),
    said("ocpp", 6, "command", action="Reset", sender="csms", type="Soft"),
    said("csms", 8, "log", text="the back-end is [red]unhappy[/]"),
    said("modbus", 9, "reading", name="current", value=16, unit="A"),
    said("firmware", 3_700, "log", text="relay opens"),
    said("vehicle", 3_705, "v2g", event="timeout", step="CableCheck"),
    said("grid", 90_000, "grid-event", event="dip"),
    said("ocpp", 90_003, "fault", fault="ground-fault-trip", code="E7", raw='[2,"9","fault"]', sender="charger"),
    said("field", 90_900, "observation", text="it smells"),
)
LAYERS = ("ocpp", "csms", "modbus", "firmware", "vehicle", "grid", "field")


def case(log: tuple[Signal, ...] = LOG) -> Case:
    return replace(trip("CP-1", log), layers=dict.fromkeys(LAYERS))


def at(pilot: Here) -> Signal | None:
    """The signal under the cursor."""
    here: Signal | None = pilot.app.screen.lanes.table.current
    return here


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_all_layers_stand_on_one_clock_with_a_signal_in_full(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path, [case()]).run_test(size=size) as pilot:
        await press(pilot, "enter", "L")
        assert isinstance(pilot.app.screen, TimelinePage)
        text = await sees(pilot, "12:00:08", "the back-end is [red]unhappy[/]", "What was read", "it smells")
        assert "2026-03-05   1 " in text
        assert "Timeline CP-1 #2" in text
        assert at(pilot) == LOG[-1]


async def test_each_layer_has_a_column_where_there_is_room(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=HUGE) as pilot:
        await press(pilot, "enter", "L")
        await sees(pilot, "3 CSMS", "8 person")
        head = row(pilot, "3 CSMS")
        for title, words in (("1 from charger", "boots: Acme"), ("2 to charger", "← Reset"), ("3 CSMS", "the back-end"),
                             ("4 Modbus", "current = 16"), ("5 charger log", "relay opens"), ("7 grid", "grid event"),
                             ("8 person", "it smells")):  # fmt: skip
            assert row(pilot, words).index(words) == head.index(title), words


async def test_in_a_small_window_each_line_names_its_layer(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "L")
        assert "ocpp→ boots: Acme" in await sees(pilot, "1 ocpp→", "8 note")
        assert "ocpp← ← Reset" in row(pilot, "Reset")


async def test_a_clock_that_is_off_is_told_above_on_the_line_and_in_full(tmp_path: Path) -> None:
    here = app(tmp_path, [case()])
    skew = Skew(clock="charger", looks="time-zone", pairs=9, ahead=float(TWO_HOURS))
    here.desk.watch.clock = lambda _: (skew,)
    async with here.run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "L")
        await sees(pilot, "~ charger's clock 2 h ahead")
        assert "12:00:05~" in shown(pilot)
        assert "12:00:00~" not in shown(pilot)
        await press(pilot, "g", "j")
        await sees(pilot, "its own clock    charger's clock 2 h")


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("g", "e"), 8),
        (("g", "h"), 5),
        (("g", "h", "h"), 7),
        (("G", "H"), 7),
        (("g", "right_parenthesis"), 7),
        (("G", "left_parenthesis"), 7),
        (("g", "right_curly_bracket"), 1),
        (("g", "right_curly_bracket", "right_curly_bracket"), 8),
        (("G", "left_curly_bracket", "left_curly_bracket", "left_curly_bracket"), 0),
        (("g", "s"), 5),
    ],
)
async def test_keys_jump_by_meaning_hour_day_and_section(tmp_path: Path, keys: tuple[str, ...], place: int) -> None:
    one = case()
    fired = replace(one.firings[0], signals=(LOG[6], LOG[8]))
    async with app(tmp_path, [replace(one, firings=(fired,))]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L", *keys)
        await until(pilot, lambda: at(pilot) is LOG[place])


async def test_the_first_line_stays_and_tells_the_day_of_the_cursor(tmp_path: Path) -> None:
    log = tuple(said("ocpp", 600 * n, "meter", power=n) for n in range(400))
    async with app(tmp_path, [case(log)]).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "L", "g")
        await sees(pilot, "2026-03-04   1 ocpp→")
        await press(pilot, "right_parenthesis")
        await sees(pilot, "2026-03-05   1 ocpp→", "00:00:00")


async def test_a_layer_is_turned_off_and_on_and_the_count_says_so(tmp_path: Path) -> None:
    async with app(tmp_path, [case()], folder=tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L", "1", "3")
        await sees(pilot, "6 of 10", "off: 1 ocpp→ 3 csms", "Layers off: from charger, CSMS.")
        assert "back-end" not in shown(pilot)
        await press(pilot, "slash", *"opens", "enter")
        await sees(pilot, "1 of 10")
        await press(pilot, "escape", "escape", "L")
        assert at(pilot) is not None
        await sees(pilot, "6 of 10", "off: 1 ocpp→ 3 csms")
    async with app(tmp_path, [case()], folder=tmp_path).run_test(size=LARGE) as pilot:
        await sees(pilot, "6 of 10", "off: 1 ocpp→ 3 csms")
        assert isinstance(pilot.app.screen, TimelinePage)
        await press(pilot, "0")
        await sees(pilot, "Timeline, UTC · 10", "All layers are on.")
        await misses(pilot, "off: ")


async def test_one_layer_alone_and_what_to_press_where_nothing_passes(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L", "g", "9")
        await sees(pilot, "3 of 10", "boots: Acme")
        assert at(pilot) is LOG[0]
        await press(pilot, "1")
        await sees(pilot, "0 of 10", "0 shows all layers")
        await press(pilot, "0")
        await sees(pilot, "it smells")


async def test_a_filter_takes_words_fields_and_layers(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        for typed, count in (("lane:csms", 1), ("!lane:csms", 9), ("kind:log !relay", 1), ("transactionId:7", 1)):
            await press(pilot, "enter", "L", "slash", *("space" if each == " " else each for each in typed), "enter")
            await sees(pilot, f"{count} of 10")
            await press(pilot, "escape", "escape", "escape")


async def test_the_cursor_stays_on_its_signal_when_layers_and_filters_change(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L", "g", *"jjjjj", "1")
        await until(pilot, lambda: at(pilot) is LOG[5])
        await press(pilot, "slash", *"opens", "enter", "escape", "0")
        await until(pilot, lambda: at(pilot) is LOG[5])


async def test_it_opens_at_the_signal_where_the_case_stood(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "shift+tab", "g", "j", "j", "L")
        await until(pilot, lambda: at(pilot) is LOG[2])
        await press(pilot, "enter")
        await sees(pilot, "Reset", "kind ")
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, CasePage)


async def test_a_case_without_signals_says_so(tmp_path: Path) -> None:
    async with app(tmp_path, [replace(trip(), signals=())]).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "L", *"eEhsuo9", "enter")
        await sees(pilot, "No signals: the case came without a log.")


async def test_fifty_thousand_signals_are_looked_through_without_losing_the_place(tmp_path: Path) -> None:
    layers: tuple[Layer, ...] = ("ocpp", "firmware")
    log = [said(layers[n % 2], n, "meter" if n % 97 else "fault", power=n) for n in range(50_000)]
    here = app(tmp_path, [case((log[0],))])
    here.desk.store.keep_signals(row_of(each, ("run", n, 0), each.at or NOON) for n, each in enumerate(log))
    async with here.run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L")
        await sees(pilot, "Timeline, UTC · 50,000")
        await press(pilot, "E")
        await until(pilot, lambda: at(pilot) == log[49_955])
        await press(pilot, "1")
        await sees(pilot, "25,000 of 50,000")
        await until(pilot, lambda: at(pilot) == log[49_955])
        assert pilot.app.screen.lanes.at == 49_955


async def test_a_case_that_is_closed_elsewhere_leaves_the_screen(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "L")
        pilot.app.desk.close("CP-1-1")
        pilot.app.beat()
        await until(pilot, lambda: isinstance(pilot.app.screen, Bench))


async def test_a_signal_is_held_for_evidence_undone_and_done_again(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        store, one = pilot.app.desk.store, case()
        opened = one.opened_at.isoformat() if one.opened_at else ""
        await press(pilot, "enter", "L", "g", *"jjjjj", "V")
        await sees(pilot, "13:01:40 ■", "Held for evidence", "without a note")
        [pinned] = store.pinned("CP-1-1", opened).values()
        assert (pinned.layer, pinned.says, pinned.at) == (
            "firmware",
            "log: text relay opens",
            "2026-03-04T13:01:40+00:00",
        )
        await press(pilot, "z")
        await sees(pilot, "Undone: pinned “log: text relay opens”")
        assert store.pinned("CP-1-1", opened) == {}
        await misses(pilot, "■")
        await press(pilot, "Z")
        await sees(pilot, "13:01:40 ■")
        await press(pilot, "V")
        await sees(pilot, "No evidence any more")
        await press(pilot, "z", "g", "u")
        await until(pilot, lambda: at(pilot) is LOG[5])
        await press(pilot, "escape")
        await sees(pilot, "13:01:40 fw   ■")
    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L")
        await sees(pilot, "13:01:40 ■")


async def test_a_note_names_nobody_and_goes_along_to_the_maker(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=HUGE) as pilot:
        await press(pilot, "enter", "L", "g", "j", "a")
        await sees(pilot, "start transactionId=7", "A note on this signal")
        await press(pilot, *("space" if each == " " else each for each in "card 04A2B3C4D5E6F7 again"), "enter")
        await sees(pilot, "Noted. z undoes it.")
        text = await sees(pilot, "evidence         card idTag:")
        assert "04A2B3C4D5E6F7" not in text
        await press(pilot, "G", "V", "escape", "p")
        text = await sees(pilot, "## Held for evidence", "start: transactionId 7")
        assert "04A2B3C4D5E6F7" not in text
        assert "it smells" not in text


async def test_a_store_that_is_lost_keeps_no_evidence_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise StoreError("the store is away", mend="bring it back")

    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        monkeypatch.setattr(Store, "record_pinned", lost)
        await press(pilot, "enter", "L", "V")
        await sees(pilot, "Not kept: the store is away")
        await misses(pilot, "■")


async def test_a_terminal_that_cannot_be_lent_is_told(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L", "ctrl+l")
        await sees(pilot, "This terminal cannot be lent")


def test_plain_text_obeys_nothing() -> None:
    told = plain_line(said("csms", 1, "log", raw="\x1b]52;c;aGk=\x07raw \x1b[31m" + "x" * 9_000, text="two\nlines"))
    assert told.startswith("12:00:01 csms  two lines raw xxx")
    assert told.isprintable()
    assert len(told) < 5_000


async def test_who_moves_on_while_a_filter_still_looks_is_not_pulled_back(tmp_path: Path) -> None:
    log = [said("firmware" if n % 2 else "ocpp", n, "meter", power=n) for n in range(50_000)]
    here = app(tmp_path, [case((log[0],))])
    here.desk.store.keep_signals(row_of(each, ("run", n, 0), each.at or NOON) for n, each in enumerate(log))
    async with here.run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L")
        await sees(pilot, "Timeline, UTC · 50,000")
        await press(pilot, "k", "1", "g")
        await sees(pilot, "25,000 of 50,000")
        await until(pilot, lambda: at(pilot) == log[1])


async def test_evidence_is_found_again_where_the_case_opened_at_another_moment(tmp_path: Path) -> None:
    async with app(tmp_path, [case()]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L", "V")
        await sees(pilot, "■")
    later = replace(case(), opened_at=NOON + timedelta(minutes=3))
    async with app(tmp_path, [later]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "L")
        await sees(pilot, "■")
