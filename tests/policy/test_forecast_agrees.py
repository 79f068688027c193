"""Every forecast agrees with its rule, in every jurisdiction: to the last second it is kept, a second more it is not.

With holes, unconfirmed work, recorded exceptions and replaced numbers, around the clock changes.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fyraften_policy.facts import read_facts
from fyraften_policy.findings import Finding, worst
from fyraften_policy.forecast import forecast as forecast_of
from policy.european import rows, written
from policy.situations import DAILY, DAY, HOUR, WEEKLY, ZONES, Situation, judged, replaced, situations

slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
two_laws = st.sampled_from(["DK", "EU"])
MINIMA = [f"{rule}.minimum" for rule in DAILY.values()]
numbers = replaced(*MINIMA, least=6)


def last(found: list[Finding]) -> str:
    return found[-1].verdict


def local_date(instant: int, law: str) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(ZONES[law])).date()


# Stop by


@slowly
@given(situations(law=two_laws, more=numbers))
def test_work_to_the_last_second_of_stop_by_is_met_and_one_second_more_is_broken(told: Situation) -> None:
    rule, stop_by = DAILY[told.law], told.forecast().stop_by

    if stop_by is None:
        assert last(told.says(rule)) == "broken"
    elif stop_by > told.at:
        assert last(told.says(rule, (told.at, stop_by))) == "met"
        assert last(told.says(rule, (told.at, stop_by), until=stop_by + 2 * DAY)) == "met"
        assert last(told.says(rule, (told.at, stop_by + 1))) == "broken"
    else:
        assert last(told.says(rule, (told.at, told.at + 1))) == "broken"


@slowly
@given(situations(law=two_laws, unknown=True, more=numbers))
def test_stop_by_is_safe_whatever_is_not_known_and_a_second_more_is_not(told: Situation) -> None:
    rule, stop_by = DAILY[told.law], told.forecast().stop_by

    if stop_by is not None and stop_by > told.at:
        assert last(told.says(rule, (told.at, stop_by))) == "met"
        assert last(told.says(rule, (told.at, stop_by + 1))) != "met"
    elif stop_by is not None:
        assert last(told.says(rule, (told.at, told.at + 1))) != "met"


grounds = st.sampled_from(["annual_accounts", "evening_meeting", "state_agreement", "shift_change", "force_majeure"])


@st.composite
def excepted(draw: st.DrawFn) -> Situation:
    """Danish work of which some days have a recorded exception."""
    told = draw(situations(law=st.just("DK"), most=4))
    first = local_date(told.work[0][0], "DK")
    days = draw(st.dictionaries(st.integers(0, 4), grounds, min_size=1, max_size=3))
    exceptions = [{"date": f"{first + timedelta(days=day)}", "ground": ground} for day, ground in days.items()]
    return told._replace(more={"agreement": {"rest_exceptions": exceptions}})


@slowly
@given(excepted())
def test_with_exceptions_work_to_stop_by_keeps_the_whole_rest_and_what_a_shorter_one_owes(told: Situation) -> None:
    stop_by, before = told.forecast().stop_by, worst(one.verdict for one in told.says(DAILY["DK"]))

    if stop_by is not None and stop_by > told.at:
        after, more = (told.says(DAILY["DK"], (told.at, until)) for until in (stop_by, stop_by + 1))
        assert last(after) == "met"
        assert worst(one.verdict for one in after) == before
        assert last(more) in ("excepted", "broken")
    elif stop_by is None:
        assert last(told.says(DAILY["DK"], (told.at, told.at + 1))) != "met" or "broken" in [
            one.verdict for one in told.says(DAILY["DK"], (told.at, told.at + 1))
        ]


@slowly
@given(excepted())
def test_with_exceptions_starting_at_earliest_start_keeps_the_longer_rest_and_a_second_before_breaks_it(
    told: Situation,
) -> None:
    start, before = told.forecast().earliest_start, worst(one.verdict for one in told.says(DAILY["DK"]))
    assert start is not None
    assume(start > told.at)

    kept, early = (told.says(DAILY["DK"], (begin, begin + 13 * HOUR)) for begin in (start, start - 1))

    assert last(kept) == "met"
    assert worst(one.verdict for one in kept) == before
    assert {"broken", "excepted"} & {one.verdict for one in early[-2:]}


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
starts = st.dictionaries(st.sampled_from(WEEKDAYS), st.sampled_from(["00:00", "06:00", "08:00", "12:00"]), min_size=1)


@st.composite
def norwegian(draw: st.DrawFn, *, unknown: bool = False) -> Situation:
    """Norwegian work with agreed hours on some weekdays, days of absence and perhaps another least rest."""
    told = draw(situations(law=st.just("NO"), most=4, unknown=unknown))
    hours = {name: [[start, "22:00"]] for name, start in draw(starts).items()}
    first = local_date(told.work[0][0], "NO")
    off = [f"{first + timedelta(days=day)}" for day in draw(st.sets(st.integers(0, 6), max_size=3))]
    absences = [{"start": day, "end": day, "kind": "leave"} for day in off]
    more: dict[str, Any] = {"agreement": {"normal_hours": hours}, "absences": absences}
    return told._replace(more=more | draw(replaced("no.rest.daily.minimum", least=6)))


def next_agreed_start(told: Situation, after: int, day: date) -> int | None:
    """Return the first agreed start after an instant, on a date later than ``day`` and within three weeks."""
    zone = ZoneInfo(ZONES["NO"])
    hours = told.more["agreement"]["normal_hours"]
    off = {absence["start"] for absence in told.more["absences"]}
    for offset in range(1, 22):
        on = day + timedelta(days=offset)
        ranges = hours.get(WEEKDAYS[on.weekday()])
        if not ranges or f"{on}" in off:
            continue
        begins = datetime.combine(on, datetime.strptime(ranges[0][0], "%H:%M").time(), zone).timestamp()  # noqa: DTZ007 - a clock time
        if begins > after:
            return int(begins)
    return None


def on_norwegian_days(told: Situation, until: int) -> dict[date, str]:
    """Return the verdict on each main period, if work goes on from now and again from the next agreed start."""
    today = told.says(DAILY["NO"], (told.at, max(until, told.at + 1)))[-1]
    agreed = next_agreed_start(told, told.at, local_date(today.start, "NO"))
    assert agreed is not None
    further = [(told.at, until)] if until > told.at else []
    found = told.says(DAILY["NO"], *further, (agreed, agreed + HOUR))
    return {local_date(one.start, "NO"): one.verdict for one in found}


@slowly
@given(norwegian())
def test_in_norway_work_to_stop_by_leaves_the_rest_before_the_next_agreed_start(told: Situation) -> None:
    stop_by = told.forecast().stop_by

    before, after = (on_norwegian_days(told, until) for until in (told.at, max(stop_by or 0, told.at) + 1))
    if stop_by is not None and stop_by > told.at:
        kept = on_norwegian_days(told, stop_by)
        assert {day for day, said in kept.items() if said == "broken"} <= {
            day for day, said in before.items() if said == "broken"
        }
    assert "broken" in list(after.values())[-2:]


@slowly
@given(norwegian(unknown=True))
def test_in_norway_stop_by_is_safe_whatever_is_not_known(told: Situation) -> None:
    stop_by = told.forecast().stop_by

    if stop_by is not None and stop_by > told.at:
        kept, more = (list(on_norwegian_days(told, until).values()) for until in (stop_by, stop_by + 1))
        assert kept[-1] == "met"
        assert set(more[-2:]) != {"met"}


# Earliest start


@slowly
@given(situations(more=numbers))
def test_starting_again_at_earliest_start_keeps_the_rest_and_a_second_before_does_not(told: Situation) -> None:
    start, rule, minimum = told.forecast().earliest_start, DAILY[told.law], least_rest(told)

    assert start == told.work[-1][1] + minimum
    kept, early = (told.says(rule, (begin, begin + DAY - minimum)) for begin in (start, start - 1))
    if told.law != "NO" or kept[-1].start == start:
        assert last(kept) == "met"
    if told.law != "NO" or early[-1].start == start - 1:  # on the same date it is the second part of a split day
        assert last(early) == "broken"


def least_rest(told: Situation) -> int:
    hours = int(told.more.get("parameters", {}).get(f"{DAILY[told.law]}.minimum", 11))
    return HOUR * (max(8, hours) if told.law == "NO" else hours)  # no Norwegian agreement may set less than 8


@slowly
@given(situations(unknown=True, more=numbers))
def test_earliest_start_is_safe_whatever_is_not_known(told: Situation) -> None:
    start, rule, minimum = told.forecast().earliest_start, DAILY[told.law], least_rest(told)
    assume(start is not None and start > told.at)
    assert start is not None

    kept, early = (told.says(rule, (begin, begin + DAY - minimum)) for begin in (start, start - 1))
    # In Norway the first work of a date is judged, told or unobserved: here it has to be the work from then on.
    assume(told.law != "NO" or (kept[-1].start == start and local_date(start, "NO") > local_date(told.at, "NO")))

    assert last(kept) == "met"
    assert last(early) != "met"


# Day off by


@slowly
@given(situations(law=st.just("DK"), more=replaced("dk.rest.weekly.minimum", least=30, most=40)))
def test_a_run_to_the_last_second_of_day_off_by_is_met_and_one_second_more_is_in_doubt(told: Situation) -> None:
    by, rule = told.forecast().day_off_by, WEEKLY["DK"]

    if by is None:
        minimum = HOUR * int(told.more.get("parameters", {}).get("dk.rest.weekly.minimum", 35))
        assert told.at - told.work[-1][1] >= minimum
    elif by > told.at:
        assert last(told.says(rule, (told.at, by))) == "met"
        assert last(told.says(rule, (told.at, by + 1))) == "attention"
    else:
        assert last(told.says(rule, (told.at, told.at + 1))) != "met"


@slowly
@given(situations(law=st.just("DK"), unknown=True))
def test_day_off_by_is_safe_whatever_is_not_known(told: Situation) -> None:
    by, rule = told.forecast().day_off_by, WEEKLY["DK"]

    if by is not None and by > told.at:
        assert last(told.says(rule, (told.at, by))) == "met"
        assert last(told.says(rule, (told.at, by + 1))) != "met"


weekly_numbers = replaced("no.rest.weekly.minimum", "eu.rest.weekly.minimum", least=24, most=40)


def verdict_of_the_week(told: Situation, *further: tuple[int, int]) -> str | None:
    monday = local_date(told.at, told.law) - timedelta(days=local_date(told.at, told.law).weekday())
    found = told.says(WEEKLY[told.law], *further)
    return next((one.verdict for one in found if local_date(one.start, told.law) == monday), None)


def without_a_rest(start: int, end: int) -> list[tuple[int, int]]:
    """Return work up to an instant whose pauses are too short for any weekly rest."""
    parts = [(begin, min(begin + 6 * HOUR, end)) for begin in range(start, end, 12 * HOUR)]
    return [*parts[:-1], (parts[-1][0], end)]


@slowly
@given(situations(law=st.sampled_from(["NO", "EU"]), most=9, more=weekly_numbers))
def test_a_weekly_rest_from_day_off_by_keeps_the_week_and_a_second_later_does_not(told: Situation) -> None:
    by = told.forecast().day_off_by

    if by is None:
        assert verdict_of_the_week(told) in (None, "met")
        return
    for until, is_kept in ((by, True), (by + 1, False)):
        further = without_a_rest(told.at, until)
        weekly = verdict_of_the_week(told, *further, (until + 2 * DAY, until + 2 * DAY + HOUR))
        if told.law == "NO":  # or the time off before Sunday is not
            sunday = [one.verdict for one in told.says("no.sunday", (told.at, until)) if one.end >= until > one.start]
            before = [one.verdict for one in told.says("no.sunday")]
            assert (weekly == "met" and (sunday == ["met"] or until == by)) is is_kept or "broken" in before
        else:
            assert (weekly == "met") is is_kept
            assert weekly in ("met", "broken")


@slowly
@given(situations(law=st.sampled_from(["NO", "EU"]), most=7, unknown=True))
def test_a_weekly_rest_from_day_off_by_keeps_the_week_whatever_is_not_known(told: Situation) -> None:
    by, rule = told.forecast().day_off_by, WEEKLY[told.law]
    assume(by is not None)
    assert by is not None

    found = told.says(rule, (told.at, by), (by + 2 * DAY, by + 2 * DAY + HOUR))

    week = [one for one in found if one.start <= by < one.end]
    assert [one.verdict for one in week] == ["met"]


# Next pause


@slowly
@given(
    situations(most=4, more=replaced("advice.screen.pauses.stretch", "advice.screen.pauses.pause", least=5, most=90))
)
def test_activity_up_to_next_pause_at_is_met_and_one_second_more_is_advice(told: Situation) -> None:
    rule, pause = "advice.screen.pauses", told.forecast().next_pause_at

    if pause is None:
        least = 60 * int(told.more.get("parameters", {}).get("advice.screen.pauses.pause", 5))
        assert told.at - told.work[-1][1] >= least
    else:
        # Only the stretch that goes on: an earlier one of the same date may have been too long.
        limit = 60 * int(told.more.get("parameters", {}).get("advice.screen.pauses.stretch", 50))
        going_on = [one for one in told.work if one[1] > pause - limit]
        assert going_on[0][0] == pause - limit
        now = told._replace(work=tuple(going_on))
        until = max(pause, told.at)
        assert {one.verdict for one in now.says(rule, *((told.at, pause),) * (pause > told.at))} == (
            {"met"} if pause >= now.work[-1][1] else {"advice"}
        )
        assert now.says(rule, (told.at, until + 1))[0].verdict == "advice"


@slowly
@given(situations(most=4, unknown=True))
def test_next_pause_at_is_given_only_where_it_is_sure(told: Situation) -> None:
    rule, pause = "advice.screen.pauses", told.forecast().next_pause_at
    assume(pause is not None and pause > told.at)
    assert pause is not None
    now = told._replace(work=tuple(one for one in told.work if one[1] > pause - 50 * 60 - 300))

    assert now.says(rule, (told.at, pause))[-1].verdict == "met"
    assert now.says(rule, (told.at, pause + 1))[-1].verdict != "met"


# Home time left

mondays = st.sampled_from(["2026-03-30", "2026-10-26", "2028-03-06", "2026-01-05", "2026-02-02"])  # after odd nights
sessions = st.tuples(
    st.integers(0, 4 * 7 * 24 + 35),  # hours since the Monday four weeks before this one
    st.sampled_from([HOUR, 4 * HOUR, 26640, 26641, 13320]),
    st.sampled_from(["home", "home", "fixed_site", "unknown"]),
    st.booleans(),
)


@slowly
@given(mondays, st.lists(sessions, min_size=1, max_size=12), st.booleans(), st.booleans())
def test_home_time_left_keeps_the_average_and_a_second_more_passes_it(
    monday: str, drawn: list[tuple[int, int, str, bool]], is_known: bool, is_observed: bool
) -> None:
    zone = ZoneInfo(ZONES["DK"])
    this_week = datetime.fromisoformat(monday).replace(tzinfo=zone)
    first, at = (int((this_week + timedelta(days=days)).timestamp()) for days in (-28, 1.5))
    end = int((this_week + timedelta(days=7)).timestamp())
    work = []
    for hour, length, place, confirmed in drawn:
        start = first + hour * HOUR
        more = {"place": "home" if is_known else place, "confirmed": is_known or confirmed}
        work += rows([(start, min(start + length, at))], **more) if start < at else []
    assume(work)
    told = {"jurisdiction": "DK", "zone": ZONES["DK"], "work": work, "at": written(at)}
    if not is_observed:
        told["observed"] = rows([(first - DAY, at - 3 * HOUR)])

    left = forecast_of(read_facts(told)).home_time_left_seconds
    assume(left)
    assert left is not None

    for seconds, is_kept in ((left, True), (left + 1, False)):
        later = {**told, "work": [*work, *rows([(at, at + seconds)], place="home")], "at": written(end)}
        if not is_observed:
            later["observed"] = rows([(first - DAY, at - 3 * HOUR), (at, end)])
        found = judged(read_facts(later), "dk.screen.home")[-1]
        assert (found.verdict == "not_covered") is is_kept
        if is_known and is_observed:
            assert found.verdict == ("not_covered" if is_kept else "provisional")
