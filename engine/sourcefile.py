"""Source file: which slices of each charger a watch listens to; a small YAML file, or the options of a command.

```yaml
sources:
  - {tap: "127.0.0.1:9000", upstream: "ws://csms.example:80/ocpp"}
  - {modbus: 10.0.0.7, map: bender-cc612, charger: CP-1}
  - {modbus: /dev/ttyUSB0, map: smartevse-3, serial: 9600 8N1, units: {1: CP-2, 2: CP-3}}
  - {meter: 10.0.0.9, map: eastron-sdm630, site: depot}      # or chargers: [CP-1, CP-2]
  - {follow: /var/log/csms.log}
  - {follow: charger.log, charger: CP-1, from: start}
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from chargelore.engine.growing import BY_CONTENT, checked_format
from chargelore.engine.places import NO_PLACES, Places
from chargelore.engine.sources.address import Address
from chargelore.kb.errors import ChargeloreError, SourceError, UseError
from chargelore.kb.model import Written
from chargelore.kb.yamlfile import Document, Trail, checked, parse

if TYPE_CHECKING:
    from chargelore.engine.sources.modbus import Outlet
    from chargelore.engine.sources.modbusplace import Place
    from chargelore.kb.registermap import RegisterMap

MOST_SOURCES = 500
MOST_BEHIND = 5_000  # chargers behind one meter
STDIN = "-"

Name = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFile(Written):
    """One source as written: one of the four kinds, and what belongs to it."""

    tap: str = ""
    upstream: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    client_ca: str = ""
    tls_old: bool = False
    upstream_ca: str = ""
    upstream_cert: str = ""
    upstream_key: str = ""
    modbus: str = ""
    meter: str = ""
    map: str = ""
    serial: str = ""
    unit: int = 0
    units: Mapping[int, Name] = field(default_factory=dict)
    connector: int = 1
    charger: Name = ""
    chargers: tuple[Name, ...] = ()
    site: str = ""
    follow: str = ""
    format: str = BY_CONTENT
    from_: Literal["start", "end"] = "end"


TLS = ("tls_cert", "tls_key", "client_ca", "tls_old", "upstream_ca", "upstream_cert", "upstream_key")
KINDS: Mapping[str, frozenset[str]] = {
    "tap": frozenset({"upstream", *TLS}),
    "modbus": frozenset({"map", "serial", "unit", "units", "connector", "charger"}),
    "meter": frozenset({"map", "serial", "unit", "chargers", "site"}),
    "follow": frozenset({"format", "charger", "from"}),
}
NEEDS: Mapping[str, tuple[str, ...]] = {"tap": ("upstream",), "modbus": ("map",), "meter": ("map",), "follow": ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """Chargers that connect here, and the management system behind; they say themselves who they are."""

    listen: str
    upstream: str
    tls: Mapping[str, Any] = field(default_factory=dict)  # certificates and keys, as the options of the tap name them

    def __str__(self) -> str:
        return f"tap {self.listen}"

    @property
    def is_secured(self) -> bool:
        """Whether there is TLS on either side."""
        return bool(self.tls) or self.upstream.startswith("wss:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Chargers behind one Modbus connection, by their ids."""

    where: Place
    registers: RegisterMap
    outlets: Mapping[str, Outlet]

    def __str__(self) -> str:
        return f"modbus {self.where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """A meter at a site, and the chargers that it stands in front of."""

    where: Place
    registers: RegisterMap
    outlet: Outlet
    chargers: tuple[str, ...]

    def __str__(self) -> str:
        return f"meter {self.where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A log that grows; `charger` is whose own log it is, empty where it tells of many."""

    file: str
    charger: str = ""
    form: str = BY_CONTENT
    from_start: bool = False

    def __str__(self) -> str:
        return f"log {'standard input' if self.file == STDIN else self.file}"


Source = Tapped | Asked | Metered | Followed
Placed = Callable[[str], str]  # a key -> where it stands, for a complaint


def load_sources(file: Path, places: Places = NO_PLACES) -> tuple[Source, ...]:
    """The sources in a file; paths in it are seen from its folder. SourceError with file, line and cure."""
    document = parse(file, SourceError)
    value = document.value if isinstance(document.value, dict) else {}
    entries = value.get("sources")
    if not isinstance(entries, list) or not entries or len(value) > 1:
        raise SourceError("names no sources", where=document.place(), mend="begin with `sources:` and a list, only")
    if len(entries) > MOST_SOURCES:
        raise SourceError(f"names more than {MOST_SOURCES} sources", where=document.place(), mend="use several watches")
    found: list[Source] = []
    for number, each in enumerate(entries):
        trail: Trail = ("sources", number)
        entry: EntryFile = checked(EntryFile, _named(each), document, trail, SourceError)
        placed = _places_in(document, trail)
        found.append(_once(source_of(entry, placed, file.parent, places), found, placed("")))
    return tuple(found)


def _places_in(document: Document, trail: Trail) -> Placed:
    return lambda key: document.place((*trail, key) if key else trail)


def _named(entry: Any) -> Any:
    """`from` is no name that Python allows for a field."""
    return (
        {"from_" if key == "from" else key: value for key, value in entry.items()} if isinstance(entry, dict) else entry
    )


def source_of(entry: EntryFile, placed: Placed, folder: Path, places: Places = NO_PLACES) -> Source:
    """The source that an entry means. SourceError where it is none, two, half of one, or names what is not there."""
    kind = _kind(entry, placed)
    try:
        return _MADE[kind](entry, folder, places)
    except ChargeloreError as error:
        what = f"{error.where}: {error.what}" if error.where and placed("") else error.what
        raise SourceError(what, where=placed(kind) or error.where, mend=error.mend) from error


