"""The state machine from samples to spans, sessions and observed time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given

from fakes import FakeClock, FakeSource
from fyraften_agent.recording.activity import (
    SESSION_GAP_SECONDS,
    SPAN_GAP_SECONDS,
    Activity,
    Changes,
    MeasuredSession,
    MeasuredSpan,
    ObservedTime,
    Sample,
    advance,
    finish,
    part,
)
from fyraften_policy.intervals import Interval, free_time, intersect, subtract, total, union
from strategies import Happening, any_days, steady_days

START = 1_768_300_000


@dataclass
class Day:
    """Plays happenings to the state machine, and writes down both what it answers and what was so."""

    start: int = START
    spans: dict[int, MeasuredSpan] = field(default_factory=dict)
    sessions: dict[int, MeasuredSession] = field(default_factory=dict)
    observed: dict[int, ObservedTime] = field(default_factory=dict)
    inputs: list[int] = field(default_factory=list)
    asleep: list[Interval] = field(default_factory=list)
    unobserved: list[Interval] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = FakeClock(self.start, "UTC")
        self.source = FakeSource(self.clock)
        self.source.start()
        self.state = Activity()
        self.is_typed = False
        self.look()

    def look(self) -> None:
        clock, source = self.clock, self.source
        sample = Sample(clock.now(), clock.monotonic(), clock.boottime(), source.last_input(), source.alive())
        self.state, changes = advance(self.state, sample)
        self.keep(changes)
        self.is_typed = False

    def keep(self, changes: Changes) -> None:
        self.spans |= {row.id: row for row in changes.spans}
        self.sessions |= {row.id: row for row in changes.sessions}
        self.observed |= {row.id: row for row in changes.observed}

    def play(self, happenings: Iterable[Happening]) -> Day:
        for happening in happenings:
            self.happen(happening)
        return self

    def happen(self, happening: Happening) -> None:
        before, was_alive = self.clock.now(), self.source.alive()
        match happening.kind:
            case "input":
                self.type()
            case "type":
                for _ in range(0, happening.seconds, 10):
                    self.run(9)
                    self.type()
                    self.run(1)
                    self.look()
            case "idle":
                for _ in range(happening.seconds // 10):
                    self.run(10)
                    self.look()
                self.run(happening.seconds % 10)
                self.look()
            case "sleep":
                is_typed = self.is_typed
                self.clock.sleep(happening.seconds)
                self.asleep.append(Interval(before, self.clock.now()))
                self.run(5)
                self.look()
                if was_alive and is_typed:
                    self.unobserved.append(Interval(before, before + 5))
            case "stall":
                self.run(happening.seconds)
                self.look()
                self.unobserved.append(Interval(before, self.clock.now()))
            case "die":
                self.source.die()
                self.look()
            case "return":
                self.source.is_there = True
                self.source.start()
                self.look()
            case "step":
                self.clock.set_wall(happening.seconds)
                self.look()
        if not was_alive:
            self.unobserved.append(Interval(before, self.clock.now()))

    def run(self, seconds: int) -> None:
        self.clock.run(seconds)

    def type(self) -> None:
        self.source.type()
        self.inputs.append(self.clock.now())
        # Half a second after the input that was seen last it counts as the same, told again.
        known = self.state.last_input
        self.is_typed = self.is_typed or known is None or self.clock.monotonic() - known > 0.5

    def end(self) -> Day:
        self.state, changes = finish(self.state, "stop")
        self.keep(changes)
        return self

    @property
    def bounds(self) -> list[tuple[int, int]]:
        return [(span.start - self.start, span.end - self.start) for span in self.spans.values()]

    @property
    def session_bounds(self) -> list[tuple[int, int]]:
        return [(row.start - self.start, row.end - self.start) for row in self.sessions.values()]

    @property
    def observed_bounds(self) -> list[tuple[int, int]]:
        return [(row.start - self.start, row.end - self.start) for row in self.observed.values()]


def inputs_apart(gap: int) -> Day:
    """Two inputs, ``gap`` seconds apart, seen by looks every ten seconds."""
    day = Day()
    day.run(7)
    for second in range(gap + 1):
        if second in (0, gap):
            day.type()
        if second % 10 == 3:
            day.look()
        if second < gap:
            day.run(1)
    day.run(6)
    day.look()
    return day


@pytest.mark.parametrize(
    ("gap", "bounds"),
    [(299, [(7, 306)]), (300, [(7, 7), (307, 307)]), (301, [(7, 7), (308, 308)])],
)
def test_a_span_ends_when_no_input_came_for_five_minutes(gap: int, bounds: list[tuple[int, int]]) -> None:
    day = inputs_apart(gap)

    assert day.bounds == bounds
    assert day.session_bounds == [(7, 7 + gap)]


@pytest.mark.parametrize(
    ("gap", "bounds"),
    [(899, [(7, 906)]), (900, [(7, 7), (907, 907)]), (901, [(7, 7), (908, 908)])],
)
def test_a_session_ends_when_no_input_came_for_fifteen_minutes(gap: int, bounds: list[tuple[int, int]]) -> None:
    day = inputs_apart(gap)

    assert day.session_bounds == bounds


def test_a_session_is_closed_while_idle_and_ends_at_its_last_input() -> None:
    day = Day().play([Happening("type", 60), Happening("idle", 898)])
    (session,) = day.sessions.values()
    day.happen(Happening("idle", 10))
    (later,) = day.sessions.values()

    assert session.open
    assert later == session._replace(open=False)
    assert later.end == START + 59


def test_input_from_before_the_first_look_is_not_counted() -> None:
    state, changes = advance(Activity(), Sample(START, 500.0, 500.0, 499.0, True))

    assert changes == Changes(observed=(ObservedTime(1, START, START, None),))
    assert state.session is None


def test_the_same_input_told_again_with_another_fraction_is_one_input() -> None:
    state, _ = advance(Activity(), Sample(START, 500.0, 500.0, None, True))
    state, first = advance(state, Sample(START + 10, 510.0, 510.0, 505.0, True))
    state, again = advance(state, Sample(START + 20, 520.0, 520.0, 505.4, True))

    assert len(first.spans) == 1
    assert again.spans == ()


def test_sleep_over_night_is_observed_and_is_no_work() -> None:
    day = Day().play(
        [Happening("type", 600), Happening("idle", 100), Happening("sleep", 30_000), Happening("type", 60)]
    )

    assert day.observed_bounds == [(0, 700 + 30_000 + 5 + 60)]
    assert day.bounds == [(9, 599), (30_714, 30_764)]


def test_an_input_in_the_tick_before_sleep_leaves_that_tick_open() -> None:
    day = Day().play([Happening("type", 100), Happening("input"), Happening("sleep", 30_000), Happening("idle", 20)])

    assert day.bounds == [(9, 99)]
    assert day.observed_bounds == [(0, 100), (105, 100 + 30_000 + 5 + 20)]


@pytest.mark.parametrize("held_up", ["sleep", "sleep and a step", "stall"])
@pytest.mark.parametrize(("seconds", "is_work"), [(0.5, False), (0.6, True)])
def test_an_input_that_waited_to_be_heard_until_after_a_sleep_or_a_stall_counts_nowhere(
    held_up: str, seconds: float, is_work: bool
) -> None:
    """Of a key pressed as the lid closed the listener may learn after the first look."""
    day = Day().play([Happening("type", 600)])
    before = day.bounds
    if held_up != "stall":
        day.clock.sleep(7 * 3600)
    if held_up == "sleep and a step":
        day.clock.set_wall(-5)
    day.clock.run(3600 if held_up == "stall" else 10)
    day.look()
    day.clock.run(seconds)
    day.source.type()
    day.clock.run(10 - seconds)
    day.look()

    assert (len(day.bounds) > len(before)) is is_work


def test_a_short_sleep_parts_spans_but_not_sessions() -> None:
    day = Day().play([Happening("type", 100), Happening("sleep", 60), Happening("type", 100)])

    assert len(day.spans) == 2
    assert len(day.sessions) == 1


@pytest.mark.parametrize("seconds", [-3600, -5, 5, 3600])
def test_a_wall_clock_that_moves_closes_what_is_open_at_the_last_look(seconds: int) -> None:
    day = Day().play([Happening("type", 100)])
    day.run(10)
    day.happen(Happening("step", seconds))
    day.happen(Happening("type", 100))

    first, second = day.observed.values()
    assert first == ObservedTime(first.id, START, START + 100, "step")
    assert second.start == START + 110 + seconds
    assert day.bounds == [(9, 99), (119 + seconds, 209 + seconds)]
    assert len(day.sessions) == 2


@pytest.mark.parametrize("seconds", [-1, 1])
def test_a_second_that_is_slewed_or_rounded_is_no_step(seconds: int) -> None:
    day = Day().play([Happening("type", 100), Happening("step", seconds), Happening("type", 100)])

    assert len(day.observed) == 1
    assert len(day.spans) == 1


@pytest.mark.parametrize("seconds", [-4, 4])
def test_a_clock_corrected_on_waking_costs_a_few_seconds_and_not_the_night(seconds: int) -> None:
    day = Day().play([Happening("type", 100), Happening("idle", 100)])
    day.clock.sleep(30_000)
    day.run(5)
    day.happen(Happening("step", seconds))
    day.happen(Happening("idle", 100))

    covered = union(day.observed_bounds)
    assert total(covered) >= 30_200 - abs(seconds)
    assert len(day.spans) == 1


def test_a_process_that_was_not_run_for_a_minute_leaves_a_hole() -> None:
    day = Day().play([Happening("type", 100), Happening("stall", 120), Happening("type", 100)])

    assert day.observed_bounds == [(0, 100), (220, 320)]
    assert len(day.spans) == 2
    assert len(day.sessions) == 1


def test_a_dead_source_is_unobserved_from_its_last_look() -> None:
    day = Day().play([Happening("type", 100)])
    day.run(10)
    day.play([Happening("die"), Happening("idle", 600), Happening("return"), Happening("type", 100)])

    assert day.observed_bounds == [(0, 100), (710, 810)]
    assert [row.ended for row in day.observed.values()] == ["source", None]


def test_a_clock_set_back_while_the_source_is_dead_does_not_stretch_a_session() -> None:
    day = Day().play([Happening("type", 100), Happening("die"), Happening("step", -3600), Happening("return")])
    day.happen(Happening("type", 100))

    assert day.session_bounds == [(9, 99), (-3491, -3401)]


def test_parting_lets_the_next_input_begin_a_session() -> None:
    day = Day().play([Happening("type", 100)])
    day.state, changes = part(day.state)
    day.keep(changes)
    day.happen(Happening("type", 100))

    assert day.session_bounds == [(9, 99), (109, 199)]
    assert [row.open for row in day.sessions.values()] == [False, True]


def test_intensity_counts_the_minutes_with_input() -> None:
    day = Day(START // 60 * 60).play([Happening("type", 120), Happening("idle", 180), Happening("type", 60)])

    (span,) = day.spans.values()
    assert (span.start, span.end) == (day.start + 9, day.start + 359)
    assert span.active_minutes == 3


@pytest.mark.parametrize("night", ["2026-03-29T00:30:00Z", "2026-10-25T00:30:00Z"])
def test_a_clock_change_night_is_measured_like_any_other(night: str) -> None:
    happenings = [Happening("type", 3000), Happening("sleep", 1200), Happening("type", 3000), Happening("idle", 950)]
    ordinary = Day().play(happenings)

    changing = Day(int(FakeClock(night).now())).play(happenings)

    assert changing.bounds == ordinary.bounds
    assert changing.session_bounds == ordinary.session_bounds
    assert changing.observed_bounds == ordinary.observed_bounds


@given(steady_days)
def test_spans_never_overlap_and_end_at_an_input_that_was_seen(happenings: list[Happening]) -> None:
    day = Day().play(happenings).end()

    spans = sorted(day.spans.values(), key=lambda span: span.start)
    assert all(first.end < second.start for first, second in pairwise(spans))
    assert {span.end for span in spans} <= set(day.inputs)
    assert {span.start for span in spans} <= set(day.inputs)


@given(steady_days)
def test_every_span_lies_in_observed_time(happenings: list[Happening]) -> None:
    day = Day().play(happenings).end()

    observed = [(row.start, row.end) for row in day.observed.values()]
    work = union((span.start, span.end) for span in day.spans.values())
    assert subtract(work, observed) == []
    assert all(any(start <= span.end <= end for start, end in observed) for span in day.spans.values())


@given(steady_days)
def test_sessions_are_spans_joined_under_fifteen_minutes(happenings: list[Happening]) -> None:
    day = Day().play(happenings).end()

    joined: list[list[int]] = []
    for span in sorted(day.spans.values(), key=lambda span: span.start):
        if joined and span.start - joined[-1][1] < SESSION_GAP_SECONDS:
            joined[-1][1] = span.end
        else:
            joined.append([span.start, span.end])
    assert [[row.start, row.end] for row in day.sessions.values()] == joined
    assert not any(row.open for row in day.sessions.values())


@given(steady_days)
def test_observed_and_unobserved_cover_all_time_and_do_not_overlap(happenings: list[Happening]) -> None:
    day = Day().play(happenings).end()

    window = (START, day.clock.now())
    rows = [(row.start, row.end) for row in day.observed.values()]
    assert free_time(rows, window) == intersect(day.unobserved, [window])
    assert total(union(rows)) == sum(end - start for start, end in rows)


@given(steady_days)
def test_sleep_never_counts_as_activity(happenings: list[Happening]) -> None:
    day = Day().play(happenings).end()

    spans = [(span.start, span.end) for span in day.spans.values()]
    assert intersect(spans, day.asleep) == []


@given(steady_days)
def test_within_a_span_no_five_minutes_are_without_input(happenings: list[Happening]) -> None:
    day = Day().play(happenings).end()

    for span in day.spans.values():
        inside = [at for at in sorted(day.inputs) if span.start <= at <= span.end]
        assert all(second - first < SPAN_GAP_SECONDS + 10 for first, second in pairwise(inside))


@given(any_days)
def test_nothing_ever_changes_a_closed_row(happenings: list[Happening]) -> None:
    day = Day()
    for happening in happenings:
        closed = {row.id: row for row in day.sessions.values() if not row.open}
        ended = {row.id: row for row in day.observed.values() if row.ended is not None}
        open_span = day.state.span
        spans = {row.id: row for row in day.spans.values() if open_span is None or row.id != open_span.id}
        day.happen(happening)

        assert {key: day.sessions[key] for key in closed} == closed
        assert {key: day.observed[key] for key in ended} == ended
        assert {key: day.spans[key] for key in spans} == spans


@given(any_days)
def test_a_step_of_the_wall_clock_changes_no_bound_that_was_known(happenings: list[Happening]) -> None:
    day = Day()
    for happening in happenings:
        spans, sessions = day.bounds, day.session_bounds
        ends = {row.id: (row.start, row.end) for row in day.observed.values()}
        day.happen(happening)
        if happening.kind == "step":
            assert day.bounds[: len(spans)] == spans
            assert day.session_bounds[: len(sessions)] == sessions
            assert all((day.observed[key].start, day.observed[key].end) == ends[key] for key in ends)


@given(any_days)
def test_no_row_runs_backwards_or_past_the_present(happenings: list[Happening]) -> None:
    day = Day()
    latest = START
    for happening in happenings:
        day.happen(happening)
        latest = max(latest, day.clock.now())

    for row in (*day.spans.values(), *day.sessions.values(), *day.observed.values()):
        assert row.start <= row.end <= latest
