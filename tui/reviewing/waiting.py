"""Waiting: everything that waits for a person's decision, gathered from the log and the rules. Pure.

Links that findings propose, drafts, corrections of what was reviewed, objections, words looked up in vain, and rules
on trial that enough findings have judged. What a reviewer has decided since is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from chargelore.engine.grammar.rule import Rules
from chargelore.engine.learning.proposals import Proposed, open_proposals
from chargelore.engine.proving.judge import FEWEST
from chargelore.engine.proving.scorecard import Rated, scorecard
from chargelore.kb.aftermath import aftermath
from chargelore.kb.events import DISPUTE, GAP, REVIEW, SET, Event
from chargelore.kb.finding import Finding
from chargelore.kb.fold import in_order, live
from chargelore.kb.model import Knowledge
from chargelore.kb.overlay import overlaid
from chargelore.kb.project import project
from chargelore.kb.projection import Edge, Node, Projection
from chargelore.kb.rights import Rights

Kind = Literal["proposal", "draft", "correction", "objection", "gap", "trial"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SCOPE = ("vendor", "model", "firmware", "channel")
WHOLE = 100  # an agreement of 1, as events keep it: they hold no floats


@dataclass(frozen=True, slots=True)
class Voice:
    """What one author thinks of it: from -1, not at all, to 1, entirely; and why."""

    author: str
    agreement: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits. `subject` is the node, the link, the words or the rule it is about.

    `fields` are the values that a correction wants, or whoever edits a draft. `events` are those that brought it: the
    corrections, or the look-ups in vain; `times` is how many say it. Which of the other fields is there follows from
    `kind`.
    """

    kind: Kind
    subject: str
    times: int = 1
    author: str = ""
    at: str = ""
    proposed: Proposed | None = None
    node: Node | None = None
    edge: Edge | None = None
    rated: Rated | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, object] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    voices: tuple[Voice, ...] = ()

    @property
    def key(self) -> str:
        """What makes it the same when the queue is read again."""
        return f"{self.kind} {self.subject} {' '.join(self.said.values())}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the queue is read from: the log, who owns the store, the knowledge without it, and the rules."""

    events: Sequence[Event]
    owners: frozenset[str]
    base: Knowledge
    rules: Rules

    def whole(self, more: Iterable[Event] = (), owners: frozenset[str] = frozenset()) -> Projection:
        """What the log says, with these events behind it; `owners` may review besides."""
        return project((*self.events, *more), owners=self.owners | owners)


def queue(ledger: Ledger) -> tuple[Waiting, ...]:
    """All that waits, proposals first; within a kind what most people or cases say."""
    whole, (log, rights) = ledger.whole(), live(in_order(ledger.events), ledger.owners)
    voices = _voices(log)
    known = overlaid(ledger.base, whole)
    found = (
        *_proposed(ledger, whole, known), *_drafts(whole), *_corrections(log, rights, whole),
        *_objections(whole, voices, log, rights), *_gaps(log), *_trials(ledger, known),
    )  # fmt: skip
    heard = (_with_voices(each, voices) for each in found)
    return tuple(sorted(heard, key=lambda each: (KINDS.index(each.kind), -each.times, each.at, each.key)))


def _with_voices(one: Waiting, voices: Mapping[str, tuple[Voice, ...]]) -> Waiting:
    return replace(one, voices=voices[one.subject]) if one.subject in voices else one


def _voices(log: Iterable[Event]) -> dict[str, tuple[Voice, ...]]:
    """What each author thinks of each subject; the last word of each counts."""
    found: defaultdict[str, dict[str, Voice]] = defaultdict(dict)
    for each in log:
        if each.kind == DISPUTE and (position := each.body.get("position")) in ("agree", "disagree"):
            share = each.body.get("agreement")
            share = share if isinstance(share, int) and abs(share) <= WHOLE else WHOLE * (-1, 1)[position == "agree"]
            found[each.subject][each.author] = Voice(each.author, share / WHOLE, str(each.body.get("reason", "")))
    return {name: tuple(by[author] for author in sorted(by)) for name, by in found.items()}


def _proposed(ledger: Ledger, whole: Projection, known: Knowledge) -> Iterator[Waiting]:
    for each in open_proposals(ledger.events, ledger.owners, whole, known):
        yield Waiting(kind="proposal", subject=each.link.id, times=each.n, proposed=each)


