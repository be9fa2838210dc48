"""Taxonomy as lines: faults by domain, how well each maker's chargers show them, and one fault in full. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from rich.text import Text

from chargelore.engine.coverage.heatmap import STATES, Cell, HeatMap, State
from chargelore.kb.model import CHANCE, Cause, CauseId, Code, Evidence, Fault, FaultId, Knowledge, Layer
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line, wrapping
from chargelore.tui.lines.tree import Twig, drawn
from chargelore.tui.parties import called
from chargelore.tui.speech import counted, later, t
from chargelore.tui.text import brief, padded, plain, words

NARROWED: tuple[tuple[Layer, ...], ...] = (
    get_args(Layer), ("ocpp",), ("ocpp", "csms"), ("ocpp", "csms", "modbus"), ("ocpp", "csms", "modbus", "firmware"),
)  # fmt: skip
SIGNS: Mapping[State, tuple[str, str]] = {"detects": ("✓D", GOOD), "visible": ("○v", WARN), "blind": ("·–", QUIET)}
TOLD: Mapping[State, str] = {
    "detects": later("a rule detects it"),
    "visible": later("a code says it, no rule looks for why"),
    "blind": later("blind: no rule, no code"),
}
CELL, HEAD, MARGIN = 5, 4, 5  # columns of a cell, and of a maker's name above it; of the frame and scroll bar
LEAST_LABEL, MOST_LABEL = 24, 48
MOST_CODES, MOST_MAKERS, LONGEST = 12, 20, 600


@dataclass(frozen=True, slots=True)
class Atlas:
    """The heat map of these layers, the codes that mean each fault, and the makers with most codes first."""

    layers: tuple[Layer, ...]
    found: HeatMap
    codes: Mapping[FaultId, tuple[Code, ...]]
    makers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain with its faults; the cursor stands on it only while it is folded."""

    name: str
    faults: tuple[FaultId, ...]
    labels: str
    is_folded: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """One fault."""

    fault: Fault


Branch = Domain | Leaf


def atlas(found: HeatMap, knowledge: Knowledge, layers: tuple[Layer, ...]) -> Atlas:
    """What the screen looks things up in; `found` is the map of these layers."""
    codes: defaultdict[FaultId, list[Code]] = defaultdict(list)
    for code in knowledge.codes:
        for name in (
            {each.fault for each in code.means if each.relation != "not"} if code.status != "deprecated" else ()
        ):
            codes[name].append(code)
    told = Counter(code.vendor for some in codes.values() for code in some)
    makers = tuple(sorted(found.makers, key=lambda name: (-told[name], name.casefold())))
    return Atlas(layers, found, {name: tuple(some) for name, some in codes.items()}, makers)


def branches(known: Knowledge, faults: Collection[FaultId], folded: Collection[str]) -> Iterator[Branch]:
    """Each domain, and below it its faults by name unless it is folded."""
    below: defaultdict[str, list[Fault]] = defaultdict(list)
    for name in faults:
        below[known.faults[name].domain].append(known.faults[name])
    for domain, some in sorted(below.items()):
        some.sort(key=lambda each: each.label.casefold())
        labels = " ".join(each.label for each in some)
        yield Domain(domain, tuple(each.id for each in some), labels, domain in folded)
        yield from map(Leaf, some) if domain not in folded else ()


def branch_key(row: Branch) -> str:
    """What makes a row the same when the map changes."""
    return row.fault.id if isinstance(row, Leaf) else f"domain {row.name}"


def is_heading(row: Branch) -> bool:
    """Whether the cursor goes past it."""
    return isinstance(row, Domain) and not row.is_folded


