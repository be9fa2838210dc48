"""A look-up is one call of plain Python: no screen, no command line, no database comes with it."""

from __future__ import annotations

import doctest
import subprocess
import sys

import chargelore.kb

ASK = """
import sys
import chargelore.kb
assert not [name for name in sys.modules if name.startswith("chargelore.kb.")], "the import alone is free of cost"
from chargelore.kb import lookup
print(lookup("GroundFailure", vendor="Zaptec")[0].fault)
print(*sorted(set(sys.modules) & set(sys.argv[1:])))
"""
STRANGERS = ("click", "durable", "networkx", "pydantic", "pymodbus", "sqlalchemy", "sqlmodel", "textual", "websockets")


def said() -> list[str]:
    asked = [sys.executable, "-c", ASK, *STRANGERS]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_look_up_needs_no_screen_and_no_database() -> None:
    said()  # the first one in a folder parses the knowledge, and checks it
    assert said() == ["ground-fault-trip", ""]


def test_the_example_in_the_docstring_is_true() -> None:
    assert doctest.testmod(chargelore.kb).failed == 0
