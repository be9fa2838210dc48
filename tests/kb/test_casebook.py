"""The casebook: entries of cases come out of a store as they went in, and can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.casebook import Closed, Entry, Handed, Opened, Suspected, Whose, Words, entry_event, entry_of
from chargelore.kb.clock import Stamp
from chargelore.kb.errors import InputError
from chargelore.kb.events import event, from_line, retract_event, to_line
from chargelore.kb.history import sentence_of
from chargelore.kb.store import Store

STAMP = Stamp(1_770_000_000_000, 0, "bench")
text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
entries = st.one_of(
    st.builds(
        Opened,
        opened_at=text,
        charger=st.builds(Whose, id=text, vendor=text),
        connector=st.none() | st.integers(1, 9),
        suspects=st.lists(st.builds(Suspected, cause=text, label=text, party=text, percent=st.integers(0, 97))).map(
            tuple
        ),
        shown=st.lists(text).map(tuple),
    ),
    st.builds(Words, text=st.text("ab =\n", min_size=1), by=text, at=text),
    st.builds(Handed, to=st.text("ab", min_size=1), giver=text, note=text),
    st.builds(Closed, verdict=st.text("ab", min_size=1), note=text),
)


@given(entries)
def test_an_entry_comes_out_as_it_went_in(entry: Entry) -> None:
    sent = from_line(to_line(entry_event("CP-7-1", entry, stamp=STAMP, author="ann")))
    assert entry_of(sent) == entry
    assert sentence_of(sent)


@pytest.mark.parametrize("kind", ["opened", "words", "handed", "closed"])
def test_a_body_of_another_shape_is_refused(kind: str) -> None:
    with pytest.raises(InputError):
        entry_of(event(kind, "CP-7-1", {"suspects": "all", "to": ["a"]}, stamp=STAMP, author="ann"))


def test_what_was_taken_back_is_not_on_the_book() -> None:
    with Store.open() as store:
        first = store.record_entry("CP-7-1", Handed(to="utility", note="yours"))
        second = store.record_entry("CP-7-1", Words(text="dark"))
        store.record(retract_event(first.id, "wrong case", stamp=store.stamp(), author=store.author))
        assert [each.id for each in store.casebook()] == [second.id]
        assert not store.statements().nodes
