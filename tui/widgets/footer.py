"""Footer: the few keys from which a person can work; a screen names them in the order of its work."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from chargelore.tui.text import columns

MOST = 7
HELP = "app.help"


class Keys(Footer):
    """Shows `wanted` actions by id as far as they can be done now; without them, what the bindings want shown.

    `named` says what a key is called at this moment; a key without a name is left out. Where they do not all fit into
    the window, the last are left out, but never the one that leads to the list of all keys.
    """

    def __init__(self, wanted: tuple[str, ...], named: Callable[[Binding], str]) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self.wanted, self.named = wanted, named

    def compose(self) -> ComposeResult:
        """One label a key."""
        for _, binding, enabled, tooltip in self._fitting() if self._bindings_ready else ():
            shown = self.app.get_key_display(binding)
            yield FooterKey(binding.key, shown, self.named(binding), binding.action, not enabled, tooltip)

    def _fitting(self) -> list[ActiveBinding]:
        """Those of them that the window has room for."""
        shown, room = self._shown(), self.app.size.width
        while len(shown) > 2 and sum(self._columns(each.binding) for each in shown) > room:
            del shown[max(place for place, each in enumerate(shown) if each.binding.id != HELP)]
        return shown

    def _columns(self, binding: Binding) -> int:
        return columns(f"{self.app.get_key_display(binding)} {self.named(binding)} ")

    def _shown(self) -> list[ActiveBinding]:
        """The first key of each action."""
        active = [each for each in self.screen.active_bindings.values() if each.enabled and self.named(each.binding)]
        by_id: dict[str, ActiveBinding] = {}
        for each in active:
            by_id.setdefault(each.binding.id or "", each)
        if not self.wanted:
            return [each for each in by_id.values() if each.binding.show and each.binding.id][:MOST]
        return [by_id[name] for name in self.wanted if name in by_id][:MOST]
