"""Rules as lines: each with its state, its owner and what findings made of it, and one rule in full. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import AnyRule, CaseRule, SignalRule
from chargelore.engine.lint.issue import Issue
from chargelore.engine.proving.exercise import Outcome
from chargelore.engine.proving.judge import FEWEST
from chargelore.engine.proving.scorecard import Rated
from chargelore.kb.model import Knowledge
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line, wrapping
from chargelore.tui.speech import counted, later, t
from chargelore.tui.text import brief, clock, padded, plain, words

STATE, OWNER, FIRES, JUDGED, DAY, LONGEST = 10, 10, 5, 10, 10, 1000
SEVERITY = {"error": DANGER, "warning": WARN, "hint": QUIET}
NO_RULES = later("No rules are here. `chargelore rules new` writes the first one; esc goes back.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule with what is known beside it. `fires` counts the cases of 90 days in which it spoke, `changed` is the day
    of its state or of its file; `broken` says why the file cannot be read now, so that the rule as it was is shown.
    """

    rule: AnyRule
    rated: Rated | None = None
    fires: int = 0
    changed: date | None = None
    issues: tuple[Issue, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    broken: str = ""
    text: str = field(default="", compare=False)

    @property
    def is_judged(self) -> bool:
        """Whether enough findings say something of it."""
        return self.rated is not None and self.rated.score.right + self.rated.score.wrong >= FEWEST


def title_of(rule: AnyRule) -> str:
    """What the rule says, in one sentence."""
    return rule.title if isinstance(rule, SignalRule) else rule.why or concludes(rule)


def concludes(rule: CaseRule) -> str:
    """What a case rule says where it holds."""
    return t("speaks for {what}", what=rule.conclude.cause or rule.conclude.symptom)


def row_key(row: RuleRow) -> str:
    """What makes a row the same when rules are read again."""
    return row.rule.id


def row_line(row: RuleRow, width: int) -> tuple[Text]:
    """One line: mark, id, state, owner, verdicts, day, and in a wide window the title."""
    mark, style = _mark(row)
    name = name_width(width)
    pieces = [
        (f"{mark} ", style), (padded(row.rule.id, name) + " ", STRONG), (padded(t(row.rule.status), STATE) + " ", NONE),
        (padded(row.rule.author, OWNER) + " ", QUIET), (f"{row.fires or '–':>{FIRES - 1}}  ", NONE),
        (padded(_judged(row), JUDGED) + " ", NONE),
        (padded(row.changed or "–", DAY) + "  ", QUIET),
    ]  # fmt: skip
    return (line(*pieces, brief(title_of(row.rule), LONGEST)),)


def name_width(width: int) -> int:
    """How many columns the ids have, so that a wide window has room for what the rules say."""
    room = width - STATE - OWNER - FIRES - JUDGED - DAY - 9
    return max(24, min(44, room - 24 if room > 50 else room))


def head_line(width: int) -> Text:
    """The names of the columns."""
    name = name_width(width)
    named = (
        (t("rule"), name),
        (t("state"), STATE),
        (t("owner"), OWNER),
        (t(" 90 d"), FIRES),
        (t("✓ yes ✗ no"), JUDGED),
        (t("changed"), DAY),
    )
    said = "  ".join((" ".join(padded(*each) for each in named), t("says")))
    return line((f"  {said}"[:width], QUIET))


def _mark(row: RuleRow) -> tuple[str, str]:
    """The worst that there is to say, as one letter: Broken file, Failed example, Error or Warning of lint."""
    worst = {each.severity for each in row.issues}
    if row.broken:
        return "B", DANGER
    if any(not each.passed for each in row.outcomes):
        return "F", DANGER
    return ("E", DANGER) if "error" in worst else ("W", WARN) if "warning" in worst else ("·", QUIET)


def _judged(row: RuleRow) -> str:
    if row.rated is None or not row.is_judged:
        return "–"
    score = row.rated.score
    return f"✓ {score.right} ✗ {score.wrong}"


def row_words(row: RuleRow) -> dict[str, str]:
    """What a filter searches and an export holds."""
    rule = row.rule
    said = rule.symptom if isinstance(rule, SignalRule) else rule.conclude.cause or rule.conclude.symptom or ""
    return {
        "rule": rule.id, "says": title_of(rule), "state": rule.status, "owner": rule.author, "symptom": said,
        "kind": "signal" if isinstance(rule, SignalRule) else "case", "judged": _judged(row),
        "fires": str(row.fires),
        "changed": str(row.changed or ""), "lint": " ".join(each.code for each in row.issues),
        "broken": "yes" if row.broken else "no",
    }  # fmt: skip


def sheet(row: RuleRow | None, known: Knowledge) -> list[Text]:
    """Everything of the rule under the cursor."""
    if row is None:
        return []
    parts = (_head(row, known), _troubles(row), _score(row), _examples(row), _file(row))
    return [wrapping(each) for part in parts for each in part]


def _head(row: RuleRow, known: Knowledge) -> Iterator[Text]:
    rule = row.rule
    told = t("{state}, version {n}, by {who}", state=t(rule.status), n=rule.version, who=plain(rule.author))
    yield line((plain(rule.id), STRONG), (f"  {told}", QUIET))
    yield Text(brief(title_of(rule), LONGEST))
    if isinstance(rule, SignalRule):
        asked = known.evidence.get(rule.symptom)
        yield line((t("says    "), QUIET), brief(asked.question if asked else rule.symptom, LONGEST))
    else:
        yield line((t("needs   "), QUIET), ", ".join(words(each.symptom) for each in rule.needs))
        yield line((t("says    "), QUIET), f"{words(concludes(rule))}, {t(rule.conclude.grade)}")
    yield from (line((f"{name:<8}", QUIET), brief(told, LONGEST)) for name, told in _told(rule) if told)


def _told(rule: AnyRule) -> Sequence[tuple[str, str]]:
    source = rule.source if isinstance(rule, SignalRule) else ""
    return ((t("limits"), rule.limits), (t("source"), source), (t("reason"), rule.reason),
            (t("now"), rule.replaced_by))  # fmt: skip


def _troubles(row: RuleRow) -> Iterator[Text]:
    if row.broken:
        yield Text()
        yield line((t("BROKEN  the file is kept as it was saved; here stands the rule as it was before"), DANGER))
        yield Text(brief(row.broken, LONGEST))
    for each in row.issues:
        yield line((f"{t(each.severity)} {each.code}  ", SEVERITY[each.severity]), brief(each.what, LONGEST))
        yield line((t("  mend: "), QUIET), brief(each.fix, LONGEST))


def _score(row: RuleRow) -> Iterator[Text]:
    yield Text()
    if row.rated is None or not row.is_judged:
        yield line((t("Fewer than {n} findings judge it: nothing is said of it yet.", n=FEWEST), QUIET))
        return
    score = row.rated.score
    fires = counted(score.right + score.wrong + score.useless, "case")
    told = t("spoke in {cases} with a finding: ✓ {right} right  ✗ {wrong} wrong  · {useless} said nothing on the cause",
             cases=fires, right=score.right, wrong=score.wrong, useless=score.useless)  # fmt: skip
    yield line(f"{told}  ", (t(row.rated.advice), NAME))


def _examples(row: RuleRow) -> Iterator[Text]:
    """The examples with what they expect; after a run, what happened."""
    told: Mapping[str, Outcome] = {each.example: each for each in row.outcomes}
    yield Text()
    yield line((counted(len(row.rule.examples), "example"), STRONG), ("" if told else t("  T runs them"), QUIET))
    for each in row.rule.examples:
        run = told.get(each.name)
        mark = ("  ? ", QUIET) if run is None else ("  ✓ ", GOOD) if run.passed else ("  ✗ ", DANGER)
        yield line(mark, brief(each.name, LONGEST), (f"  {run or t(each.expect)}", QUIET))


def _file(row: RuleRow) -> Iterator[Text]:
    yield Text()
    yield line((brief(row.rule.place, LONGEST), QUIET))
    for each in row.text.splitlines():
        yield Text(" " * min(20, len(each) - len(each.lstrip())) + brief(each, LONGEST))


def fired_in(rule: AnyRule, case: Case) -> list[Text]:
    """The times at which the rule spoke in the case as it was watched; nothing where it did not."""
    fired: list[Firing] = [each for each in case.firings if each.rule == rule.id]
    return [line(("✓ ", GOOD), t("In {case} it fired at {at}, while the case was watched.",
                                 case=case.id, at=clock(each.at))) for each in fired]  # fmt: skip
