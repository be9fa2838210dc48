"""What the tap costs beside a direct line and beside proxies one would put there instead: `bench_tap.py [CHARGERS]`.

Chargers, management system and what is between them are processes of their own; the tap is `chargelore watch` as it is
delivered, its engine listening along. `talk`: the chargers are connected over every way at once and send a few
messages a minute, the ways by turns, so that all have the same machine. A round trip passes the tap twice. `flood`:
every charger asks again as soon as it is answered; the ways take turns, each has three, and its best counts.
`cpu` is what the process in between worked for one frame while flooded, its engine left out, and `KB` is how much it
grew for one connection. nginx and haproxy are asked too where they are installed, and http-proxy where npm has put it.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NODE = HERE.parent / "tests" / "node"
CHARGERS, RATE, SECONDS, FLOOD = 1_000, 100, 30, 4  # requests a second in all, seconds of talk, seconds of one flood
MOST_ADDED, LEAST_SHARE = 1.0, 0.5  # ms of the median round trip, share of the direct throughput


@dataclass(frozen=True)
class Way:
    """A way from the chargers to the management system, and the process on it."""

    name: str
    url: str
    pid: int | None = None


class Chargers:
    """The process that plays all chargers."""

    def __init__(self, until: ExitStack) -> None:
        self._process = until.enter_context(running([sys.executable, str(HERE / "tap_ends.py"), "chargers"]))

    def do(self, **task: Any) -> Any:
        """Have them do something, and wait for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        return json.loads(first_line(self._process))


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process; it ends with the `with`."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **(pipes | options)) as process:
        try:
            yield process
        finally:
            process.terminate()


