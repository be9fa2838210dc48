"""One small knowledge base for each flaw in the way a code table travels, beside the check that tells it."""

from __future__ import annotations

from dataclasses import replace

import small_world as world

from chargelore.kb.model import Code, FaultId, Knowledge, Maker, Meaning, Sign, Source, SourceId, Travel

MASK = Travel(carries="mask", width=16)


def code(value: str, fault: str = world.TRIP, **more: object) -> Code:
    """A code of Acme that means the fault; `more` are further fields."""
    means = (Meaning(fault=FaultId(fault)),)
    return Code(**{"vendor": "Acme", "code": value, "text": "Said", "means": means} | more)  # type: ignore[arg-type]  # a test may set any field


def with_codes(*codes: Code, **more: object) -> Knowledge:
    """The small world with these codes."""
    return replace(world.knowledge(), codes=codes, **more)  # type: ignore[arg-type]  # a test may set any field


def _licensed(licence: str) -> Knowledge:
    source = Source(id=SourceId("found"), title="Found", licence=licence)
    return with_codes(code("E7", source=source.id), sources={source.id: source})


def _known_as(maker: Maker) -> Knowledge:
    return with_codes(code("E7"), makers={maker.name: maker})


VAGUE = FaultId("unspecified-fault")


def _vague() -> Knowledge:
    faults = world.knowledge().faults
    return with_codes(code("E7", VAGUE), faults={**faults, VAGUE: replace(faults[world.TRIP], id=VAGUE)})


TRAVEL_FLAWS = [
    ("K40", with_codes(code("over", clears="E9", is_fault=False))),
    ("K40", with_codes(code("over", clears="over", is_fault=False))),
    ("K41", with_codes(code("0x06", travel=MASK))),
    ("K42", with_codes(code("7", firmware=">=2"), code("7", world.LINK, firmware="<3", table="older"))),
    ("K42", with_codes(code("7", firmware=">1,<2"), code("7", world.LINK, firmware=">=1,<=1.5", table="older"))),
    ("K43", with_codes(code("E7", channel="smoke:signal"))),
    ("K43", with_codes(code("E7", channel="ocpp_info"))),
    ("K44", with_codes(code("E7;E8", travel=Travel(separator=";")))),
    ("K45", _licensed("GPL-3.0, text as in the source")),
    ("K45", _licensed("artefacts")),
    ("K46", _known_as(Maker(name="Acme", kind="platform"))),
    ("K47", _known_as(Maker(name="Acme", kind="standard"))),
    ("K48", with_codes(code("E7", means=()))),
    ("K49", _vague()),
    ("K50", with_codes(code("bit 16", kind="bit", travel=MASK))),
    ("K50", with_codes(code("112.16", kind="bit", travel=MASK))),
    ("K51", with_codes(code("red flash x3", kind="pattern"))),
    ("K51", with_codes(code("E7", signs=(Sign(does="flash", colour="red", times=3),)))),
    ("K52", with_codes(code("E7"), code("over", clears="E7"))),
    ("K53", with_codes(code("E7", travel=MASK))),
    ("K54", with_codes(code("E7", travel=Travel(cleared="Error resolved")))),
    ("K54", with_codes(code("112.1", kind="bit", travel=Travel(carries="mask", words=("112", "111"))))),
    ("K55", with_codes(code("E7"), code("E8", also=("E-7",)))),
]
