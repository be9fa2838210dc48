"""Shelf: a folder of rules that is looked at again and again; only what changed is read, what broke stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chargelore.engine.grammar.rule import OPEN_CIRCLE, CaseRule, Rules, SignalRule, circling, rule_file, told_of_circle
from chargelore.kb.errors import RuleError

Stamp = tuple[int, int]  # nanoseconds of the last change, and bytes
Kept = tuple[Stamp, SignalRule | CaseRule | None]  # None: never could be read


@dataclass(frozen=True, slots=True)
class Shelf:
    """The rules of a folder as they stood at the last look, and what is wrong with files that cannot be read now."""

    folder: Path
    files: Mapping[Path, Kept] = field(default_factory=dict)
    broken: Mapping[Path, str] = field(default_factory=dict)
    resting: frozenset[Path] = frozenset()  # files whose rule closes a circle, so that it does not run

    @property
    def rules(self) -> Rules:
        """Every rule that stands; of two with one id the first file has it."""
        found: dict[str, SignalRule | CaseRule] = {}
        for file, (_, rule) in sorted(self.files.items()):
            if rule is not None and file not in self.resting:
                found.setdefault(rule.id, rule)
        return Rules(
            signal_rules=tuple(rule for rule in found.values() if isinstance(rule, SignalRule)),
            case_rules=tuple(rule for rule in found.values() if isinstance(rule, CaseRule)),
        )

    def meanwhile(self, file: Path) -> str:
        """What runs until a broken file is mended."""
        if file in self.resting:
            return "it rests until then"
        return "the other rules run" if self.files[file][1] is None else "its last good version goes on"


def looked(shelf: Shelf) -> Shelf:
    """The shelf as it stands now; the very same value when no file changed."""
    stamps = dict(_stamps(shelf.folder))
    if stamps == {file: stamp for file, (stamp, _) in shelf.files.items()}:
        return shelf
    files: dict[Path, Kept] = {}
    broken: dict[Path, str] = {}
    for file, stamp in stamps.items():
        known = shelf.files.get(file)
        if known is not None and known[0] == stamp:
            files[file] = known
            broken |= {file: shelf.broken[file]} if file in shelf.broken.keys() - shelf.resting else {}
            continue
        try:
            files[file] = stamp, rule_file(file)
        except RuleError as error:
            files[file] = stamp, known[1] if known else None
            broken[file] = str(error)
    resting = dict(_circling(files))
    return Shelf(shelf.folder, files, {**broken, **resting}, frozenset(resting))


def _circling(files: Mapping[Path, Kept]) -> Iterator[tuple[Path, str]]:
    """The files that must rest so that no rules prove each other: of each circle the one that was saved last."""
    case_rules = {file: (stamp, rule) for file, (stamp, rule) in files.items() if isinstance(rule, CaseRule)}
    while round_trip := circling(rule for _, rule in case_rules.values()):
        names = {rule.id for rule in round_trip}
        last = max((stamp, file) for file, (stamp, rule) in case_rules.items() if rule.id in names)[1]
        del case_rules[last]
        yield last, f"{last}: {told_of_circle(round_trip)} — {OPEN_CIRCLE}"


def _stamps(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    for file in sorted(folder.rglob("*.yaml")):
        try:
            status = file.stat()
        except OSError:  # an editor is about to write it anew
            continue
        yield file, (status.st_mtime_ns, status.st_size)
