"""The tap's options: what fits together, what a person is told of the wire, and how often."""

from __future__ import annotations

import pytest
from shell import chargelore

from chargelore.engine.sources.copies import Health
from chargelore.engine.sources.trouble import TROUBLES, Trouble
from chargelore.kb.errors import UseError
from chargelore.tui.cli.wire.tapping import MOST_TOLD, QUIET, Told, Wire


class Listener:
    """Notes what is said, at a time that the test moves."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.time = 0.0
        self.told = Told(self.lines.append, lambda: self.time)

    def hears(self, reason: str, charger: str = "CP-1", detail: str = "") -> None:
        self.told.hears(Trouble(reason, "10.0.0.9", charger, detail))


def test_a_charger_that_errs_again_and_again_is_told_once() -> None:
    listener = Listener()
    for _ in range(5):
        listener.hears("compressed")
        listener.time += 2 * QUIET
    assert len(listener.lines) == 1


def test_a_thousand_chargers_with_one_trouble_are_a_line_a_minute_that_counts_the_others() -> None:
    listener = Listener()
    for number in range(1_000):
        listener.hears("upstream-unreachable", f"CP-{number}", "Connection refused")
    listener.time += QUIET
    listener.hears("upstream-unreachable", "CP-last", "Connection refused")
    assert listener.lines == [
        "CP-0 finds no management system: Connection refused",
        "CP-last finds no management system: Connection refused; 999 more like it since the last time",
    ]


def test_what_is_told_is_remembered_in_bounded_memory() -> None:
    listener = Listener()
    for number in range(MOST_TOLD + 50):
        listener.time += QUIET
        listener.hears("second-line", f"CP-{number}")
    assert len(listener.told._told) == MOST_TOLD
    assert len(listener.lines) == MOST_TOLD + 50


def test_a_port_that_is_only_looked_at_is_not_worth_a_line() -> None:
    listener = Listener()
    listener.hears("hung-up", "")
    assert listener.lines == []


def test_a_system_without_sockets_is_a_sentence_and_a_count() -> None:
    listener, health = Listener(), Health()
    listener.told.is_full(health, "Too many open files")
    assert health.troubles == {"no-sockets": 1}
    assert listener.lines == ["the tap can open no more connections: Too many open files; raise `ulimit -n`"]


@pytest.mark.parametrize("reason", TROUBLES)
def test_every_trouble_is_a_sentence_about_somebody(reason: str) -> None:
    for charger, detail in (("CP-1", "why"), ("", "")):
        said = str(Trouble(reason, "10.0.0.9", charger, detail))
        assert said.startswith(("CP-1 ", "10.0.0.9 "))
        assert not said.endswith((":", ";", " "))
        assert "{" not in said


HERE, THERE = "ws://127.0.0.1:1", "wss://127.0.0.1:1"


@pytest.mark.parametrize(
    ("wire", "upstream", "said"),
    [
        (Wire(client_ca="ca.pem"), HERE, "need --tls-cert"),
        (Wire(tls_key="tap.key"), HERE, "need --tls-cert"),
        (Wire(tls_old=True), HERE, "need --tls-cert"),
        (Wire(upstream_key="tap.key"), THERE, "--upstream-key needs --upstream-cert"),
        (Wire(upstream_ca="ca.pem"), HERE, "need TLS"),
        (Wire(upstream_cert="tap.pem"), HERE, "need TLS"),
    ],
)
def test_options_that_do_not_fit_are_refused(wire: Wire, upstream: str, said: str) -> None:
    with pytest.raises(UseError, match=said):
        wire.fits(upstream)


def test_options_that_fit_are_taken() -> None:
    Wire(tls_cert="a", tls_key="b", client_ca="c", tls_old=True).fits(HERE)
    Wire(upstream_ca="a", upstream_cert="b", upstream_key="c").fits(THERE.upper())


def test_tls_means_nothing_to_modbus() -> None:
    said = chargelore("watch", "--modbus", "127.0.0.1:1", "--map", "abl-em4", "--tls-cert", "a.pem")
    assert said.code == 2
    assert "is no source" in said.err


def test_a_certificate_that_is_not_there_ends_the_command_at_once_with_a_sentence() -> None:
    said = chargelore("watch", "--tap", "127.0.0.1:0", "--upstream", HERE, "--tls-cert", "nowhere.pem")
    assert said.code == 2
    assert "nowhere.pem: cannot be read: No such file" in said.err
    assert "Traceback" not in said.err
