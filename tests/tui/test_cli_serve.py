"""`chargelore serve` where what it needs was not installed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from chargelore.kb.errors import UseError
from chargelore.tui.cli import serve


def test_without_textual_serve_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda _: None)
    result = CliRunner().invoke(serve.serve, [])
    assert isinstance(result.exception, UseError)
    assert "pip install 'chargelore[serve]'" in str(result.exception)
