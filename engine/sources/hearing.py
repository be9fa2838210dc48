"""Hearing: what one direction of a line says, frame by frame, and what is odd in it. Never in the way of the wire."""

from __future__ import annotations

from typing import ClassVar, Protocol

from websockets.frames import Frame, Opcode

from chargelore.engine.sources.splitting import Endless, Manners, Piece, Splitter, plain

_OF_MESSAGES = (Opcode.CONT, Opcode.TEXT, Opcode.BINARY)


class Side(Protocol):
    """Who is told what one direction says."""

    def text(self, payload: bytes) -> None:
        """A whole message in ASCII, in one frame as it should be."""

    def frame(self, piece: Piece, frame: Frame | None) -> None:
        """Any other frame, ready where it is part of a message."""

    def odd(self, reason: str, piece: Piece) -> None:
        """Something odd in it, by a reason of trouble.py."""

    def fails(self, error: Exception) -> None:
        """Our own side raised; from now on nothing of this direction is heard."""


class Ear:
    """Hears one direction for its `side`. Lives as long as its direction; where it fails it goes deaf."""

    AT_ONCE: ClassVar[int] = 256  # frames after which others have their turn
    __slots__ = ("_is_masking", "_manners", "_side", "_splitter", "is_deaf")

    def __init__(self, side: Side, *, is_masking: bool) -> None:
        self._side, self._is_masking = side, is_masking
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

    def hears(self, data: bytes) -> bool:
        """These bytes passed; whether they were heard at once, as most are, or wait for `works`. Never raises."""
        try:
            if self.is_deaf or self._hears_whole(data):
                return not self.is_deaf
            self._splitter.takes(data)
        except Exception as error:  # noqa: BLE001  # whatever fails on our side, the wire goes on
            self._goes_deaf(error)
        return False

    def works(self, most: int | None) -> bool:
        """Hear so many frames, all where None; whether there may be more. Never raises: rather it goes deaf."""
        try:
            return not self.is_deaf and self._works(most)
        except Exception as error:  # noqa: BLE001  # whatever fails on our side, the wire goes on
            self._goes_deaf(error)
            return False

    def _hears_whole(self, data: bytes) -> bool:
        """The short way for a message that came as a whole and alone, with nothing odd about it."""
        if not (self._splitter.is_between and self._manners.is_at_ease):
            return False
        text = plain(data, is_masking=self._is_masking)
        if text is None:
            return False
        self._side.text(text)
        return True

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
            self._side.odd(reason, piece)
        is_told = piece.opcode in _OF_MESSAGES and not piece.first & 0x70
        self._side.frame(piece, Frame(Opcode(piece.opcode), piece.data, piece.is_last) if is_told else None)

    def _goes_deaf(self, error: Exception) -> None:
        self.is_deaf = True
        self._splitter = Splitter()
        if isinstance(error, Endless):
            self._side.odd("endless", Piece(0, False, b"", 0))
        else:
            self._side.fails(error)
