"""A soak of `chargelore watch`: chargers talk through the tap while everything around it is killed again and again.

    python benchmarks/soak.py [--chargers 1000] [--seconds 600] [--every 10] [--kills 5]        (make soak)

`kill -9` falls on the engine behind the tap, on the store (PostgreSQL, with all its processes), on the management
system and on a group of chargers, by turns, each so many times; all but the engine are started again here.
Both ends write down every frame before they send it and when it comes. At the end: did each connection bring what was
sent on it, in order and unaltered, up to where it was cut; and is every frame that passed in the store exactly once?
Exit 1 when not. Needs the package pgserver, which brings PostgreSQL along; the tap itself is never killed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import sqlalchemy
import sqlalchemy.exc
from soak_proof import Proof, ends, key, proof

HERE = Path(__file__).parent
GROUPS = 4  # processes that play the chargers; one of them is killed at a time
DOWN = (1.0, 4.0)  # seconds until somebody starts again what was killed
CATCHES_UP, LEAVES = 180.0, 60.0  # seconds for the store to take the rest, for the chargers to leave
FIRST_ROWS = "SELECT raw FROM signal WHERE part = 0 AND kind NOT IN ('connected', 'disconnected', 'lost')"


class Store:
    """A PostgreSQL server of our own."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it asks for a runtime folder that not every machine has
            import pgserver  # noqa: PLC0415  # where it is missing, only this needs it
        self._server = pgserver.get_server(folder)
        self.url = self._server.get_uri().replace("postgresql:", "postgresql+psycopg:")

    def dies(self) -> None:
        """All its processes are killed, and gone when this returns: pgserver takes one that is dying for a live one."""
        server = psutil.Process(self._server.get_pid())
        killed = [*server.children(recursive=True), server]
        for each in killed:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(killed, timeout=10)

    def comes_back(self) -> None:
        """It is started again; while the old one's memory is still mapped that may need another try."""
        for _ in range(10):
            with suppress(subprocess.SubprocessError, FileNotFoundError, sqlalchemy.exc.OperationalError):
                self._server.ensure_postgres_running()
                self.asked("SELECT 1")
                return
            time.sleep(1)  # nothing tells when the memory is unmapped
        raise RuntimeError("PostgreSQL does not start again")

    def asked(self, query: str) -> list[str]:
        """The first column of what a query finds."""
        engine = sqlalchemy.create_engine(self.url)
        try:
            with engine.connect() as connection:
                return [row[0] or "" for row in connection.execute(sqlalchemy.text(query))]
        finally:
            engine.dispose()

    def rows(self) -> Counter[str]:
        """The frames that are stored, each as often as it is."""
        return Counter(map(key, self.asked(FIRST_ROWS)))

    def ends(self) -> None:
        self._server.cleanup()


