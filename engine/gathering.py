"""Gathering: the recordings and stored cases that a rule is learned from or tuned on, read and sorted by cause."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from chargelore.engine.drafting.session import Hearing, Session, of_finding, session
from chargelore.engine.proving.recordings import HEALTHY, LIST, Recording, recordings
from chargelore.engine.read import read
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId, Knowledge

MOST = 300  # recordings at once: all of them are held in memory
Findings = Callable[[], Sequence[Finding]]  # those of the store, read only when a case is asked for by its id


@dataclass(frozen=True, slots=True)
class Gathered:
    """Sessions of one cause, healthy ones and those of other causes; `listed_in` says which lists named the healthy.

    `twins` hold the same as another session of their side, and are left out: a copy proves nothing.
    """

    cause: CauseId
    positives: tuple[Session, ...]
    healthy: tuple[Session, ...]
    others: tuple[Session, ...]
    listed_in: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """Where sessions come from: the knowledge, how they are heard, and the store's findings."""

    knowledge: Knowledge
    hearing: Hearing
    findings: Findings = field(default=lambda: ())

    def heard(self, one: Recording) -> Session:
        """A recording as rules hear it. InputError when it cannot be read or is too long."""
        reading = read(one.file)
        return session(one.name, one.cause, reading, reading.introduced, self.hearing)

    def stored(self, case: str, cause: str = "") -> Session:
        """A case of the store by its id. InputError where there is none, it holds no codes, or it was something else.

        `cause` is what it must have been, or was where its finding does not say so.
        """
        found = [each for each in self.findings() if each.case == case]
        if not found:
            mend = "give a log, a case file, a folder with a confirmed.csv, or a case of `chargelore kb log`"
            raise InputError("is neither a file nor a case in the store", where=case[:200], mend=mend)
        made = of_finding(found[-1], self.hearing)
        known = self._standing(made.cause) or cause
        if not known or (cause and known != cause):
            what = f"turned out to be {known}, not {cause}" if known else "nobody found out what it was"
            raise InputError(what, where=case[:200], mend="leave it out" if known else "add --cause")
        return replace(made, cause=CauseId(known))

    def _standing(self, cause: CauseId | None) -> CauseId | None:
        """A deprecated cause goes by the name of its successor."""
        known = self.knowledge.causes.get(cause) if cause is not None else None
        return CauseId(known.replaced_by) if known is not None and known.replaced_by else cause


def gathered(cases: Sequence[str], healthy: Sequence[str], cause: str, library: Library) -> Gathered:
    """The sessions that are meant, sorted. UseError where the cause, or a healthy session, is not told."""
    if cause and cause not in library.knowledge.causes:
        raise UseError(f"{cause} is no cause", mend="`chargelore kb ids WORDS` lists causes")
    listed = [each for case in cases for each in _recorded(case, cause, library)]
    stored = [library.stored(case, cause) for case in cases if not Path(case).exists()]
    wanted = _cause(
        cause, [*(each.cause for each in listed), *(each.cause for each in stored)], library.knowledge.causes
    )
    well, lists = _healthy(cases, healthy, library.knowledge)
    files = _once([*listed, *well])
    if len(files) > MOST:
        raise UseError(f"these are {len(files)} recordings", mend=f"give at most {MOST} at once")
    told, twins = _distinct([*map(library.heard, files), *stored])
    return Gathered(
        wanted,
        tuple(each for each in told if each.cause == wanted),
        tuple(each for each in told if each.cause is None),
        tuple(each for each in told if each.cause not in (wanted, None)),
        lists,
        twins,
    )


def _distinct(sessions: Iterable[Session]) -> tuple[list[Session], tuple[str, ...]]:
    """Without copies on one side, and the names of those."""
    kept: dict[object, Session] = {}
    twins: list[str] = []
    for each in sessions:
        said = each.cause, *((signal.at, signal.kind, signal.charger, signal.raw) for signal in each.signals)
        if kept.setdefault(said, each) is not each:
            twins.append(each.name)
    return list(kept.values()), tuple(twins)


