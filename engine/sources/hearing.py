"""Hearing: what one direction of a line says, frame by frame, and what is odd in it. Never in the way of the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from websockets.frames import Frame, Opcode

from chargelore.engine.sources.splitting import Endless, Manners, Piece, Splitter

_OF_MESSAGES = (Opcode.CONT, Opcode.TEXT, Opcode.BINARY)


class Ear:
    """Hears one direction: `hears` is told of each frame, ready where it is part of a message, `odd` of each oddity.

    Lives as long as its direction. What fails in there is told to `fails`; from then on it is deaf.
    """

    AT_ONCE: ClassVar[int] = 256  # frames after which others have their turn
    __slots__ = ("_fails", "_hears", "_manners", "_odd", "_splitter", "is_deaf")

    def __init__(
        self,
        hears: Callable[[Piece, Frame | None], None],
        odd: Callable[[str, Piece], None],
        fails: Callable[[Exception], None],
        *,
        is_masking: bool,
    ) -> None:
        self._hears, self._odd, self._fails = hears, odd, fails
        self._splitter, self._manners = Splitter(), Manners(is_masking)
        self.is_deaf = False

    @property
    def is_between(self) -> bool:
        """Whether all that came so far was whole frames, so that another one may follow."""
        return not self.is_deaf and self._splitter.is_between

    @property
    def has_closed(self) -> bool:
        """Whether this direction has said goodbye."""
        return self._manners.has_closed

    def takes(self, data: bytes) -> None:
        """These bytes passed."""
        if not self.is_deaf:
            self._splitter.takes(data)

    def works(self, most: int | None) -> bool:
        """Hear so many frames, all where None; whether there may be more. Never raises: rather it goes deaf."""
        try:
            return not self.is_deaf and self._works(most)
        except Exception as error:  # noqa: BLE001  # whatever fails on our side, the wire goes on
            self._goes_deaf(error)
            return False

    def _works(self, most: int | None) -> bool:
        left = most
        while left is None or left > 0:
            piece = self._splitter.next()
            if piece is None:
                return False
            self._hears_one(piece)
            left = None if left is None else left - 1
        return True

    def _hears_one(self, piece: Piece) -> None:
        for reason in self._manners.oddities(piece):
            self._odd(reason, piece)
        is_told = piece.opcode in _OF_MESSAGES and not piece.first & 0x70
        self._hears(piece, Frame(Opcode(piece.opcode), piece.data, piece.is_last) if is_told else None)

    def _goes_deaf(self, error: Exception) -> None:
        self.is_deaf = True
        self._splitter = Splitter()
        if isinstance(error, Endless):
            self._odd("endless", Piece(0, False, b"", 0))
        else:
            self._fails(error)
