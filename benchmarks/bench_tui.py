"""The screens in a real pseudo-terminal: start to first paint beside other programs, key to paint under live load.

    python benchmarks/bench_tui.py [PART …, default all] [STARTS, default 7]

PART is `starts`, `keys`, `large` or `memory`.

`paint` is from the start of the program until its own words stand on the screen; the programs start by turns, each
once before to fill its caches. `opening` is our notice that the screens are being loaded, `chargelore` the first screen
that takes keys, `look-up` the second one when its key is typed into the opening: by then all is loaded and read.
`key` is from a key press until the screen shows what it did; `alone` leaves out the time for which the program could
have worked and others had the processors, so that a busy machine tells about the same as a quiet one. `memory` is that
of the screens while an hour of a tape plays: of few chargers, for each of which soon all is kept that ever is, and of
many, for which the hour is too short for that.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from math import nan
from pathlib import Path
from random import Random
from statistics import median
from string import ascii_lowercase

from lookup_queries import grown
from tui_large import CODES
from tui_terminal import Holds, NeverSeenError, Terminal

from chargelore.kb.load import shipped
from chargelore.kb.search import lookup
from chargelore.tui.lines.lookup import MATCHED, named

HERE = Path(__file__).parent
PEERS = HERE.parent / ".venv-peers-tui"
OURSELVES = ("opening", "chargelore", "look-up")
EARLY = {"look-up": "l"}  # keys typed as soon as anything is painted; read-only, or the next start would go on there
STARTS, KEYS, RATE = 7, 100, 2_000
WARM_UP = 10.0  # seconds of live signals before the first key
SOUGHT = ("E7", "0x1A", "ground fault", "trips when it rains", "overvoltage", "qqzzx")
OPENINGS = 10
PAUSE = 0.15  # seconds between two keys
CHARGERS, MARKS = (100, 1_000), 3  # of the tapes, and how often the memory is noted
HOUR = 1800.0  # seconds that an hour of a tape may take on a busy machine
OURS = str(Path(sys.executable).parent / "chargelore")
PROGRAMS: dict[str, tuple[list[str], Holds]] = {
    "opening": ([OURS], lambda text: "Loading screens" in text),
    "chargelore": ([OURS], lambda text: "Cases and chargers" in text and "No chargers" in text),
    "look-up": ([OURS, "--read-only"], lambda text: "Look up" in text and "In full" in text),
    "posting": ([str(PEERS / "posting/bin/posting")], lambda text: "Collection" in text and "Response" in text),
    "harlequin": ([str(PEERS / "harlequin/bin/harlequin"), "--locale", "C"], lambda text: "Data Catalog" in text),
}


def main(*told: str) -> None:
    """Print all figures, or those of some parts."""
    starts = next((int(each) for each in told if each.isdigit()), STARTS)
    wanted = [each for each in told if not each.isdigit()]
    with tempfile.TemporaryDirectory() as folder:
        env = {"CHARGELORE_HOME": folder, "HOME": folder}
        parts: dict[str, Callable[[], None]] = {
            "starts": lambda: report_starts(starts, env),
            "keys": lambda: report_keys(env),
            "large": lambda: report_large(env),
            "memory": lambda: report_memory(env),
        }
        for name in wanted or parts:
            parts[name]()


def report_starts(starts: int, env: dict[str, str]) -> None:
    """Median seconds to the first paint by program, and ours as a share of theirs."""
    print("== start to first paint, median in seconds")
    there = {name: each for name, each in PROGRAMS.items() if Path(each[0][0]).exists()}
    for name in PROGRAMS.keys() - there.keys():
        print(f"{name:<12} is not installed here")
    taken: dict[str, list[float]] = {name: [] for name in there}
    for turn in range(starts + 1):
        for name, (command, holds) in there.items():
            seconds = guarded(
                lambda name=name, command=command, holds=holds: painted(command, holds, env, EARLY.get(name, ""))
            )
            taken[name] += [seconds] if turn and seconds is not None else []
    ours = [median(taken[name] or [nan]) for name in OURSELVES]
    for name, times in taken.items():
        shares = ", ".join(
            f"{each} {mine / median(times):.2f}" for each, mine in zip(OURSELVES, ours, strict=True) if times
        )
        print(
            f"{name:<12} {median(times):6.2f}   of it: {shares}" if times else f"{name:<12} never painted", flush=True
        )


def painted(command: list[str], holds: Holds, env: dict[str, str], early: str = "") -> float:
    """Seconds from the start to the first paint; with keys that are typed before."""
    with Terminal(command, env) as terminal:
        if early:
            terminal.until(lambda text: bool(text.strip()))
            terminal.types(early)
        return terminal.until(holds) - terminal.began


def guarded(measure: Callable[[], float]) -> float | None:
    """A figure; None, and why, where the screen never showed it."""
    try:
        return measure()
    except NeverSeenError as error:
        print(error)
        return None


def report_keys(env: dict[str, str]) -> None:
    """Milliseconds from a key to its paint, at rest and while signals arrive."""
    print(f"== key to paint in ms, {KEYS} keys: median / 95th percentile; alone on the machine")
    for rate in (1, RATE):
        with Terminal([sys.executable, str(HERE / "tui_live.py"), str(rate)], env) as terminal:
            terminal.until(lambda text: "Cases and chargers" in text)
            terminal.rests(WARM_UP)
            took, alone = zip(*typed(terminal), strict=True)
            print(f"{rate:>6,} signals/s   {spread(took)}   alone {spread(alone)}", flush=True)


def spread(seconds: Sequence[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    times = sorted(1000 * each for each in seconds)
    return f"{median(times):6.1f} / {times[int(0.95 * len(times))]:6.1f}"


def report_memory(env: dict[str, str]) -> None:
    """Megabytes while an hour of a tape plays through the screens."""
    print("== memory in MB while an hour of a tape plays (72,000 signals): at its begin, after half, at its end")
    for chargers in CHARGERS:
        told = Path(env["HOME"]) / f"memory-{chargers}"
        command = [sys.executable, str(HERE / "tui_replay.py"), str(chargers), str(told)]
        with Terminal(command, env) as terminal:
            terminal.until(lambda _, told=told: told.exists() and len(noted(told)) == MARKS, HOUR)
        print(f"{chargers:>6,} chargers   {' / '.join(f'{each:.0f}' for each in noted(told))}", flush=True)


def noted(file: Path) -> list[float]:
    """The megabytes that were noted so far."""
    return [int(line) / 2**20 for line in file.read_text().splitlines()]


def typed(terminal: Terminal) -> list[tuple[float, float]]:
    """Seconds for each letter typed into the filter of the first screen, and those without waiting for a processor."""
    terminal.types("/")
    terminal.rests(1.0)
    times = []
    letters = "".join(Random(7).choices(ascii_lowercase, k=KEYS))  # no eight of them come twice
    for number in range(KEYS):
        queued, pressed = terminal.queued, terminal.types(letters[number])
        last = letters[: number + 1][-8:]
        took = terminal.until(lambda text, last=last: last in text) - pressed
        times.append((took, max(0.0, took - (terminal.queued - queued))))
        terminal.rests(PAUSE)
    return times


def report_large(env: dict[str, str]) -> None:
    """Milliseconds from a letter to its results among 10,000 codes, and to an open case of 50,000 frames."""
    with Terminal([sys.executable, str(HERE / "tui_large.py")], env) as terminal:
        terminal.until(lambda text: "Cases and chargers" in text and "1 case" in text)
        terminal.rests(WARM_UP)
        print("== look-up as you type at 10,000 codes in ms: median / 95th percentile / the first")
        times = [1000 * each for query in SOUGHT for each in looked_up(terminal, query)]
        late = sorted(times)[int(0.95 * len(times))]
        print(f"{len(times)} letters      {median(times):6.1f} / {late:6.1f} / {times[0]:6.1f}", flush=True)
        opened = [1000 * case_opened(terminal) for _ in range(OPENINGS)]
        print("== opening a case of 50,000 frames in ms: median / worst")
        print(f"{len(opened)} times       {median(opened):6.1f} / {max(opened):6.1f}", flush=True)


def looked_up(terminal: Terminal, query: str) -> list[float]:
    """Seconds from each letter to the card of the best that is known of what was typed."""
    known = grown(shipped(), CODES, 7)
    terminal.types("l")
    terminal.until(lambda text: "Type a code as" in text)
    times = []
    for number in range(1, len(query) + 1):
        terminal.rests(PAUSE)
        found = [f"{MATCHED[each.match][0]:<8} {named(each)[:15]}" for each in lookup(query[:number], known, limit=3)]
        pressed = terminal.types(query[number - 1])
        shows = partial(shows_all, found or ["F3 notes it"], f" {query[:number]} ")
        times.append(terminal.until(shows) - pressed)
    terminal.types("\x1b")
    terminal.until(lambda text: "Under the cursor" in text)
    return times


def shows_all(words: list[str], typed: str, text: str) -> bool:
    """Whether what was typed stands there with what was found of it."""
    return typed in text and all(each in text for each in words)


def case_opened(terminal: Terminal) -> float:
    """Seconds from Enter on a case to its timeline."""
    terminal.rests(PAUSE)
    pressed = terminal.types("\r")
    opened = terminal.until(lambda text: "50,00" in text and "Suspects" in text)
    terminal.types("\x1b")
    terminal.until(lambda text: "Under the cursor" in text)
    return opened - pressed


if __name__ == "__main__":
    main(*sys.argv[1:])
