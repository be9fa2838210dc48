"""Look-up results as lines: what matched, what it means, how sure that is, and where it holds."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from chargelore.engine.case import Charger
from chargelore.kb.model import CHANCE, Cause, Confidence, Fault, Knowledge, Relation
from chargelore.kb.search import Hit, Match
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line, wrapping
from chargelore.tui.parties import PARTIES
from chargelore.tui.speech import again, later, t
from chargelore.tui.text import brief, fitting, padded, plain, words

MATCHED: Mapping[Match, tuple[str, str]] = {
    "exact": (later("exact"), GOOD), "mask": (later("a bit"), GOOD), "name": (later("by name"), NAME),
    "similar": (later("similar"), WARN), "pattern": (later("message"), GOOD), "quirk": (later("quirk"), NAME),
}  # fmt: skip
SURE: Mapping[Confidence, str] = {"high": later("sure"), "medium": later("fairly sure"), "low": later("unsure")}
MEANS: Mapping[Relation, str] = {
    "exact": later("this is"), "close": later("close to"), "broad": later("one kind of"), "narrow": later("covers"),
    "not": later("is not"),
}  # fmt: skip
FITS = (
    later("for all makers"), later("of the standard {maker}, for all makers"),
    later("known for {ours}, not for {yours}"), later("for all models of {maker}"),
    later("known for {ours}, as yours is"),
    later("known for {ours}, not verified for yours"), later("known for {ours}, not verified for {yours}"),
    later("known for {ours}"), later("not verified for {yours}"), later("firmware {ours}, as yours is"),
    later("of another maker"), later("in place of {code}"),
)  # fmt: skip
FOUND = (
    later("the code itself"), later("{typed} is the code {code}"), later("{code} is a bit of {typed}"),
    later("{typed} is a name of {code}"), later("the message has its shape"),
    later("one letter differs: {typed} for {code}"), later("{n} letters differ: {typed} for {code}"),
    later("a quirk of {maker}"),
)  # fmt: skip
AGES = (
    later("from {day}, about less than a month old"), later("from {day}, less than a month old"),
    later("from {day}, about 1 month old"), later("from {day}, 1 month old"),
    later("from {day}, about {n} months old"), later("from {day}, {n} months old"),
    later("from {day}, about {n} years old"), later("from {day}, {n} years old"), later("from {day}"),
)  # fmt: skip
MOST_CAUSES = 6
LONGEST = 600


def hit_key(hit: Hit) -> tuple[str, ...]:
    """What makes a result the same when one types on."""
    quirk = hit.text if hit.match == "quirk" else ""
    return hit.vendor, hit.model, hit.firmware, hit.channel, hit.code, hit.fault or quirk


def hit_line(hit: Hit, width: int) -> tuple[Text]:
    """One line: how it matched, whose code it is, and what it means."""
    word, style = MATCHED[hit.match]
    owner = max(16, width // 3)
    meant = (fitting(_meaning(hit), width - owner - 10), NONE if hit.is_fault else QUIET)
    return (line((f"{t(word):<8}", style), " ", (padded(named(hit) or t("fault"), owner), STRONG), " ", meant),)


def named(hit: Hit) -> str:
    """The code with whose it is: `Acme Post E7`."""
    return plain(" ".join(filter(None, (hit.vendor, hit.model, hit.code))))


def _meaning(hit: Hit) -> tuple[str, ...]:
    """The fault before the maker's own words; where there is no fault, that."""
    if hit.label:
        return plain(hit.label), f"“{plain(hit.text)}”"
    return (plain(hit.text) if hit.is_fault else t("no fault: {text}", text=plain(hit.text)),)


def hit_words(hit: Hit) -> dict[str, str]:
    """What a filter of the results searches."""
    texts = {"vendor": hit.vendor, "model": hit.model, "code": hit.code, "text": hit.text}
    return {**texts, "fault": hit.label, "match": hit.match}


def card(hit: Hit, knowledge: Knowledge) -> list[Text]:
    """Everything about one result."""
    fault = knowledge.faults.get(hit.fault) if hit.fault else None
    meant = [] if hit.match == "quirk" else [Text(), *(_fault(hit, fault) if fault else _no_fault(hit))]
    lines = [*_native(hit), *meant]
    lines += _causes(fault, knowledge) if fault else []
    lines += [Text(), line((t("the same code elsewhere"), STRONG))] if hit.also else []
    lines += [line("  ", brief(each, LONGEST)) for each in hit.also]
    return [wrapping(each) for each in (*lines, *_source(hit, knowledge))]


