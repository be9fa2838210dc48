"""Themes: the colours of the screens. No colour says anything alone: each comes with a word or a mark.

`chargelore` and `chargelore-light` use the colours of Okabe and Ito, which stay apart for colour-blind eyes; `safe` has
them at the strongest contrast, and `mono` does without colour.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.theme import Theme as Styles
from textual.theme import Theme

DARK, LIGHT, SAFE, MONO = "chargelore", "chargelore-light", "chargelore-safe", "chargelore-mono"

THEMES = (
    Theme(name=DARK, primary="#56b4e9", accent="#56b4e9", warning="#e69f00", error="#d55e00", success="#009e73",
          background="#121212", surface="#1e1e1e", panel="#262626", dark=True),
    Theme(name=LIGHT, primary="#0072b2", accent="#0072b2", warning="#8a5a00", error="#a83e00", success="#00694c",
          background="#ffffff", surface="#f2f2f2", panel="#e4e4e4", foreground="#111111", dark=False),
    Theme(name=SAFE, primary="#f0e442", accent="#f0e442", warning="#f0e442", error="#ff9d5c", success="#7fd4ff",
          background="#000000", surface="#000000", panel="#303030", foreground="#ffffff", dark=True),
    Theme(name=MONO, primary="#ffffff", accent="#ffffff", warning="#ffffff", error="#ffffff", success="#ffffff",
          background="#000000", surface="#000000", panel="#303030", foreground="#e0e0e0", dark=True),
)  # fmt: skip

ON_DARK: Mapping[str, str] = {
    "danger": "bold #d55e00", "warn": "#e69f00", "good": "#009e73", "name": "bold #56b4e9", "quiet": "dim",
    "alarm": "bold reverse #e69f00", "layer.ocpp": "#56b4e9", "layer.csms": "#cc79a7",
}  # fmt: skip
ON_LIGHT: Mapping[str, str] = {
    "danger": "bold #a83e00", "warn": "#8a5a00", "good": "#00694c", "name": "bold #005a8c", "quiet": "#595959",
    "alarm": "bold reverse #8a5a00", "layer.ocpp": "#005a8c", "layer.csms": "#8c3f6b",
}  # fmt: skip
STRONGEST: Mapping[str, str] = {
    "danger": "bold underline #ff9d5c", "warn": "bold #f0e442", "good": "#7fd4ff", "name": "bold #ffffff",
    "quiet": "#c8c8c8", "alarm": "bold reverse #f0e442", "layer.ocpp": "#7fd4ff", "layer.csms": "#e8a6cf",
}  # fmt: skip
COLOURLESS: Mapping[str, str] = {
    "danger": "bold underline", "warn": "bold", "good": "none", "name": "bold", "quiet": "dim",
    "alarm": "bold reverse", "layer.ocpp": "none", "layer.csms": "none",
}  # fmt: skip


def styles(theme: Theme) -> Styles:
    """What the names of styles mean under a theme; one of Textual's own gets those for dark or light."""
    own = {SAFE: STRONGEST, MONO: COLOURLESS}.get(theme.name)
    return Styles(own or (ON_DARK if theme.dark else ON_LIGHT), inherit=False)