def _drafts(whole: Projection) -> Iterator[Waiting]:
    for node in whole.nodes.values():
        if node.status == "draft":
            yield Waiting(kind="draft", subject=node.id, author=node.author, at=node.created, node=node)
    for edge in whole.edges.values():
        if whole.status(edge) == "draft":
            yield Waiting(kind="draft", subject=edge.id, author=edge.author, at=edge.created, edge=edge)


def _corrections(log: Iterable[Event], rights: Rights, whole: Projection) -> Iterator[Waiting]:
    """Other values for fields of what was reviewed, by people who are no reviewers, since the last review."""
    open_: defaultdict[str, list[Event]] = defaultdict(list)
    for each in log:
        if each.kind == REVIEW and rights.may_review(each):
            open_.pop(each.subject, None)
        if each.kind == SET and not rights.may_review(each):
            open_[each.subject].append(each)
    for subject, some in open_.items():
        made = whole.nodes.get(subject) or whole.edges.get(subject)
        if made is None or made.status != "draft":
            fields = {name: value for one in some for name, value in one.body.items()}
            names = tuple(one.id for one in some)
            yield Waiting(kind="correction", subject=subject, times=len(some), author=some[-1].author,
                          at=some[0].hlc, fields=fields, events=names)  # fmt: skip


def _objections(
    whole: Projection, voices: Mapping[str, tuple[Voice, ...]], log: Iterable[Event], rights: Rights
) -> Iterator[Waiting]:
    """What stands and somebody said is wrong, since it was last reviewed."""
    open_: dict[str, Event] = {}
    for each in log:
        if each.kind == REVIEW and rights.may_review(each):
            open_.pop(each.subject, None)
        if each.kind == DISPUTE and each.body.get("position") == "disagree":
            open_.setdefault(each.subject, each)
    for subject, first in open_.items():
        against = sum(each.agreement < 0 for each in voices.get(subject, ()))
        made = whole.nodes.get(subject) or whole.edges.get(subject)
        is_shipped = made is None and "/" in subject
        if against and (is_shipped or (made is not None and made.status == "reviewed")):
            edge = whole.edges.get(subject)
            yield Waiting(kind="objection", subject=subject, times=against, author=first.author, at=first.hlc,
                          node=whole.nodes.get(subject), edge=edge)  # fmt: skip


def _gaps(log: Iterable[Event]) -> Iterator[Waiting]:
    """Words looked up in vain; the same words of another maker or model are another gap."""
    piles: defaultdict[tuple[str, ...], list[Event]] = defaultdict(list)
    for each in log:
        if each.kind == GAP:
            scope = each.body.get("scope")
            known = {name: str(scope.get(name, "")) if isinstance(scope, Mapping) else "" for name in SCOPE}
            words = " ".join(str(each.body.get("words", each.subject)).split())
            piles[words.casefold(), *known.values()].append(each)
    for (_, *scope), pile in piles.items():
        words = " ".join(str(pile[-1].body.get("words", pile[-1].subject)).split())
        said = {name: value for name, value in zip(SCOPE, scope, strict=True) if value}
        yield Waiting(kind="gap", subject=words, times=len(pile), author=pile[-1].author, at=pile[-1].hlc, said=said,
                      events=tuple(each.id for each in pile))  # fmt: skip


def _trials(ledger: Ledger, known: Knowledge) -> Iterator[Waiting]:
    """Rules on trial that enough findings have judged, blind."""
    on_trial = tuple(each for each in ledger.rules.every if each.status == "shadow")
    for rated in scorecard(ledger.rules, confirmed(ledger), known) if on_trial else ():
        judged = rated.blind.right + rated.blind.wrong
        if rated.rule.status == "shadow" and judged >= FEWEST:
            yield Waiting(kind="trial", subject=rated.rule.id, times=judged, author=rated.rule.author, rated=rated)


def confirmed(ledger: Ledger) -> tuple[Finding, ...]:
    """The findings that say what it was: those that nobody took back and whose fix was not undone."""
    told = aftermath(ledger.events, ledger.owners).findings
    return tuple(each.counted.finding for each in told if each.counted.held is not False)
