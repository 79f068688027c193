"""A day and a month as the employee sees them: figures from sessions, observed time and an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from agent_records import ZONE, at
from fyraften_agent.shown.views import day_view, findings_of, findings_of_day, month_view
from fyraften_agent.store.store import Session
from fyraften_policy.evaluate import Answer
from fyraften_policy.findings import Finding
from fyraften_policy.intervals import Interval
from fyraften_policy.parameters import Citation
from fyraften_policy.periods import day_interval, month_interval, parse_instant

DAY = date(2026, 11, 18)
NOW = at(DAY, "23:59")
NOTHING = Answer(None, ZONE, (), {}, None)
HOME = Session(
    id=1, start=0, end=0, zone=ZONE, place="home", place_id=1, place_label=None, workstation="fixed", confirmed=True,
    source="measured", open=False, measured_start=None, measured_end=None, fingerprint=None, changed_at=None,
)  # fmt: skip
SOURCE = Citation("Act", "§ 1", "https://example.org/")


def session(start: str, end: str, place: str = "home") -> Session:
    return replace(HOME, start=parse_instant(start, ZONE), end=parse_instant(end, ZONE), place=place)  # type: ignore[arg-type]  # a kind


def finding(rule: str, start: str, end: str) -> Finding:
    return Finding(rule, "met", "law", parse_instant(start, ZONE), parse_instant(end, ZONE), SOURCE)


def test_overlapping_sessions_count_once() -> None:
    sessions = [session("2026-11-18T08:00", "2026-11-18T12:00"), session("2026-11-18T11:00", "2026-11-18T13:00")]

    assert day_view(sessions, [], NOTHING, DAY, ZONE, NOW).worked_seconds == 5 * 3600


def test_a_session_past_midnight_counts_on_both_days_with_its_part() -> None:
    late = [session("2026-11-17T22:00", "2026-11-18T01:30")]

    before = day_view(late, [], NOTHING, date(2026, 11, 17), ZONE, NOW)
    after = day_view(late, [], NOTHING, DAY, ZONE, NOW)

    assert (before.worked_seconds, after.worked_seconds) == (2 * 3600, 5400)
    assert before.sessions == after.sessions == tuple(late)


def test_a_single_input_is_shown_on_its_day() -> None:
    moment = session("2026-11-18T00:00", "2026-11-18T00:00")

    assert day_view([moment], [], NOTHING, DAY, ZONE, NOW).sessions == (moment,)
    assert day_view([moment], [], NOTHING, date(2026, 11, 17), ZONE, NOW).sessions == ()


def test_what_is_neither_observed_nor_work_is_unobserved_up_to_now() -> None:
    interval = day_interval(DAY, ZONE)
    observed = [Interval(interval.start, at(DAY, "12:00"))]
    work = [session("2026-11-18T13:00", "2026-11-18T14:00")]

    view = day_view(work, observed, NOTHING, DAY, ZONE, at(DAY, "15:00"))

    assert view.unobserved == (
        Interval(at(DAY, "12:00"), at(DAY, "13:00")),
        Interval(at(DAY, "14:00"), at(DAY, "15:00")),
    )
    assert view.unobserved_seconds == 2 * 3600


def test_the_future_is_not_unobserved() -> None:
    view = day_view([], [], NOTHING, date(2026, 11, 19), ZONE, NOW)

    assert view.unobserved == ()


def test_the_days_of_a_clock_change_have_23_and_25_hours() -> None:
    spring = day_view([], [], NOTHING, date(2026, 3, 29), ZONE, NOW)
    autumn = day_view([], [], NOTHING, date(2026, 10, 25), ZONE, NOW)

    assert (spring.unobserved_seconds, autumn.unobserved_seconds) == (23 * 3600, 25 * 3600)


def test_work_over_the_spring_change_is_elapsed_time() -> None:
    night = [session("2026-03-28T23:00", "2026-03-29T04:00")]

    assert day_view(night, [], NOTHING, date(2026, 3, 29), ZONE, NOW).worked_seconds == 3 * 3600


def test_a_month_has_every_day_and_its_hours_by_place() -> None:
    sessions = [
        session("2026-11-17T08:00", "2026-11-17T12:00"),
        session("2026-11-18T08:00", "2026-11-18T11:00", "fixed_site"),
        session("2026-11-18T12:00", "2026-11-18T13:00", "home"),
    ]

    view = month_view(sessions, [], NOTHING, "2026-11", ZONE, NOW)

    assert len(view.days) == 30
    assert view.seconds == {"home": 5 * 3600, "fixed_site": 3 * 3600}
    assert (view.home_days, view.longest_day_seconds) == (2, 4 * 3600)
    assert [day.date.day for day in view.days if day.is_over_or_today][-1] == 18


def test_where_sessions_overlap_the_later_start_decides_the_place() -> None:
    sessions = [
        session("2026-11-18T08:00", "2026-11-18T12:00", "home"),
        session("2026-11-18T09:00", "2026-11-18T10:00", "fixed_site"),
    ]

    view = month_view(sessions, [], NOTHING, "2026-11", ZONE, NOW)

    assert view.seconds == {"home": 3 * 3600, "fixed_site": 3600}


def test_where_sessions_start_together_the_later_in_the_list_decides() -> None:
    sessions = [
        session("2026-11-18T08:00", "2026-11-18T12:00", "home"),
        session("2026-11-18T08:00", "2026-11-18T10:00", "fixed_site"),
    ]

    view = month_view(sessions, [], NOTHING, "2026-11", ZONE, NOW)

    assert view.seconds == {"home": 2 * 3600, "fixed_site": 2 * 3600}


def test_a_day_has_the_findings_that_touch_it_and_the_latest_of_a_standing_rule() -> None:
    findings = [
        finding("dk.rest.daily", "2026-11-17T08:00", "2026-11-17T16:00"),
        finding("dk.rest.daily", "2026-11-17T20:00", "2026-11-18T16:00"),
        finding("dk.screen.home", "2026-10-12T00:00", "2026-11-09T00:00"),
        finding("dk.screen.home", "2026-10-19T00:00", "2026-11-16T00:00"),
    ]

    chosen = findings_of(day_interval(DAY, ZONE), findings)

    assert chosen == [findings[1], findings[3]]


def test_a_window_stands_for_the_day_it_ended_on_and_those_after_not_for_those_before() -> None:
    findings = [
        finding("dk.screen.home", "2026-10-19T00:00", "2026-11-16T00:00"),
        finding("dk.screen.home", "2026-10-26T00:00", "2026-11-23T00:00"),
    ]

    assert findings_of(day_interval(DAY, ZONE), findings) == [findings[0]]
    assert findings_of(day_interval(date(2026, 11, 22), ZONE), findings) == [findings[1]]


def test_an_average_is_told_on_a_day_only_where_there_is_something_to_look_at() -> None:
    met = finding("dk.hours.average", "2026-07-18T00:00", "2026-11-18T00:00")
    broken = met._replace(verdict="broken")

    assert findings_of_day(day_interval(DAY, ZONE), [met]) == []
    assert findings_of_day(day_interval(DAY, ZONE), [broken]) == [broken]


def test_of_two_windows_of_a_rule_the_latest_of_each_unit_counts() -> None:
    day_of_work = finding("no.hours", "2026-11-18T08:00", "2026-11-18T16:00")._replace(unit="second")
    weeks = finding("no.hours", "2026-09-21T00:00", "2026-11-16T00:00")._replace(unit="hour_per_week", verdict="broken")

    assert findings_of_day(day_interval(DAY, ZONE), [day_of_work, weeks]) == [day_of_work, weeks]


def test_a_month_has_the_windows_that_end_in_it() -> None:
    findings = [
        finding("no.overtime", "2026-10-19T00:00", "2026-10-26T00:00"),
        finding("no.overtime", "2026-10-26T00:00", "2026-11-02T00:00"),
        finding("no.overtime", "2026-11-02T00:00", "2026-11-09T00:00"),
    ]

    assert findings_of(month_interval("2026-11", ZONE), findings) == findings[1:]


def test_what_nobody_told_is_kept_apart_from_what_was_looked_at() -> None:
    rest = finding("dk.rest.daily", "2026-11-18T08:00", "2026-11-18T16:00")
    hours = finding("agreement.out_of_hours", "2026-11-18T00:00", "2026-11-19T00:00")
    untold = hours._replace(verdict="not_judged", reason="no_normal_hours")

    view = day_view([], [], NOTHING._replace(findings=(rest, untold)), DAY, ZONE, NOW)

    assert (view.findings, view.looked_at, view.not_looked_at) == ((rest, untold), (rest,), (untold,))


def test_only_the_danish_rule_on_screens_is_the_figure_of_the_month() -> None:
    agreement = finding("no.home_agreement", "2026-10-12T00:00", "2026-11-09T00:00")

    view = month_view([], [], NOTHING._replace(findings=(agreement,)), "2026-11", ZONE, NOW)

    assert (view.home, view.findings) == (None, (agreement,))


def test_the_forecast_belongs_to_today_alone() -> None:
    from fyraften_policy.forecast import Forecast

    answer = NOTHING._replace(forecast=Forecast(stop_by=NOW))

    assert day_view([], [], answer, DAY, ZONE, NOW).forecast == Forecast(stop_by=NOW)
    assert day_view([], [], answer, date(2026, 11, 17), ZONE, NOW).forecast is None
