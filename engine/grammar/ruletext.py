"""Rule text: values as YAML on one line, which reads back as the same value whatever the value holds."""

from __future__ import annotations

from typing import Any

import yaml

LONGEST_LINE = 118
ENDLESS = 1_000_000


class _Dumper(yaml.SafeDumper):
    """Floats without exponents: YAML 1.2 reads `1e-05` as a word."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # yaml calls it so
        """The same value twice is written twice; rules know no aliases."""
        return True


def _float(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    text = f"{value:.9f}".rstrip("0")
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{text}0" if text.endswith(".") else text)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """What cannot be printed is escaped, so that one line stays one."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if value.isprintable() else '"')


_Dumper.add_representer(float, _float)
_Dumper.add_representer(str, _text)


def flow(value: object) -> str:
    """The value in one line of flow style."""
    said: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, width=ENDLESS, sort_keys=False
    )
    return said.removesuffix("...\n").strip()


def inside(value: object) -> str:
    """The value in flow style, quoted so that it may stand inside any list or mapping."""
    return flow([value])[1:-1]


def comment(text: str) -> str:
    """A text that may stand behind a `#`: one line, nothing that cannot be printed."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
