"""Rule saving: the text of a rule's file as it stands, line ends and all, and the file written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from chargelore.kb.errors import UseError


def text_of(file: Path) -> str:
    """What stands in the file; the ends of its lines are left as they are."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return stream.read()


def save(file: Path, text: str) -> None:
    """The file is written whole or not at all; UseError where that cannot be."""
    draft = file.with_suffix(".yaml.new")
    try:
        with draft.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        draft.replace(file)
    except OSError as error:
        raise UseError(
            f"{file} cannot be written ({error.strerror})", mend="copy the rule to a folder of yours"
        ) from error
