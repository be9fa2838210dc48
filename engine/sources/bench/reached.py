"""Reached: under which address a charger reaches a bench that listens everywhere."""

from __future__ import annotations

import socket

from chargelore.engine.sources.address import Address

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  # how one asks for every interface
A_PLACE_FOR_EXAMPLES = ("192.0.2.1", 9)  # RFC 5737: nobody is there, and nothing is sent


def reached_at(address: str) -> str:
    """The address that a charger is to be given: of all interfaces the one that leads out of this machine."""
    scheme, _, place = address.partition("://")
    listens = Address.read(place)
    return f"{scheme}://{Address(_own() if listens.host in ANYWHERE else listens.host, listens.port)}"


def _own() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
        try:
            asks.connect(A_PLACE_FOR_EXAMPLES)
            return str(asks.getsockname()[0])
        except OSError:  # no network at all
            return "127.0.0.1"