def shown_makers(makers: Sequence[str], at: int, width: int) -> tuple[str, ...]:
    """The makers whose columns fit, the chosen one among them."""
    room = max(1, (width - label_width(width)) // CELL)
    first = max(0, min(at - room // 2, len(makers) - room))
    return tuple(makers[first : first + room])


def label_width(width: int) -> int:
    """How many columns the names of faults have."""
    return max(LEAST_LABEL, min(MOST_LABEL, width * 2 // 5))


def branch_line(row: Branch, book: Atlas | None, makers: Sequence[str], chosen: str, width: int) -> tuple[Text]:
    """One line: the fault with a cell for each maker, or the domain with its shares over all makers."""
    if isinstance(row, Domain):
        return (_domain_line(row, book, width),)
    mark = "! " if row.fault.safety else "  "
    name = (f" {mark}{padded(row.fault.label, label_width(width) - 4)} ", NONE)
    cells = (_cell(book.found.cell(row.fault.id, each), each == chosen) for each in makers) if book else ()
    return (line(name, *(piece for cell in cells for piece in cell)),)


def _cell(cell: Cell, is_chosen: bool) -> tuple[tuple[str, str], ...]:
    sign, style = SIGNS[cell.state]
    left, right = "[]" if is_chosen else "  "
    return (left, STRONG), (sign, style), (f"{right} ", STRONG)


def _domain_line(row: Domain, book: Atlas | None, width: int) -> Text:
    name = f"{'▸' if row.is_folded else '▾'} {t(words(row.name))} · {counted(len(row.faults), 'fault')}"
    pieces: list[tuple[str, str]] = [(padded(name, label_width(width)) + " ", NAME)]
    tally = book.found.tally(row.faults, book.makers) if book else {}
    pairs = max(1, sum(tally.values()))
    pieces += [(f"{SIGNS[each][0]} {tally[each] / pairs:>4.0%}  ", SIGNS[each][1]) for each in STATES if tally]
    return line(*pieces)


def makers_head(makers: Sequence[str], chosen: str, width: int) -> list[Text]:
    """The names of makers over their columns, in two lines of four letters each."""
    names = [(plain(each)[:HEAD], plain(each)[HEAD : 2 * HEAD].strip(), each == chosen) for each in makers]
    left = " " * label_width(width)
    upper, lower = ([(padded(each[part], CELL), STRONG if each[2] else QUIET) for each in names] for part in (0, 1))
    return [line(left, *upper), line(left, *lower)]


def legend(book: Atlas | None, chosen: str) -> Text:
    """Whose column is chosen, which layers count, and what the signs mean."""
    if book is None:
        return line((t("Working the map out: every fault at every maker … esc leaves."), WARN))
    only = t("{layers} only", layers=" + ".join(book.layers))
    told = t("all layers") if len(book.layers) == len(get_args(Layer)) else only
    whose = f"[{brief(chosen, 24)}]" if chosen else t("no makers known")
    signs = ((f"{sign} {t(state)}  ", style) for state, (sign, style) in SIGNS.items())
    return line((f"{whose}  ", STRONG), (f"{told}  ", NAME), *signs)


def branch_words(row: Branch, book: Atlas | None, chosen: str) -> dict[str, str]:
    """What a filter searches and an export holds; `state` is that at the chosen maker."""
    if isinstance(row, Domain):
        return {"domain": row.name, "fault": row.labels}
    fault, cell = row.fault, book.found.cell(row.fault.id, chosen) if book else Cell("blind")
    codes = book.codes.get(fault.id, ()) if book else ()
    return {
        "domain": fault.domain, "fault": fault.label, "id": fault.id, "also": " ".join(fault.aliases),
        "who": " ".join(map(called, fault.responsible)), "safety": "yes" if fault.safety else "no",
        "maker": chosen, "state": cell.state if book else "", "symptoms": " ".join(cell.symptoms),
        "codes": " ".join(each.code for each in codes if each.vendor == chosen),
    }  # fmt: skip


def sheet(row: Branch | None, book: Atlas | None, known: Knowledge, chosen: str) -> list[Text]:
    """Everything of the row under the cursor."""
    if row is None:
        return []
    if isinstance(row, Domain):
        return [line((t(words(row.name)), NAME)), line((t("Enter unfolds it."), QUIET))]
    parts = (_head(row.fault), _here(row.fault, book, known, chosen), _causes(row.fault, known),
             _codes(row.fault, book, chosen))  # fmt: skip
    return [wrapping(each) for part in parts for each in part]


def _head(fault: Fault) -> Iterator[Text]:
    yield line((plain(fault.label), STRONG), (f"  {fault.id}", QUIET))
    if fault.safety:
        yield line((t("DANGER  "), DANGER), (t("safety fault: make safe before anything else"), DANGER))
    if fault.definition:
        yield Text(brief(fault.definition, LONGEST))
    yield line((t("who acts  "), QUIET), f"{', '.join(map(called, fault.responsible))} · {t(words(fault.domain))}")


def _here(fault: Fault, book: Atlas | None, known: Knowledge, chosen: str) -> Iterator[Text]:
    """How it stands at the chosen maker, and which symptoms recognise it anywhere."""
    if book is None:
        return
    cell = book.found.cell(fault.id, chosen)
    sign, style = SIGNS[cell.state]
    yield Text()
    everywhere = t("everywhere: no maker is known here")
    at = t("at {maker}", maker=brief(chosen, 30)) if chosen else everywhere
    yield line((f"{sign} {t(TOLD[cell.state])}", style), (f"  {at}", QUIET))
    anywhere = dict.fromkeys(each for maker in book.makers for each in book.found.cell(fault.id, maker).symptoms)
    yield line((t("recognised by {symptoms}", symptoms=counted(len(anywhere), "symptom")), STRONG))
    for each in anywhere:
        yield _symptom(known.evidence[each], is_here=each in cell.symptoms)


def _symptom(one: Evidence, *, is_here: bool) -> Text:
    mark = ("  ✓ ", GOOD) if is_here else ("  ✗ ", WARN)
    told = f"  {one.layer or t('any layer')}{'' if is_here else t(', not sent here')}"
    return line(mark, brief(one.question, LONGEST), (told, QUIET))


def _causes(fault: Fault, known: Knowledge) -> Iterator[Text]:
    """The tree of the fault: its causes, the likeliest first, what each shows and what fixes it."""
    behind = [each for each in known.causes.values() if each.fault == fault.id and each.status != "deprecated"]
    yield Text()
    yield line(
        (counted(len(behind), "cause"), STRONG),
        (t("  what each shows ◂ and what fixes it ✚") if behind else "", QUIET),
    )
    fixes = _fixes(known)
    ordered = sorted(behind, key=lambda each: (-CHANCE[each.prior], each.id))
    yield from drawn([_cause(each, known, fixes.get(each.id, ())) for each in ordered])


def _cause(cause: Cause, known: Knowledge, fixes: Sequence[Leaflet]) -> Twig:
    """A cause with what it shows and what fixes it below."""
    below = (line((f"{mark} {t(grade):<10}", QUIET), brief(said, LONGEST)) for mark, grade, said in
             (*_shown(cause, known), *fixes))  # fmt: skip
    return Twig(line((f"{t(cause.prior):<10}", QUIET), brief(cause.label, LONGEST)), tuple(map(Twig, below)))


Leaflet = tuple[str, str, str]  # mark, grade, words


def _shown(cause: Cause, known: Knowledge) -> Iterator[Leaflet]:
    """What a cause shows, the surest first."""
    for link in sorted(cause.shows, key=lambda each: -CHANCE[each.grade]):
        asked = known.evidence.get(link.evidence)
        yield "◂", link.grade, f"{asked.question if asked else words(link.evidence)} {t(link.answer)}"


def _fixes(known: Knowledge) -> dict[CauseId, list[Leaflet]]:
    """The steps that fix each cause."""
    found: defaultdict[CauseId, list[Leaflet]] = defaultdict(list)
    for step in known.steps.values():
        for link in step.fixes if step.status != "deprecated" else ():
            found[link.cause].append(("✚", link.grade, step.label))
    return found


def _codes(fault: Fault, book: Atlas | None, chosen: str) -> Iterator[Text]:
    """The codes of the chosen maker, and how many others have."""
    codes = book.codes.get(fault.id, ()) if book else ()
    here = [each for each in codes if each.vendor == chosen]
    yield Text()
    yield line((t("{codes} of makers and standards", codes=counted(len(codes), "code")), STRONG))
    for each in here[:MOST_CODES]:
        yield line((f"  {brief(f'{each.model} {each.code}', 30)}  ", NAME), brief(each.text, LONGEST))
    if len(here) > MOST_CODES:
        yield line((t("  and {n} more of {maker}", n=len(here) - MOST_CODES, maker=brief(chosen, 30)), QUIET))
    others = Counter(each.vendor for each in codes if each.vendor != chosen).most_common(MOST_MAKERS)
    if others:
        yield line(("  ", QUIET), ", ".join(f"{brief(name, 30)} {number}" for name, number in others))
