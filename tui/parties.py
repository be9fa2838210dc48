"""Parties: who may have a case, as people call them."""

from __future__ import annotations

from collections.abc import Mapping

from chargelore.kb.errors import UseError
from chargelore.kb.model import Party
from chargelore.tui.speech import t

PARTIES: Mapping[Party, str] = {
    "driver": "driver", "cso": "operator", "site-host": "site owner", "installer": "installer",
    "distributor": "distributor", "utility": "grid operator", "network-provider": "network provider",
    "csms-provider": "back-end provider",
    "emsp": "card provider", "payment-provider": "payment provider", "evse-oem": "charger maker", "ev-oem": "car maker",
}  # fmt: skip
_ALSO: Mapping[str, Party] = {
    "manufacturer": "evse-oem", "maker": "evse-oem", "oem": "evse-oem", "network-operator": "cso", "cpo": "cso",
    "host": "site-host", "owner": "site-host", "electrician": "installer", "dealer": "distributor",
    "reseller": "distributor", "dso": "utility", "grid": "utility", "internet-provider": "network-provider",
    "back-end": "csms-provider", "backend": "csms-provider", "vehicle-maker": "ev-oem",
}  # fmt: skip
_BY_NAME: Mapping[str, Party] = {
    **_ALSO,
    **{label.replace(" ", "-"): party for party, label in PARTIES.items()},
    **{party: party for party in PARTIES},
}


def party_of(text: str) -> Party:
    """The party that a person means: `manufacturer`, `grid operator`, `evse-oem`. UseError for any other."""
    found = _BY_NAME.get("-".join(text.casefold().replace("_", " ").replace("-", " ").split()))
    if found is None:
        names = ", ".join(label.replace(" ", "-") for label in PARTIES.values())
        raise UseError(f"{text[:60]!r} is no party that may have a case", mend=f"name one of {names}")
    return found


def called(party: str) -> str:
    """A party in words, in the language in force; one of a later version by its id."""
    labels: Mapping[str, str] = PARTIES  # type: ignore[assignment]  # looked up by any text
    return t(labels.get(party) or party.replace("-", " "))
