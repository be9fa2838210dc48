"""Threads: the ledger of what public threads taught names what is there, and leaves it out when asked."""

from __future__ import annotations

import pytest

from chargelore.engine.grammar.rule import shipped as shipped_rules
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId
from chargelore.kb.threads import Taught, is_thread, taught, thread_of, without


def test_everything_in_the_ledger_is_there() -> None:
    knowledge, rules = shipped(), {each.id for each in shipped_rules().every}
    for thread, lesson in taught().items():
        assert set(lesson.quirks) <= set(knowledge.quirks), thread
        assert set(lesson.causes) <= set(knowledge.causes), thread
        assert set(lesson.rules) <= rules, thread
        for cause, phrases in lesson.words.items():
            assert set(phrases) <= set(knowledge.causes[cause].words), (thread, cause)


def test_every_quirk_that_names_a_thread_is_left_out_with_it() -> None:
    named = [each for each in shipped().quirks.values() if each.thread]
    assert named
    for each in named:
        assert each.id not in without(shipped(), {}, {thread_with(each.thread)}).quirks


def thread_with(short: str) -> str:
    owner, _, number = short.rpartition("-")
    return f"{owner}/any#{number}"


@pytest.mark.parametrize("kind", ["issues", "discussions", "pull"])
def test_a_web_address_names_its_thread(kind: str) -> None:
    assert thread_of(f"https://github.com/evcc-io/evcc/{kind}/5346#issuecomment-1") == "evcc-io/evcc#5346"
    assert thread_of("https://example.org/a.md") == "https://example.org/a.md"


def test_a_thread_goes_by_its_owner_or_its_repository() -> None:
    assert is_thread("evcc-5346", {"evcc-io/evcc#5346"})
    assert is_thread("evcc-io-5346", {"evcc-io/evcc#5346"})
    assert not is_thread("evcc-534", {"evcc-io/evcc#5346"})
    assert not is_thread("", {"evcc-io/evcc#5346"})


def test_words_of_a_thread_are_silenced_and_the_cause_stays() -> None:
    knowledge = shipped()
    cause = next(each for each in knowledge.causes.values() if len(each.words) > 1)
    lessons = {"a/b#1": Taught(words={cause.id: cause.words[:1]})}
    assert without(knowledge, lessons, {"a/b#1"}).causes[cause.id].words == cause.words[1:]
    assert without(knowledge, lessons, {"a/b#2"}).causes[cause.id].words == cause.words


def test_a_cause_of_a_thread_is_gone_with_it() -> None:
    knowledge = shipped()
    name = CauseId(next(iter(knowledge.causes)))
    assert name not in without(knowledge, {"a/b#1": Taught(causes=(name,))}, {"a/b#1"}).causes
