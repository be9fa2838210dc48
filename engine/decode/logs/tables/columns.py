"""Columns: what a column of a table holds - by its name in five languages, else by what stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from chargelore.engine.decode.actions import KNOWN
from chargelore.engine.decode.clock import moment, whole_time
from chargelore.engine.decode.logs.lead import way_in
from chargelore.engine.decode.logs.tables.words import status_of
from chargelore.engine.decode.message import CALL, ERROR, RESULT
from chargelore.engine.decode.native import ERROR_CODES_16
from chargelore.engine.decode.scan import START

# What a column may hold, and its names: English, German, French, Dutch, Spanish, and as databases write them.
_NAMES = """
time time timestamp ts datetime when zeit zeitstempel zeitpunkt datumzeit datumundzeit datumuhrzeit dateheure horodatage
time dateetheure tijd tijdstip tijdstempel datumtijd datumentijd fechahora fechayhora marcadetiempo statustimestamp
time valuetimestamp eventtimestamp timestamputc createdat reportedat receivedat occurredat loggedat lastupdate updatedat
time lastupdated ereigniszeit heurelocale statussince seit depuis sinds desde eventtime lasthello lastseen
date date datum fecha jour tag dag dia
clock uhrzeit heure clock timeofday hora
charger charger chargerid chargername chargepoint chargepointid chargepointname chargepointidentity chargeboxid
charger chargebox
charger chargingstation chargingstationid chargingstationname stationid station stationname cpid cp identity ladepunkt
charger ladepunktid ladestation ladestationid ladesaule ladesaulenid wallbox wallboxid ladegerat saule borne borneid
charger idborne pointdecharge bornederecharge stationderecharge laadpaal laadpaalid laadpunt laadpuntid laadstation
charger cargador puntodecarga puntoderecarga estacion estaciondecarga estacionderecarga ocppid
charger ocppidentity ocppidentifier
charger deviceid device asset assetid evseuid chargepointserialnumber
connector connector connectorid connectornumber connectorno outlet outletid socket plug anschluss stecker ladeanschluss
connector steckdose konnektor steckernummer connecteur prise idconnecteur aansluiting stekker conector toma enchufe
connector manguera ladekabel port portid gun
connectorkey connectorpk
evse evseid evse
status status state connectorstatus chargepointstatus chargerstatus zustand ladestatus betriebszustand etat statut
status toestand laadstatus estado statusdelconector evsestatus ocppstatus
error errorcode error ocpperrorcode fehlercode fehler codeerreur codederreur erreur foutcode fout codigodeerror
error codigoerror codigodefallo storingscode storungscode faultcode
vendorerror vendorerrorcode vendorerror herstellerfehlercode herstellerfehler herstellercode codefabricant
vendorerror codeerreurfabricant codeerreurconstructeur fabrikantfoutcode leverancierscode codigodelfabricante
vendorerror codigofabricante vendorcode manufacturererrorcode codigodeerrordelfabricante
vendorid vendorid herstellerid fournisseurid leveranciersid
info info errorinfo additionalinfo details detail zusatzinfo zusatzinformation informationscomplementaires
info informacionadicional aanvullendeinformatie statusinfo techinfo
text message meldung nachricht text log description beschreibung msg comment bemerkung omschrijving descripcion melding
text bericht mensaje logmessage event ereignis evenement gebeurtenis evento
level level severity loglevel schweregrad niveau ernst nivel prioritat
direction direction origin richtung sens richting direccion sender source sentby from initiator
frame payload ocppmessage rawmessage frame raw rawdata messagebody body content nutzlast contenu inhoud contenido
frame messagejson requestpayload fullmessage data
frame request anfrage requete verzoek solicitud
answer response answer responsepayload conf confirmation antwort reponse respuesta antwoord resultpayload
action action messagename ocppaction command operation aktion accion actie requesttype messagetypename feature
uid messageid uniqueid correlationid requestid nachrichtenid uid
type type messagetype messagetypeid calltype nachrichtentyp typedemessage ocppmessagetype
transaction transactionid transactionpk transaktion transaktionsid idtransaction transactie transactieid transaccion
transaction idtransaccion sessionid ladevorgang transactiondatabaseid
started starttimestamp starttime startedat startdate sessionstart beginn ladebeginn debut heuredebut starttijd inicio
started horainicio start begin
stopped stoptimestamp stoptime endtime endedat stoppedat enddate sessionend ende ladeende fin heurefin eindtijd eind
stopped horafin stop end
meterstart startvalue meterstart zahlerstand zahlerstandstart zahlerstandbeginn startmeter compteurdebut meterstandstart
meterstop stopvalue meterstop zahlerstandende endmeter compteurfin meterstandeind
reason stopreason stoppedreason reason grund stoppgrund beendigungsgrund raison motif reden stopreden motivo
reason terminationreason
tag idtag rfid rfidtag tag idtoken ocppidtag ocpptag karte ladekarte badge carte pas laadpas tarjeta token card
measurand measurand messgrosse grandeur meetgrootheid magnitud
value value wert messwert valeur waarde valor
samples sampledvalue sampledvalues
unit unit einheit unite eenheid unidad
phase phase fase
context readingcontext context
maker chargepointvendor chargingstationvendor vendor vendorname manufacturer hersteller fabricant constructeur fabrikant
maker fabricante make brand marke merk marca marque
model chargepointmodel model modell modele modelo typ chargertype
firmware firmwareversion fwversion firmware softwareversion sw fw versiondulogiciel softwareversie versionfirmware
component component componentname
variable variable variablename
techcode techcode
actual actualvalue
cleared cleared
"""
_LINES = tuple(line.split() for line in _NAMES.strip().splitlines())
ROLE_OF: Mapping[str, str] = MappingProxyType({name: role for role, *names in reversed(_LINES) for name in names})
ROLES = tuple(dict.fromkeys(role for role, *_ in _LINES))
_RANK = {name: rank for rank, name in enumerate(name for _, *names in _LINES for name in names)}
NOTHING: Mapping[str, str] = MappingProxyType({})
ALSO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"type": ("direction", "model"), "data": ("text",), "evse": ("charger",)}
)
SEEN = 40  # rows that are looked at
ENOUGH = 0.6
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z|\d{1,2}[./]\d{1,2}[./]\d{2,4}\Z")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\Z")
_WAY_NAMES = """
in out inbound outbound incoming outgoing recv received receive rx sent send tx cs csms cp charger request response req
res conf eingehend ausgehend entrant sortant inkomend uitgaand entrante saliente
"""
_WAYS = frozenset(_WAY_NAMES.split())
_NOT_LETTERS = re.compile(r"[^a-z0-9]")


_NULLS = frozenset({"", "null", r"\n", "none", "-", "n/a", "nan", "(null)", "<null>"})
TYPES: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(("2", "call", "request", "req"), CALL)
    | dict.fromkeys(("3", "callresult", "response", "conf", "confirmation", "res", "result", "answer"), RESULT)
    | dict.fromkeys(("4", "callerror", "error"), ERROR)
)


def bare(name: str) -> str:
    """A column's name as it is compared: `Début de session` and `debut_de_session` are one."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss"))
    return _NOT_LETTERS.sub("", plain.encode("ascii", "ignore").decode())


