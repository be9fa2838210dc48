"""Earlier: rules as they stood, from another folder or from a revision of git."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from chargelore.engine.grammar.rule import AnyRule, Rules, load_rules, rule_file
from chargelore.kb.errors import RuleError, UseError
from chargelore.tui.text import plain

PATIENCE = 60  # seconds for git


def earlier(named: str, folder: Path) -> Rules:
    """The rules of a folder, or those that stood below `folder` at a revision. UseError when it is neither."""
    return load_rules(Path(named)) if Path(named).is_dir() else _at_revision(named, folder)


def _at_revision(revision: str, folder: Path) -> Rules:
    """Rules that cannot be read any more are told and left out: there is nothing to compare."""
    archive = _archive(revision, folder if folder.is_dir() else folder.parent)
    with TemporaryDirectory() as made, tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(made, filter="data")
        rules = [_moved(each, made, folder) for each in _readable(Path(made), revision)]
    return Rules.of(rules)


def _archive(revision: str, folder: Path) -> bytes:
    neither = f"{revision} is no folder of rules, and no revision of {folder}"
    if revision.startswith("-"):
        raise UseError(neither, mend="name a folder, a tag, a branch or a commit")
    command = ["git", "-C", str(folder), "archive", "--format=tar", revision, "."]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603  # fixed words; the revision is no option
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise UseError(f"{neither} ({said})", mend="name a folder, a tag, a branch or a commit") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UseError(f"git cannot be asked for {revision}: {error}", mend="name a folder") from error
    return done.stdout


def _readable(folder: Path, revision: str) -> Iterator[AnyRule]:
    for file in sorted(folder.rglob("*.yaml")):
        try:
            yield rule_file(file)
        except RuleError as error:
            what = f"{file.relative_to(folder)} of {revision} is not compared: {error.what}"
            click.echo(f"chargelore: {plain(what)}", err=True)


def _moved(rule: AnyRule, made: str, folder: Path) -> AnyRule:
    """The rule with the place where it stood, not where it was unpacked."""
    return replace(rule, place=rule.place.replace(made, str(folder), 1))
