"""Advice: what is told of a case: the diagnosis, what nobody could be asked, and one visit to the charger."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Visit
from chargelore.engine.diagnosing.known import carried_over
from chargelore.engine.diagnosing.observed import observed
from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.diagnosing.posterior import outlook, posterior
from chargelore.engine.diagnosing.visit import visit
from chargelore.engine.neighbours import Neighbours
from chargelore.engine.reach import Reach
from chargelore.kb.learned import Learned
from chargelore.kb.model import Knowledge


@dataclass(frozen=True, slots=True)
class Advice:
    """What is known and was learned, what models can be asked, who stands together, and who will do something."""

    knowledge: Knowledge
    learned: Learned
    reach: Reach
    neighbours: Neighbours
    person: Person = ANYBODY

    def diagnosis(self, case: Case) -> Diagnosis:
        """What is likely wrong in a case.

        Of rules over several chargers that nobody could ask it names those that would tell of a suspect.
        """
        silent, apart = self.reach.unasked(case), self.neighbours.unasked(case.charger, case.firings)
        found = diagnose(self.knowledge, self.learned, case, (*silent, *apart), self.person)
        telling = {each.symptom for one in found.hypotheses for each in one.unasked}
        return replace(found, unasked=(*silent, *(each for each in apart if each.symptom in telling)))

    def visit(self, case: Case) -> Visit:
        """What to do on one visit to the charger."""
        learned = carried_over(self.knowledge, self.learned)
        unasked = (*self.reach.unasked(case), *self.neighbours.unasked(case.charger, case.firings))
        seen = observed(self.knowledge, case, {each.symptom for each in unasked})
        odds = posterior(self.knowledge, learned, case, seen)
        further = outlook(self.knowledge, learned, case, seen, odds)
        return visit(self.knowledge, learned, case, further, self.person, near=odds)
