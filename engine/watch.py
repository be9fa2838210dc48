"""Watch: the live state of all chargers and their open cases. It moves signals; it decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy, deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from chargelore.engine import sitemeter, witness
from chargelore.engine.advice import Advice
from chargelore.engine.aftercare.care import Care
from chargelore.engine.aftercare.sequel import Followed, Sequel
from chargelore.engine.case import Case, Charger, SeenCode
from chargelore.engine.casework import DENIED, OpenCase
from chargelore.engine.clocks.clockwords import Clocked
from chargelore.engine.clocks.skew import Skew, skews
from chargelore.engine.denial import beyond_no
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Visit
from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.door import charger_called, redacted, redacted_text
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.heard.ear import DEAF, Hearing
from chargelore.engine.heard.reportability import Sheet
from chargelore.engine.infer import Inference, Standing, best
from chargelore.engine.infer.fact import Fact
from chargelore.engine.matching import late
from chargelore.engine.matching.network import EPOCH, Network, compile_rules, named
from chargelore.engine.matching.sitewide import Unplaced
from chargelore.engine.matching.strain import Strain, together
from chargelore.engine.nameplate import short
from chargelore.engine.neighbours import Neighbours
from chargelore.engine.openers import openers
from chargelore.engine.places import NO_PLACES, Places
from chargelore.engine.post import Post, Seen
from chargelore.engine.reach import Reach
from chargelore.engine.signal import Signal
from chargelore.engine.sitemeter import SiteMeters
from chargelore.engine.snapshot import Resumed, Snapshot, gone_on, read, written
from chargelore.engine.translate import ended_codes, fault_signals, in_namespace, read_off, seen_codes
from chargelore.engine.trial import IN_FORCE, ON_TRIAL, Trial, parted, trials
from chargelore.kb.codes import Codes
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.model import EvidenceId, Knowledge, StepId

NOTHING: frozenset[str] = frozenset()
AT_ONCE = timedelta()
KEPT_CLOSED = 50  # closed cases that can be opened again


class Watch:
    """All chargers that speak, and their cases. Lives as long as a screen or a command; not thread-safe.

    With a `key` every signal passes the door first: what names a person or a device becomes a pseudonym. With a
    `lateness` signals that come late by no more than that are put in order of event time before anyone hears them.
    `listener` is told each signal behind the door, as it stands on the timeline of its charger.
    `fired` counts the firings of each rule, those of rules on trial too, for whoever judges rules. `inference` asks for
    one of the engines that join symptoms, `auto` for the best there is; they conclude the same. `hearing` says what
    each model never sends, keeps what chargers send here, and names the fixes that are followed. `person` is who goes:
    steps and visits are theirs.
    """

    def __init__(  # noqa: PLR0913  # all but the first two are named and may be left out
        self,
        knowledge: Knowledge,
        rules: Rules,
        learned: Learned = NOTHING_LEARNED,
        *,
        key: bytes = b"",
        lateness: timedelta = AT_ONCE,
        inference: str = "auto",
        hearing: Hearing = DEAF,
        places: Places = NO_PLACES,
        person: Person = ANYBODY,
    ) -> None:
        self._person = person
        self._knowledge, self._learned, self._key, self._lateness = knowledge, learned, key, lateness
        self._codes = Codes(knowledge)
        self._rules, self._ear, self._places = rules, hearing.ear, places
        self._network, self._aside = _networks(rules, places)
        self._reach = Reach(rules, hearing.sheet)
        self._choice = inference
        self._inference: Inference = best(rules.case_rules, IN_FORCE, inference)
        self._begins()
        self._care.follows(hearing.fixes)

    def _begins(self) -> None:
        """Nothing was heard yet."""
        self._neighbours = Neighbours(self._rules, self._places)
        self._meters = SiteMeters(self._places)
        self._posts: dict[str, Post] = {}
        self._seen: dict[str, Seen] = {}  # as they were asked for last
        self._cases: dict[str, OpenCase] = {}
        self._care = Care()
        self._closed: dict[str, OpenCase] = {}
        self.fired: Counter[str] = Counter()
        self.listener: Callable[[Signal], None] = _nobody

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *exc: object) -> None:
        self._inference.close()

    @property
    def chargers(self) -> Mapping[str, Seen]:
        """Every charger heard so far, by id; one that said nothing since it was asked for last is the same value."""
        for name, post in self._posts.items():
            known = self._seen.get(name)
            if known is None or known.signals != post.count or known.charger is not post.charger:
                self._seen[name] = post.seen()
        return dict(self._seen)

    @property
    def clocks(self) -> Iterator[Clocked]:
        """The chargers whose clocks can be told, in order of being heard first."""
        told = (Clocked(name, self.clock(name)) for name in self._posts)
        return (each for each in told if each.skews)

    def clock(self, charger: str) -> tuple[Skew, ...]:
        """How the clocks of a charger and its management system stand; empty where they said too little."""
        post = self._posts.get(charger)
        return skews(post.clocks) if post is not None else ()

    @property
    def cases(self) -> Mapping[str, Case]:
        """The open cases, by id, as values."""
        return {name: case.frozen() for name, case in self._cases.items()}

    @property
    def standing(self) -> Standing:
        """Which engine joins the symptoms of cases, and what it has been through."""
        return self._inference.standing

    @property
    def opened(self) -> Iterator[tuple[str, str]]:
        """The ids of the open cases with those of their chargers, in order of opening."""
        return ((name, case.charger.id) for name, case in self._cases.items())

    def case(self, case_id: str) -> Case:
        """One open case as a value. KeyError when it is not open."""
        return self._cases[case_id].frozen()

    def diagnosis(self, case_id: str) -> Diagnosis:
        """What is likely wrong in an open case, with what was learned so far. KeyError when it is not open."""
        return self._advice.diagnosis(self.case(case_id))

    def visit(self, case_id: str) -> Visit:
        """What to do on one visit to the charger of an open case. KeyError when it is not open."""
        return self._advice.visit(self.case(case_id))

    @property
    def _advice(self) -> Advice:
        return Advice(self._knowledge, self._learned, self._reach, self._neighbours, self._person)

    def trials(self, case_id: str) -> tuple[Trial, ...]:
        """What rules on trial say of an open case; to be shown to nobody who has not named a cause yet."""
        case = self._cases[case_id]
        return trials(self._rules, _facts(case), case.hidden.firings.values())

    def discreet(self, text: str) -> str:
        """A text that never passed the door, as it would have come out."""
        return redacted_text(text, self._key) if self._key else text

    def called(self, charger: str) -> str:
        """What a charger is called here, behind the door."""
        return short(charger_called(charger, self._key) if self._key else charger)

    def feed(self, signal: Signal) -> frozenset[str]:
        """Take one signal; the ids of the cases that it changed."""
        signal = named(redacted(signal, self._key) if self._key else signal)
        if signal.charger not in self._posts and self._places and not self._meters.is_meter(signal.charger):
            before = tuple(self._meters.before(signal.charger, signal.at))
            return NOTHING.union(*[self._fed(each) for each in (*before, signal)])
        changed = self._fed(signal)
        if self._meters.tells(signal):
            around = [name for name in self._posts if self._meters.concerns(signal.charger, name)]
            return changed.union(*[self._fed(sitemeter.of(signal, name)) for name in around])
        return changed

    def _fed(self, signal: Signal) -> frozenset[str]:
        post = self._post(signal.charger)
        if not self._lateness:
            return self._hear(post, signal)
        post.held, ready = late.step(post.held, signal, self._lateness)
        return NOTHING.union(*[self._hear(post, each) for each in ready])

    def overhear(self, signal: Signal) -> None:
        """Take a signal of a charger that another watch judges, for what it tells of places."""
        if self._places:
            self._neighbours.meets(self.called(signal.charger))

    def tick(self, now: datetime) -> frozenset[str]:
        """Event time moved on without a signal: what is absent by now becomes a symptom."""
        at = now - self._lateness
        changed = NOTHING.union(*[self._released(post, at) for post in self._posts.values()])
        overdue = [each for post in self._posts.values() for each in self._overdue(post, at)]
        return changed | self._late(overdue) | self._late(self._neighbours.close(at))

    def end(self) -> frozenset[str]:
        """The log ends: unanswered requests and absences up to each charger's last time are judged."""
        changed = NOTHING.union(*[self._last_words(post) for post in self._posts.values()])
        ends = [(post, post.last_at) for post in self._posts.values() if post.last_at]
        changed |= self._late([each for post, at in ends for each in self._overdue(post, at)])
        lasts = {post.charger.id: at.replace(tzinfo=at.tzinfo or UTC) for post, at in ends}
        return changed | self._late(self._neighbours.end(lasts))

    @property
    def is_placed(self) -> bool:
        """Whether two chargers were heard that are known to stand together."""
        return self._neighbours.stand_together(self._posts)

    def unplaced(self) -> tuple[Unplaced, ...]:
        """Rules that could not be asked so far, so that their silence means nothing, and why."""
        return self._neighbours.unplaced()

    def identify(self, charger: Charger) -> None:
        """Say who a charger is when it does not say so itself."""
        charger = replace(charger, id=short(charger.id))
        self._post(charger.id).is_called(charger)

    @property
    def strain(self) -> Strain:
        """What the rules had to do without so far."""
        return together(post.strain() for post in self._posts.values())

    def fresh(self) -> Watch:
        """Another watch that has heard nothing yet, over the same rules, which need not be compiled anew.

        It stands on the inference of this one and ends with it.
        """
        other = copy(self)
        other._begins()
        other._ear = None
        return other

    def snapshot(self, at: datetime, place: int = 0) -> str:
        """All that is remembered of chargers, cases and sites, as JSON; `place` is that in a journal."""
        return written(
            Snapshot(
                at=at,
                place=place,
                posts=self._posts,
                cases=self._cases,
                sites=self._neighbours.states,
                running=self._care.running,
                sequels=self._care.sequels,
            )
        )

    def resume(self, text: str | bytes, now: datetime | None = None) -> Resumed:
        """Go on where a watch stopped that has the same key. EngineError when the text cannot be read; all is new then.

        What fired then is part of its case and does not fire again. Without `now` there was no break.
        """
        snapshot = read(text)
        known, told = gone_on(snapshot, self._network, now or snapshot.at)
        self._posts, self._cases, self._seen = dict(known.posts), dict(known.cases), {}
        self._neighbours.resume(known.sites)
        self._care.resumes(known.running, known.sequels)
        for case in self._cases.values():
            case.conclusions = self._inference.conclude(_facts(case))
        return told

    def answer(self, case_id: str, evidence: EvidenceId, answer: str) -> None:
        """A person found something out."""
        self._cases[case_id].answers[evidence] = answer

    def tried(self, case_id: str, step: StepId) -> None:
        """A person tried a step and it did not help."""
        self._cases[case_id].tried.setdefault(step)

    def unanswer(self, case_id: str, evidence: EvidenceId) -> None:
        """A person takes back an answer: the question is open again."""
        self._cases[case_id].answers.pop(evidence, None)

    def untried(self, case_id: str, step: StepId) -> None:
        """A person takes back that a step was tried."""
        self._cases[case_id].tried.pop(step, None)

    def close(self, case_id: str) -> None:
        """The case is over; the charger's next trouble opens a new one."""
        case = self._cases.pop(case_id)
        post = self._posts[case.charger.id]
        post.open = [each for each in post.open if each is not case]
        self._closed[case_id] = case
        while len(self._closed) > KEPT_CLOSED:
            del self._closed[next(iter(self._closed))]

    def reopen(self, case_id: str) -> None:
        """It was not over after all: the case goes on, with what its charger said meanwhile. KeyError when let go."""
        case = self._closed.pop(case_id)
        post = self._posts[case.charger.id]
        for signal in post.since(case.signals[-1] if case.signals else None):
            case.takes(signal)
        post.open.append(case)
        self._cases[case_id] = case

    def takes_over(self, other: Watch, case_id: str, name: str) -> None:
        """An open case of another watch goes on here under this name. KeyError when it is not open there."""
        case = other._cases.pop(case_id)
        post = self._post(case.charger.id)
        post.adopts(case, name)
        self._cases[name] = case

    def rehearsal(self, charger: str) -> Watch:
        """A watch that stands where this one stands with a charger: what is told to it, this one never heard."""
        other, post = self.fresh(), self._posts.get(self.called(charger))
        if post is not None:
            other._posts[post.charger.id] = post = deepcopy(post)
            other._cases = {case.id: case for case in post.open}
        return other

    def has_opened(self, charger: str, cases: int) -> None:
        """So many cases of a charger were opened elsewhere: the next one bears a later number."""
        post = self._post(self.called(charger))
        post.opened = max(post.opened, cases)

    def follows(self, fixes: Iterable[Followed]) -> None:
        """Look at the chargers of these fixes from now on; what was seen of those that were followed before stays."""
        self._care.follows(fixes)

    def seen_after_fixes(self) -> tuple[Followed, ...]:
        """The fixes of which something was seen since this was last asked."""
        return self._care.taken()

    @property
    def sequels(self) -> Mapping[str, Sequel]:
        """What was seen after each fix, by the id of its finding."""
        return self._care.sequels

    @property
    def learned(self) -> Learned:
        """What the diagnoses use of what was recorded."""
        return self._learned

    def remembers(self, sheet: Sheet) -> None:
        """What models were heard to send, where that was read after this began."""
        self._reach = Reach(self._rules, sheet)

    def relearn(self, learned: Learned, knowledge: Knowledge | None = None) -> None:
        """Findings or answers were recorded: the next diagnosis uses them, and causes that came with them."""
        self._learned, self._knowledge = learned, knowledge or self._knowledge

    def reload(self, rules: Rules) -> None:
        """Rules were changed: what unchanged ones remember of each charger stays, as memory goes by id and version."""
        self._network, self._aside = _networks(rules, self._places)
        self._reach = self._reach.over(rules)
        self._neighbours.reload(rules)
        if rules.case_rules != self._rules.case_rules:
            old, self._inference = self._inference, best(rules.case_rules, IN_FORCE, self._choice)
            old.close()
            for case in self._cases.values():
                case.conclusions = self._inference.conclude(_facts(case))
        self._rules = rules

    def _post(self, charger: str) -> Post:
        found = self._posts.get(charger)
        if found is None:
            found = self._posts[charger] = Post(Charger(id=charger))
            self._neighbours.meets(charger)
        return found

    def _hear(self, post: Post, signal: Signal) -> frozenset[str]:
        return NOTHING.union(*[self._take(post, each) for each in post.hears(signal)])

    def _released(self, post: Post, at: datetime) -> frozenset[str]:
        post.held, ready = late.until(post.held, at) if post.held.held else (post.held, ())
        return NOTHING.union(*[self._hear(post, each) for each in ready])

    def _take(self, post: Post, signal: Signal) -> frozenset[str]:
        post.notices(signal)
        signal = read_off(signal, post.charger, self._codes)
        codes = seen_codes(signal, post.charger, self._codes)
        over = ended_codes(signal, post.charger, self._codes)
        spoken = (in_namespace(signal, post.charger, self._codes), *fault_signals(signal, over or codes))
        self._hears(post, spoken)
        said = self._answers(post, signal)
        danger, said = self._beyond_no(post, signal, said) if "denied" in signal.fields else ((), said)
        is_denial = said and "denied" in signal.fields  # where nobody knows what is denied, it may be trouble
        if danger:
            spoken = danger
        elif is_denial or signal.fields.get("nothing") == witness.WELL:
            signal, spoken = msgspec.structs.replace(signal, marks=(*signal.marks, DENIED)), ()
        fired = self._sound(self._neighbours.heard([firing for each in spoken for firing in self._step(post, each)]))
        firings, hidden = self._parted(each for each in fired if each.charger == signal.charger)
        self._care.shows(firings)  # what only time told stands on silence, which proves nothing of a fix
        if witness.NAME in signal.marks:  # what a person saw after all is no longer denied
            said |= {each.symptom: "yes" for each in firings if post.answers.get(each.symptom) == "no"}
        others = [each for each in fired if each.charger != signal.charger]
        found = openers(self._knowledge, signal, firings, codes)
        touched = post.answered(said, post.concerned(firings, found, signal.at, signal))
        post.keeps(signal)
        self.listener(signal)
        post.ends(over)
        post.sets_aside(hidden, signal.at)
        return self._file(touched, firings, codes) | (self._late(others) if others else NOTHING)

    def _step(self, post: Post, signal: Signal) -> tuple[Firing, ...]:
        post.rules, firings = self._network.step(post.rules, signal)
        if self._aside is not None:
            post.on_trial, more = self._aside.step(post.on_trial, signal)
            firings = (*firings, *more)
        return tuple(self._sound(firings))

    def _sound(self, fired: Iterable[Firing]) -> list[Firing]:
        """Without those that stand on the silence of a charger whose model never says what was waited for."""
        return [each for each in fired if self._reach.is_sound(each, self._post(each.charger).charger)]

    def _hears(self, post: Post, spoken: tuple[Signal, ...]) -> None:
        for signal in spoken if spoken[0].kind != "clock" else ():  # which no charger sends
            self._reach.takes(signal, post.charger)
            if self._ear is not None:
                self._ear.takes(signal, post.charger)
        self._care.hears(spoken)

    def _parted(self, fired: Iterable[Firing]) -> tuple[list[Firing], list[Firing]]:
        firings, hidden = parted(fired)
        self.fired.update(each.rule for each in (*firings, *hidden))
        return firings, hidden

    def _overdue(self, post: Post, now: datetime) -> tuple[Firing, ...]:
        post.rules, firings = self._network.close(post.rules, now)
        if self._aside is not None:
            post.on_trial, more = self._aside.close(post.on_trial, now)
            firings = (*firings, *more)
        return tuple(self._sound(firings))

    def _late(self, fired: Iterable[Firing]) -> frozenset[str]:
        """What became true as time went by, in its order over all chargers, goes to the chargers that it concerns."""
        by_charger: dict[str, list[Firing]] = {}
        for each in self._sound(self._neighbours.heard(sorted(fired, key=lambda each: each.at or EPOCH))):
            by_charger.setdefault(each.charger, []).append(each)
        return NOTHING.union(*[self._told(self._post(name), each) for name, each in by_charger.items()])

    def _told(self, post: Post, fired: list[Firing]) -> frozenset[str]:
        firings, hidden = self._parted(fired)
        touched = post.concerned(firings, openers(self._knowledge, None, firings, ()), post.last_at)
        post.sets_aside(hidden, post.last_at)
        return self._file(touched, firings, ())

    def _answers(self, post: Post, signal: Signal) -> dict[EvidenceId, str]:
        """What a person's words answer: a question by its id, or `no` to all that they would show without their no."""
        if witness.NAME not in signal.marks:
            return {}
        if (evidence := signal.fields.get("evidence")) is not None:
            return {EvidenceId(str(evidence)): str(signal.fields["answer"])}
        denied = signal.fields.get("denied")
        shown = self._shown_by(post, signal, str(denied)) - self._shown_by(post, signal, "…") if denied else ()
        return dict.fromkeys(shown, "no")

    def _beyond_no(
        self, post: Post, signal: Signal, denied: Mapping[EvidenceId, str]
    ) -> tuple[tuple[Signal, ...], dict[EvidenceId, str]]:
        """The rest of a denial, where it tells of a danger that its no may not mean, and else what that does deny.

        A false alarm hurts nobody; and since when it is so is not denied by the no of what does not work.
        """
        if not denied:
            return (), {}
        rest, known = beyond_no(str(signal.fields["text"])), self._knowledge.evidence
        beside = self._shown_by(post, signal, rest) & denied.keys() if rest else frozenset()
        if any("yes" in known[each].danger for each in beside if each in known):
            return (msgspec.structs.replace(signal, fields={"name": witness.NAME, "text": rest}),), {}
        return (), {each: no for each, no in denied.items() if each not in beside}

    def _shown_by(self, post: Post, signal: Signal, text: str) -> frozenset[EvidenceId]:
        """What a text would show, if it were said now; nothing is remembered of it."""
        _, fired = self._network.step(post.rules, msgspec.structs.replace(signal, fields={"text": text}))
        return frozenset(each.symptom for each in fired)

    def _last_words(self, post: Post) -> frozenset[str]:
        post.held, ready = late.close(post.held)
        changed = NOTHING.union(*[self._hear(post, each) for each in ready])
        return changed | NOTHING.union(*[self._take(post, signal) for signal in post.closes()])

    def _file(self, touched: list[OpenCase], firings: list[Firing], codes: tuple[SeenCode, ...]) -> frozenset[str]:
        for case in touched:
            self._cases[case.id] = case
            case.reports(codes)
            if case.shows(firings):
                case.conclusions = self._inference.conclude(_facts(case))
        return frozenset(case.id for case in touched)


def _nobody(_signal: Signal) -> None:
    """Nobody listens."""


def _networks(rules: Rules, places: Places) -> tuple[Network, Network | None]:
    """Rules that count and rules on trial apart: these must not take the memory of the others, or fail among them."""
    is_tried = any(rule.status in ON_TRIAL for rule in rules.signal_rules)
    aside = compile_rules(rules, ON_TRIAL, places) if is_tried else None
    return compile_rules(rules, IN_FORCE, places), aside


def _facts(case: OpenCase) -> list[Fact]:
    return [Fact(symptom, connector) for symptom, connector in case.symptoms()]
