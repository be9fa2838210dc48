"""A charger that said nothing since it was looked at last is the same value, so that nobody need look again."""

from __future__ import annotations

from live import boot, status

from chargelore.engine.case import Charger
from chargelore.engine.watch import Watch
from chargelore.tui.live import live_watch


def heard(watch: Watch) -> Watch:
    """Two chargers that stand ready."""
    for each in (*boot(), *status("Available"), *status("Available", charger="CP-2")):
        watch.feed(each)
    return watch


def test_only_a_charger_that_spoke_is_another_value() -> None:
    with live_watch(key=b"") as watch:
        before = heard(watch).chargers
        for each in status("Charging", after=9):
            watch.feed(each)
        after = watch.chargers
    assert after["CP-2"] is before["CP-2"]
    assert (before["CP-1"].status, after["CP-1"].status) == ({1: "Available"}, {1: "Charging"})


def test_a_charger_that_was_named_from_outside_is_another_value() -> None:
    with live_watch(key=b"") as watch:
        before = heard(watch).chargers
        watch.identify(Charger(id="CP-2", vendor="Acme", model="Two"))
        assert watch.chargers["CP-2"].charger.model == "Two"
    assert before["CP-2"].charger.model == ""


def test_what_was_read_from_the_disk_is_looked_at_anew() -> None:
    with live_watch(key=b"") as watch, live_watch(key=b"") as other:
        text = heard(watch).snapshot(watch.chargers["CP-1"].last_at)
        heard(other)
        for each in status("Faulted", after=5):
            other.feed(each)
        assert other.chargers["CP-1"].status == {1: "Faulted"}
        other.resume(text)
        assert other.chargers["CP-1"].status == {1: "Available"}


def test_a_fresh_watch_knows_no_charger_of_the_one_that_it_came_from() -> None:
    with live_watch(key=b"") as watch:
        assert set(heard(watch).chargers) == {"CP-1", "CP-2"}
        assert watch.fresh().chargers == {}
