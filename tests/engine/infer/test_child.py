"""The child process: it starts late, ends with its parent, and what it cannot carry is carried without it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chargelore.engine.grammar.rule import CaseRule, Need
from chargelore.engine.grammar.rulefile import Conclude
from chargelore.engine.infer.fact import Fact
from chargelore.engine.infer.standing import Standing
from chargelore.kb.model import CauseId, EvidenceId

child = pytest.importorskip(
    "chargelore.engine.infer.child", reason="needs durable-rules, which cannot be had on Python 3.13 and later"
)

S1, S2, S3 = EvidenceId("s1"), EvidenceId("s2"), EvidenceId("s3")


def rule(name: str, *needs: EvidenceId) -> CaseRule:
    return CaseRule(
        id=name, needs=tuple(Need(symptom=each) for each in needs), conclude=Conclude(cause=CauseId("c")), why="",
        status="stable", author="x", examples=(), version="1", place="test",
    )  # fmt: skip


RULES = [rule("r", S1, S2)]
CASE = [Fact(S1, 1), Fact(S2, 1)]

DIES_AT_EACH_CASE = """
import os, signal, sys
sys.stdin.readline(); print('"ready"', flush=True)
sys.stdin.readline(); os.kill(os.getpid(), signal.SIGSEGV)
"""
HANGS_AT_EACH_CASE = """
import sys, time
sys.stdin.readline(); print('"ready"', flush=True)
time.sleep(60)
"""
NEVER_LISTENS = "import time; time.sleep(60)"
REAL_WITH_A_FLAW = """
import sys
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("child", {real!r})
child = module_from_spec(spec)
spec.loader.exec_module(child)
child.PATIENCE = 1


def held(*case, **told):
    {flaw}


