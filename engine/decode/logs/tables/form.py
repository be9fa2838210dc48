"""Form: one kind of table, known by what its columns hold or by the names that only its database gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chargelore.engine.decode.logs.tables.columns import bare
from chargelore.engine.decode.logs.tables.words import status_of
from chargelore.engine.decode.native import ERROR_CODES_16, is_null
from chargelore.kb.model import Layer

Columns = Mapping[str, Sequence[str]]  # by role: the cells of some rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`signs` are sets of column names, each a proof of the form; `needs` are sets of roles, each of which will do.

    `holds` looks at the cells once the columns fit; `roles` says what a column holds that others name otherwise.
    """

    name: str
    layer: Layer = "csms"
    signs: tuple[frozenset[str], ...] = ()
    needs: tuple[frozenset[str], ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    holds: Callable[[Columns], bool] = bool

    def is_proven(self, names: Sequence[str]) -> bool:
        """Whether the names of the columns are those of this form's database."""
        named = {bare(name) for name in names}
        return any(sign <= named for sign in self.signs)

    def fits(self, columns: Columns) -> bool:
        """Whether the columns hold what this form needs."""
        return any(need <= columns.keys() for need in self.needs) and self.holds(columns)


def tells_states(columns: Columns) -> bool:
    """Whether the states and errors are of a charger, and not of an order or a bill."""
    states = [bool(status_of(cell)) for cell in columns.get("status", ())]
    errors = [cell in ERROR_CODES_16 or is_null(cell) for cell in columns.get("error", ())]
    return any(votes and sum(votes) * 2 >= len(votes) for votes in (states, errors))
