"""A knowledge base and its rules as folders of YAML, small enough to change a line and see what answers become."""

from __future__ import annotations

from pathlib import Path

KNOWLEDGE = """\
sources:
  - {id: own, title: Own words, licence: Apache-2.0}
faults:
  - {id: ground-fault-trip, label: Ground fault, domain: safety, definition: A residual current, responsible: [cso]}
evidence:
  - {id: trips-at-plug-in, question: Does it trip at plug-in?, layer: ocpp, leak: rarely}
  - {id: rain-before, question: Did it rain?, channel: asked, leak: sometimes}
causes:
  - id: wet
    fault: ground-fault-trip
    label: Water in the plug
    source: own
    shows: [{evidence: trips-at-plug-in, grade: %(wet)s}, {evidence: rain-before, grade: often}]
  - id: cut
    fault: ground-fault-trip
    label: Cable cut
    source: own
    shows: [{evidence: trips-at-plug-in, grade: %(cut)s}]
%(more)s
steps:
  - {id: dry-plug, kind: repair, label: Dry the plug, minutes: 10, source: own,
     fixes: [{cause: %(dried)s, grade: often}]}
"""
RULE = """\
id: trips
title: A ground fault within a minute of plug-in
status: stable
author: me
source: own
signals:
  plugged: {kind: status, status: Preparing}
  tripped: {kind: status, errorCode: GroundFailure}
when: {sequence: [plugged, tripped], within: 1m}
symptom: trips-at-plug-in
"""
SPLIT = """\
  - id: water-in-plug
    fault: ground-fault-trip
    label: Rain in the plug
    source: own
    shows: [{evidence: trips-at-plug-in, grade: always}]
"""


def shelf(folder: Path, wet: str = "always", cut: str = "rarely", more: str = "", dried: str = "wet") -> Path:
    """A folder with two causes of ground faults that show at plug-in as often as said."""
    folder.mkdir()
    (folder / "all.yaml").write_text(KNOWLEDGE % {"wet": wet, "cut": cut, "more": more, "dried": dried})
    return folder


def without_wet(folder: Path, successor: str = "") -> Path:
    """The same once nobody knows of water in the plug any more, or by the name of a successor only."""
    made = shelf(folder, more=SPLIT, dried="cut")
    text = (made / "all.yaml").read_text()
    head, _, rest = text.partition("  - id: wet\n")
    gone = "  - {id: wet, fault: ground-fault-trip, label: Water, source: own, status: deprecated, replaced_by: %s}\n"
    (made / "all.yaml").write_text(head + (gone % successor if successor else "") + rest[rest.index("  - id: cut") :])
    return made


def rules(folder: Path) -> Path:
    """The one rule that sees a trip at plug-in."""
    folder.mkdir()
    (folder / "trips.yaml").write_text(RULE)
    return folder
