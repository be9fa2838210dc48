"""Validates exports with the tools of others: the real files must pass, and every planted error must be refused.

Runs in the environment of `.ci/validate-exports`: rdflib, pyshacl, sssom-py. A check that cannot fail is no check.
"""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import rdflib
from pyshacl import validate as shacl
from sssom.constants import SchemaValidationType
from sssom.parsers import parse_sssom_table
from sssom.validators import validate as sssom_validate

HERE = Path(__file__).parent
NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")  # sssom-py fills the last one silently
CODE, FAULT, SCHEME = "urn:x-chargelore:code:", "urn:x-chargelore:fault:", "urn:x-chargelore:scheme:faults"
SKOS = rdflib.SKOS
Refused = str  # why, or empty when all is well


def skos(graph: rdflib.Graph) -> Refused:
    """What pyshacl finds wrong with a graph, or nothing."""
    conforms, _, text = shacl(graph, shacl_graph=str(HERE / "skos-shapes.ttl"), advanced=True, inference="none")
    return "" if conforms else str(text)


def columns(text: str) -> Refused:
    """Whether a set has every column that SSSOM needs, filled in every line: sssom-py does not tell."""
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    missing = [name for name in NEEDED if name not in lines[0]]
    if missing:
        return f"no column {missing[0]}"
    places = [lines[0].index(name) for name in NEEDED]
    return "" if all(line[place] for line in lines[1:] for place in places) else "an empty cell in a needed column"


