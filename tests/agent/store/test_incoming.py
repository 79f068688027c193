"""What is imported while the collector runs, or before it starts, does not get into its way."""

from __future__ import annotations

import pytest

from fakes import ZONE, FakeLaptop
from fyraften_agent.exchange.incoming import Incoming, IncomingSession, plan
from fyraften_agent.store.incoming import existing_sessions, write_plan
from fyraften_agent.store.store import Store
from fyraften_policy.intervals import Interval
from fyraften_policy.periods import parse_instant

YESTERDAY = Interval(*(parse_instant(f"2026-11-15T{clock}", ZONE) for clock in ("10:00", "11:00")))


def bring_in(store: Store, now: int) -> None:
    session = IncomingSession("1", *YESTERDAY, ZONE, f"activitywatch:{YESTERDAY.start}")
    incoming = Incoming((session,), (YESTERDAY,), (YESTERDAY,))
    write_plan(store, plan(incoming, existing_sessions(store), 0, now), "home", now, lambda done, total: None)


def test_the_collector_goes_on_measuring_over_an_import() -> None:
    laptop = FakeLaptop(Store.open(None))
    laptop.start()
    laptop.work(1200)

    bring_in(laptop.store, laptop.clock.now())
    laptop.work(1200)

    imported, measured = laptop.store.sessions(0, 2**40)
    assert (imported.start, imported.end, imported.source, imported.place) == (*YESTERDAY, "imported", "home")
    assert (measured.source, measured.open, measured.end - measured.start >= 2380) == ("measured", True, True)
    assert [(one.start, one.end) for one in laptop.store.spans(*YESTERDAY)] == [YESTERDAY]


def test_a_collector_that_starts_after_an_import_does_not_take_it_for_its_own() -> None:
    laptop = FakeLaptop(Store.open(None))
    bring_in(laptop.store, laptop.clock.now())

    laptop.start()
    laptop.work(600)

    assert laptop.store.observed(YESTERDAY.start, YESTERDAY.end + 3600) == [YESTERDAY]
    assert [one.source for one in laptop.store.sessions(0, 2**40)] == ["imported", "measured"]


def test_a_short_session_that_another_program_measured_in_a_rest_is_asked_about_and_one_from_a_table_is_not() -> None:
    store = Store.open(None)
    night = [YESTERDAY.start - 8 * 3600, YESTERDAY.start + 12 * 3600]
    two = (
        IncomingSession("1", night[0], night[0] + 60, ZONE, f"activitywatch:{night[0]}"),
        IncomingSession("2", night[1], night[1] + 60, ZONE, f"csv:{night[1]}", confirmed=True),
    )
    write_plan(store, plan(Incoming(two), [], 0, 2**40), None, 2**40, lambda done, total: None)

    assert [one.confirmed for one in store.sessions(0, 2**40)] == [False, True]


def test_an_import_that_fails_halfway_has_written_nothing() -> None:
    store = Store.open(None)
    two = tuple(IncomingSession("1", at, at + 60, ZONE, f"csv:{at}") for at in (YESTERDAY.start, YESTERDAY.end))

    def fail(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_plan(store, plan(Incoming(two), [], 0, 2**40), None, YESTERDAY.end, fail)

    assert store.sessions(0, 2**40) == []