def first_line(process: subprocess.Popen[str]) -> str:
    """The next line of its output. Fails when it has ended instead."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"{process.args} ended"
    return line


def tapped(until: ExitStack, upstream: str, folder: Path) -> Way:
    """`chargelore watch` with a store of its own."""
    chargelore = str(Path(sys.executable).with_name("chargelore"))
    command = [chargelore, "watch", "--tap", "127.0.0.1:0", "--upstream", upstream, "--format", "json"]
    log = until.enter_context((folder / "watch.log").open("w+", encoding="utf-8"))
    env = os.environ | {"CHARGELORE_HOME": str(folder / "home")}
    process = until.enter_context(running(command, stdout=subprocess.DEVNULL, stderr=log, env=env))
    while not (told := re.findall(r"connect to (ws://[^;\s]+)", (folder / "watch.log").read_text(encoding="utf-8"))):
        assert process.poll() is None, log.read()
        time.sleep(0.05)  # it tells by a line in a file only
    return Way("tap", told[0], process.pid)


def http_proxy(until: ExitStack, upstream: str, _: Path) -> Way | None:
    """The proxy of that name from npm."""
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "http-proxy").is_dir():
        return None
    process = until.enter_context(running([node, str(NODE / "proxy.mjs"), upstream]))
    return Way("http-proxy", f"ws://127.0.0.1:{int(first_line(process))}", process.pid)


def nginx(until: ExitStack, upstream: str, folder: Path) -> Way | None:
    """nginx with one worker and without a log."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log /dev/null;\n"
        "worker_rlimit_nofile 20000; events { worker_connections 10000; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"server {{ listen 127.0.0.1:{port} backlog=1000; location / {{\n"
        f"proxy_pass http:{upstream.removeprefix('ws:')};\n"
        "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;\n"
        "proxy_read_timeout 1h; } } }\n",
        encoding="ascii",
    )
    return installed("nginx", ["-p", str(folder), "-c", str(config)], port, until)


def haproxy(until: ExitStack, upstream: str, folder: Path) -> Way | None:
    """haproxy with one thread."""
    port = free_port()
    config = folder / "haproxy.cfg"
    config.write_text(
        "global\n nbthread 1\n maxconn 4000\n"
        "defaults\n mode http\n timeout connect 30s\n timeout client 1h\n timeout server 1h\n timeout tunnel 1h\n"
        f"listen ocpp\n bind 127.0.0.1:{port} backlog 1000\n server csms {upstream.removeprefix('ws://')}\n",
        encoding="ascii",
    )
    return installed("haproxy", ["-q", "-db", "-f", str(config)], port, until)


def installed(name: str, arguments: list[str], port: int, until: ExitStack) -> Way | None:
    """A proxy of the machine's own, once it listens; None where it is not installed."""
    program = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    process = until.enter_context(running([program, *arguments], stderr=subprocess.DEVNULL))
    while process.poll() is None:
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return Way(name, f"ws://127.0.0.1:{port}", process.pid)
        time.sleep(0.05)  # a proxy does not say when it listens
    return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


BETWEEN = (tapped, http_proxy, nginx, haproxy)


def memory(pid: int) -> float:
    """Resident KB of a process, its children left out."""
    return float(subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True).stdout)  # noqa: S607  # wherever ps is


def worked(pid: int | None) -> float:
    """Seconds of work of a process so far, its children left out; nothing where the system does not say."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return math.nan
    user, system = stat.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Flood:
    """What came of asking as fast as one can."""

    rate: float
    work: float  # microseconds for a frame


def flooded(chargers: Chargers, way: Way) -> Flood:
    """One flood over one way."""
    before = worked(way.pid)
    rate = chargers.do(flood=way.name, seconds=FLOOD)["rate"]
    return Flood(rate, (worked(way.pid) - before) / (rate * FLOOD * 2) * 1e6)


def grown(chargers: Chargers, way: Way, count: int) -> float:
    """KB that a way needs for each connection, once everybody has said something."""
    before = memory(way.pid) if way.pid else math.nan
    chargers.do(connect=way.name, url=way.url, count=count)
    chargers.do(talk=[way.name], seconds=1, rate=count)
    return ((memory(way.pid) if way.pid else math.nan) - before) / count


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CHARGERS
    with ExitStack() as until:
        folder = Path(until.enter_context(tempfile.TemporaryDirectory(prefix="bench-tap-")))
        csms = until.enter_context(running([sys.executable, str(HERE / "tap_ends.py"), "csms"]))
        direct = Way("direct", f"ws://127.0.0.1:{int(first_line(csms))}")
        ways = [direct, *filter(None, (between(until, direct.url, folder) for between in BETWEEN))]
        chargers = Chargers(until)
        needs = {way.name: grown(chargers, way, count) for way in ways}
        talk = chargers.do(talk=[way.name for way in ways], seconds=SECONDS, rate=RATE)
        turns = [{way.name: flooded(chargers, way) for way in ways} for _ in range(3)]
        best = {way.name: max((turn[way.name] for turn in turns), key=lambda each: each.rate) for way in ways}
        sys.exit(report(count, needs, talk, best))


def known(figure: float, unit: str) -> str:
    """A figure with its unit; a dash for what nobody could measure."""
    return f"{'-':>9}" if math.isnan(figure) else f"{figure:6.1f} {unit}"


def report(count: int, needs: dict[str, float], talk: Any, floods: dict[str, Flood]) -> int:
    """Print the figures; 1 when the tap costs more than it may."""
    base, fastest = talk["direct"], floods["direct"].rate
    print(f"{count} chargers on each way, {RATE} requests a second in all for {SECONDS} s, then {FLOOD} s floods")
    print(
        f"{'':<12}{'median':>9}{'added':>9}{'p99':>9}{'added':>9}{'requests/s':>12}{'share':>7}{'cpu':>9}{'memory':>9}"
    )
    for name, need in needs.items():
        told, flood = talk[name], floods[name]
        waits = "".join(f"{told[each]:6.2f} ms{told[each] - base[each]:+6.2f} ms" for each in ("median", "p99"))
        costs = known(flood.work, "us") + known(need, "KB")
        print(f"{name:<12}{waits}{flood.rate:12.0f}{flood.rate / fastest:7.2f}{costs}")
    added, share = talk["tap"]["median"] - base["median"], floods["tap"].rate / fastest
    is_good = added <= MOST_ADDED and share >= LEAST_SHARE
    print(
        f"tap: median round trip {added:+.2f} ms (at most {MOST_ADDED:g}), throughput {share:.2f} of direct"
        f" (at least {LEAST_SHARE:g}), {needs['tap']:.0f} KB a connection: {'as promised' if is_good else 'TOO MUCH'}"
    )
    return int(not is_good)


if __name__ == "__main__":
    main()
