"""Page: the shell of an HTML page that stands on its own: style inside, nothing fetched, hostile text escaped."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from functools import cache
from pathlib import Path

from chargelore.kb.export.view import View
from chargelore.kb.model import CHANCE, Grade


@cache
def asset(name: str) -> str:
    """A file that ships beside this module: the style or the script of all pages."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def esc(text: object) -> str:
    """Text that a browser shows as text, whatever it holds."""
    return html.escape(str(text), quote=True)


def page(title: str, body: str, shown: View, script: str = "") -> bytes:
    """A whole page of an export; the policy lets no script run but this one."""
    return shell(title, body, _footer(shown), script)


def shell(title: str, body: str, footer: str, script: str = "", style: str = "") -> bytes:
    """A whole page with this footer; `style` is added to that of all pages."""
    styled = asset("page.css") + style
    allowed = f"'sha256-{_sum(script)}'" if script else "'none'"
    policy = f"default-src 'none'; style-src 'sha256-{_sum(styled)}'; script-src {allowed}"
    lines = (
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}; base-uri 'none'; form-action 'none'\">",
        f"<title>{esc(title)}</title><style>{styled}</style></head><body>",
        body,
        f"<footer>{footer}</footer>",
        f"<script>{script}</script>" if script else "",
        "</body></html>",
    )
    return ("\n".join(each for each in lines if each) + "\n").encode()


def _sum(text: str) -> str:
    """How a policy names an inline style or script."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _footer(shown: View) -> str:
    told = "without rates and counts by maker, " if shown.oem_safe else ""
    return (
        f"Chargelore {esc(shown.version)}, {told}TLP:{esc(shown.audience)}. Codes are facts; texts are our own or under"
        " the licence of their source, see NOTICE.txt. Isolate, lock out and prove dead before any work on live parts."
    )


def as_script_data(value: object) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def grade(word: Grade | str, cases: str = "") -> str:
    """A grade as a bar with its word; nothing where it is not told."""
    counted = f"{esc(cases)} cases" if cases else ""
    if not word:
        return f'<span class="grade">{counted}</span>' if counted else ""
    width = round(100 * CHANCE[word])  # type: ignore[index]  # a grade, as it is not empty
    said = ", ".join(text for text in (esc(word), counted) if text)
    return f'<span class="grade"><i aria-hidden="true"><b class="w{width}"></b></i>{said}</span>'


def chips(*texts: str) -> str:
    """Short facts in a row; a text may begin with `class|`."""
    items = []
    for text in texts:
        name, _, rest = text.rpartition("|") if text.startswith(("safety|", "first|")) else ("", "", text)
        items.append(f'<li class="{name}">{esc(rest)}</li>' if name else f"<li>{esc(rest)}</li>")
    return f'<ul class="chips">{"".join(items)}</ul>' if items else ""
