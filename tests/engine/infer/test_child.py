"""The child process: it starts late, ends with its parent, and what it cannot carry is carried without it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chargelore.engine.infer.fact import Fact
from chargelore.engine.rule import CaseRule, Need
from chargelore.engine.rulefile import Conclude
from chargelore.kb.model import CauseId, EvidenceId

child = pytest.importorskip(
    "chargelore.engine.infer.child", reason="needs durable-rules, which cannot be had on Python 3.13 and later"
)

S1, S2 = EvidenceId("s1"), EvidenceId("s2")
RULES = [
    CaseRule(
        id="r", needs=(Need(symptom=S1), Need(symptom=S2)), conclude=Conclude(cause=CauseId("c")), why="",
        status="stable", author="x", examples=(), version="1", place="test",
    )
]  # fmt: skip
CASE = [Fact(S1, 1), Fact(S2, 1)]

DIES_AT_EACH_CASE = """
import sys
sys.stdin.readline(); print('"ready"', flush=True)
sys.stdin.readline(); sys.exit(1)
"""
NEVER_STARTS = "raise ImportError('undefined symbol')"
TALKS_NONSENSE = "print('[[[', flush=True)"


def test_no_case_that_no_rule_could_hold_in_starts_the_child() -> None:
    durable = child.Durable(RULES)
    assert durable.conclude([Fact(S1, 1)]) == ()
    assert durable.conclude([]) == ()
    assert durable.pid is None


def test_a_case_that_crashes_the_child_twice_is_told_and_goes_to_the_plain_chainer(tmp_path: Path) -> None:
    program = tmp_path / "dies.py"
    program.write_text(DIES_AT_EACH_CASE, encoding="utf-8")
    durable = child.Durable(RULES, program)
    assert [each.rule for each in durable.conclude(CASE)] == ["r"]
    assert [each.rule for each in durable.conclude(CASE)] == ["r"]
    assert durable.restarts == 2
    assert durable.quarantined == {frozenset(CASE)}
    assert durable.troubles == ("durable-rules crashed 2 times on a case of 2 symptoms; the plain chainer took it",)
    durable.close()


@pytest.mark.parametrize("text", [NEVER_STARTS, TALKS_NONSENSE])
def test_a_child_that_never_starts_is_given_up_for_good(tmp_path: Path, text: str) -> None:
    program = tmp_path / "broken.py"
    program.write_text(text, encoding="utf-8")
    durable = child.Durable(RULES, program)
    for _ in range(5):
        assert [each.rule for each in durable.conclude(CASE)] == ["r"]
    assert durable.restarts == 2
    assert durable.troubles == ("durable-rules does not start here; the plain chainer does its work",)
    durable.close()


PARENT = """
import os, sys
from chargelore.engine.infer.child import Durable
from chargelore.engine.infer.fact import Fact
from chargelore.engine.rule import CaseRule, Need
from chargelore.engine.rulefile import Conclude
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
