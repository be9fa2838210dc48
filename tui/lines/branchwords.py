"""Branch words: what the engine says of a rule that was put to a case, in the language of the screens."""

from __future__ import annotations

from chargelore.tui.speech import again, later

NOT_SO = later("everything was seen, but not in the order, number or time that `when` asks for")
AWAY = later("it must stay away")
FORMS = (
    later("{title}: it matched once"), later("{title}: it matched twice"), later("{title}: it matched {n} times"),
    later("{title}: it did not match"), later("{what}: it holds"), later("{what}: it does not hold"),
    later("`{name}`: no signal of kind {kind}"), later("it is for {wanted}; this is {here}"), NOT_SO,
    later("not, within its span"), later("in this order within {span}"), later("at least {n} times within {span}"),
    later("it lasts {span}"), later("`{name}` stays away for {span} after `{after}`"), later("{field} changes"),
    later("on all chargers within {span}"), later("on {n} chargers within {span}"),
    later("all of these within {span}"), later("one of these"),
    later("`{name}` was met once, first by {kind} in line {line}"),
    later("`{name}` was met twice, first by {kind} in line {line}"),
    later("`{name}` was met {n} times, first by {kind} in line {line}"),
    later("`{name}` was met once, first by {place}"), later("`{name}` was met twice, first by {place}"),
    later("`{name}` was met {n} times, first by {place}"),
    later("`{name}` was never met; the nearest is {kind} in line {line}"),
    later("`{name}` was never met; the nearest is {place}"), later("`{name}` stayed away"),
    later("not on one and the same connector"), later("{symptom}, by the rule {rule}"),
    later("{symptom}, which other symptoms amount to"), later("{symptom}: a person answered {answer}"),
    later("{symptom}: no rule saw it in this case"), later("{symptom}: nobody looked"),
    later("`{name}`: {field} is not there; wanted {wanted}"), later("`{name}`: {field} is {value}; wanted {wanted}"),
    later("{field} is not there; wanted {wanted}"), later("{field} is {value}; wanted {wanted}"),
)  # fmt: skip


def put(said: str) -> str:
    """One line of such a tree; what is in none of these forms stays as it is."""
    for end in (NOT_SO, AWAY):
        for joint in (": ", "; "):
            if said.endswith(joint + end):
                return f"{again(said.removesuffix(joint + end), *FORMS)}{joint}{again(end)}"
    return again(said, *FORMS)
