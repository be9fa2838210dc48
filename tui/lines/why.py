"""Why a cause is suspected: each reason with its strength, what backs it, and the signals behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Hypothesis, Reason, Unasked
from chargelore.engine.freeze import moves
from chargelore.engine.signal import Signal
from chargelore.kb.model import EvidenceId, Knowledge
from chargelore.tui.lines.apart import turn_lines
from chargelore.tui.lines.case import NotKnown, SuspectRow
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, block, line, wrapping
from chargelore.tui.lines.signal import signal_line
from chargelore.tui.parties import PARTIES
from chargelore.tui.speech import again, counted, later, odds, t
from chargelore.tui.text import brief, plain, words

MOST_SIGNALS = 4  # of one reason; the rest is told as a number
LONGEST = 600
CODE_FIELDS = ("errorCode", "vendorErrorCode", "code", "info", "techCode")

BACKINGS = (
    later("{n} of {all} cases, {held} held"), later("{n} case, {held} held"), later("{n} cases, {held} held"),
    later("{n} later finding of another cause"), later("{n} later findings of another cause"),
    later("nobody says where it comes from"), later("its trouble was never seen here"),
    later("only the fault is the same"),
)  # fmt: skip


def why(case: Case, diagnosis: Diagnosis, row: SuspectRow, knowledge: Knowledge, width: int) -> Text:
    """The whole explanation of one suspect."""
    if isinstance(row, NotKnown):
        return block(_not_known(row, diagnosis))
    lines = _head(row, knowledge)
    lines += _side(t("For it"), ("✓", GOOD), row.because, case, width)
    lines += _side(t("Against it"), ("✗", DANGER), row.against, case, width)
    lines += _unseen(row.unseen, row.unasked, knowledge)
    lines += turn_lines(diagnosis)
    lines += _limits(diagnosis)
    lines += _before(case)
    return block(lines)


def _before(case: Case) -> list[Text]:
    """How the readings moved in the minutes before; nothing where none did."""
    moved = moves(case.frame)
    return [Text(), line((t("Before it"), STRONG)), wrapping(Text(plain(moved)))] if moved else []


def _not_known(row: NotKnown, diagnosis: Diagnosis) -> list[Text]:
    missing = ", ".join(diagnosis.layers_missing) or t("nothing")
    return [
        *_left(row, diagnosis),
        Text(t("Layers that could not be seen: {missing}.", missing=missing)),
        Text(t("When you find the cause, go back, and r records it: the next technician then finds it here.")),
        *turn_lines(diagnosis),
    ]


def _left(row: NotKnown, diagnosis: Diagnosis) -> list[Text]:
    if row.is_untold:
        return [
            line((odds(row.probability), NAME), (t("  another cause; nothing speaks for it yet"), STRONG)),
            Text(),
            Text(t("No code names a fault, and most causes known here are as likely as they ever are.")),
            Text(t("That the cause is not in this knowledge base: {odds}.", odds=odds(diagnosis.unlisted))),
        ]
    return [
        line((odds(row.probability), NAME), (t("  the cause is not in this knowledge base"), STRONG)),
        Text(),
        Text(t("This grows when the known causes do not explain what was seen.")),
    ]


def _head(row: Hypothesis, knowledge: Knowledge) -> list[Text]:
    cause = knowledge.causes.get(row.cause)
    lines = [
        line((odds(row.probability), NAME), "  ", (plain(row.cause_label), STRONG)),
        line((t("fault     "), QUIET), plain(row.label), (f"  ({t(words(row.domain))})", QUIET)),
        line((t("who acts  "), QUIET), t(PARTIES[row.responsible])),
    ]
    detail = [Text(brief(cause.detail, LONGEST))] if cause and cause.detail else []
    return [wrapping(each) for each in (*lines, *detail)]


def _side(title: str, mark: tuple[str, str], reasons: Sequence[Reason], case: Case, width: int) -> list[Text]:
    lines = [Text(), line((title, STRONG), (f"  {len(reasons) or t('nothing seen')}", QUIET))]
    sign, style = mark
    for reason in reasons:
        answer = (f" {answered(reason.evidence, case)}", STRONG)
        backing = (f"  {'; '.join(again(each, *BACKINGS) for each in plain(reason.backed_by).split('; '))}", QUIET)
        head = line((f"  {sign} {t(reason.strength):<7}", style), brief(reason.text, LONGEST), answer, backing)
        lines += [wrapping(head), *_behind(reason, case, width)]
    return lines


def answered(evidence: str, case: Case) -> str:
    """How a question came out: what a person said, `yes` where a rule saw it, `not seen` where it looked in vain."""
    if evidence == "words" or ":" in evidence:
        return ""
    if (given := case.answers.get(EvidenceId(evidence))) is not None:
        return t(words(given))
    detected = {each.symptom for each in case.firings} | {each.symptom for each in case.conclusions}
    return t("yes") if evidence in detected else t("not seen")


def _behind(reason: Reason, case: Case, width: int) -> list[Text]:
    """The signals that a reason stands on, or the person who said it."""
    answer = case.answers.get(EvidenceId(reason.evidence))
    if answer is not None:
        return [line((t("      your answer"), QUIET))]
    signals = signals_of(reason.evidence, case)
    lines = [line((f"      {brief(each, width - 6)}", QUIET)) for each in _rules_behind(reason.evidence, case)]
    lines += [line("      ", signal_line(each, width - 6)) for each in signals[:MOST_SIGNALS]]
    more = len(signals) - MOST_SIGNALS
    return (
        [*lines, line((t("      and {signals}", signals=counted(more, "further signal")), QUIET))]
        if more > 0
        else lines
    )


def _rules_behind(evidence: str, case: Case) -> tuple[str, ...]:
    """The rules that said so, each with its version: `by the rule plugged-and-tripped@2.1f3a9c0d`."""
    kind, _, name = evidence.partition(":")
    ends = [each for each in case.conclusions if each.symptom == evidence or (kind == "rule" and each.rule == name)]
    facts = {evidence, *(fact for end in ends for fact in end.facts)}
    joined = [f"{end.rule}@{end.version}" for end in ends]
    saw = [f"{firing.rule}@{firing.version}" for firing in case.firings if firing.symptom in facts]
    return tuple(t("by the rule {rule}", rule=each) for each in dict.fromkeys((*joined, *saw)))


def signals_of(evidence: str, case: Case) -> tuple[Signal, ...]:
    """The signals behind a piece of evidence: of a symptom, of a fault code, or of symptoms that a case rule joined."""
    kind, _, name = evidence.partition(":")
    if kind == "fault":
        codes = {each.code for each in case.codes if each.fault == name}
        return tuple(each for each in case.signals if each.fields.get("fault") == name or _reports(each, codes))
    if kind == "rule":
        facts = {fact for each in case.conclusions if each.rule == name for fact in each.facts}
        return _fired(case, facts)
    return _fired(case, {evidence})


def _fired(case: Case, symptoms: Iterable[str]) -> tuple[Signal, ...]:
    wanted = set(symptoms)
    fired = (each for firing in case.firings if firing.symptom in wanted for each in firing.signals)
    return tuple({(each.line, each.at, each.raw): each for each in fired}.values())


def _reports(signal: Signal, codes: set[str]) -> bool:
    return any(str(signal.fields.get(name)) in codes for name in CODE_FIELDS)


def _unseen(unseen: Sequence[EvidenceId], unasked: Sequence[Unasked], knowledge: Knowledge) -> list[Text]:
    """What would count but was not looked for, and why it could not be where the charger's model cannot tell."""
    why = {each.symptom: each.why for each in unasked}
    title = line((t("Would count, but was not looked for"), STRONG), (f"  {len(unseen) or t('nothing')}", QUIET))
    lines = [Text(), title]
    for each in unseen:
        asked = knowledge.evidence[each].question if each in knowledge.evidence else words(each)
        lines.append(wrapping(line(("  ? ", WARN), brief(asked, LONGEST))))
        if each in why:
            lines.append(wrapping(line((t("      unknown: {why}", why=brief(why[each], LONGEST)), QUIET))))
    return lines


def _limits(diagnosis: Diagnosis) -> list[Text]:
    seen, missing = (" ".join(each) or t("nothing") for each in (diagnosis.layers_seen, diagnosis.layers_missing))
    return [Text(), line((t("layers seen  "), QUIET), (seen, GOOD)), line((t("not seen     "), QUIET), (missing, NONE))]
