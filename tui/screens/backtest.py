"""Backtest: one rule put to recordings whose cause somebody confirmed, beside the keys; Esc stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from time import monotonic
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker, get_current_worker

from chargelore.engine.grammar.rule import AnyRule, Rules, SignalRule
from chargelore.engine.proving.explain import explain, lines
from chargelore.engine.proving.recordings import LIST
from chargelore.engine.proving.takes import Take, Tried, recorded, stored, total, tried
from chargelore.engine.read import Reading as Heard
from chargelore.engine.signal import Signal
from chargelore.engine.spoken import spoken
from chargelore.kb.codes import Codes
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.home import home
from chargelore.tui.cli.progress import clock_of
from chargelore.tui.desk import Desk
from chargelore.tui.lines.backtest import head, ordered, shares, summary, take_key, take_line, take_words
from chargelore.tui.lines.paint import block, wrapping
from chargelore.tui.messages import Chosen, Told
from chargelore.tui.screens.reading import Reading
from chargelore.tui.screens.working import TypedPage
from chargelore.tui.speech import later, t
from chargelore.tui.text import brief, plain
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

EVERY, LOOK = 0.25, 256  # seconds between two words on how far it is; signals between two looks at whether to go on
LONGEST = 1_000


class Stopped(Exception):  # noqa: N818  # no error: a person wanted it
    """Nobody waits for it any more."""


class BacktestPage(TypedPage):
    """What the rule made of each recording; Enter says why. `rules` are all rules, among which it is judged."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back; stops what is worked out", id="backtest.back"),
    ]
    FOOTER = ("backtest.back", "table.choose", "listing.filter", "app.help")
    AUTO_FOCUS = "#takes-rows"
    KEPT = "backtest-recordings"  # a folder

    def __init__(self, desk: Desk, rule: AnyRule, rules: Rules) -> None:
        super().__init__(desk, t("Backtest of {rule}", rule=rule.id))
        self.rule, self.rules = rule, rules
        self.found: tuple[Tried, ...] = ()
        self.empty = ""
        look: Look[Tried] = Look(
            key=take_key,
            draw=lambda one, width: take_line(one, width, self.desk.knowledge),
            words=lambda one: take_words(one, self.desk.knowledge),
        )
        self.listing: Listing[Tried] = Listing(look, id="takes", title=t("Recordings"))

    def body(self) -> Iterable[Widget]:
        """Where the recordings are, what came of them in a line or two, and each of them."""
        where = t("a folder with a {list}, and Enter; nothing: what the store kept", list=LIST)
        yield Input(self._folder(), placeholder=where, id="takes-typed", max_length=LONGEST, compact=True)
        yield Static(id="backtest-sum")
        yield Static(id="backtest-head")
        yield self.listing

    def draw(self) -> None:
        """What is known so far."""
        super().draw()
        score = total(self.rule, self.found, self.desk.known)
        told = [summary(score, self.found), shares(score)] if self.found else [Text(), Text()]
        self.query_one("#backtest-sum", Static).update(block(told))
        self.query_one("#backtest-head", Static).update(head(self.listing.table.span))
        self.listing.show(ordered(self.found), Text(self.empty))

    def on_chosen(self, message: Chosen) -> None:
        """Enter says why the rule fired there or not, value by value."""
        if isinstance(message.row, Tried) and isinstance(self.rule, SignalRule):
            self._explain(self.rule, message.row.take)
        else:
            self.post_message(Told(t("A rule over symptoms has no signals to be explained by.")))

    def action_refresh_all(self) -> None:
        """Begin anew."""
        self.begin()

    def stopped(self) -> None:
        """What was worked out so far stays."""
        super().stopped()
        self.post_message(Told(t("Stopped. R works it out anew.")))

    def _folder(self) -> str:
        usual = home() / "recordings"
        return self.kept.get(self.KEPT, str(usual) if (usual / LIST).is_file() else "")

    def begin(self) -> None:
        """Put the rule to all there is."""
        self.stop()
        self.found, self.empty = (), t("Reading what there is …")
        self.draw()
        self.working = self._work_out(self.typed)

    def _takes(self, folder: str) -> tuple[Take, ...]:
        if folder:
            return recorded(Path(folder).expanduser(), self.desk.known)
        return stored(self.desk.store, self.desk.known)

    @work(thread=True, exclusive=True, group="backtest", exit_on_error=False, name=later("The backtest"))
    def _work_out(self, folder: str) -> None:
        worker, begun, found, shown_at = get_current_worker(), monotonic(), list[Tried](), 0.0
        try:
            takes = self._takes(folder)
            for one in tried(self.rule, self.rules, takes, self.desk.known, partial(self._passing, worker)):
                found.append(one)
                if (now := monotonic()) - shown_at >= EVERY and not worker.is_cancelled:
                    shown_at, left = now, (now - begun) * (len(takes) - len(found)) / len(found)
                    self.app.call_from_thread(self._so_far, tuple(found), len(takes), left)
        except Stopped:
            return
        except ChargeloreError as error:
            self._ends(worker, (), str(error))
            return
        self._ends(worker, tuple(found), "")

    def _passing(self, worker: Worker[None], _reading: Heard, signals: Iterator[Signal]) -> Iterator[Signal]:
        """The signals, as long as somebody waits for what comes of them."""
        for number, signal in enumerate(signals):
            if number % LOOK == 0 and worker.is_cancelled:
                raise Stopped
            yield signal

    def _ends(self, worker: Worker[None], found: tuple[Tried, ...], trouble: str) -> None:
        if not worker.is_cancelled:
            self.app.call_from_thread(self._worked_out, found, trouble)

    def _so_far(self, found: tuple[Tried, ...], number: int, left: float) -> None:
        if self.working is None or not self.is_mounted:
            return
        self.found = found
        self.draw()
        told = t("{n} of {all} recordings, {left} left; esc stops it.", n=len(found), all=number, left=clock_of(left))
        self.post_message(Told(told))

    def _worked_out(self, found: tuple[Tried, ...], trouble: str) -> None:
        if not self.is_mounted:
            return
        self.working, self.found = None, found
        self.empty = trouble or t(
            "Nothing is here to judge it by: no finding in the store has signals kept before it.\n"
            "Tab leads to the line above: name a folder of recordings with a {list} there.", list=LIST
        )  # fmt: skip
        self.draw()
        if trouble or found:
            self.post_message(Told(trouble, "bad") if trouble else Told(t("Enter on a recording says why."), "good"))

    @work(thread=True, exclusive=True, group="why", exit_on_error=False, name=later("Why"))
    def _explain(self, rule: SignalRule, take: Take) -> None:
        worker = get_current_worker()
        try:
            reading = take.reads().through(partial(self._passing, worker))
            told = list(lines(explain(rule, spoken(reading, Codes(self.desk.known), reading.introduced),
                                      reading.introduced)))  # fmt: skip
        except Stopped:
            return
        except ChargeloreError as error:
            told = [str(error)]
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_why, take, told)

    def _show_why(self, take: Take, told: list[str]) -> None:
        sheet = block([wrapping(Text(brief(each, LONGEST))) for each in told])
        if self.app.screen is self:
            self.app.push_screen(Reading(self.desk, plain(take.name)[:60], lambda _width: sheet))
