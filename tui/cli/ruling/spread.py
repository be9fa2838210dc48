"""Spread: options that take several words in a row, as in `--from a.log b.log --healthy c.log`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click


class Spread(click.Command):
    """A command whose repeatable options go on taking words until the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Each word behind such an option gets the option's name in front of it."""
        many = {name for each in self.params if isinstance(each, click.Option) and each.multiple for name in each.opts}
        return super().parse_args(ctx, list(spread(args, many)))


def spread(args: Sequence[str], many: set[str]) -> Iterator[str]:
    """`--from a b` as `--from a --from b`."""
    option, is_first = "", False
    for place, word in enumerate(args):
        if word == "--":
            yield from args[place:]
            return
        if word.startswith("-") and word != "-":
            name = word.partition("=")[0]
            option, is_first = (name if name in many else ""), "=" not in word
            yield word
            continue
        if option and not is_first:
            yield option
        is_first = False
        yield word