child.held = held
child.serve()
"""
NEVER_STARTS = "raise ImportError('undefined symbol')"
TALKS_NONSENSE = "print('[[[', flush=True)"


def test_no_case_that_no_rule_could_hold_in_starts_the_child() -> None:
    durable = child.Durable(RULES)
    assert durable.conclude([Fact(S1, 1)]) == ()
    assert durable.conclude([]) == ()
    assert durable.pid is None


def durable(folder: Path, text: str, rules: list[CaseRule] = RULES) -> Any:
    """Inference over a child that runs this text instead of our program."""
    program = folder / "child.py"
    program.write_text(text, encoding="utf-8")
    return child.Durable(rules, program)


def names(inference: Any, facts: list[Fact]) -> list[str]:
    return [each.rule for each in inference.conclude(facts)]


def test_a_case_that_crashes_the_child_twice_goes_to_the_plain_chainer(tmp_path: Path) -> None:
    inference = durable(tmp_path, DIES_AT_EACH_CASE)
    assert names(inference, CASE) == ["r"]
    assert names(inference, CASE) == ["r"]
    assert inference.standing == Standing("durable", restarts=2, set_aside=1, why="ended by SIGSEGV")
    assert inference.standing.told() == (
        "inference child restarted 2 times; 1 case done by the plain chainer (last: ended by SIGSEGV)"
    )
    inference.close()


def test_a_case_that_was_set_aside_stays_so_however_it_grows(tmp_path: Path) -> None:
    inference = durable(tmp_path, DIES_AT_EACH_CASE, [*RULES, rule("more", S1, S2, S3)])
    for case in (CASE, [*CASE, Fact(S3, 1)], [*CASE, Fact(S3, 2)]):
        assert "r" in names(inference, case)
    assert (inference.standing.restarts, inference.standing.set_aside) == (2, 1)
    inference.close()


def test_a_child_that_hangs_is_one_that_crashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 0.2)
    inference = durable(tmp_path, HANGS_AT_EACH_CASE)
    assert names(inference, CASE) == ["r"]
    assert inference.standing == Standing("durable", restarts=2, set_aside=1, why="gave no answer within 0.2 s")
    inference.close()


def test_a_child_that_does_not_even_listen_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE_AT_START", 0.2)
    rules = [rule(f"r{number}", S1, EvidenceId(f"x{number}")) for number in range(2_000)]
    inference = durable(tmp_path, NEVER_LISTENS, [*RULES, *rules])
    assert names(inference, CASE) == ["r"]
    assert inference.standing.is_given_up
    inference.close()


@pytest.mark.parametrize(
    ("flaw", "why"),
    [
        ("import re; re.match('(a+)+$', 'a' * 64 + 'b')", "gave no answer in time"),
        ("bytearray(2**31)", "ended with 1"),
        ("import ctypes; ctypes.string_at(0)", "ended by SIGSEGV"),
    ],
    ids=["hangs while it holds the interpreter", "asks for more memory than it may", "reads where nothing is"],
)
def test_what_the_library_may_do_to_its_process_ends_that_process_alone(tmp_path: Path, flaw: str, why: str) -> None:
    pytest.importorskip("durable", reason="durable-rules cannot be had on Python 3.13 and later")
    inference = durable(tmp_path, REAL_WITH_A_FLAW.format(real=str(child.PROGRAM), flaw=flaw))
    assert names(inference, CASE) == ["r"]
    assert inference.standing == Standing("durable", restarts=2, set_aside=1, why=why)
    inference.close()


def test_a_child_that_crashes_on_whatever_it_is_asked_is_given_up(tmp_path: Path) -> None:
    inference = durable(tmp_path, DIES_AT_EACH_CASE)
    for connector in range(2, 12):
        extra = [Fact(S2, each) for each in range(2, connector)]
        assert names(inference, [Fact(S1, connector), Fact(S2, connector), *extra][::-1]) == ["r"]
    assert inference.standing.is_given_up
    assert inference.standing.restarts == 10
    assert "does its work from now on" in inference.standing.told()
    inference.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (NEVER_STARTS, "ended with 1"),
        (TALKS_NONSENSE, "gave an answer that cannot be read"),
    ],
    ids=["never starts", "talks nonsense"],
)
def test_a_child_that_never_starts_is_given_up_for_good(tmp_path: Path, text: str, why: str) -> None:
    inference = durable(tmp_path, text)
    for _ in range(5):
        assert names(inference, CASE) == ["r"]
    assert inference.standing == Standing("durable", restarts=2, set_aside=1, why=why, is_given_up=True)
    inference.close()


def test_a_case_of_more_than_the_child_can_hold_is_not_asked_about() -> None:
    inference = child.Durable(RULES)
    assert names(inference, [*CASE, *(Fact(S1, each) for each in range(2, 3_000))]) == ["r"]
    assert inference.pid is None
    assert inference.standing == Standing("durable")


PARENT = """
import os, sys
from chargelore.engine.infer.child import Durable
from chargelore.engine.infer.fact import Fact
from chargelore.engine.grammar.rule import CaseRule, Need
from chargelore.engine.grammar.rulefile import Conclude
rule = CaseRule(id="r", needs=(Need(symptom="s1"),), conclude=Conclude(cause="c"), why="", status="stable",
                author="x", examples=(), version="1", place="test")
durable = Durable([rule])
durable.conclude([Fact("s1")])
print(durable.pid, flush=True)
os._exit(9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="asks for a process by signal 0, which Windows does not know")
def test_the_child_ends_when_its_parent_is_gone() -> None:
    pytest.importorskip("durable", reason="durable-rules cannot be had on Python 3.13 and later")
    parent = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, timeout=60, check=False)
    pid = int(parent.stdout)
    assert _is_gone(pid, within=20)


def _is_gone(pid: int, within: float) -> bool:
    """Waits until there is no such process; an orphan that nobody collects yet is gone as well."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if _is_uncollected(pid):
            return True
        time.sleep(0.01)
    return False


def _is_uncollected(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rsplit(")", 1)[-1].split()[0] == "Z"
