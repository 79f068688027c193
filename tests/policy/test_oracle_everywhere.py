"""Work outside the agreed hours and pauses from the screen against the slow oracle, around odd nights."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fyraften_policy.facts import read_facts
from policy import oracle_everywhere as oracle
from policy.european import Document, findings, rows, verdict
from policy.oracle_eu import DAY, HOUR, Span, local_date
from policy.strategies import any_work, chains, lengths
from policy.test_oracle_eu import partly_observed

HOURS, PAUSES = "agreement.out_of_hours", "advice.screen.pauses"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Berlin changes its clock at two and at three, the Azores at midnight and at one.
zones = st.sampled_from(["Europe/Berlin", "Atlantic/Azores"])
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

quarters = st.integers(0, 95).map(lambda quarter: 15 * quarter)
ends = st.one_of(quarters, st.just(1440))
hours_of_days = st.dictionaries(st.integers(0, 6), st.lists(st.tuples(quarters, ends), max_size=2), max_size=7)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@slowly
@given(
    st.one_of(any_work, chains()),
    hours_of_days,
    st.dictionaries(
        st.integers(-1, 5), st.sampled_from(["holiday", "sick", "leave", "public_holiday", None]), max_size=3
    ),
    zones,
    st.integers(0, 2),
)
def test_the_work_outside_the_agreed_hours_is_that_of_each_date_minute_by_minute(
    work: list[Span], hours: dict[int, list[tuple[int, int]]], off: dict[int, str | None], zone: str, later: int
) -> None:
    first = local_date(min(work)[0], zone) + timedelta(days=later)
    end = local_date(max(end for _, end in work), zone) + timedelta(days=1)
    assume(first < end)
    days = {first + timedelta(days=offset): kind for offset, kind in off.items()}
    told = {
        "jurisdiction": "EU",
        "zone": zone,
        "work": rows(work),
        "agreement": {
            "normal_hours": {
                WEEKDAYS[day]: [[clock(start), clock(stop)] for start, stop in ranges] for day, ranges in hours.items()
            }
        },
        "absences": [{"start": f"{day}", "end": f"{day}", "kind": kind} for day, kind in days.items() if kind],
        "public_holidays": [f"{day}" for day, kind in days.items() if kind is None],
        "period": {"start": f"{first}", "end": f"{end}"},
    }

    outside = oracle.outside_by_date(work, zone, hours, set(days), first, end)

    found = [one for one in findings(told, HOURS) if one["reason"] is None]
    assert {date.fromisoformat(one["period"]["start"][:10]): one["measured"] for one in found} == outside
    assert [one["verdict"] for one in found] == ["broken" if seconds else "met" for seconds in outside.values()]


short = st.one_of(st.sampled_from([1, 60, 299, 300, 301, 1500, 2999, 3000, 3001]), lengths)


@st.composite
def screen_days(draw: st.DrawFn) -> tuple[list[tuple[int, int, str]], list[Span] | None]:
    """Sessions at the screen and away from it, and perhaps finer activity, some of it outside the sessions."""
    work = draw(st.one_of(any_work, chains()))
    first = min(work)[0]
    sessions = [(start, end, draw(st.sampled_from(["screen", "screen", "other"]))) for start, end in work]
    if draw(st.booleans()):
        return sessions, None
    begins = st.integers(-HOUR, DAY + HOUR)
    spans = draw(st.lists(st.tuples(begins, short), min_size=1, max_size=8))
    return sessions, [(first + begin, first + begin + length) for begin, length in spans]


def document(sessions: list[tuple[int, int, str]], activity: list[Span] | None, zone: str, pause: int) -> Document:
    work = [rows([(start, end)], screen=kind == "screen")[0] for start, end, kind in sessions]
    first, last = min(sessions)[0] - 2 * DAY, max(end for _, end, _ in sessions) + 3 * DAY
    told = {
        "jurisdiction": "EU",
        "zone": zone,
        "work": work,
        "parameters": {"advice.screen.pauses.pause": pause},
        "period": {"start": f"{local_date(first, zone)}", "end": f"{local_date(last, zone)}"},
    }
    return told if activity is None else {**told, "activity": rows(activity)}


def pauses_told(steps: list[str]) -> int:
    """Return the number in the sentence on pauses."""
    (said,) = [step for step in steps if "pause in the activity" in step or "between stretches" in step]
    first = said.split()[0]
    return {"There": 0, "One": 1}[first] if not first.isdigit() else int(first)


@slowly
@given(screen_days(), zones, st.sampled_from([1, 5, 5, 15, 90]))
def test_the_stretches_of_each_date_are_what_lies_between_the_pauses(
    day: tuple[list[tuple[int, int, str]], list[Span] | None], zone: str, pause: int
) -> None:
    sessions, activity = day
    told = document(sessions, activity, zone, pause)

    spans = oracle.screen_spans(sessions, activity)
    stretches = oracle.stretches_by_date(spans, [], zone, 60 * pause)

    found = [one for one in findings(told, PAUSES) if one["reason"] is None]
    assert [one["period"]["start"][:10] for one in found] == [f"{day}" for day in sorted(stretches)]
    for one in found:
        here = stretches[date.fromisoformat(one["period"]["start"][:10])]
        assert one["measured"] == max(here)
        assert one["verdict"] == ("advice" if max(here) > 3000 else "met")
        assert pauses_told(one["steps"]) == len(here) - 1


@slowly
@given(partly_observed())
def test_no_way_of_filling_the_holes_contradicts_a_verdict_on_pauses(
    case: tuple[list[Span], list[Span], list[Span]],
) -> None:
    work, observed, filled = case
    zone = "Europe/Berlin"
    told = document([(start, end, "screen") for start, end in work], None, zone, 5) | {"observed": rows(observed)}

    stretches = oracle.stretches_by_date(work, filled, zone, 300)

    for one in findings(told, PAUSES):
        longest = max(stretches[date.fromisoformat(one["period"]["start"][:10])])
        assert one["verdict"] in ("not_judged", "advice" if longest > 3000 else "met")


@slowly
@given(any_work, st.lists(st.tuples(st.integers(-DAY, 5 * DAY), lengths), min_size=1, max_size=3))
def test_unconfirmed_work_alone_is_never_outside_the_hours_and_never_asks_for_a_pause(
    work: list[Span], more: list[Span]
) -> None:
    waiting = [(min(work)[0] + start, min(work)[0] + start + length) for start, length in more]
    first, last = (find(point for one in [*work, *waiting] for point in one) for find in (min, max))
    period = {"start": f"{local_date(first, 'UTC')}", "end": f"{local_date(last, 'UTC') + timedelta(days=2)}"}
    common = {
        "jurisdiction": "EU",
        "zone": "UTC",
        "period": period,
        "agreement": {"normal_hours": {day: [["07:00", "18:00"]] for day in WEEKDAYS}},
    }

    told = {**common, "work": [*rows(work), *rows(waiting, confirmed=False)]}
    certain = {**common, "work": rows(work)}

    assert (verdict(told, HOURS) == "broken") == (verdict(certain, HOURS) == "broken")
    assert verdict(told, PAUSES) != "advice" or verdict(certain, PAUSES) == "advice"
    assert read_facts(told).has_unconfirmed
