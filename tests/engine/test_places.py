"""The places file: what stands where is read, and what is wrong is told with file, line and cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rulefile import RuleScope
from chargelore.engine.places import LARGEST, NO_PLACES, Places, load_places, places_in
from chargelore.engine.ruleschema import places_schema
from chargelore.engine.scope import UNPLACED, fit_at
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

DEPOT = """
chargers:
  CP-1: {site: depot, feeder: A, connectors: {1: type2, 2: ccs2}}
  4711: {site: depot, feeder: A}
  "CP-2*": {site: depot, feeder: B, connectors: type2}
  "CP-22*": {site: annex}
models:
  - {vendor: Alfen, model: "*", connectors: type2}
  - {vendor: Alfen, model: "Eve Double*", connectors: {1: type2, 2: schuko}}
"""


def places(text: str) -> Places:
    return places_in(parse(Path("places.yaml"), RuleError, text))


def test_an_id_goes_before_a_pattern_and_a_longer_pattern_before_a_shorter() -> None:
    known = places(DEPOT)
    assert known.key("CP-1", "feeder") == ("depot", "A")
    assert known.key("4711", "site") == ("depot",)
    assert known.key("CP-21", "feeder") == ("depot", "B")
    assert known.key("CP-221", "site") == ("annex",)
    assert known.key("CP-221", "feeder") is None
    assert known.key("CP-3", "site") is None


def test_members_are_those_named_by_their_ids() -> None:
    assert places(DEPOT).members == {("depot",): {"CP-1", "4711"}, ("depot", "A"): {"CP-1", "4711"}}


def test_a_model_tells_the_connectors_of_a_charger_that_names_none() -> None:
    known = places(DEPOT)
    eve = Charger(id="4711", vendor="ALFEN BV", model="Eve Double Pro")
    assert known.spot(eve).connectors == ((1, "type2"), (2, "schuko"))
    assert known.spot(Charger(id="CP-1", vendor="Alfen", model="Eve Double")).connectors[1] == (2, "ccs2")


def test_a_scope_by_connector_looks_at_the_connector_of_the_signal() -> None:
    spot, charger = places(DEPOT).spot(Charger(id="CP-1")), Charger(id="CP-1")
    assert [fit_at(RuleScope(connector="dc"), charger, spot, each) for each in (1, 2, None)] == [
        "outside", "inside", "inside",
    ]  # fmt: skip
    assert fit_at(RuleScope(connector=["chademo"]), charger, spot, None) == "outside"
    assert fit_at(RuleScope(connector="ac"), charger, UNPLACED, 1) == "unsure"
    assert fit_at(RuleScope(site="dep*", feeder="a"), charger, spot) == "inside"
    assert fit_at(RuleScope(site="annex"), charger, spot) == "outside"
    assert fit_at(RuleScope(site="annex"), charger) == "unsure"


def test_nobody_knows_whether_a_nacs_connector_carries_ac_or_dc() -> None:
    spot = places("chargers: {X: {connectors: {1: nacs}}}").spot(Charger(id="X"))
    assert fit_at(RuleScope(connector="dc"), Charger(id="X"), spot, 1) == "unsure"
    assert fit_at(RuleScope(connector="nacs"), Charger(id="X"), spot, 1) == "inside"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "names no place"),
        ("- a", 1, "names no place"),
        ("charger: {}", 1, "`charger`"),
        ("chargers:\n  A: {sight: x}", 2, "`chargers.A.sight`"),
        ("chargers:\n  A: {feeder: x}", 2, "stands on a feeder of no site"),
        ("chargers:\n  A:\n    site: x\n    connectors: {1: css2}", 4, "did you mean ccs2?"),
        ("chargers:\n  A:\n    connectors: {one: ccs2}", 3, "'one' is no connector"),
        ("chargers:\n  A:\n    connectors: [ccs2]", 3, "holds no types"),
        ("chargers: {}\nmodels:\n  - {vendor: X}", 3, "`models.0"),
        ("chargers:\n  A: {}\n  A: {}", 3, "stands here twice"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_cure(text: str, line: int, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        places(text)
    assert said in str(refused.value)
    assert refused.value.where == f"places.yaml:{line}"
    assert refused.value.mend


def test_a_file_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "places.yaml"
    file.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(RuleError, match="larger than"):
        load_places(file)
    with pytest.raises(RuleError, match="more than"):
        places("chargers:\n" + "".join(f"  'A{number}*': {{}}\n" for number in range(501)))


def test_the_schema_of_places_says_yes_to_what_can_be_read_and_no_to_a_slip() -> None:
    editor = Draft202012Validator(places_schema())
    Draft202012Validator.check_schema(places_schema())
    assert editor.is_valid({"chargers": {"A": {"site": "x", "connectors": {"1": "ccs2"}}}})
    assert not editor.is_valid({"chargers": {"A": {"sight": "x"}}})
    assert not editor.is_valid({"chargers": {"A": {"connectors": {"1": "css2"}}}})


@given(charger=st.text(max_size=30), begin=st.text(st.characters(exclude_characters="*"), max_size=3))
def test_a_star_stands_for_anything_and_every_other_sign_for_itself(charger: str, begin: str) -> None:
    known = Places(patterns=((begin + "*", UNPLACED._replace(site="x")),), file="f")
    assert known.key(charger, "site") == (("x",) if charger.startswith(begin) else None)
    assert not NO_PLACES
