"""Carrying: what a person takes along from a screen, by the clipboard of the terminal and by files."""

from __future__ import annotations

from itertools import count as count_from
from pathlib import Path

from chargelore.kb.errors import ChargeloreError
from chargelore.tui.copying import as_csv, harmless, written
from chargelore.tui.leftoff import LeftOff
from chargelore.tui.messages import Copied, Exported, TakenAlong
from chargelore.tui.screens.copyas import CopyAs
from chargelore.tui.speech import t
from chargelore.tui.text import brief

COPY = "last-copy.txt"


class Carrying(LeftOff):
    """Screens whose rows can be copied and exported."""

    def on_copied(self, message: Copied) -> None:
        """Take a text along."""
        self.copy(message.text, message.what)

    def on_taken_along(self, message: TakenAlong) -> None:
        """Ask in which form."""
        if not message.rows:
            self.tell(t("There is nothing here to copy."), "plain")
            return
        self.push_screen(CopyAs(self.desk, message.row, message.rows))

    def on_exported(self, message: Exported) -> None:
        """Write a list to a file, as it is seen."""
        if self.folder is None:
            self.tell(t("Nothing is written here: y copies instead."))
            return
        try:
            file = written(free(self.folder / "exports", message.name), as_csv(message.rows))
        except ChargeloreError as error:
            self.tell(str(error))
            return
        self.tell(t("{n} rows are in {file}", n=f"{len(message.rows):,}", file=file), "good")

    def copy(self, text: str, what: str) -> None:
        """Take a text along by the clipboard of the terminal and by a file, and say so: terminals do not tell."""
        text = harmless(text)
        self.copy_to_clipboard(text)
        told = t("Copied “{what}” to the clipboard, if the terminal takes it (OSC 52)", what=brief(what, 40))
        if self.folder is None:
            self.tell(f"{told}.", "good")
            return
        try:
            self.tell(f"{told}; {t('also in')} {written(self.folder / COPY, text)}", "good")
        except ChargeloreError as error:
            self.tell(f"{told}. {error}")


def free(folder: Path, name: str) -> Path:
    """A file of that name in a folder that is not there yet."""
    numbers = (f"{name}-{number}.csv" for number in count_from(1))
    return next(folder / each for each in numbers if not (folder / each).exists())