class Warnings(logging.Handler):
    """Keeps what a tool only mutters; its own strict mode refuses every sound set, so warnings are refusals here."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def sssom(text: str) -> Refused:
    """What our own check and sssom-py find wrong with a set, or nothing."""
    found = columns(text)
    if found:
        return found
    muttered = Warnings()
    logging.getLogger().addHandler(muttered)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            table = parse_sssom_table(io.StringIO(text))
            sssom_validate(table, [SchemaValidationType.JsonSchema, SchemaValidationType.PrefixMapCompleteness], True)
    except Exception as error:  # noqa: BLE001  # each tool of others refuses in its own way
        return f"{type(error).__name__}: {error}"
    finally:
        logging.getLogger().removeHandler(muttered)
    lines = sum(1 for line in text.splitlines() if line and not line.startswith("#")) - 1
    lost = "" if len(table.df) == lines else f"{len(table.df)} of {lines} lines were read"
    return "; ".join(muttered.said) or lost


def with_triples(graph: rdflib.Graph, *triples: str) -> rdflib.Graph:
    """The graph and some more facts."""
    more = rdflib.Graph()
    more += graph
    prefix = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    return more.parse(data=prefix + "\n".join(triples), format="turtle")


def without(graph: rdflib.Graph, predicate: rdflib.URIRef) -> rdflib.Graph:
    """The graph without the first fact of a kind."""
    less = rdflib.Graph()
    less += graph
    less.remove(next(iter(sorted(graph.triples((None, predicate, None))))))
    return less


def planted_in_skos(graph: rdflib.Graph) -> Iterator[tuple[str, Callable[[], rdflib.Graph]]]:
    """Graphs with one error each."""
    code = next(each for each in sorted(graph.subjects(SKOS.exactMatch)))
    faults = sorted(graph.subjects(SKOS.inScheme, rdflib.URIRef(SCHEME)))
    one = next(iter(graph.objects(code, SKOS.exactMatch)))
    other = next(each for each in faults if each != one and FAULT in each)
    yield "one code is exactly two faults", lambda: with_triples(graph, f"<{code}> skos:exactMatch <{other}> .")
    yield "two faults are made one", lambda: with_triples(graph, f"<{one}> skos:exactMatch <{other}> .")
    yield "exact and broad at once", lambda: with_triples(graph, f"<{code}> skos:broadMatch <{one}> .")
    yield "a mapping to nothing", lambda: with_triples(graph, f"<{code}> skos:closeMatch <{FAULT}nothing> .")
    yield "two preferred labels", lambda: with_triples(graph, f'<{one}> skos:prefLabel "another"@en .')
    yield "a label without language", lambda: with_triples(graph, f'<{one}> skos:prefLabel "another" .')
    yield "a circle of broader", lambda: with_triples(graph, f"<{one}> skos:broader <{one}> .")
    yield "an orphan", lambda: with_triples(graph, '<urn:x:orphan> a skos:Concept ; skos:prefLabel "x"@en .')
    yield "a scheme without top", lambda: with_triples(graph, "<urn:x:scheme> a skos:ConceptScheme .")
    yield "no label", lambda: without(graph, SKOS.prefLabel)
    yield "no scheme", lambda: without(graph, SKOS.inScheme)
    yield "a top concept that does not know", lambda: without(graph, SKOS.topConceptOf)


def planted_in_sssom(text: str) -> Iterator[tuple[str, str]]:
    """Sets with one error each; short ones, because sssom-py takes its time."""
    lines = text.splitlines()
    start = next(place for place, line in enumerate(lines) if not line.startswith("#"))
    short = "\n".join(lines[: start + 4]) + "\n"
    yield "no mapping_justification", drop_column(short, start, "mapping_justification")
    yield "an empty mapping_justification", short.replace("semapv:ManualMappingCuration", "")
    yield "an unknown justification", short.replace("semapv:ManualMappingCuration", "semapv:Guess")
    yield "a prefix that is not there", short.replace("code:", "coed:").replace('#  coed: "urn', '#  code: "urn')
    yield "no prefixes at all", "\n".join(line for line in short.splitlines() if not line.startswith("#  "))
    for confidence in ("0.9", "0.7", "0.4"):
        short = short.replace(f"\t{confidence}\t", "\t1.9\t")
    yield "a confidence of 1.9", short
    yield "metadata that SSSOM does not know", '#colour: "red"\n' + "\n".join(lines[: start + 4]) + "\n"


def drop_column(text: str, start: int, name: str) -> str:
    """The set without one column."""
    lines = text.splitlines()
    place = lines[start].split("\t").index(name)
    cut = ["\t".join(cell for at, cell in enumerate(line.split("\t")) if at != place) for line in lines[start:]]
    return "\n".join(lines[:start] + cut) + "\n"


def main(out: Path) -> int:
    """Exit 1 when a real file is refused, or a planted error is not."""
    wrong: list[str] = []

    def tell(name: str, refused: Refused, *, planted: bool = False) -> None:
        good = bool(refused) == planted
        reason = " ".join(refused.split())[:300]
        print(f"{'ok' if good else 'WRONG'}: {name}{': refused' if planted and good else ''}")
        if not good:
            wrong.append(f"{name}: {reason or 'was not refused'}")

    turtle = rdflib.Graph().parse(out / "skos-turtle" / "chargelore.ttl")
    linked = rdflib.Graph().parse(out / "skos-jsonld" / "chargelore.jsonld", format="json-ld")
    tell(f"SKOS, {len(turtle):,} facts, by pyshacl", skos(turtle))
    tell("JSON-LD and Turtle say the same", "" if set(turtle) == set(linked) else "they differ")
    small = part(turtle)
    tell("a part of SKOS by itself", skos(small))
    for name, made in planted_in_skos(small):
        tell(f"SKOS with an error: {name}", skos(made()), planted=True)
    mappings = (out / "sssom" / "chargelore.sssom.tsv").read_text(encoding="utf-8")
    tell(f"SSSOM, {mappings.count(chr(10)):,} lines, by sssom-py", sssom(mappings))
    for name, text in planted_in_sssom(mappings):
        tell(f"SSSOM with an error: {name}", sssom(text), planted=True)
    print("\n".join(wrong), file=sys.stderr)
    return int(bool(wrong))


def part(graph: rdflib.Graph) -> rdflib.Graph:
    """The taxonomy and the codes of one maker: planting errors there takes less time."""
    maker = sorted(graph.objects(min(graph.subjects(SKOS.exactMatch)), SKOS.inScheme))[0]
    kept = rdflib.Graph()
    for scheme in (rdflib.URIRef(SCHEME), maker):
        for subject in (scheme, *graph.subjects(SKOS.inScheme, scheme)):
            kept += graph.triples((subject, None, None))
    return kept


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    started = time.monotonic()
    code = main(Path(sys.argv[1]))
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
