"""Cases of the small world with signals, ready to be escalated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import small_world as world

from chargelore.engine.case import KEPT_SIGNALS, Case, Charger, SeenCode
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Unasked
from chargelore.engine.escalating.desk import Matter
from chargelore.engine.signal import Signal
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.model import Knowledge

KEY = b"k" * 32
BEGIN = datetime(2031, 5, 1, 10, tzinfo=UTC)
ACME = Charger(id="CP-4711", vendor="Acme", model="One", firmware="1.4.0.12")
OPAQUE = SeenCode(code="0x1F", vendor="Acme", text="internal", channel="", fault=None, relation=None)


def signal(second: float, kind: str = "log", layer: str = "ocpp", **fields: Any) -> Signal:
    """A signal of the charger; its raw text repeats its fields."""
    return Signal(
        layer=layer, kind=kind, charger=ACME.id, at=BEGIN + timedelta(seconds=second), fields=fields,
        raw=f"{ACME.id} said {fields}", line=int(second) + 1,
    )  # type: ignore[arg-type]  # a plain str keeps the calls short  # fmt: skip


def case(*signals: Signal, codes: Iterable[SeenCode] = (), **more: Any) -> Case:
    """A charger that trips at plug-in, with these signals; as `engine.casework` bounds them."""
    base = world.case(world.AT_PLUG_IN, charger=ACME, faults=(world.TRIP,))
    kept = signals[-KEPT_SIGNALS:]
    return replace(
        base,
        id=f"{ACME.id}-1",
        connector=1,
        opened_at=BEGIN + timedelta(seconds=60),
        last_at=BEGIN + timedelta(seconds=120),
        codes=(*base.codes, *codes),
        layers={"ocpp": BEGIN},
        signals=kept,
        dropped_signals=len(signals) - len(kept),
        **more,
    )


def matter(
    one: Case | None = None,
    knowledge: Knowledge | None = None,
    learned: Learned = NOTHING_LEARNED,
    unasked: tuple[Unasked, ...] = (),
) -> Matter:
    """A case, diagnosed."""
    known, one = knowledge or world.knowledge(), one or case(signal(5, text="plugged in"))
    return Matter(knowledge=known, learned=learned, case=one, diagnosis=diagnose(known, learned, one, unasked))
