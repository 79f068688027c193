"""What is taken away comes back as it was: table, ActivityWatch, calendar and full copy, over any records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from fyraften_agent.exchange.archive import RECORDS, archive_bytes, json_bytes, read_archive
from fyraften_agent.exchange.calendar_file import calendar_bytes
from fyraften_agent.exchange.exporting import activitywatch_text, csv_text
from fyraften_agent.exchange.foreign_activitywatch import read_activitywatch
from fyraften_agent.exchange.foreign_csv import read_csv
from fyraften_agent.exchange.incoming import Incoming, Plan, plan
from fyraften_agent.recording.activity import SESSION_GAP_SECONDS, Changes, MeasuredSession, MeasuredSpan, ObservedTime
from fyraften_agent.recording.hours import ChosenHours, parse_hours
from fyraften_agent.recording.places import KINDS, WORKSTATIONS
from fyraften_agent.store.full_copy import bring_in_copy
from fyraften_agent.store.incoming import existing_sessions, write_plan
from fyraften_agent.store.moving import all_rows
from fyraften_agent.store.store import Session, Store
from fyraften_policy.intervals import join

ZONES = ("Europe/Copenhagen", "Europe/Oslo", "America/New_York", "Asia/Kathmandu")
NOW = 1_795_185_000
OLDEST = NOW - 100 * 86_400
EVER = (0, 2**40)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda word: word == word.strip() and word)
places = st.tuples(st.sampled_from(KINDS), st.none() | WORDS, st.sampled_from(WORKSTATIONS))
times = st.lists(st.tuples(st.integers(1, 40_000), st.integers(1, 30_000)), max_size=8)


@st.composite
def records(draw: st.DrawFn) -> Store:
    """Return a store with sessions added by hand and measured, some corrected, some removed, none overlapping."""
    store = Store.open(None)
    known = [store.add_place(*one, NOW - 1) for one in draw(st.lists(places, min_size=1, max_size=3, unique=True))]
    store.assign("f" * 64, known[0], NOW - 1)
    start = draw(st.integers(OLDEST, NOW - 80 * 86_400))
    for number, (gap, length) in enumerate(draw(times), 1):
        start += gap
        end = start + length
        zone, place = draw(st.sampled_from(ZONES)), draw(st.sampled_from(known))
        if draw(st.booleans()):
            store.add_session(start, end, zone, place, None, draw(st.booleans()), NOW - 50)
        else:
            network = draw(st.sampled_from([None, "f" * 64]))
            measured = (
                (MeasuredSpan(number, start, end, 1),),
                (MeasuredSession(number, start, end, False, draw(st.booleans())),),
            )
            observed = (ObservedTime(number, start, end, "stop"),)
            store.write_measured(Changes(*measured, observed), zone, network, docked=draw(st.booleans()))
            (session,) = [one for one in store.sessions(*EVER) if one.start == start]
            if draw(st.booleans()):
                store.edit_session(session.id, NOW - 40, end=end - draw(st.integers(0, length - 1)), place=place)
            if draw(st.booleans()):
                store.remove_session(session.id, NOW - 30)
        start = end
    store.pause(OLDEST, OLDEST + 60, private=draw(st.booleans()))
    if draw(st.booleans()):
        store.choose_hours(
            ChosenHours(parse_hours("mon-fri 07:00-19:00"), draw(st.sampled_from([None, *ZONES]))), OLDEST
        )
    if draw(st.booleans()):
        store.choices.set("source", "counter", OLDEST)
    return store


def told(session: Session) -> tuple[Any, ...]:
    return (
        *(session.start, session.end, session.zone, session.place, session.place_label),
        *(session.workstation, session.confirmed),
    )


def bring_in(incoming: Incoming, store: Store) -> Plan:
    coming = plan(incoming, existing_sessions(store), OLDEST, NOW)
    write_plan(store, coming, None, NOW, lambda done, total: None)
    return coming


def as_left(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Return all rows without what belongs to the one file: numbers of rows, and how a place came to be known."""
    apart = {"id", "session", "place", "network_place", "made_at"}
    tables = all_rows(store)
    for session in tables["sessions"]:
        session["origin"] = session["origin"] or f"measured:{session['measured_start']}"
    return {
        table: sorted(({key: row[key] for key in row if key not in apart} for row in rows), key=str)
        for table, rows in tables.items()
    }


@settings(max_examples=30, deadline=None)
@given(records())
def test_a_table_brings_back_every_session(store: Store) -> None:
    sessions, back = store.sessions(*EVER), Store.open(None)

    coming = bring_in(read_csv(csv_text(sessions), "UTC"), back)

    assert coming.skipped == ()
    assert [told(one) for one in back.sessions(*EVER)] == [told(one) for one in sessions]


