"""The icon in its three states, drawn here: a filled disc, two bars, a ring with a stroke through it.

The shapes differ, not only the colours; each has a white rim, to be seen on light and dark panels alike.
Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import hypot

from fyraften_agent.indicator.states import State

SIZES = (22, 44)
_FINE = 4  # looks at each pixel in a row
_RIM = 0.07
_WHITE = (255, 255, 255)
_COLOURS: dict[State, tuple[int, int, int]] = {"recording": (192, 28, 40), "paused": (26, 75, 140), "off": (80, 80, 80)}

Inside = Callable[[float, float, float], bool]
"""Whether a point of the unit square lies in a shape that is grown by so much."""


def _disc(x: float, y: float, grown: float) -> bool:
    return hypot(x - 0.5, y - 0.5) <= 0.34 + grown


def _bars(x: float, y: float, grown: float) -> bool:
    return 0.18 - grown <= y <= 0.82 + grown and any(abs(x - middle) <= 0.09 + grown for middle in (0.29, 0.71))


def _struck_ring(x: float, y: float, grown: float) -> bool:
    is_on_ring = abs(hypot(x - 0.5, y - 0.5) - 0.33) <= 0.07 + grown
    is_on_stroke = abs(x + y - 1) <= (0.07 + grown) * 1.4142 and hypot(x - 0.5, y - 0.5) <= 0.4 + grown
    return is_on_ring or is_on_stroke


_SHAPES: dict[State, Inside] = {"recording": _disc, "paused": _bars, "off": _struck_ring}


@cache
def pixels(state: State, size: int) -> bytes:
    """Return a square picture as the desktop wants it: four bytes a pixel, opacity first, then red, green, blue."""
    inside, colour, picture = _SHAPES[state], _COLOURS[state], bytearray()
    for row in range(size):
        for column in range(size):
            body = covered(inside, column, row, size, 0)
            whole = covered(inside, column, row, size, _RIM)
            share = body / whole if whole else 0.0
            mixed = (round(white + (ink - white) * share) for ink, white in zip(colour, _WHITE, strict=True))
            picture += bytes((round(255 * whole), *mixed))
    return bytes(picture)


def covered(inside: Inside, column: int, row: int, size: int, grown: float) -> float:
    """Return how much of a pixel a shape covers, 0 to 1."""
    steps = [(step + 0.5) / _FINE for step in range(_FINE)]
    hits = sum(inside((column + x) / size, (row + y) / size, grown) for x in steps for y in steps)
    return hits / _FINE**2
