"""Form: takes the file out of a posted form (multipart/form-data), as a browser or `curl -F` wraps it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header


def boundary_in(content_type: str) -> bytes:
    """What stands between the parts; empty where this is no form."""
    kind, options = parse_options_header(content_type)
    return options.get(b"boundary", b"") if kind == b"multipart/form-data" else b""


def file_in(pieces: Iterable[bytes], boundary: bytes, write: Callable[[bytes], None]) -> str | None:
    """Writes the first part that names a file, and tells that name; None where no such part is there and whole.

    Whatever `write` raises passes.
    """
    reader = _Reader(write)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": reader.begins,
                "on_header_field": reader.hears_name,
                "on_header_value": reader.hears_value,
                "on_header_end": reader.hears_end,
                "on_headers_finished": reader.looks,
                "on_part_data": reader.takes,
                "on_part_end": reader.ends,
            },
        )
        for piece in pieces:
            parser.write(piece)
    except FormParserError:
        return None
    return reader.name if reader.is_whole else None


@dataclass(slots=True)
class _Reader:
    """What a form has told so far."""

    write: Callable[[bytes], None]
    name: str = ""
    is_whole: bool = False
    _is_taking: bool = False
    _header: tuple[bytes, bytes] = (b"", b"")
    _headers: dict[bytes, bytes] = field(default_factory=dict)

    def begins(self) -> None:
        self._headers = {}

    def hears_name(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], b"")

    def hears_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def hears_end(self) -> None:
        name, value = self._header
        self._headers[name.lower()], self._header = value, (b"", b"")

    def looks(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"filename" in options and not self.is_whole:
            self._is_taking, self.name = True, options[b"filename"].decode(errors="replace")

    def takes(self, data: bytes, start: int, end: int) -> None:
        if self._is_taking:
            self.write(data[start:end])

    def ends(self) -> None:
        self.is_whole = self.is_whole or self._is_taking
        self._is_taking = False
