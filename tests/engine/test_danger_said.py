"""What people say of a danger to life is heard in many words, in English and German; a no, and words alike, are not."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.engine import witness
from chargelore.engine.diagnosing.safe import is_danger
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.read import heard_alone
from chargelore.engine.triage import triaged
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped

KNOWN = shipped()
SHOCK, FIRE, SMELL, SPARKS, BARE, WATER, BROKEN = (
    f"says-{each}"
    for each in (
        "shock", "fire-or-smoke", "burnt-or-hot-contact", "sparks", "bare-conductors", "water-runs-out",
        "charger-damaged",
    )
)  # fmt: skip

HEARD = {
    SHOCK: (
        "person got an electric shock at the charger",
        "I got a shock",
        "somebody received a shock from the plug",
        "a customer was shocked when touching the door",
        "the box gives people shocks when they touch it",
        "a small shock every time I plug in",
        "driver felt a jolt when she pulled the connector",
        "he was nearly electrocuted",
        "tingling when touching the charger",
        "my hand tingles at the handle",
        "the housing is live",
        "metal frame feels electrified",
        "live housing",
        "we measured 230 V on the housing",
        "there is voltage on the enclosure",
        "it zapped me",
        "the plug shocked a customer",
        "I got a shock although no car was connected",
        "it cannot be touched without getting a shock",
        "the RCD did not trip when I got a shock",
        "Stromschlag beim Anfassen der Säule",
        "Kunde hat einen Stromschlag bekommen",
        "ich habe eine gewischt bekommen",
        "man bekommt einen Schlag",
        "leichte Stromschläge am Stecker",
        "woman collapsed after touching the charger",
        "housing carries voltage",
        "Person verletzt",
        "Electric shock reported",
        "elektrischer Schlag am Gehäuse",
        "es kribbelt, wenn man das Gehäuse berührt",
        "Kribbeln in den Fingern beim Anstecken",
        "Gehäuse steht unter Spannung",
        "die Säule steht unter Strom",
        "Spannung am Gehäuse gemessen",
        "Metallrahmen führt Spannung",
        "einen Schlag bekommen, obwohl kein Auto dran war",
    ),
    FIRE: (
        "smoke and fire from the charger",
        "it is burning",
        "the charger is on fire",
        "the wallbox caught fire last night",
        "smoke is coming out of the cabinet",
        "there is smoke",
        "the plug is smoking",
        "smoking connector",
        "flames at the socket",
        "there was a small fire",
        "the station burned down",
        "the cable is burning",
        "it won't stop smoking",
        "fire brigade on site, fire in the cabinet",
        "Rauch aus der Wallbox",
        "es brennt",
        "Es brennt in der Ladesäule!",
        "die Wallbox brennt",
        "Säule raucht",
        "es qualmt aus dem Stecker",
        "Kabel ist in Brand geraten",
        "Flammen am Ladekabel",
        "Feuer!",
        "fire",
        "thick black smoke over the car park",
        "die Wallbox hat gebrannt",
        "der Stecker kokelt",
        "Kabelbrand im Gehäuse",
        "hört nicht auf zu qualmen",
    ),
    SMELL: (
        "burning smell near the post",
        "it smells of burnt plastic",
        "Brandgeruch",
        "riecht verschmort",
        "es riecht nach verbranntem Plastik",
    ),
    SPARKS: (
        "sparks at the plug",
        "it sparked when I plugged in",
        "the socket is sparking",
        "arcing at the contacts",
        "a loud bang, then dark",
        "the charger exploded",
        "blue flash when the plug went in",
        "big spark at the inlet",
        "Funken am Stecker",
        "es funkt beim Anstecken",
        "Lichtbogen gesehen",
        "lauter Knall und dann dunkel",
        "es hat geknallt",
        "Gerät ist explodiert",
    ),
    BARE: (
        "bare wires visible",
        "exposed conductors behind the cover",
        "wires hanging out of the post",
        "you can see the copper in the cable",
        "the insulation of the cable is torn",
        "frayed cable",
        "Drähte hängen aus der Säule",
        "Isolierung beschädigt",
        "live parts can be touched",
        "blanke Adern",
        "man sieht blanke Drähte",
        "Kabel liegen offen",
        "freiliegende Leitungen am Sockel",
        "Kupfer sichtbar",
        "die Isolierung ist aufgerissen",
        "offene Kabel hängen raus",
    ),
    WATER: (
        "water running out of the cabinet",
        "water is coming out of the socket",
        "the charger is under water",
        "the station stands in water",
        "the housing is full of water",
        "Wasser läuft aus der Säule",
        "aus dem Gehäuse tropft Wasser heraus",
        "Wallbox steht unter Wasser",
        "die Ladesäule ist überflutet",
    ),
    BROKEN: (
        "the charger was knocked over",
        "the housing is cracked",
        "charger torn off the wall",
        "the post fell over",
        "badly damaged charger",
        "socket broken open",
        "Säule umgefahren",
        "Ladesäule umgekippt",
        "Gehäuse ist zerbrochen",
        "Wallbox von der Wand gerissen",
        "Steckdose zerbrochen",
        "Abdeckung fehlt, man kommt an die Klemmen",
    ),
}
HARMLESS = (
    "no smoke",
    "no smoke, no sparks, no smell",
    "there is no fire and no smoke",
    "nobody got a shock, it is not live",
    "the housing is not live",
    "no bare wires",
    "it does not smoke",
    "not burning",
    "no water runs out",
    "kein Rauch",
    "keine Funken und kein Brandgeruch",
    "es brennt nicht",
    "kein Stromschlag",
    "Gehäuse steht nicht unter Spannung",
    "raucht nicht",
    "keine blanken Adern",
    "the charger got a shock of reboots",
    "I was shocked by the price",
    "the shock sensor was calibrated",
    "the firewall blocks the port",
    "the event fires twice",
    "the smoke test of the firmware passed",
    "the fire alarm of the garage was tested",
    "Chevrolet Spark does not charge",
    "live data are missing in the app",
    "the site went live in May",
    "the station is live on the map",
    "the API is exposed to the internet",
    "bare JSON frames in the log",
    "the charger is broken",
    "the display is damaged by the sun",
    "the transaction is torn into two",
    "burn-in test passed",
    "die rote Lampe brennt",
    "es brennt nur die grüne LED",
    "die LED brennt dauerhaft rot",
    "Sicherung durchgebrannt",
    "das Funkmodul startet neu",
    "Station steht wieder unter Spannung",
    "Rauchmelder wurde geprüft",
    "die Marke ist neu",
    "ein Schlagwort fehlt in der Liste",
    "Kabel ist 5 m lang",
    "water heater runs as well",
    "offline since the storm",
)  # fmt: skip


def told(texts: list[str]) -> Iterator[tuple[str, frozenset[str], bool]]:
    """Each sentence, said of a charger of its own, with the evidence that is then yes, and whether it is a danger."""
    seen = witness.sights([f"@CP-{n} {text}" for n, text in enumerate(texts)], KNOWN.evidence)
    with Watch(KNOWN, rules(), key=b"k" * 32) as watch:
        for found in triaged(heard_alone(witness.NAME, witness.alone(seen)), watch).cases:
            case = found.case
            yes = {each.symptom for each in case.firings} | {key for key, said in case.answers.items() if said == "yes"}
            yield texts[int(case.charger.id.split("-")[1])], frozenset(yes), is_danger(KNOWN, case)


def test_a_danger_is_heard_in_the_words_that_people_use() -> None:
    wanted = {text: evidence for evidence, texts in HEARD.items() for text in texts}
    heard = {text: (yes, danger) for text, yes, danger in told([*wanted])}
    deaf = [text for text, evidence in wanted.items() if text not in heard or evidence not in heard[text][0]]
    assert deaf == []
    assert [text for text, (_, danger) in heard.items() if not danger] == []


def test_a_no_and_words_that_are_alike_are_no_danger() -> None:
    assert [(text, sorted(yes)) for text, yes, danger in told([*HARMLESS]) if danger] == []