def _native(hit: Hit) -> list[Text]:
    lines = [line((named(hit) or t("a fault by name"), NAME)), Text(f"“{brief(hit.text, LONGEST)}”")]
    read = ", ".join(f"{name} {value}" for name, value in hit.values)
    told = (
        plain(hit.channel),
        brief(_fits(hit.scope), LONGEST),
        brief(again(hit.evidence, *FOUND), LONGEST),
        brief(read, LONGEST),
    )
    lines += [line((each, QUIET)) for each in told if each]
    lines += [line((t("Similar, not the same: check it before you act."), WARN))] if hit.match == "similar" else []
    return [*lines, line((brief(_fits(hit.note), LONGEST), WARN))] if hit.note else lines


def _fits(said: str) -> str:
    return "; ".join(again(each, *FITS) for each in said.split("; "))


def _fault(hit: Hit, fault: Fault) -> list[Text]:
    relation = t(MEANS[hit.relation or "exact"])
    danger = (
        [line((t("DANGER  "), DANGER), (t("safety fault: make safe before anything else"), DANGER))]
        if fault.safety
        else []
    )
    acts = ", ".join(t(PARTIES[each]) for each in fault.responsible)
    return [
        line((f"{relation} ", QUIET), (plain(fault.label), STRONG), (f"  {t(SURE[hit.confidence])}", QUIET)),
        *danger,
        Text(brief(fault.definition, LONGEST)),
        line((t("who acts  "), QUIET), f"{acts} · {t(words(fault.domain))}"),
    ]


def _no_fault(hit: Hit) -> list[Text]:
    unknown, state = t("No fault of its own is known for this code."), t("This is no fault: a state or a notice.")
    return [Text(unknown if hit.is_fault else state)]


def _causes(fault: Fault, knowledge: Knowledge) -> list[Text]:
    """What lies behind the fault, the commonest first."""
    behind = [each for each in knowledge.causes.values() if each.fault == fault.id]
    ranked = sorted(behind, key=lambda each: (-CHANCE[each.prior], each.id))[:MOST_CAUSES]
    return [Text(), line((t("what can lie behind it"), STRONG)), *map(_cause, ranked)] if ranked else []


def _cause(cause: Cause) -> Text:
    return line((f"  {t(cause.prior):<10}", QUIET), brief(cause.label, LONGEST))


def _source(hit: Hit, knowledge: Knowledge) -> list[Text]:
    source = knowledge.sources.get(hit.source)
    title = source.title if source else words(hit.source)
    told = ", ".join(
        filter(None, (hit.licence, again(hit.age, *AGES), "" if hit.status == "reviewed" else t(hit.status)))
    )
    lines = [Text(), line((t("source  "), QUIET), brief(title, LONGEST))]
    return [*lines, line((brief(told, LONGEST), QUIET))] if told else lines


def scope_line(charger: Charger | None, *, is_everywhere: bool) -> Text:
    """Where is searched."""
    if charger is None:
        return line((t("Searching all makers. From an open case, its maker comes first."), QUIET))
    made = plain(" ".join(filter(None, (charger.vendor, charger.model, charger.firmware)))) or t("an unknown make")
    if is_everywhere:
        return line((t("Searching all makers alike. F2 puts first "), QUIET), (brief(made, 34), NAME))
    return line((t("First of all "), QUIET), (brief(made, 34), NAME), (t(". F2 searches all makers alike."), QUIET))


def nothing_found(typed: str, *, is_read_only: bool = False) -> Text:
    """What an empty list says; where nothing is written it leads to no key that would write."""
    if not typed.strip():
        return Text(t("Type a code as the charger shows it, or what people say about the trouble."))
    if is_read_only:
        return Text(t("Nothing here knows “{words}”.", words=brief(typed, 60)))
    told = t("F3 notes it as missing, so that it can be added; tab and r, and you say what it means.")
    return Text(t("Nothing here knows “{words}”.", words=brief(typed, 60)) + f"\n{told}")