def known_as(name: str) -> str:
    """The name by which we know a column: all of it, or its last part, `data.status`; "" where we know none."""
    return next((each for each in (bare(name), bare(name.rpartition(".")[2])) if each in ROLE_OF), "")


def roles_of(names: Sequence[str], rows: Sequence[Sequence[str]], own: Mapping[str, str] = NOTHING) -> dict[str, int]:
    """Which column holds what: role -> place. A name counts if what stands in the column does not contradict it.

    `own` says of bare names what they hold in one database, "" for what is of no use there.
    """
    columns = [
        [row[place] for row in rows[:SEEN] if len(row) > place and not is_empty(row[place])]
        for place in range(len(names))
    ]
    found: dict[str, int] = {}
    for place in sorted(range(len(names)), key=lambda place: _rank(names[place], own)):
        for role in _meant(names[place], own):
            if role not in found and _may_hold(role, columns[place]):
                found[role] = place
                break
    taken = set(found.values())
    for place, cells in enumerate(columns):
        guessed = None if place in taken else role_by_content(cells)
        if guessed is not None and guessed not in found:
            found[guessed] = place
    return found


def _told(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if not is_empty(cell)]


def _meant(name: str, own: Mapping[str, str]) -> tuple[str, ...]:
    """What a column of this name may hold, likeliest first."""
    known = known_as(name)
    roles = (own[bare(name)],) if bare(name) in own else (ROLE_OF.get(known, ""), *ALSO.get(known, ()))
    return tuple(filter(None, roles))


def _rank(name: str, own: Mapping[str, str]) -> int:
    """Of two columns that could hold the same the one with the plainer name does."""
    plain = bare(name)
    return list(own).index(plain) - len(own) if plain in own else _RANK.get(known_as(name), 0)


def role_by_content(cells: Sequence[str]) -> str | None:
    """What most cells of a column look like; None where nothing tells."""
    return next((role for role, looks in _LOOKS.items() if cells and _share(map(looks, cells)) >= ENOUGH), None)


def _may_hold(role: str, cells: Sequence[str]) -> bool:
    check = _CHECKS.get(role)
    return check is None or not cells or _share(map(check, cells)) >= ENOUGH


def _share(votes: Iterable[bool]) -> float:
    counted = list(votes)
    return sum(counted) / len(counted)


def is_time(text: str) -> bool:
    """Whether a cell holds a whole time, with its day."""
    written = moment(whole_time(text)) if len(text) < 48 else None
    return written is not None and written.has_date


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing."""
    return cell.strip().lower() in _NULLS


def _is_type(text: str) -> bool:
    return text.lower() in TYPES


def _is_day(text: str) -> bool:
    return _DAY.match(text) is not None


def _is_clock(text: str) -> bool:
    return _CLOCK.match(text) is not None


def _is_error(text: str) -> bool:
    return text in ERROR_CODES_16


def _is_way(text: str) -> bool:
    return text.lower() in _WAYS or (len(text) < 40 and way_in(text) != "")


def _is_frame(text: str) -> bool:
    return START.match(text) is not None


def _is_action(text: str) -> bool:
    return text.removesuffix("Request").removesuffix("Response").removesuffix(".req").removesuffix(".conf") in KNOWN


def _is_status(text: str) -> bool:
    return status_of(text) != ""


def _is_object(text: str) -> bool:
    return text.startswith("{")


def _is_word(text: str) -> bool:
    return len(text) < 60 and not is_time(text)


_LOOKS = {
    "frame": _is_frame, "time": is_time, "action": _is_action, "error": _is_error, "status": _is_status,
    "direction": _is_way, "date": _is_day, "clock": _is_clock,
}  # fmt: skip
_CHECKS = {
    "time": is_time, "date": _is_day, "clock": _is_clock, "status": _is_word, "started": is_time, "stopped": is_time,
    "action": _is_action, "direction": _is_way, "type": _is_type, "answer": _is_object, "error": _is_word,
    "charger": _is_word,
}  # fmt: skip