def confirmed(names: Sequence[str], library: Library) -> tuple[Session, ...]:
    """Every session of folders with a list, or of files that the list beside them names. UseError for any other."""
    for name in names:
        if not Path(name).exists():
            raise InputError("is not there", where=name[:200], mend="name a folder with a confirmed.csv")
    files = _once([each for name in names for each in _recorded(name, "", library)])
    if len(files) > MOST:
        raise UseError(f"these are {len(files)} recordings", mend=f"give at most {MOST} at once")
    return tuple(map(library.heard, files))


def _once(files: Iterable[Recording]) -> list[Recording]:
    """Each file once. UseError for one that stands on both sides."""
    kept: dict[Path, Recording] = {}
    for each in files:
        if kept.setdefault(each.file.resolve(), each).cause != each.cause:
            raise UseError(f"{each.file.name} stands on both sides", mend="name it once")
    return list(kept.values())


def _recorded(case: str, cause: str, library: Library) -> list[Recording]:
    """The recordings that a file or folder stands for, each with its cause."""
    path = Path(case)
    if path.is_dir():
        return list(recordings(path, library.knowledge))
    if not path.exists():
        return []
    known = _listed(path, library.knowledge)
    if known is not None and cause and known.cause != cause:
        raise InputError(f"turned out to be {known.cause or HEALTHY}, not {cause}", where=case, mend="leave it out")
    if known is None and not cause:
        raise UseError(f"nobody says what {path.name} turned out to be", mend=f"add --cause, or list it in {LIST}")
    return [known or Recording(path, path.name, CauseId(cause))]


def _listed(file: Path, knowledge: Knowledge) -> Recording | None:
    """What the list beside a file says of it."""
    if not (file.parent / LIST).is_file():
        return None
    fit = (each for each in recordings(file.parent, knowledge) if each.file.resolve() == file.resolve())
    return next(fit, None)


def _cause(cause: str, told: Iterable[CauseId | None], known: Container[str]) -> CauseId:
    causes = sorted({each for each in told if each is not None})
    if cause:
        return CauseId(cause)
    if len(causes) == 1 and causes[0] in known:
        return causes[0]
    if len(causes) == 1:
        raise UseError(f"{causes[0]} is no cause that is known here", mend="say with --cause what it is called here")
    what = f"these cases had {len(causes)} causes" if causes else "none of these cases has a confirmed cause"
    raise UseError(what, mend=f"choose one with --cause: {', '.join(causes)}" if causes else "add --cause")


def _healthy(
    cases: Sequence[str], healthy: Sequence[str], knowledge: Knowledge
) -> tuple[list[Recording], tuple[str, ...]]:
    """The healthy recordings that were named, else those that the lists beside the cases name, and which lists."""
    if healthy:
        return [each for name in healthy for each in _well(Path(name), knowledge)], ()
    paths = [Path(case) for case in cases if Path(case).exists()]
    folders = dict.fromkeys(path if path.is_dir() else path.parent for path in paths)
    lists = [folder for folder in folders if (folder / LIST).is_file()]
    well = [each for folder in lists for each in recordings(folder, knowledge) if each.cause is None]
    if not well:
        mend = f"name some with --healthy, or list them as `healthy` in {LIST}"
        raise UseError("there is no healthy session to compare with", mend=mend)
    return well, tuple(str(folder / LIST) for folder in lists)


def _well(path: Path, knowledge: Knowledge) -> list[Recording]:
    if path.is_dir():
        return [each for each in recordings(path, knowledge) if each.cause is None]
    known = _listed(path, knowledge)
    if known is not None and known.cause is not None:
        raise InputError(f"turned out to be {known.cause}, not {HEALTHY}", where=str(path), mend="leave it out")
    return [Recording(path, path.name, None)]