class Soak:
    """All processes of a soak, and what they write."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options, self.folder = options, folder
        self.store = Store(folder / "pg")
        self.port, self.generation = free_port(), 0
        self.watch = self._tap()
        self.csms = self._csms()
        self.groups = [self._chargers(number) for number in range(GROUPS)]
        self.killed: Counter[str] = Counter()

    def _runs(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(HERE / "soak_ends.py"), *command])

    def _tap(self) -> subprocess.Popen[bytes]:
        chargelore, upstream = str(Path(sys.executable).with_name("chargelore")), f"ws://127.0.0.1:{self.port}"
        command = [chargelore, "watch", "--tap", "127.0.0.1:0", "--upstream", upstream, "--db", self.store.url]
        env = os.environ | {"CHARGELORE_HOME": str(self.folder / "home")}
        with (self.folder / "cases").open("wb") as out, (self.folder / "watch.log").open("wb") as log:
            process = subprocess.Popen([*command, "--format", "json"], stdout=out, stderr=log, env=env)
        while not (told := re.findall(r"connect to (ws://[^;\s]+)", self.told())):
            if process.poll() is not None:
                raise RuntimeError(self.told())
            time.sleep(0.05)  # it tells by a line in a file only
        self.address = told[0]
        return process

    def told(self) -> str:
        """What the watch told people so far."""
        return (self.folder / "watch.log").read_text(encoding="utf-8")

    def _csms(self) -> subprocess.Popen[bytes]:
        return self._runs("csms", str(self.port), str(self.folder / "csms.log"))

    def _chargers(self, number: int) -> subprocess.Popen[bytes]:
        count = self.options.chargers // GROUPS
        self.generation += 1
        own = (str(self.generation), str(number * count), str(count), str(self.options.every))
        return self._runs("chargers", self.address, str(self.folder / f"chargers-{number}.log"), *own)

    def stays_away(self) -> None:
        """Nobody is there for a while, as after a crash: that others notice is what is tried."""
        time.sleep(random.uniform(*DOWN))  # it is away for a while: that is what is tried

    def kills_engine(self) -> None:
        """The tap starts it again itself."""
        for each in psutil.Process(self.watch.pid).children():
            each.kill()

    def kills_store(self) -> None:
        self.store.dies()
        self.stays_away()
        self.store.comes_back()

    def kills_csms(self) -> None:
        self.csms.kill()
        self.csms.wait()
        self.stays_away()
        self.csms = self._csms()

    def kills_chargers(self) -> None:
        number = random.randrange(GROUPS)
        self.groups[number].kill()
        self.groups[number].wait()
        self.stays_away()
        self.groups[number] = self._chargers(number)

    def talks(self) -> None:
        """The whole time with all its kills, evenly spread."""
        kinds: list[tuple[str, Callable[[], None]]] = [
            ("engine", self.kills_engine),
            ("store", self.kills_store),
            ("management system", self.kills_csms),
            ("chargers", self.kills_chargers),
        ]
        kills = kinds * self.options.kills
        begun = time.monotonic()
        for number, (name, kill) in enumerate(kills, 1):
            self.waits(begun + self.options.seconds * number / (len(kills) + 1))
            kill()
            self.killed[name] += 1
            print(f"{time.monotonic() - begun:6.0f} s  kill -9 of the {name}; tap {self.memory():.1f} MB", flush=True)
        self.waits(begun + self.options.seconds)

    def waits(self, until: float) -> None:
        """Wait; nobody may end who was not killed."""
        while (left := until - time.monotonic()) > 0:
            for each in (self.watch, self.csms, *self.groups):
                if each.poll() is not None:
                    raise RuntimeError(f"{each.args} ended by itself\n{self.told()}")
            time.sleep(min(left, 1.0))  # the soak itself: time has to pass

    def memory(self) -> float:
        """Resident MB of the tap's own process."""
        return float(psutil.Process(self.watch.pid).memory_info().rss / 1e6)

    def ends(self) -> None:
        """Everybody leaves in order: the chargers, the management system, and the watch once the store has all."""
        for each in self.groups:
            each.terminate()
        for each in self.groups:
            each.wait(LEAVES)
        self.csms.terminate()
        self.csms.wait(LEAVES)

    def judged(self) -> Proof:
        """What the logs and the store say, once the store has all or does not get more."""
        near = ends(self.folder.glob("chargers-*.log"))
        far = ends([self.folder / "csms.log"])
        until, found = time.monotonic() + CATCHES_UP, proof(near, far, self.store.rows())
        while found.wrong and time.monotonic() < until:
            time.sleep(2)  # the store is behind, and is asked again
            found = proof(near, far, self.store.rows())
        self.watch.terminate()
        self.watch.wait(CATCHES_UP)
        return proof(near, far, self.store.rows())

    def cleans_up(self) -> None:
        """End whoever is left."""
        for each in (*self.groups, self.csms, self.watch):
            if each.poll() is None:
                each.kill()
            each.wait()
        self.store.ends()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def soaking(options: argparse.Namespace) -> Iterator[Soak]:
    """A soak in a folder of its own; all its processes end with the `with`."""
    folder = Path(tempfile.mkdtemp(prefix="soak-"))  # short: the name of a socket has 100 letters
    soak = Soak(options, folder)
    try:
        yield soak
    finally:
        soak.cleans_up()
        shutil.rmtree(folder, ignore_errors=True)


def report(soak: Soak, memory: tuple[float, float], found: Proof) -> int:
    """Print the figures; 1 when something is wrong."""
    told = soak.told()
    dropped = re.findall(r"(\d+) dropped cop", told)
    wrong = [*found.wrong]
    if dropped[-1:] != ["0"]:
        wrong.append(f"the watch dropped copies: {dropped[-1:]}")
    print(
        f"{soak.options.chargers} chargers, {soak.options.seconds:g} s; killed: "
        + ", ".join(f"{name} {times} times" for name, times in soak.killed.items())
        + f"\n{found.connections} connections, {found.in_order} of them ended in order"
        f"\n{found.sent} frames sent, {found.arrived} arrived, {found.rows} in the store"
        f"\nround trip: median {found.median:.2f} ms, p99 {found.p99:.2f} ms"
        f"\ntap: {memory[0]:.1f} MB with all chargers connected, {memory[1]:.1f} MB at the end; "
        f"engine started again {told.count('started again')} times"
        f"\n{told.strip().splitlines()[-1]}"
    )
    for each in wrong[:20]:
        print(f"WRONG: {each}")
    print(f"{len(wrong)} wrong" if wrong else "nothing lost, altered, put out of order or stored twice")
    return int(bool(wrong))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--chargers", type=int, default=1_000)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--every", type=float, default=10, help="seconds between two requests of a charger")
    asked.add_argument("--kills", type=int, default=5, help="of each kind")
    options = asked.parse_args()
    with soaking(options) as soak:
        soak.waits(time.monotonic() + options.every)
        before = soak.memory()
        soak.talks()
        after = soak.memory()
        soak.ends()
        return report(soak, (before, after), soak.judged())


if __name__ == "__main__":
    sys.exit(main())