@settings(max_examples=30, deadline=None)
@given(records())
def test_activitywatch_brings_back_all_work_and_all_observed_time(store: Store) -> None:
    sessions, back = store.sessions(*EVER), Store.open(None)
    text = activitywatch_text(sessions, store.observed(0, NOW), NOW)

    bring_in(read_activitywatch(text, "UTC"), back)

    worked = join(((one.start, one.end) for one in sessions), SESSION_GAP_SECONDS)
    assert [(one.start, one.end) for one in back.sessions(*EVER)] == worked


@settings(max_examples=30, deadline=None)
@given(records())
def test_a_calendar_tells_every_session(store: Store) -> None:
    sessions = store.sessions(*EVER)

    events = Calendar.from_ical(calendar_bytes(sessions, NOW, str)).walk("VEVENT")

    found = [(int(one["dtstart"].dt.timestamp()), int(one["dtend"].dt.timestamp())) for one in events]
    assert found == [(one.start, one.end) for one in sessions]
    assert [str(one["location"]) for one in events if one["location"]] == [
        str(one["summary"]).removeprefix("Screen work: ") for one in events
    ]


@settings(max_examples=30, deadline=None)
@given(records())
def test_a_full_copy_brings_back_everything_with_its_history(store: Store) -> None:
    copy = read_archive(archive_bytes({RECORDS: json_bytes(all_rows(store))}, NOW))
    back = Store.open(None)

    outcome = bring_in_copy(back, copy.tables, OLDEST, NOW, lambda done, total: None)

    assert outcome.skipped == []
    assert as_left(back) == as_left(store)
    assert [told(one) for one in back.sessions(*EVER)] == [told(one) for one in store.sessions(*EVER)]


@settings(max_examples=20, deadline=None)
@given(records())
def test_a_second_time_brings_in_nothing(store: Store) -> None:
    sessions = store.sessions(*EVER)
    table, measured = csv_text(sessions), activitywatch_text(sessions, store.observed(0, NOW), NOW)
    ways: list[Callable[[Store], Any]] = [
        lambda back: bring_in(read_csv(table, "UTC"), back),
        lambda back: bring_in(read_activitywatch(measured, "UTC"), back),
        lambda back: bring_in_copy(back, all_rows(store), OLDEST, NOW, lambda done, total: None),
    ]
    for bring in ways:
        back = Store.open(None)
        bring(back)
        once = all_rows(back)

        bring(back)

        assert all_rows(back) == once
        back.close()


junk = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([]) | st.floats(allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(records(), st.data())
def test_a_copy_with_any_value_changed_brings_in_no_row_that_cannot_be_read(store: Store, data: st.DataObject) -> None:
    tables = all_rows(store)
    table = data.draw(st.sampled_from([name for name, rows in tables.items() if rows]))
    row = data.draw(st.sampled_from(tables[table]))
    row[data.draw(st.sampled_from(list(row)))] = data.draw(junk)
    back = Store.open(None)

    bring_in_copy(back, tables, OLDEST, NOW, lambda done, total: None)

    sessions = back.sessions(*EVER)
    assert all(one.start <= one.end for one in sessions)
    csv_text(sessions)
    all_rows(back)


def test_what_was_chosen_comes_along_unless_this_store_has_such_a_choice_or_cannot_read_it() -> None:
    told = {"hours": "mon 07:00-19:00 | free in Europe/Oslo", "source": "counter"}
    rows = [{"name": name, "value": value, "changed_at": OLDEST} for name, value in told.items()]
    wrong = [
        {**rows[0], "value": "mon 07:00-19:00 | free in Nowhere"},
        {**rows[0], "value": "now and then"},
        {**rows[1], "value": "keys"},
        {**rows[1], "name": "secret"},
    ]
    fresh, other = Store.open(None), Store.open(None)
    other.choices.set("hours", "tue 07:00-19:00", OLDEST)

    outcome = bring_in_copy(fresh, {"choices": [*wrong, *rows]}, OLDEST, NOW, lambda done, total: None)
    bring_in_copy(other, {"choices": rows}, OLDEST, NOW, lambda done, total: None)

    assert [one.where for one in outcome.skipped] == [f"choices[{number}]" for number in range(4)]
    assert {name: fresh.choices.get(name) for name in told} == told
    assert (other.choices.get("hours"), other.choices.get("source")) == ("tue 07:00-19:00", "counter")
