"""How fast logs are read, in how much memory: `bench_logs.py [MEGABYTES [CASE]]`, 32 unless told otherwise, 1000 a GB.

Every case runs in a process of its own, so that its peak is its own. `begin` is the process's memory once the modules
are loaded, `half` after half of the signals, `peak` the most there ever was: flat memory shows in half and peak alike.
`MB/cpu` is per second of work, for a machine that has other things to do as well.

A gigabyte of a management system's log: 8,564,000 signals, 4,282,000 frames, 24 MB at the begin, 31 MB half and peak.
"""

from __future__ import annotations

import gzip
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chargelore.engine import parcel
from chargelore.engine.read import read
from chargelore.kb.errors import InputError

MEGABYTE = 1_000_000
DEFAULT = 32
SMALL = 0.25  # of the size that was asked for: of what is read at another speed
MOST_MEMORY = 400  # MB above the begin; more means that something keeps the log
START = datetime(2031, 5, 1, 10, tzinfo=UTC)
METER = '{"value":"16.0","measurand":"Current.Import","phase":"L1","unit":"A"},{"value":"230","measurand":"Voltage"}'


def csms_log(number: int) -> str:
    """Two frames and two lines of words, as a management system writes them."""
    at = START + timedelta(seconds=number)
    head = f"{at:%Y-%m-%d %H:%M:%S}.{number % 1000:03d} INFO (MainThread) "
    charger, uid = f"CP-{number % 40}", f"{number:08x}"
    ask = (
        f'[2,"{uid}","Heartbeat",{{}}]',
        f'[2,"{uid}","MeterValues",{{"connectorId":1,"meterValue":[{{"sampledValue":[{METER}]}}]}}]',
        f'[2,"{uid}","StatusNotification",{{"connectorId":1,"errorCode":"NoError","status":"Charging"}}]',
    )[number % 3]
    return (
        f'{head}[ocpp] {charger}: receive message {ask}\n{head}[ocpp] {charger}: send [3,"{uid}",{{}}]\n'
        f"{head}[homeassistant.helpers] Update of sensor {charger} takes longer than it should\n"
        f"{head}[pymodbus] SEND: 00 01 00 00 00 06 01 03 00 64 00 02\n"
    )


def status_table(number: int) -> str:
    """A row of a management system's export."""
    at = START + timedelta(seconds=number)
    status = "Faulted;GroundFailure" if number % 50 == 0 else "Charging;NoError"
    return f"{at:%Y-%m-%d %H:%M:%S};CP-{number % 40};{number % 2 + 1};{status}\n"


def json_lines(number: int) -> str:
    """A line of a container's structured log."""
    at = (START + timedelta(seconds=number)).isoformat()
    frame = f'[2,\\"{number:08x}\\",\\"Heartbeat\\",{{}}]'
    return f'{{"time":"{at}","level":"info","chargerId":"CP-{number % 40}","msg":"received {frame}"}}\n'


def one_line(number: int) -> str:
    """Frames without an end of line."""
    return f'[2,"{number:08x}","Heartbeat",{{}}] '


def pieces(line: Callable[[int], str], head: str, size: int) -> Iterator[bytes]:
    """So many bytes of such lines."""
    yield head.encode()
    number = given = 0
    while given < size:
        piece = "".join(line(each) for each in range(number, number + 1000)).encode()
        number, given = number + 1000, given + len(piece)
        yield piece


def site_meter(number: int) -> str:
    """A second of a site's meter, with a dip now and then."""
    at = START + timedelta(seconds=number)
    volts = 140 if number % 997 == 0 else 230 + number % 5
    return f"{at:%Y-%m-%d %H:%M:%S};{volts},1;231,2;229,8;16,1;15,9;16,0;11,04;50,01;2,1\n"


def recorder(number: int) -> str:
    """An event of a power-quality recorder."""
    at = START + timedelta(seconds=number)
    return (
        f"{at:%Y-%m-%d %H:%M:%S.%f},{('Dip', 'Swell', 'Transient')[number % 3]},L1,{number % 900},{40 + number % 80}\n"
    )


def vehicle(number: int) -> str:
    """Two messages of a session, as a charger's controller prints them."""
    at = START + timedelta(seconds=number)
    head = f"{at:%Y-%m-%d %H:%M:%S}.000001 [INFO] iso15118_charg :: "
    return f"{head}Handling CurrentDemandReq\n{head}Sent CurrentDemandRes ResponseCode OK\n"


