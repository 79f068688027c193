"""Three pictures that differ in shape, not only in colour."""

from __future__ import annotations

from itertools import combinations

import pytest

from fyraften_agent.indicator.icons import SIZES, pixels
from fyraften_agent.indicator.states import State

STATES: tuple[State, ...] = ("recording", "paused", "off")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", SIZES)
def test_a_picture_has_four_bytes_a_pixel_and_empty_corners(state: State, size: int) -> None:
    picture = pixels(state, size)

    assert len(picture) == 4 * size * size
    assert picture[0] == 0
    assert picture[-4] == 0
    assert max(picture[::4]) == 255


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("one", "other"), [*combinations(STATES, 2)])
def test_the_shapes_differ_for_who_sees_no_colours(one: State, other: State, size: int) -> None:
    first, second = (inked(state, size) for state in (one, other))

    # A tenth of all pixels belongs to one of the two shapes alone.
    assert len(first ^ second) > size * size / 10


def inked(state: State, size: int) -> set[int]:
    """Return the pixels that are solid and clearly darker than the white rim."""
    picture = pixels(state, size)
    return {
        number
        for number in range(size * size)
        if picture[4 * number] > 200 and min(picture[4 * number + 1 : 4 * number + 4]) < 160
    }
