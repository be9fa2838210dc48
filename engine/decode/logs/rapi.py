"""OpenEVSE's serial conversation: `$GS^30`, `$OK 06 123^20`, `$AT 06 06 16 0120`, with or without a head."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="openevse-rapi",
    head=re.compile(r"(?:(?P<logger>OpenEVSE|RAPI): ?)?[<>]? ?(?=\$(?:OK|NK|ST|AT|A[BN]|W[FS]|[FGSTZ][0-9A-Z])\b)"),
    tell=re.compile(r"(?:\A|\s)\$(?:OK|NK|ST|AT|G[A-Z]|S[A-Z]|F[A-Z])(?: [0-9A-Fa-f]{1,8})*\^[0-9A-F]{2}(?:\s|\Z)"),
    layer="firmware",
)