def noise(number: int) -> str:
    """What is hardly a text."""
    return "".join(chr(32 + (number * 7 + each * 13) % 95) for each in range(100)) + "\n"


CASES: dict[str, tuple[Callable[[int], str], str, float]] = {
    "log of a management system": (csms_log, "", 1.0),
    "structured log": (json_lines, "", SMALL),
    "table of states": (status_table, "Time;Charger;Connector;Status;Error code\n", SMALL),
    "site meter": (site_meter, "Time;U L1;U L2;U L3;I L1;I L2;I L3;P [kW];f [Hz];THD U L1 [%]\n", SMALL),
    "list of grid events": (recorder, "Time,Event,Phase,Duration [ms],Residual [%]\n", SMALL),
    "vehicle dialogue": (vehicle, "", SMALL),
    "one single line": (one_line, "", SMALL),
    "noise": (noise, "", SMALL),
}

COLUMNS = (
    ("MB", 6), ("signals", 9), ("frames", 9), ("MB/s", 6), ("MB/cpu", 6), ("begin", 6), ("half", 6), ("peak MB", 8),
)  # fmt: skip


def memory() -> float:
    """The most memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def measured(path: Path) -> dict[str, float]:
    """Read one file to its end."""
    begin, size, half = memory(), path.stat().st_size, 0.0
    begun, worked = time.perf_counter(), time.process_time()
    reading = read(path)
    signals = 0
    for _ in reading:
        signals += 1
        if not half and reading.bytes * 2 >= size:
            half = memory()
    seconds, work = time.perf_counter() - begun, time.process_time() - worked
    return {
        "MB": size / MEGABYTE, "signals": signals, "frames": reading.frames, "MB/s": size / MEGABYTE / seconds,
        "MB/cpu": size / MEGABYTE / work,
        "begin": begin, "half": half, "peak": memory(),
    }  # fmt: skip


def in_a_process(path: Path) -> dict[str, float]:
    done = subprocess.run([sys.executable, __file__, "--read", str(path)], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def archive(size: int) -> str:
    """A log in a zip: unpacked and read, in what memory."""
    with tempfile.TemporaryDirectory() as folder:
        path, inner = Path(folder) / "some.zip", Path(folder) / "inner"
        inner.mkdir()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.log", "w") as part:
            for piece in pieces(csms_log, "", size):
                part.write(piece)
        begun, before = time.perf_counter(), memory()
        signals = sum(1 for member in parcel.members(path, inner) for _ in parcel.read_member(member))
        seconds, more = time.perf_counter() - begun, memory() - before
    return f"a zip of {size / MEGABYTE:.0f} MB of log: {signals} signals, {seconds:.1f} s, {more:.0f} MB more"


def bomb() -> str:
    """A gigabyte of blanks in a megabyte of gzip."""
    packed = io.BytesIO()
    with gzip.open(packed, "wb") as out:
        out.write(b"2031-05-01 10:00:00 INFO begin\n")
        for _ in range(1000):
            out.write(b" " * 1_000_000)
    once = packed.getvalue()
    begun, before = time.perf_counter(), memory()
    try:
        for _ in read(io.BytesIO(once)):
            pass
        told = "was read"
    except InputError as error:
        told = f"refused: {error.what}"
    seconds, more = time.perf_counter() - begun, memory() - before
    return f"a bomb of {len(once) / MEGABYTE:.1f} MB: {told}; {seconds:.1f} s, {more:.0f} MB more"


def main() -> int:
    if sys.argv[1:2] == ["--read"]:
        print(json.dumps(measured(Path(sys.argv[2]))))
        return 0
    size = int(float(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT) * MEGABYTE
    wanted, worst = " ".join(sys.argv[2:]), 0.0
    print(" " * 28, " ".join(f"{name:>{wide}}" for name, wide in COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "some.log"
        for name, (line, head, share) in CASES.items():
            if wanted not in name:
                continue
            with path.open("wb") as out:
                out.writelines(pieces(line, head, int(size * share)))
            told = in_a_process(path)
            worst = max(worst, told["peak"] - told["begin"])
            print(
                f"{name:28} {told['MB']:6.0f} {told['signals']:9.0f} {told['frames']:9.0f} {told['MB/s']:6.1f}"
                f" {told['MB/cpu']:6.1f}"
                f" {told['begin']:6.0f} {told['half']:6.0f} {told['peak']:8.0f}"
            )
    if not wanted or wanted in "zip":
        print(archive(int(size * SMALL)))
    print(bomb())
    return int(worst > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
