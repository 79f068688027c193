"""Hypothesis strategies: what can happen to a laptop between two looks of the collector."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st


class Happening(NamedTuple):
    """One thing that happens; ``seconds`` is how long it takes, or by how much the wall clock moves."""

    kind: str
    seconds: int = 0


# Lengths near the limits of the state machine are tried often: 5 and 15 minutes, one minute, two seconds.
_LIMITS = [1, 2, 3, 9, 10, 11, 59, 60, 61, 289, 299, 300, 301, 310, 889, 899, 900, 901, 910, 3600]
lengths = st.one_of(st.sampled_from(_LIMITS), st.integers(1, 3 * 3600))

inputs = st.just(Happening("input"))
idling = st.builds(Happening, st.just("idle"), lengths)
sleeping = st.builds(
    Happening, st.just("sleep"), st.one_of(st.sampled_from([3, 60, 600, 1800]), st.integers(3, 40_000))
)
stalls = st.builds(Happening, st.just("stall"), st.integers(62, 4000))
deaths = st.just(Happening("die"))
returns = st.just(Happening("return"))
steps = st.builds(
    Happening,
    st.just("step"),
    st.one_of(
        st.sampled_from([-3600, -60, -3, 3, 60, 3600]), st.integers(-100_000, 100_000).filter(lambda s: abs(s) > 2)
    ),
)

typing = st.builds(Happening, st.just("type"), st.integers(10, 900))
steady_days = st.lists(st.one_of(inputs, typing, idling, sleeping, stalls, deaths, returns), max_size=25)
"""Days on which nobody moves the wall clock."""
any_days = st.lists(st.one_of(inputs, typing, idling, sleeping, stalls, deaths, returns, steps), max_size=25)
