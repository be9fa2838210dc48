"""What is captured waits in bounded memory until it is journaled; who floods loses his own, and a gap is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from relayed import BEGIN, decoded, message, reading

from chargelore.engine.case import Charger
from chargelore.engine.relay.item import Beat, Heard, Item, Known, Ready, Shown, Unpacking
from chargelore.engine.relay.outbox import Bounds, Outbox

SMALL = Bounds(of_one=(20, 10_000), of_all=(100, 50_000), few=(3, 1_000))


def outbox(bounds: Bounds = SMALL) -> Outbox:
    return Outbox(lambda: BEGIN, bounds)


def sent(box: Outbox) -> list[tuple[int, Item]]:
    return list(Unpacking(decoded).fed(box.unsent(10**9)))


def test_numbers_grow_by_one_and_items_come_out_as_they_went_in() -> None:
    box = outbox()
    box.knows(Known(Charger(id="MB-1", vendor="Acme"), BEGIN))
    box.hears(message(1))
    box(reading(2))
    box.knows(Shown("CP-1-1", ("diagnosed", "wet", "dry it"), BEGIN))
    box.beats()
    told = sent(box)
    assert [number for number, _ in told] == [1, 2, 3, 4, 5]
    assert [type(each) for _, each in told] == [Known, Heard, Ready, Shown, Beat]
    assert told[1][1] == message(1)
    assert sent(box) == []


def test_what_is_not_acknowledged_is_sent_again_to_the_next_child() -> None:
    box = outbox()
    for number in range(5):
        box.hears(message(number))
    assert len(sent(box)) == 5
    box.acknowledged(2)
    box.begins_again()
    assert [number for number, _ in sent(box)] == [3, 4, 5]
    box.acknowledged(5)
    assert box.is_empty
    assert box.waiting == 0


def test_a_charger_that_floods_loses_its_own_copies_and_not_those_of_its_neighbours() -> None:
    box = outbox()
    for number in range(1_000):
        box.hears(message(number, "LOUD"))
    for neighbour in range(10):
        box.hears(message(1, f"CP-{neighbour}"))
    assert box.dropped == {"LOUD": 980}
    assert {each.charger for _, each in sent(box) if isinstance(each, Heard)} == {
        "LOUD", *(f"CP-{number}" for number in range(10)),
    }  # fmt: skip


def test_when_many_flood_a_quiet_charger_is_still_heard() -> None:
    box = outbox()
    for number in range(50):
        for loud in range(20):
            box.hears(message(number, f"LOUD-{loud}"))
    before = box.dropped.total()
    box.hears(message(1, "QUIET"))
    assert before > 0
    assert "QUIET" not in box.dropped


def test_memory_is_bounded_in_bytes_too() -> None:
    box = outbox()
    for _ in range(10):
        box.hears(message(1, payload=b"x" * 4_000))
    assert box.dropped == {"CP-1": 8}


def test_even_with_a_new_name_for_each_message_memory_is_bounded() -> None:
    box = outbox()
    for number in range(1_000):
        box.hears(message(number, f"CP-{number}"))
    assert box.waiting == 2 * SMALL.of_all[0]


def test_what_was_left_out_stands_in_the_record_as_a_signal_of_that_charger() -> None:
    box = outbox()
    for number in range(25):
        box.hears(message(number, "LOUD"))
    box.beats()
    assert not [each for _, each in sent(box) if isinstance(each, Ready)]  # there is no room for it yet
    box.acknowledged(box.last)
    box.beats()
    (told,) = [each.signal for _, each in sent(box) if isinstance(each, Ready)]
    assert (told.kind, told.charger, told.layer, told.fields["count"]) == ("lost", "LOUD", "ocpp", 5)
    assert "lost" in told.marks


def test_while_nobody_takes_anything_time_costs_one_item() -> None:
    box = outbox()
    for _ in range(100):
        box.beats()
    assert len(sent(box)) == 1


@pytest.mark.parametrize("text", ["\ud800", 2**80, -(2**70)])
def test_what_no_pipe_takes_as_it_is_goes_through_all_the_same(text: object) -> None:
    box = outbox()
    box(reading(1, text=text))  # type: ignore[arg-type]  # a hostile charger may say a number
    ((_, item),) = sent(box)
    assert isinstance(item, Ready)
    assert str(item.signal.fields["text"]) in ("?", str(text))


def test_an_outbox_that_fails_is_told_and_does_not_reach_the_wire() -> None:
    failures: list[Exception] = []
    box = Outbox(lambda: BEGIN, failed=failures.append)
    box(None)  # type: ignore[arg-type]  # what no source does
    assert len(failures) == 1


@given(st.lists(st.binary(max_size=40), max_size=8), st.data())
def test_a_pipe_may_cut_what_is_told_anywhere(payloads: list[bytes], data: st.DataObject) -> None:
    box = outbox()
    for number, payload in enumerate(payloads):
        box.hears(message(number, payload=payload or b"[]"))
    whole, coming = box.unsent(10**9), Unpacking(decoded)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    pieces = [whole[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    found = [each for piece in pieces for each in coming.fed(piece)]
    assert [item.payload for _, item in found if isinstance(item, Heard)] == [each or b"[]" for each in payloads]


def test_nonsense_in_a_pipe_is_an_error_and_not_a_gigabyte_of_memory() -> None:
    with pytest.raises(ValueError, match="at once"):
        list(Unpacking(decoded).fed(b"\xff\xff\xff\xff" + b"x" * 100))
