"""View: the knowledge with what was learned, as far as one audience may see it; every format renders this and no more.

Texts are tamed, texts that no licence lets go are told in our words, and counts below five are `<5`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from chargelore.kb.claim import Tlp
from chargelore.kb.export.sieve import Reasons, claims, sieved
from chargelore.kb.export.text import mark, slug, tamed
from chargelore.kb.label import may_go
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.licence import wording
from chargelore.kb.model import CauseId, Code, EvidenceId, FaultId, Knowledge, StepId

FEWEST = 5
LABEL_OF_FINDINGS: Tlp = "AMBER"
BY_MAKER = "a rate or count of one maker (--oem-safe)"
NO_LICENCE = "no licence lets the text go; it is told in our words"

CauseKey = tuple[FaultId, CauseId]
ShownKey = tuple[CauseId, EvidenceId, str]
FixKey = tuple[StepId, CauseId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How often findings bore a link out, as text: a number from five on, `<5` below, nothing where nothing is told."""

    causes: Mapping[CauseKey, str] = field(default_factory=dict)
    shown: Mapping[ShownKey, str] = field(default_factory=dict)
    fixed: Mapping[FixKey, str] = field(default_factory=dict)
    held: Mapping[FixKey, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What was held back, why, and how often; never which."""

    what: str
    why: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """What one audience may see; lives as long as one export."""

    knowledge: Knowledge
    counts: Counts
    audience: Tlp
    oem_safe: bool
    withheld: tuple[Withheld, ...]
    version: str = "0.0.0"

    def tells_rates_of(self, cause: CauseId) -> bool:
        """Whether grades and counts of this cause may be told: not those of one maker in an export for makers."""
        return not (self.oem_safe and self.knowledge.causes[cause].scope.vendor)


def view(
    knowledge: Knowledge, learned: Learned = NOTHING_LEARNED, *, audience: Tlp, oem_safe: bool = False, version: str
) -> View:
    """What this audience may see of the knowledge and of what findings taught."""
    reasons: Reasons = Counter()
    kept = _sorted(_our_words(sieved(tamed(knowledge), audience, reasons), reasons))
    draft = View(knowledge=kept, counts=Counts(), audience=audience, oem_safe=oem_safe, withheld=(), version=version)
    counts = _counts(learned, draft, reasons)
    reasons["grade", BY_MAKER] += sum(not draft.tells_rates_of(cause) for cause in kept.causes)
    told = (Withheld(what=what, why=why, count=n) for (what, why), n in sorted(reasons.items()) if n)
    return replace(draft, counts=counts, withheld=tuple(told))


def code_id(code: Code) -> str:
    """The one name of a code in exports, safe in a file name, an IRI and a cell: `zaptec.0x0004.1f3a9c2e`."""
    spaces = (code.vendor, code.model, code.firmware, code.channel, code.table, code.code)
    return f"{slug(code.vendor)}.{slug(code.code)}.{mark(*spaces)}"


def _our_words(knowledge: Knowledge, reasons: Reasons) -> Knowledge:
    """Texts of sources whose licence lets no text go make way for the label of the fault that they mean."""
    closed = {name for name, source in knowledge.sources.items() if wording(source.licence) == "none"}
    codes = tuple(_told(code, knowledge) if code.source in closed else code for code in knowledge.codes)
    reasons["text", NO_LICENCE] += sum(code.source in closed for code in knowledge.codes)
    return replace(knowledge, codes=codes)


def _told(code: Code, knowledge: Knowledge) -> Code:
    return replace(code, text=knowledge.faults[code.means[0].fault].label if code.means else "")


def _sorted(knowledge: Knowledge) -> Knowledge:
    """In an order that depends on nothing but the content."""
    return replace(
        knowledge,
        sources=dict(sorted(knowledge.sources.items())),
        faults=dict(sorted(knowledge.faults.items())),
        codes=tuple(sorted(knowledge.codes, key=lambda each: (each.vendor, each.table, each.code, code_id(each)))),
        evidence=dict(sorted(knowledge.evidence.items())),
        causes=dict(sorted(knowledge.causes.items())),
        steps=dict(sorted(knowledge.steps.items())),
        makers=dict(sorted(knowledge.makers.items())),
        quirks=dict(sorted(knowledge.quirks.items())),
        registers=dict(sorted(knowledge.registers.items())),
        vendor_aliases=dict(sorted(knowledge.vendor_aliases.items())),
    )


def _counts(learned: Learned, shown: View, reasons: Reasons) -> Counts:
    """The counts that may go, of links that are in the view."""
    total = len(learned.causes) + len(learned.shown) + len(learned.fixed)
    if not may_go(LABEL_OF_FINDINGS, shown.audience):
        reasons["count of findings", f"labelled TLP:{LABEL_OF_FINDINGS}"] += total
        return Counts()
    open_ = set(_open_links(shown))
    reasons["count of findings", BY_MAKER] += len(set(_of_makers(learned, shown)))
    return Counts(
        causes={key: _told_count(each.cases) for key, each in sorted(learned.causes.items()) if key in open_},
        shown={key: _told_count(each.cases) for key, each in sorted(learned.shown.items()) if key in open_},
        fixed={key: _told_count(each.cases) for key, each in sorted(learned.fixed.items()) if key in open_},
        held={key: _told_count(each.held) for key, each in sorted(learned.fixed.items()) if key in open_},
    )


Key = CauseKey | ShownKey | FixKey


def _open_links(shown: View) -> Iterator[Key]:
    """The links whose counts may be told."""
    told = [each for each in shown.knowledge.causes.values() if shown.tells_rates_of(each.id)]
    names = {each.id for each in told}
    yield from ((each.fault, each.id) for each in told)
    yield from ((each.id, link.evidence, link.answer) for each in told for link in each.shows)
    for step in shown.knowledge.steps.values():
        yield from ((step.id, cure.cause) for cure in step.fixes if cure.cause in names)


def _of_makers(learned: Learned, shown: View) -> Iterator[Key]:
    hidden = {name for name in shown.knowledge.causes if not shown.tells_rates_of(name)}
    yield from (key for key in learned.causes if key[1] in hidden)
    yield from (key for key in learned.shown if key[0] in hidden)
    yield from (key for key in learned.fixed if key[1] in hidden)


def _told_count(number: int) -> str:
    return str(number) if number >= FEWEST else f"<{FEWEST}"


def licences(shown: View) -> dict[str, int]:
    """How many claims rest on sources of each licence."""
    sources = shown.knowledge.sources
    found = Counter(sources[each.source].licence for each in claims(shown.knowledge) if each.source in sources)
    return dict(sorted(found.items()))
