"""Named: a signal rule by its id or its file."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from chargelore.engine.grammar.rule import SignalRule, load_rules, rule_file
from chargelore.kb.errors import UseError


def signal_rule(name: str, folder: Path) -> SignalRule:
    """The signal rule of that id in a folder. UseError with the nearest id where there is none."""
    known = {rule.id: rule for rule in load_rules(folder).signal_rules}
    if name not in known:
        close = get_close_matches(name, known, n=1)
        raise UseError(
            f"there is no signal rule {name}", mend=f"did you mean {close[0]}?" if close else "see `rules test`"
        )
    return known[name]


def written_rule(name: str, folder: Path) -> tuple[SignalRule, Path]:
    """A signal rule and its file, by the path of the file or by its id in a folder. UseError for a case rule."""
    if name.endswith(".yaml"):
        file = Path(name)
        if not file.is_file():
            raise UseError(f"{name} is no file", mend="name a rule's file or its id")
        rule = rule_file(file)
        if not isinstance(rule, SignalRule):
            raise UseError(f"{rule.id} is a case rule", mend="name the rule of one of its symptoms")
        return rule, file
    found = signal_rule(name, folder)
    return found, Path(found.place.rpartition(":")[0])
