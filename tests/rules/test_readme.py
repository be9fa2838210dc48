"""What the page for rule authors shows can be written, and what can be written is on the page."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from chargelore.engine.condition import Op
from chargelore.engine.exercise import exercise
from chargelore.engine.rule import SHIPPED, CaseRule, Rules, rule_in
from chargelore.engine.rulefile import CaseRuleFile, SignalRuleFile
from chargelore.engine.rulewhen import MAKERS
from chargelore.engine.signal import KINDS
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

PAGE = (SHIPPED / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```yaml\n# (\S+)[^\n]*\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("file", "text"), SHOWN)
def test_every_rule_on_the_page_does_as_its_examples_say(file: str, text: str) -> None:
    made = rule_in(parse(Path(file), RuleError, text))
    rules = Rules(case_rules=(made,)) if isinstance(made, CaseRule) else Rules(signal_rules=(made,))
    assert [each.passed for each in exercise(rules)] == [True, True]


def test_both_kinds_of_rule_are_shown() -> None:
    assert {file.split("/")[1] for file, _ in SHOWN} == {"signals", "cases"}


@pytest.mark.parametrize(
    "word",
    [
        *KINDS,
        *MAKERS,
        *get_args(Op),
        *(each.name for shape in (SignalRuleFile, CaseRuleFile) for each in fields(shape)),
    ],
)
def test_every_key_kind_operator_and_test_is_on_the_page(word: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", PAGE), word
