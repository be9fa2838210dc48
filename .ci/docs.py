"""Checks that what the documents promise is there: linked files, make targets, commands, causes and steps."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from chargelore.kb.load import shipped
from chargelore.tui.cli import COMMANDS

PAGES = (
    "README.md", "CHANGELOG.md", "rules/README.md", "kb/knowledge/README.md", "docs/export.md", "docs/lookup-json.md",
    "docs/store.md", "docs/reportability.md", "docs/log-formats.md", "docs/first-rule.md", "docs/tap.md",
    "docs/bench.md", "docs/watch.md", "docs/ball.md", "docs/learning.md", "docs/escalation.md",
    "docs/telemetry.md",
    "docs/screens.md", "docs/keys.md", "docs/serve.md",
)  # fmt: skip


def complaints(page: Path) -> Iterator[str]:
    """What one page says that is not so."""
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        if not (page.parent / link).exists():
            yield f"{page}: links to {link}, which is not there"
    for command in re.findall(r"^chargelore ([a-z]+)", text, re.MULTILINE):
        if command not in COMMANDS:
            yield f"{page}: names the command {command}, which is not there"
    targets = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for target in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE):
        if target not in targets:
            yield f"{page}: names `make {target}`, which is not there"
    yield from strangers(page, text)


def strangers(page: Path, text: str) -> Iterator[str]:
    """Causes and steps that an example names and the knowledge has not."""
    known = {*shipped().causes, *shipped().steps}
    for name in re.findall(r"--(?:cause|fixed-by|did|tried) ([a-z]+(?:-[a-z]+)+)", text):
        if name not in known:
            yield f"{page}: an example names {name}, which is no cause and no step"


def main() -> int:
    """Exit 1 when a page promises what is not there."""
    found = [each for page in PAGES for each in complaints(Path(page))]
    found += [
        each for page in sorted(Path("tui/cli").rglob("*.py")) for each in strangers(page, page.read_text("utf-8"))
    ]
    readme = Path("README.md").read_text(encoding="utf-8")
    found += [
        f"README.md: says nothing of `chargelore {name}`" for name in COMMANDS if f"chargelore {name}" not in readme
    ]
    print("\n".join(found) or f"documents: {len(PAGES)} pages hold what they promise")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
