"""Speech: the sentences of the screens in the language that was chosen; English stands in the code itself.

`languages/de.yaml` maps each English sentence to the German one. A sentence that is missing there stays English; a test
holds the catalogue to what the code says. Values are put in by name: `t("{n} of {all}", n=12, all=340)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from string import Formatter

from chargelore.kb.errors import UseError
from chargelore.kb.yamlfile import parse
from chargelore.tui.text import chance, lasting

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "de": "Deutsch"}
FOLDER = Path(__file__).parent / "languages"

# One screen, one person: the language is that of the process, as with gettext. Passing it to each line of text would
# put it into every signature of the room.
_NOW = [ENGLISH]


def speak(language: str) -> None:
    """Say everything in this language from now on. UseError for one that there is not."""
    if language not in LANGUAGES:
        raise UseError(f"no language {language[:20]!r}", mend=f"choose one of {', '.join(LANGUAGES)}")
    _NOW[0] = language


def spoken() -> str:
    """The code of the language in force."""
    return _NOW[0]


def later(sentence: str, /) -> str:
    """The sentence as it is: one that stands in a table, and that `t` says when the language is known."""
    return sentence


def t(sentence: str, /, **values: object) -> str:
    """The sentence in the language in force, with these values in it."""
    said = sentence if _NOW[0] == ENGLISH else catalogue(_NOW[0]).get(sentence, sentence)
    return said.format(**values) if values else said


def counted(number: int, one: str, many: str = "") -> str:
    """`1 charger`, `1,200 chargers`; in the language in force."""
    return f"{number:,} {t(one) if number == 1 else t(many or one + 's')}"


def again(said: str, *forms: str) -> str:
    """What another room said, in the language in force: as it is, or in the first of these forms that it has."""
    for form in forms if spoken() != ENGLISH else ():
        found = _shape(form).fullmatch(said)
        if found is not None:
            return t(form, **found.groupdict())
    return t(said)


@cache
def _shape(form: str) -> re.Pattern[str]:
    pieces = ((re.escape(text), name) for text, name, _, _ in Formatter().parse(form))
    return re.compile("".join(text + (f"(?P<{name}>.*?)" if name else "") for text, name in pieces), re.DOTALL)


def lasted(span: timedelta) -> str:
    """A span as a person says it: `40 s`, `2 days`; in the language in force."""
    return lasting(span).replace(" days", t(" days"))


def odds(probability: float) -> str:
    """A chance as a person says it: `1 in 3`, `rare`; in the language in force."""
    said = chance(probability)
    return t("rare") if said == "rare" else said.replace(" in ", t(" in "))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of a language, by their English."""
    document = parse(FOLDER / f"{language}.yaml", UseError)
    return {str(english): str(said) for english, said in (document.value or {}).items()}
