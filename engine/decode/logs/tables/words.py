"""Words: the status of a connector as management systems write it in five languages, in the words of OCPP."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

ONLINE, OFFLINE = "online", "offline"

# OCPP 1.6 7.7 and OCPP 2.0.1 3.12, and what people read in English, German, French, Dutch and Spanish.
_WORDS = """
Available available free idle ready verfugbar frei bereit disponible libre beschikbaar vrij
Preparing preparing vorbereitung vorbereiten vorbereitend preparation enpreparation voorbereiden preparando pluggedin
Charging charging ladt laden ladend ladevorgang encharge chargeencours encours opladen laadt cargando incharge
SuspendedEV suspendedev pausiertfahrzeug suspenduve suspendidoev
SuspendedEVSE suspendedevse suspended paused pausiert enpause gepauzeerd pausado
Finishing finishing beendet beenden terminee fini afronden afgerond finalizando terminado completed
Reserved reserved reserviert reserve gereserveerd reservado
Occupied occupied belegt besetzt busy inuse occupe occupee bezet ocupado
Unavailable unavailable nichtverfugbar ausserbetrieb outofservice outoforder inoperative indisponible horsservice
Unavailable nietbeschikbaar buitengebruik buitendienst nodisponible fueradeservicio disabled deaktiviert gesperrt
Faulted faulted fault error gestort storung fehler fehlerhaft defekt defaut endefaut enpanne panne erreur gestoord
Faulted storing defect fout averiado averia fallo enfallo failure broken
offline offline getrennt nichtverbunden horsligne deconnecte nietverbonden desconectado sinconexion disconnected
online online verbunden enligne connecte verbonden conectado enlinea
"""
_STATUS: Mapping[str, str] = MappingProxyType(
    {name: line.split()[0] for line in _WORDS.strip().splitlines() for name in line.split()[1:]}
)
_NOT_LETTERS = re.compile(r"[^a-z0-9]")


def status_of(text: str) -> str:
    """The status in OCPP's word, or `online`, `offline`; "" where the text is none."""
    if len(text) > 40:
        return ""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return _STATUS.get(_NOT_LETTERS.sub("", plain), "")
