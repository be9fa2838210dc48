"""The review queue as lines: what waits, each before and after in words, what speaks for it, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from chargelore.engine.learning.proposals import up_to_ten
from chargelore.kb.clock import stamp_of
from chargelore.kb.model import Knowledge
from chargelore.kb.projection import Edge
from chargelore.kb.statement import Link
from chargelore.tui.cli.knowing.changewords import sentence
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line, wrapping
from chargelore.tui.reviewing.effect import Effect
from chargelore.tui.reviewing.linkwords import SHELVES, joined, named
from chargelore.tui.reviewing.waiting import Kind, Waiting
from chargelore.tui.speech import counted, later, t
from chargelore.tui.text import brief, padded, plain, words

LONGEST, MOST_CASES, TIMES, KIND_WIDTH = 600, 30, 6, 11
EMPTY = later(
    "Nothing waits for a decision. Links come here once five cases show them, and so do drafts, corrections and "
    "objections of others, words looked up in vain, and rules on trial that five findings have judged. esc goes back."
)
HEADS: Mapping[Kind, str] = {
    "proposal": later("Links that findings propose"),
    "draft": later("Drafts that nobody reviewed"),
    "correction": later("Corrections of what was reviewed"),
    "objection": later("Somebody says that this is wrong"),
    "gap": later("Looked up in vain"),
    "trial": later("Rules on trial"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The heading over all that waits of one kind."""

    kind: Kind
    many: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits, said in one sentence."""

    one: Waiting
    title: str


QueueRow = Head | Item


def rows(found: Sequence[Waiting], known: Knowledge) -> Iterator[QueueRow]:
    """Each kind under its heading, those with most behind them first."""
    for kind, head in HEADS.items():
        some = [each for each in found if each.kind == kind]
        if head and some:
            yield Head(kind, len(some))
            yield from (Item(each, title(each, known)) for each in some)


def row_key(row: QueueRow) -> object:
    """What makes a row the same when the queue is read again."""
    return row.kind if isinstance(row, Head) else row.one.key


def is_heading(row: QueueRow) -> bool:
    """Whether the cursor goes past it."""
    return isinstance(row, Head)


def row_line(row: QueueRow, width: int) -> tuple[Text]:
    """One line: how often it was said, and what."""
    if isinstance(row, Head):
        return (line((brief(f"{t(HEADS[row.kind])} · {row.many:,}", width), NAME)),)
    voices = _voices_short(row.one)
    room = width - TIMES - 2 - len(voices)
    return (line((f" {row.one.times:>{TIMES - 2},}× ", QUIET), (padded(row.title, room), NONE), (voices, QUIET)),)


def _voices_short(one: Waiting) -> str:
    yes, no = (sum(each.agreement * sign > 0 for each in one.voices) for sign in (1, -1))
    return f" +{yes} -{no}" if one.voices else ""


def row_words(row: QueueRow) -> dict[str, str]:
    """What a filter searches and an export holds."""
    if isinstance(row, Head):
        return {}
    one = row.one
    return {"kind": one.kind, "says": row.title, "about": one.subject, "times": str(one.times), "author": one.author,
            "since": day(one.at), **one.said}  # fmt: skip


def day(stamp: str) -> str:
    """The day of a moment of the log; empty where there is none."""
    return f"{stamp_of(stamp).at:%Y-%m-%d}" if stamp else ""


def title(one: Waiting, known: Knowledge) -> str:
    """What it says, in one sentence."""
    if one.proposed is not None:
        return joined(one.proposed.link, one.proposed.grade, known)
    if one.rated is not None:
        return t("{rule}: {advice} it?", rule=one.subject, advice=t(one.rated.advice))
    if one.kind == "gap":
        told = ", ".join(one.said.values())
        return t("“{what}”", what=one.subject) + (f" ({told})" if told else "")
    if one.edge is not None:
        return joined(_link(one.edge), one.edge.grade, known)
    if one.node is not None:
        return f"{t(words(one.node.kind))} {t('“{what}”', what=one.node.label)}"
    fields = f": {', '.join(one.fields)}" if one.fields else ""
    return f"{named(one.subject, known)}{fields}"


def _link(edge: Edge) -> Link:
    return Link(src=edge.src, rel=edge.rel, dst=edge.dst, answer=edge.answer, scope=edge.scope)


def diff(one: Waiting, known: Knowledge) -> tuple[list[str], list[str]]:
    """What is said before the decision and after a yes."""
    if one.proposed is not None:
        return [t("nothing is said of the two")], [joined(one.proposed.link, one.proposed.grade, known)]
    if one.kind == "correction":
        now = {name: _now(one.subject, name, known) for name in one.fields}
        return ([f"{name}: {now[name]}" for name in now], [f"{name}: {each}" for name, each in one.fields.items()])
    if one.kind == "objection":
        return [t("{what} stands", what=title(one, known))], [t("it stands no more")]
    if one.kind == "gap":
        nothing = t("{what} means nothing here", what=title(one, known))
        return [nothing], [t("`chargelore map` says what it means")]
    if one.rated is not None:
        return [t("it speaks and is heard by nobody")], [t("what it says counts in every diagnosis")]
    fields = [f"{name}: {each}" for name, each in (one.node.attrs if one.node else {}).items()]
    return [t("not there")], [title(one, known), *fields]


def _now(subject: str, name: str, known: Knowledge) -> str:
    """A field as it stands."""
    kind, _, bare = subject.partition("/")
    shelf, label = SHELVES.get(kind, ("", ""))
    one = getattr(known, shelf).get(bare) if shelf else None
    return str(getattr(one, label if name == "label" else name, "–")) if one is not None else "–"


def evidence(one: Waiting) -> Iterator[str]:
    """What speaks for it."""
    if one.proposed is not None:
        found = one.proposed
        cases, looked, lift = counted(found.n, "case"), f"{found.looked:,}", f"{found.lift:.1f}"
        yield t(
            "{cases} show it, of {looked} in which somebody looked: {lift} times", cases=cases, looked=looked, lift=lift
        )
        people, stores = up_to_ten(found.authors), up_to_ten(found.houses)
        yield t("as often as by chance; people: {people}, stores: {stores}", people=people, stores=stores)
    elif one.rated is not None:
        blind = one.rated.blind
        yield t("judged blind: {right} right, {wrong} wrong, {useless} said nothing on the cause",
                right=blind.right, wrong=blind.wrong, useless=blind.useless)  # fmt: skip
        yield t("its state stands in its file: Enter goes to it among the rules, where e edits it")
    elif one.kind == "gap":
        yield t("looked up {times} in vain, last on {day}", times=counted(one.times, "time"), day=day(one.at))
    else:
        yield t("said by {who} on {day}", who=one.author or t("somebody"), day=day(one.at))
    for voice in one.voices:
        reason = voice.reason or t("no reason given")
        yield t("{share} by {who}: {why}", share=f"{voice.agreement:+g}", who=voice.author, why=reason)


def sheet(row: QueueRow | None, known: Knowledge, told: Text | Effect) -> list[Text]:
    """Everything on the thing under the cursor; `told` is its effect, or why it is not there yet."""
    if not isinstance(row, Item):
        return []
    before, after = diff(row.one, known)
    first, *changed = effect_lines(told) if isinstance(told, Effect) else [told]
    lines = [
        line((plain(row.title), STRONG)),
        *(line((t("- before  "), DANGER), brief(each, LONGEST)) for each in before),
        *(line((t("+ after   "), GOOD), brief(each, LONGEST)) for each in after),
        line((t("Cases that would change"), NAME), ": ", first),
        line((t("What speaks for it"), NAME)),
        *(Text(f"  {brief(each, LONGEST)}") for each in evidence(row.one)),
        *changed,
    ]
    return [wrapping(each) for each in lines]


def effect_lines(found: Effect) -> list[Text]:
    """`12 same, 1 fixed, 0 worse`, and what became of those that change."""
    if not found.changes:
        return [Text(t("No case is confirmed yet, so nothing can be said."))]
    changed = [each for each in found.changes if each.became != "same"]
    marks = {"better": (t("fixed "), GOOD), "worse": (t("worse "), DANGER)}
    lines = [line((str(found), STRONG))]
    for each in changed[:MOST_CASES]:
        said = f"{brief(each.case, 40)}: {sentence(each, found.known)}"
        lines.append(line(marks.get(each.became, (t("other "), WARN)), brief(said, LONGEST)))
    if len(changed) > MOST_CASES:
        lines.append(line((t("and {n} more", n=f"{len(changed) - MOST_CASES:,}"), QUIET)))
    return lines
