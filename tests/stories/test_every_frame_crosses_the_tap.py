"""Whatever frames an end sends, in whatever fragments and pieces: the other gets the same bytes in the same order."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st
from rawwire import Wire, bare_csms, framed, opened, until

from chargelore.engine.sources.tap import Tap

Said = tuple[list[bytes], list[int]]
PAYLOADS = st.one_of(st.binary(max_size=130), st.text(max_size=60).map(str.encode), st.just(b"[2]" * 40_000))
CONTROL = st.tuples(st.sampled_from([0x89, 0x8A]), st.binary(max_size=125))
MESSAGE = st.tuples(st.sampled_from([1, 2]), st.lists(PAYLOADS, min_size=1, max_size=4))


def fragments(kind: int, parts: list[bytes]) -> list[tuple[int, bytes]]:
    last = len(parts) - 1
    return [((0x80 if at == last else 0) | (0 if at else kind), part) for at, part in enumerate(parts)]


@st.composite
def conversations(draw: st.DrawFn) -> Said:
    """Frames, control frames between fragments too, and where the bytes are cut when they are sent."""
    frames: list[tuple[int, bytes]] = []
    for kind, parts in draw(st.lists(MESSAGE, max_size=6)):
        for fragment in fragments(kind, parts):
            frames += [fragment, *draw(st.lists(CONTROL, max_size=2))]
    return [framed(first, data) for first, data in frames], draw(st.lists(st.integers(0, 10**6), max_size=8))


async def says(wire: Wire, frames: list[bytes], places: list[int]) -> None:
    data, begin = b"".join(frames), 0
    for place in sorted(each % (len(data) + 1) for each in places):
        await wire.says(data[begin:place])
        await asyncio.sleep(0)
        begin = place
    await wire.says(data[begin:])


async def exchanged(up: Said, down: Said) -> None:
    async with (
        bare_csms() as upstream,
        Tap("127.0.0.1:0", upstream.address, lambda _: None) as tap,
        opened(tap.address) as charger,
    ):
        csms = await upstream.came.get()
        sizes = len(b"".join(up[0])), len(b"".join(down[0]))
        *_, at_csms, at_charger = await asyncio.gather(
            says(charger, *up), says(csms, *down), csms.hears(sizes[0]), charger.hears(sizes[1])
        )
        assert at_csms == b"".join(up[0])
        assert at_charger == b"".join(down[0])
        await csms.closes()
        await until(lambda: (tap.health.from_charger, tap.health.from_csms) == (len(up[0]), len(down[0])))
    assert tap.health.engine_errors == 0


@settings(deadline=None, max_examples=60)
@given(conversations(), conversations())
def test_any_frames_arrive_in_order_and_byte_for_byte(up: Said, down: Said) -> None:
    asyncio.run(exchanged(up, down))
