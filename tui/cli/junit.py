"""JUnit: verdicts as the XML that build servers read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from chargelore.kb.errors import UseError
from chargelore.tui.text import plain

Verdict = tuple[str, str, tuple[str, ...]]  # the class (a rule, or `rules`), the name, and what failed


def junit(suite: str, verdicts: Iterable[Verdict]) -> bytes:
    """The verdicts as one suite; text that XML cannot carry is made harmless."""
    told = tuple(verdicts)
    failures = sum(bool(failed) for _, _, failed in told)
    root = Element("testsuite", name=suite, tests=str(len(told)), failures=str(failures), errors="0")
    for group, name, failed in told:
        case = SubElement(root, "testcase", classname=plain(group), name=plain(name))
        for why in failed:
            SubElement(case, "failure", message=plain(why))
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def write_junit(file: Path, suite: str, verdicts: Iterable[Verdict]) -> None:
    """Write them into a file. UseError when it cannot be written."""
    try:
        file.write_bytes(junit(suite, verdicts))
    except OSError as error:
        raise UseError(f"cannot be written ({error.strerror})", where=str(file), mend="name another file") from error
