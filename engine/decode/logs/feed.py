"""Feed: the lines of a log, with a bounded look at those to come."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from chargelore.engine.decode.logs.record import Line

FAR = 400  # lines; the longest JSON bodies and configurations seen printed over lines have some two hundred


class Feed:
    """An iterator of lines that can look ahead; lives for one reading."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._ahead: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        return self._ahead.popleft() if self._ahead else next(self._lines)

    def ahead(self) -> Iterator[Line]:
        """The lines to come, at most `FAR`, without taking them."""
        for index in range(FAR):
            if index == len(self._ahead):
                following = next(self._lines, None)
                if following is None:
                    return
                self._ahead.append(following)
            yield self._ahead[index]

    def skip(self, count: int) -> None:
        """Take `count` lines that were looked at."""
        for _ in range(count):
            self._ahead.popleft()