def _kind(entry: EntryFile, placed: Placed) -> str:
    given = [each.name.rstrip("_") for each in fields(entry) if getattr(entry, each.name) != _default(each)]
    kinds = [each for each in given if each in KINDS]
    if len(kinds) != 1:
        what = f"is {' and '.join(kinds)} at once" if kinds else "is no source"
        raise SourceError(what, where=placed(""), mend=f"give one of {', '.join(KINDS)}")
    (kind,) = kinds
    for key in given:
        if key != kind and key not in KINDS[kind]:
            mend = f"leave it out; a {kind} has {', '.join(sorted(KINDS[kind]))}"
            raise SourceError(f"`{key}` says nothing of a {kind}", where=placed(key), mend=mend)
    for key in NEEDS[kind]:
        if key not in given:
            raise SourceError(f"a {kind} needs `{key}`", where=placed(kind), mend="add it")
    return kind


def _default(each: Any) -> object:
    return each.default_factory() if callable(each.default_factory) else each.default


def _tapped(entry: EntryFile, folder: Path, _places: Places) -> Source:
    from chargelore.engine.sources.dial import Upstream  # noqa: PLC0415  # the others do without

    Address.read(entry.tap)
    Upstream.read(entry.upstream)
    given = {name: value for name in TLS if (value := getattr(entry, name))}
    files = {name: str(folder / value) for name, value in given.items() if isinstance(value, str)}
    return Tapped(listen=entry.tap, upstream=entry.upstream, tls={**given, **files})


def _asked(entry: EntryFile, folder: Path, _places: Places) -> Source:
    from chargelore.engine.sources.modbus import Outlet  # noqa: PLC0415  # as above

    where, registers = _place(entry.modbus, entry, folder)
    if entry.units and (entry.unit or entry.charger):
        raise SourceError("`units` name addresses and chargers", mend="leave out `unit` and `charger`")
    many = {unit: str(name) or f"{where}/{unit}" for unit, name in entry.units.items()}
    units = many or {entry.unit: str(entry.charger or where)}
    outlets: dict[str, Outlet] = {}
    for unit, name in units.items():
        outlet = Outlet(unit=_unit(unit), connector=entry.connector)
        outlet.check(registers)
        if name in outlets:
            raise SourceError(f"two addresses are called {name}", mend="name each charger once")
        outlets[name] = outlet
    return Asked(where=where, registers=registers, outlets=outlets)


def _unit(unit: int) -> int:
    if 0 <= unit <= 255:
        return unit
    raise SourceError(f"{unit} is no Modbus address", mend="use 1 to 255")


def _place(text: str, entry: EntryFile, folder: Path) -> tuple[Place, RegisterMap]:
    from chargelore.engine.sources.modbusplace import read_place  # noqa: PLC0415  # as above
    from chargelore.kb.loadmap import load_map  # noqa: PLC0415  # as above

    own = folder / entry.map
    is_file = entry.map.endswith((".yaml", ".yml"))
    registers = load_map(own.stem, own.parent) if is_file else load_map(entry.map)
    return read_place(text, registers, entry.serial), registers


def _metered(entry: EntryFile, folder: Path, places: Places) -> Source:
    from chargelore.engine.sources.modbus import Outlet  # noqa: PLC0415  # as above

    where, registers = _place(entry.meter, entry, folder)
    chargers = tuple(map(str, entry.chargers)) or tuple(sorted(places.members.get((entry.site,), ())))
    if not chargers:
        what = f"nobody says which chargers stand at {entry.site}" if entry.site else "the meter of which chargers?"
        raise SourceError(what, mend="list `chargers`, or name a `site` of the file of places")
    if len(chargers) > MOST_BEHIND:
        raise SourceError(f"{len(chargers)} chargers are too many for one meter", mend=f"at most {MOST_BEHIND}")
    return Metered(where=where, registers=registers, outlet=Outlet(unit=_unit(entry.unit)), chargers=chargers)


def _followed(entry: EntryFile, folder: Path, _places: Places) -> Source:
    file = entry.follow if entry.follow == STDIN else str(folder / entry.follow)
    if file != STDIN and Path(file).is_dir():
        raise SourceError("is a folder", where=file, mend="name the log in it")
    return Followed(
        file=file,
        charger=str(entry.charger),
        form=checked_format(entry.format),
        from_start=entry.from_ == "start",
    )


_MADE: Mapping[str, Callable[[EntryFile, Path, Places], Source]] = {
    "tap": _tapped, "modbus": _asked, "meter": _metered, "follow": _followed,
}  # fmt: skip


def _once(source: Source, others: Sequence[Source], where: str) -> Source:
    """What is heard twice counts twice, and a device that serves one client is asked by none."""
    taken = {each for other in others for each in _ends(other)}
    if twice := next((each for each in _ends(source) if each in taken), ""):
        raise SourceError(f"{twice} is listened to already", where=where, mend="name it once")
    return source


def _ends(source: Source) -> Iterator[str]:
    if isinstance(source, Asked):
        yield from (f"{source} unit {each.unit} connector {each.connector}" for each in source.outlets.values())
    elif isinstance(source, Metered):
        yield f"modbus {source.where} unit {source.outlet.unit} connector 1"
    else:
        yield str(source)


def sources_of(entries: Sequence[EntryFile], named: Sequence[Source] = ()) -> tuple[Source, ...]:
    """The sources of a file, then those that options name. UseError where there are none, SourceError if one is odd."""
    if not entries and not named:
        raise UseError(
            "it is not clear what to watch",
            mend="give --tap with --upstream, --modbus with --map, --follow, or --sources; see chargelore watch --help",
        )
    found = list(named)
    for entry in entries:
        found.append(_once(source_of(entry, lambda _key: "", Path()), found, ""))
    return tuple(found)
