"""N10: nothing is recorded while paused, in private time, or outside the recording hours the employee chose."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import FakeLaptop
from fyraften_agent.recording.hours import ChosenHours, parse_hours
from fyraften_agent.store.store import Store
from fyraften_policy.intervals import Interval, intersect
from fyraften_policy.periods import parse_instant

TICKS = st.integers(1, 60)


def recorded(store: Store) -> list[Interval]:
    """Return all time of which something is kept: as a session, or as a stretch of activity."""
    rows = [*store.sessions(0, 2**40), *store.spans(0, 2**40)]
    return [Interval(row.start, row.end) for row in rows if row.start < row.end]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TICKS, TICKS, st.booleans()), min_size=1, max_size=5))
def test_however_often_somebody_pauses_no_row_touches_the_time(parts: list[tuple[int, int, bool]]) -> None:
    with Store.open(None) as store:
        laptop = FakeLaptop(store)
        laptop.start()
        pauses = []
        for worked, paused, private in parts:
            laptop.work(10 * worked)
            begins = laptop.clock.now()
            store.pause(begins, None, private=private)
            laptop.work(10 * paused)  # somebody types on
            pauses.append((Interval(begins, laptop.clock.now()), private))
            store.resume(laptop.clock.now())
        laptop.collector.stop()

        kept, observed = recorded(store), store.observed(0, 2**40)

    assert intersect(kept, [time for time, _private in pauses]) == []
    # That private time was no work is what the person said; of a pause nothing is known.
    assert intersect(observed, [time for time, private in pauses if not private]) == []


def test_typing_before_and_after_the_chosen_hours_leaves_nothing() -> None:
    with Store.open(None) as store:
        laptop = FakeLaptop(store)  # it is Monday, 08:00
        store.choose_hours(ChosenHours(parse_hours("mon 09:00-10:00")), laptop.clock.now())
        laptop.start()
        laptop.work(3 * 3600)
        laptop.collector.stop()

        found = recorded(store)

    opens, closes = (parse_instant(f"2026-11-16T{hour}", "Europe/Copenhagen") for hour in ("09:00", "10:00"))
    assert found != []
    assert all(opens <= one.start and one.end <= closes for one in found)
