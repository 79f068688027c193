"""From samples to spans of activity, sessions of work, and the time in which the computer was watched.

A sample, taken every ten seconds, says when the latest input came and whether the source of input lives.  Out of the
samples grow three kinds of rows: *spans* (inputs less than five minutes apart), *sessions* (spans less than fifteen
minutes apart) and *observed time* (a live source, and sleep: the computer was not worked at).

    input     |  i iii  i      i                    i i
    spans     |  [======)      |                    [=)
    sessions  |  [=============)                    [=)
    observed  |[----------------------zzzzzzzzzzzz-----------)

Pure: no clock, no store, no device.  Every row carries a number given here, once, so that writing it again is
harmless.  No end is invented: a span ends at its last input, observed time at its last sample.
Not here: what is written when (see ``collector``), corrections by the employee (see ``store``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

TICK_SECONDS = 10
# While nobody works, observed time is written once a minute: what goes on was seen up to now.
OBSERVED_WRITTEN_EVERY_SECONDS = 60
SPAN_GAP_SECONDS = 5 * 60
SESSION_GAP_SECONDS = 15 * 60
# Without a key or a movement for longer, nobody knows whether anybody is there.
MOST_WATCHING_SECONDS = 4 * 3600

# The readings of one sample are taken one after the other, and the wall clock in whole seconds.
_SUSPEND_SECONDS = 2.0
_STEP_SECONDS = 2.0
# A process that was not run for so long may have missed input, or taken it for newer than it was. While the screen is
# locked it looks once a minute only, and has nothing to miss.
_STALL_SECONDS = 60.0
_LOCKED_STALL_SECONDS = 180.0
# Idle counters tell the same input again with some milliseconds of difference.
_SAME_INPUT_SECONDS = 0.5

Ended = Literal["shutdown", "off", "stop", "pause", "hours", "consent", "source", "stall", "step", "suspend", "mended"]


class Sample(NamedTuple):
    """What one look at the clocks and the source of input says.

    ``now`` is the wall clock in whole seconds of UTC; ``monotonic`` stands still in sleep, ``boottime`` does not;
    ``last_input`` is a monotonic time, None while there has been none; ``live`` is whether input would be noticed;
    ``locked_since`` is the monotonic time of the lock of the screen, None while it is not locked or nobody says;
    ``kept_awake`` is whether a program keeps the screen awake.
    """

    now: int
    monotonic: float
    boottime: float
    last_input: float | None
    live: bool
    locked_since: float | None = None
    kept_awake: bool = False


class MeasuredSpan(NamedTuple):
    """Inputs less than five minutes apart; ``active_minutes`` counts the clock minutes that had any."""

    id: int
    start: int
    end: int
    active_minutes: int


class MeasuredSession(NamedTuple):
    """Spans less than fifteen minutes apart; its number is that of its first span.

    ``watched`` is a screen in use without input: whether it was work, only the person knows.
    """

    id: int
    start: int
    end: int
    open: bool
    watched: bool = False


class ObservedTime(NamedTuple):
    """Time in which input would have been noticed; ``ended`` is None while it goes on, and after a crash."""

    id: int
    start: int
    end: int
    ended: Ended | None


class Changes(NamedTuple):
    """Rows as they are after a sample; only those that it changed."""

    spans: tuple[MeasuredSpan, ...] = ()
    sessions: tuple[MeasuredSession, ...] = ()
    observed: tuple[ObservedTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """The state between two samples; ``next_id`` is the number the next row gets."""

    next_id: int = 1
    sample: Sample | None = None
    last_input: float | None = None
    span: MeasuredSpan | None = None
    session: MeasuredSession | None = None
    observed: ObservedTime | None = None
    watching: MeasuredSpan | None = None


def advance(state: Activity, sample: Sample) -> tuple[Activity, Changes]:
    """Return the state after ``sample``, and the rows it changed.

    What is open is closed at the last certain instant when the source died, when the process was not run for over a
    minute, and when the wall clock was moved; the time until the next certain instant is not observed.
    """
    before = state.sample
    if not sample.live:
        return _end(state, sample, "source")
    if before is None or not before.live:
        return _begin(state, sample)
    awake = sample.monotonic - before.monotonic
    elapsed = sample.boottime - before.boottime
    if not 0 <= awake <= (_STALL_SECONDS if before.locked_since is None else _LOCKED_STALL_SECONDS):
        return _begin_anew(state, sample, "stall")
    is_new = _is_new_input(state.last_input, sample.last_input) and not _is_at_lock(before, sample)
    is_step = abs(sample.now - before.now - elapsed) >= _STEP_SECONDS
    if elapsed - awake >= _SUSPEND_SECONDS:
        return _wake(state, sample, is_new=is_new, is_step=is_step)
    if is_step:
        return _begin_anew(state, sample, "step")
    return _go_on(state, sample, is_new=is_new)


def finish(state: Activity, ended: Ended) -> tuple[Activity, Changes]:
    """Return the state after an orderly end at the last sample, and the rows that closes."""
    return _end(state, None, ended)


def part(state: Activity) -> tuple[Activity, Changes]:
    """Return the state in which the next input begins a new session: the place changed, or the employee ended it."""
    changes = Changes(sessions=(*_closed(state.session), *_closed_watching(state)))
    return replace(state, span=None, session=None, watching=None), changes


def _begin(state: Activity, sample: Sample) -> tuple[Activity, Changes]:
    """Begin to observe at ``sample``; what was typed before it is none of our business."""
    observed = ObservedTime(state.next_id, sample.now, sample.now, None)
    session, closed = _lapse(state.session, sample.now)
    began = replace(
        state,
        next_id=state.next_id + 1,
        sample=sample,
        last_input=sample.last_input,
        session=session,
        observed=observed,
    )
    return began, Changes(sessions=closed, observed=(observed,))


def _end(state: Activity, sample: Sample | None, ended: Ended) -> tuple[Activity, Changes]:
    closed = () if state.observed is None else (state.observed._replace(ended=ended),)
    over, sessions = (None, _closed(state.session)) if sample is None else _lapse(state.session, sample.now)
    after = replace(state, sample=sample, span=None, session=over, observed=None, watching=None)
    return after, Changes(sessions=(*sessions, *_closed_watching(state)), observed=closed)


def _begin_anew(state: Activity, sample: Sample, ended: Ended) -> tuple[Activity, Changes]:
    # After a step the labels of before and after cannot be compared: nothing may be joined over it.
    after_end, closing = _end(state, None if ended == "step" else sample, ended)
    began, opening = _begin(after_end, sample)
    return replace(began, last_input=sample.monotonic), _both(closing, opening)  # see _wake


def _wake(state: Activity, sample: Sample, *, is_new: bool, is_step: bool) -> tuple[Activity, Changes]:
    """Go on after sleep, which is observed; the span before it has ended at its last input.

    An input since the last sample came before the sleep or after it, and nobody can say which.  Put after it, a key
    pressed while the lid closed would become work at three at night.  So it counts nowhere, nor does one of which the
    listener learns just after the look, and the tick before the sleep is left open:

        samples   |  s      s   zzzzzzzzzzzzzzzzzzz      s
        observed  |---------)    [------------------------
    """
    before, observed = state.sample, state.observed
    assert before is not None
    assert observed is not None
    awake = math.ceil(sample.monotonic - before.monotonic)
    by_old_label = before.now + int(sample.boottime - before.boottime)
    until = max(before.now, min(by_old_label, sample.now)) if is_step else sample.now
    rows: list[ObservedTime] = []
    next_id = state.next_id
    if is_new:
        rows.append(observed._replace(ended="suspend"))
        observed = ObservedTime(next_id, min(before.now + awake, until), until, None)
        next_id += 1
    observed = observed._replace(end=until)
    slept = replace(state, next_id=next_id, sample=sample, last_input=sample.monotonic, span=None, observed=observed)
    if is_step:
        began, changes = _begin_anew(slept, sample, "step")
        return began, changes._replace(observed=(*rows, *changes.observed))
    session, closed = _lapse(state.session, sample.now)
    closed = (*closed, *_closed_watching(state))
    return replace(slept, session=session, watching=None), Changes(sessions=closed, observed=(*rows, observed))


def _go_on(state: Activity, sample: Sample, *, is_new: bool) -> tuple[Activity, Changes]:
    """Go on after an ordinary tick."""
    before, observed = state.sample, state.observed
    assert before is not None
    assert observed is not None
    observed = observed._replace(end=max(observed.end, sample.now))
    if not is_new:
        return _quiet(state, sample, observed)
    assert sample.last_input is not None
    age = sample.monotonic - sample.last_input
    at = min(max(round(sample.now - age), before.now), observed.end)
    next_id, span, session = state.next_id, state.span, state.session
    if span is not None and at - span.end < SPAN_GAP_SECONDS:
        span = _extend(span, at)
    else:
        span = MeasuredSpan(next_id, at, at, 1)
        next_id += 1
    session, closed = _lapse(session, at)
    watched = _closed_watching(replace(state, session=session))
    session = MeasuredSession(span.id, at, at, True) if session is None else session._replace(end=max(session.end, at))
    # A lock ends the span at its last input; whoever comes back within 15 minutes goes on with the session.
    kept = span if sample.locked_since is None else None
    after = Activity(next_id, sample, sample.last_input, kept, session, observed)
    return after, Changes((span,), (*closed, *watched, session), (observed,))


def _quiet(state: Activity, sample: Sample, observed: ObservedTime) -> tuple[Activity, Changes]:
    """Go on after a tick without input that counts; a screen that a program keeps awake may be in use."""
    before = state.sample
    assert before is not None
    session, closed = _lapse(state.session, sample.now)
    is_locked = sample.locked_since is not None
    # What is typed at the lock is no work, and is not found again when the lock is gone.
    last_input = sample.last_input if is_locked or before.locked_since is not None else state.last_input
    span = None if is_locked else state.span
    after = Activity(state.next_id, sample, last_input, span, session, observed, state.watching)
    after, watched = _watch(after, was_with_session=state.session is not None)
    return after, _both(Changes(sessions=closed, observed=(observed,)), watched)


def _watch(state: Activity, *, was_with_session: bool) -> tuple[Activity, Changes]:
    """Begin, extend or end the time in which the screen is used without input: read, listened to, shown to others.

    It only follows on work, and only while a program keeps the unlocked screen awake.  It is a span at once, so that it
    is no pause; where nobody touches anything for 15 minutes it is a session of its own, which the person may confirm:

        input     |  i iii                             i i
        awake     |     ================================
        spans     |  [==)[=============================)[=)
        sessions  |  [==)[= is this work? =============)[=)
    """
    sample, watching = state.sample, state.watching
    assert sample is not None
    if watching is not None and _is_watched_out(watching, sample):
        return replace(state, watching=None), Changes(sessions=_closed_watching(state))
    if not sample.kept_awake or sample.locked_since is not None or (watching is None and not was_with_session):
        return state, Changes()
    if watching is None:
        watching = MeasuredSpan(state.next_id, sample.now, sample.now, 0)
        state = replace(state, next_id=state.next_id + 1)
    watching = watching._replace(end=max(watching.end, sample.now))
    state = replace(state, watching=watching)
    alone = () if state.session is not None else (_session_of_watching(watching, is_open=True),)
    return state, Changes((watching,), alone)


def _is_watched_out(watching: MeasuredSpan, sample: Sample) -> bool:
    """Return whether the time without input has ended: by a lock, by quiet of five minutes, or by its length."""
    is_quiet = not sample.kept_awake and sample.now - watching.end >= SPAN_GAP_SECONDS
    return sample.locked_since is not None or is_quiet or sample.now - watching.start > MOST_WATCHING_SECONDS


def _session_of_watching(watching: MeasuredSpan, *, is_open: bool) -> MeasuredSession:
    return MeasuredSession(watching.id, watching.start, watching.end, is_open, watched=True)


def _closed_watching(state: Activity) -> tuple[MeasuredSession, ...]:
    """Return the session that the time without input was, where it was one."""
    is_alone = state.watching is not None and state.session is None
    return (_session_of_watching(state.watching, is_open=False),) if is_alone and state.watching is not None else ()


def _extend(span: MeasuredSpan, at: int) -> MeasuredSpan:
    is_new_minute = at // 60 > span.end // 60
    return MeasuredSpan(span.id, span.start, max(span.end, at), span.active_minutes + is_new_minute)


def _lapse(session: MeasuredSession | None, at: int) -> tuple[MeasuredSession | None, tuple[MeasuredSession, ...]]:
    """Return the session if something at ``at`` would still join it, and what is closed otherwise."""
    # Before its end lies only what a clock set back put there.
    if session is not None and not -_STEP_SECONDS < at - session.end < SESSION_GAP_SECONDS:
        return None, _closed(session)
    return session, ()


def _closed(session: MeasuredSession | None) -> tuple[MeasuredSession, ...]:
    return () if session is None else (session._replace(open=False),)


def _is_at_lock(before: Sample, sample: Sample) -> bool:
    """Return whether an input since ``before`` is one at the lock screen, or may be: it is no work."""
    if sample.locked_since is not None:
        return before.locked_since is not None or (sample.last_input or 0.0) > sample.locked_since
    return before.locked_since is not None


def _is_new_input(known: float | None, seen: float | None) -> bool:
    return seen is not None and (known is None or seen - known > _SAME_INPUT_SECONDS)


def _both(first: Changes, second: Changes) -> Changes:
    return Changes(first.spans + second.spans, first.sessions + second.sessions, first.observed + second.observed)
