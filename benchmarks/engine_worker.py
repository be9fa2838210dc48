"""One rule engine on one stream, in a process of its own: reads its task as JSON from stdin and prints figures."""

# ruff: noqa: PLC0415  # each engine is imported only in the process that runs it
from __future__ import annotations

import gc
import json
import pickle
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import engine_peers
import msgspec
from engine_stream import NOON, Plain, Windows, cases, event, plain_rules

from chargelore.kb.model import EvidenceId

CHECKED = 64  # frames between two looks at the clock
TIMED = 20_000  # frames of the second round, each timed by itself

Take = Callable[[int, str, datetime, bytes], list[str]]


def ours(size: int, case_rules: int, *, sift: bool = True) -> tuple[Take, Callable[[], Any]]:
    """The product: bytes to symptoms, and with case rules on to conclusions."""
    from engine_ours import case_rule, signal_rule

    from chargelore.engine.grammar.rule import Rules
    from chargelore.engine.infer import Fact, best
    from chargelore.engine.matching.network import compile_rules
    from chargelore.engine.matching.stream import Stream

    rules = Rules(signal_rules=tuple(map(signal_rule, plain_rules(size))))
    stream = Stream(compile_rules(rules), sift=sift)
    inference = best([case_rule(*each) for each in cases(case_rules)])
    shown: dict[str, dict[str, Fact]] = defaultdict(dict)
    held: dict[str, set[str]] = defaultdict(set)

    def take(number: int, charger: str, at: datetime, frame: bytes) -> list[str]:
        firings = stream.take(charger, at, frame, number)
        if not firings:
            return []
        found = [each.rule for each in firings]
        known = shown[charger]
        if case_rules and not known.keys() >= set(found):
            known.update((each, Fact(EvidenceId(each), 1)) for each in found)
            new = {each.rule for each in inference.conclude([*known.values()])} - held[charger]
            held[charger] |= new
            found += sorted(new)
        return found

    return take, inference.close


def durable(rules: tuple[Plain, ...]) -> Take:
    """durable-rules with everything posted to it."""
    peer, read = engine_peers.Durable(rules), msgspec.json.Decoder().decode
    return lambda _number, charger, _at, frame: peer.fired(charger, event(read(frame)))


def peer(name: str, rules: tuple[Plain, ...], *, sifted: bool) -> Take:
    """Another engine: it finds patterns, the orders and counts over them are ours for all alike."""
    patterns = [(rule.id, called, each) for rule in rules for called, each in rule.patterns.items()]
    engine, windows = engine_peers.PEERS[name]([each for *_, each in patterns]), Windows(rules)
    read = msgspec.json.Decoder().decode
    is_quiet = sieve(rules) if sifted else None

    def take(_number: int, charger: str, at: datetime, frame: bytes) -> list[str]:
        if is_quiet is not None and is_quiet(frame):
            return []
        met: dict[str, set[str]] = defaultdict(set)
        for number in engine.met(event(read(frame))):
            rule, called, _ = patterns[number]
            met[rule].add(called)
        return [rule for rule, names in met.items() if windows.take(rule, names, charger, at.timestamp())]

    return take


def sieve(rules: tuple[Plain, ...]) -> Callable[[bytes], bool]:
    """Our own pre-filter, lent to others."""
    from engine_ours import signal_rule

    from chargelore.engine.matching.sieve import Sieve

    return Sieve(each for rule in rules for each in signal_rule(rule).patterns.values()).is_quiet


def made(task: dict[str, Any]) -> tuple[Take, Callable[[], Any]]:
    """The engine of a task, and what ends it."""
    name, size = task["system"], task["size"]
    if name.startswith("chargelore"):
        return ours(size, task["cases"], sift="no sieve" not in name)
    if name == "decode alone (msgspec)":
        read = msgspec.json.Decoder().decode
        return lambda _number, _charger, _at, frame: read(frame) and [], lambda: None
    if name == "durable-rules, naive":
        return durable(plain_rules(size)), lambda: None
    plain = name.removesuffix(" + our sieve")
    return peer(plain, plain_rules(size), sifted=plain != name), lambda: None


def main() -> None:
    """Run the task that stdin holds."""
    task = json.loads(sys.stdin.readline())
    if task["system"] == "idle":
        print(json.dumps({"each": idle(task["chargers"])}))
        return
    frames: list[tuple[str, datetime, bytes]] = pickle.loads(Path(task["frames"]).read_bytes())  # noqa: S301  # of the runner
    gc.collect()
    gc.freeze()
    before = memory("VmRSS")
    take, close = made(task)
    done, fired, seconds, wall = whole(take, frames, task["limit"])
    close()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds += children.ru_utime + children.ru_stime
    peak = memory("VmHWM") - before
    take, close = made(task)
    p99 = timed(take, frames[: min(done, TIMED)], task["limit"] / 2)
    close()
    print(json.dumps({"frames": done, "fired": fired, "cpu": seconds, "wall": wall, "p99": p99, "peak": peak}))
    sys.stdout.flush()


def idle(chargers: int) -> float:
    """Bytes for each charger that booted and beats, under 1,000 rules; its id among them."""
    take, close = ours(1_000, 0)
    boot = b'[2,"1","BootNotification",{"chargePointVendor":"Acme","chargePointModel":"Box","firmwareVersion":"1.2.3"}]'
    gc.collect()
    before = memory("VmRSS")
    for number in range(chargers):
        for place, frame in enumerate((boot, b'[2,"2","Heartbeat",{}]', b'[2,"3","Heartbeat",{}]')):
            take(0, f"CP{number}", NOON + timedelta(minutes=place, milliseconds=number), frame)
    gc.collect()
    used = (memory("VmRSS") - before) * 1024 / chargers
    close()
    return used


def whole(take: Take, frames: list[Any], limit: float) -> tuple[int, list[tuple[int, str]], float, float]:
    """As many frames as the limit of CPU seconds allows: how many, what fired at which, CPU and wall seconds."""
    fired: list[tuple[int, str]] = []
    begun, begun_wall, done = time.process_time(), time.perf_counter(), 0
    rest = enumerate(frames)
    while part := list(islice(rest, CHECKED)):
        for number, (charger, at, frame) in part:
            if found := take(number, charger, at, frame):
                fired += [(number, each) for each in found]
        done += len(part)
        if time.process_time() - begun > limit:
            break
    return done, fired, time.process_time() - begun, time.perf_counter() - begun_wall


def timed(take: Take, frames: list[Any], limit: float) -> float:
    """Microseconds that one frame of a hundred takes longer than."""
    spans, end = [], time.perf_counter() + limit
    for number, (charger, at, frame) in enumerate(frames):
        begun = time.perf_counter_ns()
        take(number, charger, at, frame)
        spans.append(time.perf_counter_ns() - begun)
        if time.perf_counter() > end:
            break
    return sorted(spans)[len(spans) * 99 // 100] / 1_000


def memory(which: str) -> int:
    """Kilobytes of this process: VmRSS now, VmHWM at its highest."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
