"""What an employee says of their work, checked the same way wherever it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from agent_records import NOW, TODAY, ZONE, FixedClock, at
from fyraften_agent.correcting.corrections import Said, add_work, confirm_work, correct_work, leave_out, undo
from fyraften_agent.correcting.records import place_meant
from fyraften_agent.correcting.versions import version_words
from fyraften_agent.errors import InputError
from fyraften_agent.store.history import left_out, versions
from fyraften_agent.store.store import Store
from fyraften_policy.intervals import Interval

NOW_IS = FixedClock(NOW).now()
DAY = Interval(at(TODAY, "00:00"), at(date(2026, 11, 21), "00:00"))


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        yield opened


def add(store: Store, start: str, end: str, on: date = TODAY) -> int:
    return add_work(store, Said(start, end), on, ZONE, NOW_IS, str).id


def test_a_time_alone_is_one_of_the_day_given_and_an_end_one_of_the_start_s(store: Store) -> None:
    number = add(store, "2026-11-18T22:00", "23:15")

    session = store.session(number)
    assert session is not None
    assert (session.start, session.end) == (at(date(2026, 11, 18), "22:00"), at(date(2026, 11, 18), "23:15"))


def test_work_may_end_now_and_no_second_later(store: Store) -> None:
    add(store, "15:00", "15:30")

    with pytest.raises(InputError, match="later than now"):
        add(store, "15:00", "2026-11-20T15:30:01")
    with pytest.raises(InputError, match="later than now"):
        correct_work(store, 1, Said(end="15:31"), NOW_IS, str)


def test_work_is_added_as_far_back_as_it_is_kept(store: Store) -> None:
    add(store, "00:00", "01:00", date(2026, 7, 13))

    with pytest.raises(InputError, match="2026-07-13 is not kept"):
        add(store, "22:00", "23:00", date(2026, 7, 12))


def test_all_or_none_are_confirmed(store: Store) -> None:
    number = add(store, "08:00", "09:00")
    correct_work(store, number, Said(confirmed=False), NOW_IS, str)

    with pytest.raises(InputError, match="no session 99"):
        confirm_work(store, [number, 99], NOW_IS)
    unsure = store.session(number)
    (sure,) = confirm_work(store, [number, number], NOW_IS)

    assert unsure is not None
    assert (unsure.confirmed, sure.confirmed) == (False, True)


def test_what_is_taken_back_is_told_with_what_is_left(store: Store) -> None:
    number = add(store, "08:00", "09:00")
    correct_work(store, number, Said(end="09:30"), NOW_IS, str)

    first, left = undo(store, number)
    second, none_left = undo(store, number)

    assert first is not None
    assert second is not None
    assert (first.is_gone, left, second.is_gone, none_left) == (False, 1, True, 0)
    assert undo(store, None) == (None, 0)


def test_what_was_left_out_is_found_by_the_day_it_touches(store: Store) -> None:
    over_midnight = add(store, "2026-11-19T23:00", "2026-11-20T01:00")
    morning, kept = add(store, "08:00", "09:00"), add(store, "10:00", "11:00")
    for number in (morning, over_midnight):
        leave_out(store, number, NOW_IS)

    assert left_out(store, *DAY) == [over_midnight, morning]
    assert left_out(store, at(date(2026, 11, 19), "00:00"), DAY.start) == [over_midnight]
    assert left_out(store, DAY.end, DAY.end + 3600) == []
    assert store.session(kept) is not None


def test_a_place_is_meant_by_number_label_or_kind(store: Store) -> None:
    flat, hut = (store.add_place("home", name, "fixed", NOW_IS) for name in ("Flat", "Hut"))
    store.add_place("elsewhere", "hut", "mobile", NOW_IS)
    places = store.places()

    assert [place_meant(text, places) for text in (str(flat), "flat", "changing_site")] == [flat, flat, "changing_site"]
    with pytest.raises(InputError, match=f"Several places are called Hut. Give the number: {hut}, 3"):
        place_meant("Hut", places)
    with pytest.raises(InputError, match="There is no place moon"):
        place_meant("moon", places)


def test_a_version_is_told_in_words_with_the_zone_where_that_is_another(store: Store) -> None:
    number = add(store, "08:00", "09:00")
    (version,) = versions(store, number)

    here = version_words(version, {}, ZONE, ZONE, str)
    away = version_words(version, {}, ZONE, "Europe/London", str)

    assert (here.date, here.times, here.length, here.what, here.at) == (
        "2026-11-20",
        "08:00–09:00",
        "1 h",
        "added by you",
        "2026-11-20 15:30",
    )
    assert (away.times, away.at) == ("08:00–09:00 Europe/Copenhagen", "2026-11-20 14:30")
