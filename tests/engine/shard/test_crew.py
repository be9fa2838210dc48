"""A share of the work is done in a process of its own; one that dies is done again, and said so."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

import pytest

from chargelore.engine.shard.crew import TRIES, done
from chargelore.kb.errors import EngineError, InputError


def squared(share: int) -> int:
    return share * share


def dying(folder: Path, doomed: int, times: int, share: int) -> int:
    """Ends by a signal of the system, as by a fault or for want of memory, so many times."""
    for number in range(times if share == doomed else 0):
        mark = folder / str(number)
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return share * share


def complaining(share: int) -> int:
    raise InputError(f"share {share} is empty", where="x.log", mend="fill it")


def test_results_come_in_the_order_of_the_shares():
    assert done(squared, 3, jobs=3) == ((0, 1, 4), (0, 0, 0))


def test_a_shard_that_dies_is_done_again_and_counted(tmp_path):
    assert done(partial(dying, tmp_path, 1, 2), 3, jobs=2) == ((0, 1, 4), (0, 2, 0))


def test_a_shard_that_dies_every_time_is_told_in_a_sentence(tmp_path):
    with pytest.raises(EngineError, match="shard 2 of 2 died 3 times"):
        done(partial(dying, tmp_path, 1, TRIES), 2)


def test_what_is_wrong_with_the_input_is_said_as_it_was_meant():
    with pytest.raises(InputError, match=r"x\.log: share 0 is empty — fill it"):
        done(complaining, 1)
