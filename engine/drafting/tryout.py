"""Tryout: candidates run over sessions by the evaluator that runs live; what fired where is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chargelore.engine.drafting.candidate import Candidate
from chargelore.engine.drafting.session import Session
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.matching.network import START, State, compile_rules
from chargelore.engine.proving.exercise import ALL_STATES


def firings(rules: Sequence[SignalRule], session: Session) -> Mapping[str, list[Firing]]:
    """What each rule fires on in a session, by rule id; the session ends with each charger's last signal."""
    network = compile_rules(Rules(signal_rules=tuple(rules)), ALL_STATES)
    states: dict[str, State] = {each.id: START._replace(charger=each) for each in session.known}
    fired: list[Firing] = []
    for signal in session.signals:
        states[signal.charger], new = network.step(states.get(signal.charger, START), signal)
        fired += new
    for state in states.values():
        fired += network.close(state, state.last_at)[1] if state.last_at else ()
    told: dict[str, list[Firing]] = {rule.id: [] for rule in rules}
    for each in fired:
        told[each.rule].append(each)
    return told


class Tryouts:
    """Which candidates fire on which sessions. Lives as long as one learning; nothing is run twice."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], bool] = {}

    def run(self, candidates: Sequence[Candidate], sessions: Iterable[Session]) -> None:
        """Find out what is not known yet, session by session, all candidates at once."""
        for session in sessions:
            new = {each.key: each for each in candidates if (each.key, id(session)) not in self._known}
            rules = [replace(each.rule(), id=key) for key, each in new.items()]
            fired = firings(rules, session) if rules else {}
            for key in new:
                self._known[key, id(session)] = bool(fired[key])

    def fires(self, candidate: Candidate, session: Session) -> bool:
        """Whether a candidate fires on a session."""
        if (candidate.key, id(session)) not in self._known:
            self.run([candidate], [session])
        return self._known[candidate.key, id(session)]
