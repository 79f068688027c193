"""Whatever the clocks do, and however often the collector is killed: what the store holds was so, and stays.

The collector with its real store, on clocks that the test moves: sleep, steps of the wall clock forwards and back, and
both nights on which local clocks change.
"""

from __future__ import annotations

import os
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import FakeClock, FakeLaptop
from fyraften_agent.store.store import Store
from fyraften_policy.periods import parse_instant
from strategies import (
    Happening,
    any_days,
    deaths,
    idling,
    inputs,
    returns,
    sleeping,
    stalls,
    steady_days,
    steps,
    typing,
)

# Each example is hours of ticks with a real store.
some = settings(max_examples=500 if os.environ.get("PROVE") else 30)
# An ordinary evening, and the evenings before the clocks change.
evenings = st.sampled_from(["2026-11-16T19:00", "2026-03-28T20:00", "2026-10-24T20:00"])
kills = st.just(Happening("kill"))
days_with_kills = st.lists(
    st.one_of(inputs, typing, idling, sleeping, stalls, deaths, returns, steps, kills), max_size=20
)
Rows = dict[str, dict[int, tuple[object, ...]]]


class Evening:
    """One laptop with a real store in memory, and what really happened to it."""

    def __init__(self, begins: str) -> None:
        self.store = Store.open(None)
        self.laptop = FakeLaptop(self.store, FakeClock(begins))
        self.laptop.start()
        self.began = self.laptop.clock.boottime()
        self.typed: list[int] = []
        self.is_stepped = False

    def happen(self, happening: Happening) -> None:
        laptop, clock = self.laptop, self.laptop.clock
        match happening.kind:
            case "input":
                self.type()
            case "type":
                for _ in range(0, happening.seconds, 10):
                    clock.run(9)
                    self.type()
                    clock.run(1)
                    laptop.collector.tick()
            case "idle":
                for _ in range(happening.seconds // 10):
                    clock.run(10)
                    laptop.collector.tick()
            case "sleep":
                clock.sleep(happening.seconds)
                clock.run(5)
                laptop.collector.tick()
            case "stall":
                clock.run(happening.seconds)
                laptop.collector.tick()
            case "die":
                laptop.source.die()
                laptop.collector.tick()
            case "return":
                laptop.source.is_there = True
                laptop.collector.tick()
            case "step":
                clock.set_wall(happening.seconds)
                self.is_stepped = True
                laptop.collector.tick()
            case "kill":
                if laptop.source.is_there:
                    clock.run(2)
                    laptop.start()  # nothing is left of the one before but the store

    def type(self) -> None:
        if self.laptop.source.alive():
            self.typed.append(self.laptop.clock.now())
        self.laptop.source.type()

    def rows(self) -> Rows:
        asked = {
            "spans": "SELECT id, start, end FROM spans",
            "observed": "SELECT id, start, end, ended FROM observed",
            "sessions": "SELECT id, measured_start, measured_end, open FROM sessions",
        }
        found = {table: self.store.file.rows(query) for table, query in asked.items()}
        return {table: {row["id"]: tuple(row.values()) for row in rows} for table, rows in found.items()}


def closed(rows: Rows) -> Rows:
    """Return the rows that nothing may change any more."""
    return {
        "spans": dict(sorted(rows["spans"].items())[:-1]),
        "observed": {key: row for key, row in rows["observed"].items() if row[3] is not None},
        "sessions": dict(sorted(rows["sessions"].items())[:-1]),
    }


@some
@given(evenings, days_with_kills)
def test_no_closed_row_in_the_store_ever_changes(begins: str, happenings: list[Happening]) -> None:
    evening = Evening(begins)
    for happening in happenings:
        before = closed(evening.rows())
        evening.happen(happening)
        after = evening.rows()

        for table, rows in before.items():
            assert {key: after[table].get(key) for key in rows} == rows


@some
@given(evenings, days_with_kills)
def test_no_more_time_is_in_the_store_than_has_passed(begins: str, happenings: list[Happening]) -> None:
    evening = Evening(begins)
    for happening in happenings:
        evening.happen(happening)
    rows = evening.rows()
    passed = evening.laptop.clock.boottime() - evening.began
    awake = evening.laptop.clock.monotonic()

    for table, most in (("observed", passed), ("spans", awake), ("sessions", passed)):
        lengths = [int(str(row[2])) - int(str(row[1])) for row in rows[table].values()]
        assert min(lengths, default=0) >= 0
        # Instants are whole seconds: each row may gain one by rounding.
        assert sum(lengths) <= most + len(lengths)


@some
@given(evenings, days_with_kills)
def test_every_bound_of_work_is_an_input_that_was_made(begins: str, happenings: list[Happening]) -> None:
    evening = Evening(begins)
    for happening in happenings:
        evening.happen(happening)
    bounds = [at for row in evening.rows()["spans"].values() for at in row[1:3]]

    assert all(any(abs(int(str(at)) - typed) <= 1 for typed in evening.typed) for at in bounds)


@some
@given(evenings, steady_days)
def test_while_nobody_moves_the_clock_no_time_is_observed_twice(begins: str, happenings: list[Happening]) -> None:
    evening = Evening(begins)
    for happening in happenings:
        evening.happen(happening)
    times = sorted((int(str(row[1])), int(str(row[2]))) for row in evening.rows()["observed"].values())

    assert all(earlier[1] <= later[0] for earlier, later in pairwise(times))


@some
@given(evenings, any_days)
def test_a_night_on_which_local_clocks_change_is_kept_like_any_other(begins: str, happenings: list[Happening]) -> None:
    """Local time is a label: on any evening the rows are the same, counted from its beginning."""
    kept = []
    for evening in (Evening(begins), Evening("2026-11-16T19:00")):
        start = evening.laptop.clock.now()
        for happening in happenings:
            evening.happen(happening)
        kept.append(
            {
                table: [
                    tuple(x - start if isinstance(x, int) and x > 10**9 - 10**6 else x for x in row)
                    for row in rows.values()
                ]
                for table, rows in evening.rows().items()
            }
        )

    assert kept[0] == kept[1]
    assert (
        parse_instant("2026-03-29T03:00", "Europe/Copenhagen") - parse_instant("2026-03-29T01:59", "Europe/Copenhagen")
        == 60
    )  # which shows that the night is one on which the clocks change
