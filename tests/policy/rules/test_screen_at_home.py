"""``dk.screen.home``: the limit by a second, weeks, regularity, leave, other places, doubt, the calendar month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from policy.documents import Document, danish, findings, said, session, verdict

RULE = "dk.screen.home"
MONDAY = date(2026, 1, 5)
LIMIT = 53280  # 14.8 hours: exactly two days a week


def week(number: int, seconds: int, place: str = "home", weekday: int = 0, **more: Any) -> list[Document]:
    """Return one session of the ISO week ``number`` weeks after the first, from 01:00 on."""
    if not seconds:
        return []
    day = MONDAY + timedelta(days=7 * number + weekday)
    start = f"{day}T01:00:00+00:00"
    until = timedelta(hours=1, seconds=seconds)
    end_day, rest = day + timedelta(days=until.days), until.seconds
    end = f"{end_day}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}+00:00"
    return [session(start, end, place=place, **more)]


def weeks(*seconds: int, place: str = "home", weekday: int = 0, **more: Any) -> list[Document]:
    return [row for number, one in enumerate(seconds) for row in week(number, one, place, weekday, **more)]


def last(document: Document) -> dict[str, Any]:
    return findings(document, RULE)[-1]


def judged(rows: list[Document], **more: Any) -> str:
    return verdict(danish(*rows, **more), RULE)


def access(word: str) -> Document:
    return {"accessible_workstation_elsewhere": word}


# The limit


@pytest.mark.parametrize(("odd", "expected"), [(-1, "not_covered"), (0, "not_covered"), (1, "covered")])
def test_exactly_two_days_a_week_is_not_more_than_two_and_a_second_more_is(odd: int, expected: str) -> None:
    rows = weeks(*[LIMIT] * 8, LIMIT + odd)

    finding = last(danish(*rows))

    assert finding["verdict"] == expected
    assert finding["measured"] == (4 * LIMIT + odd) / 4 / 26640
    assert (finding["limit"], finding["unit"], finding["force"]) == (2, "day_per_week", "law")


def test_the_steps_tell_the_weeks_the_rule_and_its_source() -> None:
    finding = last(danish(*weeks(*[57600] * 8)))

    assert finding["steps"] == [
        "Screen work at home, week by week: 2026-W06 16 h, 2026-W07 16 h, 2026-W08 16 h, 2026-W09 16 h.",
        "Together 64 h: over 4 weeks, a day being 7 h 24 min, that is 2.162 days a week.",
        "The rule is more than 2 days a week [Bekendtgørelse 384/2022 om arbejde i den ansattes hjem; AT-vejledning"
        " 3.7.1, § 4; pkt. 6 (the number is that of the guidance); 2022-04-30], here more than 59 h 12 min: 64 h is"
        " 4 h 48 min more.",
        "Screen work at home in 8 of the last 8 weeks; regular from 6 [our reading of AT-vejledning 3.7.1"
        " Hjemmearbejde, pkt. 6 (“med en vis hyppighed over en periode”)]: it is regular.",
        "So the special rules for screen work apply at home.",
    ]
    assert finding["period"] == {"start": "2026-02-02T00:00:00+01:00", "end": "2026-03-02T00:00:00+01:00"}
    assert finding["citation"]["parameter"]["id"] == "dk.screen.home.limit"


@pytest.mark.parametrize("first", [date(2026, 3, 9), date(2026, 10, 5)])
@pytest.mark.parametrize(("odd", "expected"), [(0, "not_covered"), (1, "covered")])
def test_an_hour_skipped_or_doubled_at_home_is_counted_as_it_elapsed(first: date, odd: int, expected: str) -> None:
    spring = first.month == 3
    night = session(
        "2026-03-28T23:00" if spring else "2026-10-24T23:00",
        f"2026-03-29T07:00:{odd:02}" if spring else f"2026-10-25T05:00:{odd:02}",
        place="home",
    )
    night_seconds = 7 * 3600
    rows = [night]
    for number in range(-5, 3):
        monday = first + timedelta(days=7 * number)
        seconds = LIMIT - (night_seconds if number == 2 else 0)
        hours, minutes = divmod(seconds // 60, 60)
        rows.append(session(f"{monday}T03:00", f"{monday}T{3 + hours:02}:{minutes:02}", place="home"))
    end = first + timedelta(days=21)

    assert last(danish(*rows, period={"start": str(first), "end": str(end)}))["verdict"] == expected


def test_work_over_midnight_on_sunday_belongs_to_both_weeks() -> None:
    night = session("2026-01-11T20:00", "2026-01-12T04:00", place="home")

    found = findings(danish(night), RULE)

    assert [one["measured"] for one in found] == [4 * 3600 / 26640, 8 * 3600 / 26640 / 2]


def test_time_counts_once_where_sessions_overlap_and_the_later_start_tells_the_place() -> None:
    long = [*weeks(*[60000] * 8)]
    office = weeks(*[60000] * 8, place="fixed_site")

    assert last(danish(*long, *long))["measured"] == last(danish(*long))["measured"]
    assert last(danish(*long, *office))["measured"] == 0
    assert last(danish(*office, *long))["measured"] == 60000 / 26640


# What counts


@pytest.mark.parametrize("more", [{"workstation": "mobile"}, {"screen": False}])
def test_mobile_use_and_other_work_do_not_count(more: dict[str, Any]) -> None:
    rows = weeks(*[LIMIT] * 8, place="home")
    extra = weeks(*[30000] * 8, weekday=2, **more)

    assert judged([*rows, *extra]) == "not_covered"
    assert last(danish(*rows, *extra))["measured"] == 2


def test_what_is_left_out_as_mobile_is_told() -> None:
    rows = [*weeks(*[LIMIT] * 8), *weeks(*[7200] * 8, weekday=2, workstation="mobile")]
    elsewhere = [*weeks(*[LIMIT] * 8), *weeks(*[7200] * 8, weekday=2, workstation="mobile", place="fixed_site")]
    other = [*weeks(*[LIMIT] * 8), *weeks(*[7200] * 8, weekday=2, workstation="mobile", screen=False)]

    told = "Not counted: 8 h of screen work at home on a device not used permanently at a workstation."
    assert told in last(danish(*rows))["steps"]
    assert "Not counted" not in said(last(danish(*elsewhere))) + said(last(danish(*other)))


def test_travel_counts_at_no_place() -> None:
    rows = [*weeks(*[40000] * 8), *weeks(*[40000] * 8, place="elsewhere", weekday=2)]

    assert judged(rows, agreement=access("no")) == "not_covered"


# Windows, history, regularity


def test_without_a_complete_week_nothing_is_judged() -> None:
    document = danish(*weeks(60000), at="2026-01-11T23:59:59")

    assert [one["reason"] for one in findings(document, RULE)] == ["no_complete_period"]
    assert verdict(document, RULE) == "not_judged"


def test_a_week_is_complete_at_its_last_midnight() -> None:
    assert judged(weeks(60000), at="2026-01-12T00:00") == "provisional"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_fewer_than_four_weeks_are_averaged_over_those_there_are(count: int) -> None:
    finding = last(danish(*weeks(*[53281] * count)))

    assert finding["verdict"] == "provisional"
    assert finding["measured"] == pytest.approx(53281 / 26640)
    assert finding["period"]["start"] == "2026-01-05T00:00:00+01:00"


@pytest.mark.parametrize(
    ("count", "seconds", "expected"),
    [(7, LIMIT + 1, "provisional"), (7, LIMIT, "not_covered"), (8, LIMIT + 1, "covered"), (8, LIMIT, "not_covered")],
)
def test_before_eight_weeks_it_is_provisional_at_most(count: int, seconds: int, expected: str) -> None:
    assert judged(weeks(*[seconds] * count)) == expected


@pytest.mark.parametrize("word", ["yes", "no", "unknown"])
def test_before_eight_weeks_the_other_places_are_not_asked_about(word: str) -> None:
    rows = [*weeks(*[40000] * 7), *weeks(*[40000] * 7, place="fixed_site", weekday=2)]

    assert judged(rows, agreement=access(word)) == "not_covered"


@pytest.mark.parametrize(("home_weeks", "expected"), [(6, "covered"), (5, "not_covered")])
def test_home_work_in_six_of_the_last_eight_weeks_is_regular(home_weeks: int, expected: str) -> None:
    seconds = [0] * (8 - home_weeks) + [120_000] * home_weeks
    rows = [*weeks(*seconds), *weeks(*[3600] * 8, place="fixed_site", weekday=4)]

    assert judged(rows) == expected


def test_a_second_of_home_work_makes_a_week_of_home_work() -> None:
    seconds = [1, 1, 0, 0, 120_000, 120_000, 120_000, 120_000]

    assert judged([*weeks(*seconds), *weeks(*[3600] * 8, place="fixed_site", weekday=4)]) == "covered"


def test_history_begins_with_the_first_work_of_any_kind() -> None:
    first = week(0, 3600, "fixed_site", screen=False)
    rows = [row for number in range(2, 8) for row in week(number, 120_000)]

    assert judged(rows, period={"start": "2026-01-05", "end": "2026-03-02"}) == "provisional"
    assert judged([*first, *rows]) == "covered"


def test_only_the_last_four_weeks_decide() -> None:
    assert judged(weeks(*[120_000] * 8, *[LIMIT] * 4)) == "not_covered"
    assert judged(weeks(*[LIMIT] * 8, *[LIMIT] * 3, LIMIT + 1)) == "covered"


def test_the_summary_is_the_verdict_of_the_latest_window() -> None:
    document = danish(*weeks(*[120_000] * 8, *[3600] * 4))

    verdicts = [one["verdict"] for one in findings(document, RULE)]

    assert "covered" in verdicts
    assert verdict(document, RULE) == verdicts[-1] == "not_covered"


def test_the_period_chooses_the_windows_that_end_in_it() -> None:
    document = danish(*weeks(*[60000] * 9), period={"start": "2026-02-16", "end": "2026-03-02"})

    ends = [one["period"]["end"][:10] for one in findings(document, RULE)]

    assert ends == ["2026-02-23", "2026-03-02"]
    assert [one["verdict"] for one in findings(document, RULE)] == ["provisional", "covered"]


def test_a_week_that_is_not_over_is_not_judged() -> None:
    document = danish(*weeks(*[60000] * 9), at="2026-03-08T23:59:59")

    assert last(document)["period"]["end"] == "2026-03-02T00:00:00+01:00"


# Leave


def leave(first: str, last_day: str, kind: str = "holiday") -> Document:
    return {"start": first, "end": last_day, "kind": kind}


FOUR_LONG_TWO_OFF = [*[40_000] * 4, *[60_000] * 4, 0, 0]


def test_weeks_of_leave_are_skipped() -> None:
    rows = weeks(*FOUR_LONG_TWO_OFF)
    period = {"start": "2026-01-05", "end": "2026-03-16"}

    with_leave = danish(*rows, period=period, absences=[leave("2026-03-02", "2026-03-13")])

    assert judged(rows, period=period) == "not_covered"
    assert last(with_leave)["verdict"] == "covered"
    assert last(with_leave)["period"] == {"start": "2026-02-02T00:00:00+01:00", "end": "2026-03-16T00:00:00+01:00"}
    assert "2026-W09 16 h 40 min." in said(last(with_leave))
    assert "Left out as leave" not in said(last(with_leave))  # after the weeks that decide, not among them


def test_weeks_of_leave_among_those_that_decide_are_named() -> None:
    rows = weeks(*[60_000] * 8, 0, 0, 60_000)

    finding = last(danish(*rows, absences=[leave("2026-03-02", "2026-03-13")]))

    assert finding["verdict"] == "covered"
    assert "Left out as leave: 2026-W10, 2026-W11." in finding["steps"]
    assert "2026-W07 16 h 40 min, 2026-W08 16 h 40 min, 2026-W09 16 h 40 min, 2026-W12 16 h 40 min." in said(finding)


def test_a_long_leave_before_the_period_is_looked_through() -> None:
    rows = weeks(*[60_000] * 8, *[0] * 20, 60_000)
    away = [leave("2026-03-02", "2026-07-19")]

    finding = last(danish(*rows, absences=away, period={"start": "2026-07-20", "end": "2026-07-27"}))

    assert finding["verdict"] == "covered"
    assert finding["period"]["start"] == "2026-02-09T00:00:00+01:00"


@pytest.mark.parametrize("kind", ["holiday", "sick", "leave", "public_holiday"])
def test_every_kind_of_absence_makes_leave(kind: str) -> None:
    period = {"start": "2026-01-05", "end": "2026-03-16"}

    assert (
        judged(weeks(*FOUR_LONG_TWO_OFF), period=period, absences=[leave("2026-03-02", "2026-03-13", kind)])
        == "covered"
    )


def test_a_week_with_one_normal_day_left_is_no_leave() -> None:
    period = {"start": "2026-01-05", "end": "2026-03-16"}

    assert (
        judged(weeks(*FOUR_LONG_TWO_OFF), period=period, absences=[leave("2026-03-02", "2026-03-12")]) == "not_covered"
    )


def test_the_normal_days_are_those_of_the_agreement() -> None:
    hours = {"normal_hours": {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu")}}
    period = {"start": "2026-01-05", "end": "2026-03-16"}
    absences = [leave("2026-03-02", "2026-03-05"), leave("2026-03-09", "2026-03-12")]

    assert judged(weeks(*FOUR_LONG_TWO_OFF), period=period, absences=absences, agreement=hours) == "covered"


def test_public_holidays_fill_up_a_week_of_leave() -> None:
    period = {"start": "2026-01-05", "end": "2026-03-16"}
    absences = [leave("2026-03-02", "2026-03-12")]

    assert (
        judged(weeks(*FOUR_LONG_TWO_OFF), period=period, absences=absences, public_holidays=["2026-03-13"]) == "covered"
    )


def test_a_week_of_leave_with_work_in_it_counts() -> None:
    rows = [*weeks(*FOUR_LONG_TWO_OFF), *week(8, 60), *week(9, 60)]

    assert judged(rows, absences=[leave("2026-03-02", "2026-03-13")]) == "not_covered"


def test_leave_before_the_rule_began_does_not_stop_the_count() -> None:
    rows = [session(f"2022-04-{day}T08:00", "16:00", place="home") for day in ("04", "11", "18")]
    document = danish(
        *rows, period={"start": "2022-05-02", "end": "2022-05-09"}, absences=[leave("2022-04-25", "2022-05-08")]
    )

    assert last(document)["verdict"] == "not_covered"


def test_leave_is_left_out_also_where_other_time_was_not_observed() -> None:
    rows = weeks(*FOUR_LONG_TWO_OFF)
    period = {"start": "2026-01-05", "end": "2026-03-16"}
    observed = observed_but(("2026-01-07T12:00", "2026-01-07T12:01"))

    finding = last(danish(*rows, period=period, absences=[leave("2026-03-02", "2026-03-13")], observed=observed))

    assert finding["verdict"] == "covered"
    assert finding["period"]["start"] == "2026-02-02T00:00:00+01:00"


def test_whether_a_week_was_leave_is_open_where_a_part_of_it_was_not_observed() -> None:
    rows = weeks(*FOUR_LONG_TWO_OFF)
    period = {"start": "2026-01-05", "end": "2026-03-16"}
    observed = observed_but(("2026-03-11T12:00", "2026-03-11T12:01"))

    finding = last(danish(*rows, period=period, absences=[leave("2026-03-02", "2026-03-13")], observed=observed))

    assert (finding["verdict"], finding["reason"]) == ("not_judged", "unobserved")
    assert "Taken as rest, the unobserved time gives “covered”; taken as work, “not covered”." in said(finding)


# Several places


def places(home: int, fixed: int, changing: int = 0) -> list[Document]:
    return [
        *weeks(*[home] * 8),
        *weeks(*[fixed] * 8, place="fixed_site", weekday=2),
        *weeks(*[changing] * 8, place="changing_site", weekday=4),
    ]


@pytest.mark.parametrize("word", ["yes", "no", "unknown"])
def test_over_two_days_at_home_access_is_not_asked(word: str) -> None:
    assert judged(places(LIMIT + 1, 80_000), agreement=access(word)) == "covered"


@pytest.mark.parametrize("word", ["yes", "no", "unknown"])
def test_two_days_in_all_are_not_covered_whatever_the_access(word: str) -> None:
    assert judged(places(LIMIT - 20_000, 10_000, 10_000), agreement=access(word)) == "not_covered"


@pytest.mark.parametrize(("word", "expected"), [("yes", "not_covered"), ("no", "covered"), ("unknown", "attention")])
def test_over_two_days_together_access_decides(word: str, expected: str) -> None:
    finding = last(danish(*places(LIMIT - 20_000, 10_000, 10_001), agreement=access(word)))

    assert finding["verdict"] == expected
    assert "With the other workplaces it is 2.0 days a week together." in finding["steps"]
    assert "59 h 12 min 4 s is 4 s more." in said(finding)
    assert finding["steps"][-1].startswith("So")


@pytest.mark.parametrize(
    ("fixed", "changing", "expected"),
    [
        (LIMIT, 10_000, "attention"),
        (LIMIT + 1, 0, "not_covered"),
        (0, LIMIT + 1, "not_covered"),
        (30_000, 30_000, "attention"),
    ],
)
def test_another_site_over_two_days_alone_must_have_a_workstation(fixed: int, changing: int, expected: str) -> None:
    assert judged(places(10_000, fixed, changing)) == expected
    assert judged(places(10_000, fixed, changing), agreement=access("no")) == "covered"


@pytest.mark.parametrize(
    ("fixed", "changing", "sentence"),
    [(80_000, 0, "At the fixed workplace alone it is 3.003"), (0, 80_000, "At changing workplaces alone it is 3.003")],
)
def test_why_another_site_settles_the_question_of_access_is_told(fixed: int, changing: int, sentence: str) -> None:
    finding = last(danish(*places(LIMIT, fixed, changing)))

    assert finding["verdict"] == "not_covered"
    assert (
        f"{sentence} days a week: the special rules hold there, so a workstation that meets them must exist."
        in (finding["steps"])
    )
    assert finding["steps"][-1] == "So the special rules for screen work do not apply at home."
    assert "not stated" not in said(finding)


def test_the_places_add_up_in_the_steps() -> None:
    finding = last(danish(*places(36_000, 18_000, 7_200)))

    assert "40 h at home + 20 h at a fixed workplace + 8 h at changing ones = 68 h." in finding["steps"]
    assert "here more than 59 h 12 min: 68 h is 8 h 48 min more." in said(finding)
    assert finding["steps"][-2:] == [
        "It is not stated whether there is access to a workstation elsewhere that meets the rules.",
        "So it depends on that access whether the special rules for screen work apply at home.",
    ]


def test_that_another_workplace_is_seldom_used_is_told() -> None:
    seldom = [*weeks(*[LIMIT] * 8), *week(7, 20_000, "fixed_site", 3), *week(6, 20_000, "changing_site", 3)]
    usual = [*weeks(*[LIMIT] * 8), *weeks(*[0] * 2, *[20_000] * 6, place="fixed_site", weekday=3)]

    told = said(last(danish(*seldom)))

    assert "at a fixed workplace was in 1 of the last 8 weeks: whether that is regular is not asked here." in told
    assert "at changing workplaces was in 1 of the last 8 weeks: whether that is regular is not asked here." in told
    assert "not asked here" not in said(last(danish(*usual)))


@pytest.mark.parametrize(
    ("count", "seconds", "last_step"),
    [
        (8, LIMIT + 1, "So the special rules for screen work apply at home."),
        (8, LIMIT, "So the special rules for screen work do not apply at home."),
        (7, LIMIT + 1, "If it goes on like this, the special rules for screen work will apply at home."),
        (7, LIMIT, "So the special rules for screen work do not apply at home."),
    ],
)
def test_the_last_sentence_says_what_follows(count: int, seconds: int, last_step: str) -> None:
    assert last(danish(*weeks(*[seconds] * count)))["steps"][-1] == last_step


def test_a_second_more_shows_in_hours() -> None:
    exact, more = (last(danish(*weeks(*[LIMIT] * 7, LIMIT + odd))) for odd in (0, 1))

    assert "here more than 59 h 12 min: 59 h 12 min is not more." in said(exact)
    assert "here more than 59 h 12 min: 59 h 12 min 1 s is 1 s more." in said(more)


def test_too_few_weeks_are_told_without_a_word_on_places() -> None:
    finding = last(danish(*weeks(*[40_000] * 7), *weeks(*[80_000] * 7, place="fixed_site", weekday=2)))

    assert "Weeks known: 7. Whether it is regular shows after about two months, 8 weeks [our reading" in said(finding)
    assert "workplace" not in said(finding)


def test_where_the_rules_apply_or_home_is_no_regular_place_not_a_word_is_said_on_places() -> None:
    applies = last(danish(*places(LIMIT + 1, 20_000)))
    seldom = last(danish(*weeks(*[40_000] * 5), *weeks(*[80_000] * 8, place="fixed_site", weekday=2)))

    assert (applies["verdict"], seldom["verdict"]) == ("covered", "not_covered")
    assert "workplace" not in said(applies)
    assert "workplace" not in said(seldom)


# What is not known


def test_work_at_an_unknown_place_is_left_open_where_it_matters() -> None:
    rows = [*weeks(*[40_000] * 8), *weeks(*[20_000] * 8, place="unknown", weekday=2)]

    finding = last(danish(*rows))

    assert (finding["verdict"], finding["reason"]) == ("not_judged", "place_unknown")
    assert finding["limit"] == 2
    assert finding["steps"][-1] == (
        "The place of some work is unknown. Depending on it the answer is “not covered” or “covered”."
    )


def test_work_at_an_unknown_place_that_could_be_a_workplace_of_its_own_is_left_open() -> None:
    rows = [*places(10_000, LIMIT), *weeks(*[1_000] * 8, place="unknown", weekday=6)]

    assert judged(places(10_000, LIMIT)) == "attention"
    assert judged(rows) == "not_judged"


@pytest.mark.parametrize(("odd", "expected"), [(0, "not_covered"), (1, "not_judged")])
def test_work_at_an_unknown_place_alone_is_left_open_from_a_second_over_the_limit(odd: int, expected: str) -> None:
    assert judged(weeks(*[LIMIT] * 7, LIMIT + odd, place="unknown")) == expected


@pytest.mark.parametrize(("home", "expected"), [(60_000, "covered"), (10_000, "not_covered")])
def test_work_at_an_unknown_place_does_not_hide_an_answer_that_stands(home: int, expected: str) -> None:
    rows = [*weeks(*[home] * 8), *weeks(*[20_000] * 8, place="unknown", weekday=2)]

    assert judged(rows) == expected


def observed_but(*holes: tuple[str, str]) -> list[Document]:
    edges = ["2026-01-01T00:00", *(edge for hole in holes for edge in hole), "2026-04-01T00:00"]
    return [session(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize(
    ("seconds", "expected"), [(LIMIT - 3600, "not_covered"), (LIMIT - 899, "not_judged"), (LIMIT + 1, "covered")]
)
def test_an_hour_not_observed_is_left_open_where_it_could_matter(seconds: int, expected: str) -> None:
    observed = observed_but(("2026-02-10T12:00", "2026-02-10T13:00"))

    assert judged(weeks(*[seconds] * 8), observed=observed) == expected


def test_what_was_not_observed_before_the_first_work_is_no_history() -> None:
    assert judged(weeks(*[60_000] * 8), observed=observed_but()[:1]) == "covered"


def test_unconfirmed_work_at_home_is_a_question() -> None:
    rows = [*weeks(*[LIMIT] * 8), *week(7, 60, weekday=3, confirmed=False)]

    assert judged(rows) == "attention"
    assert "Was it work? The answer decides." in said(last(danish(*rows)))


def test_unconfirmed_work_makes_no_history() -> None:
    rows = [*week(0, 60, confirmed=False), *weeks(0, *[60_000] * 7)]

    assert judged(weeks(0, *[60_000] * 7)) == "provisional"
    assert judged(rows) == "attention"


def test_a_week_with_unconfirmed_work_alone_is_judged_as_one_without_work() -> None:
    rows = [*week(0, 60, confirmed=False), *week(1, 60)]

    first, second = findings(danish(*rows), RULE)

    assert (first["verdict"], first["reason"]) == ("not_covered", None)
    assert second["verdict"] == "not_covered"


def test_the_weeks_that_decide_begin_with_those_of_unconfirmed_work() -> None:
    finding = last(danish(*week(0, 60, confirmed=False), *week(2, 60)))

    assert finding["period"] == {"start": "2026-01-05T00:00:00+01:00", "end": "2026-01-26T00:00:00+01:00"}


def test_the_place_of_unconfirmed_work_is_a_question_too() -> None:
    rows = [*weeks(*[LIMIT] * 8), *week(7, 60, "unknown", 3, confirmed=False)]

    finding = last(danish(*rows))

    assert finding["verdict"] == "attention"
    assert "The answer may decide: without it, “not covered”; with it, “not judged”." in said(finding)


# The calendar month


def month_apart(period: Document) -> Document:
    """Sixty-five hours at home in March 2026, of which sixty in four whole weeks; eight such weeks before."""
    mondays = [date(2026, 1, 5) + timedelta(days=7 * number) for number in range(12)]
    rows = [session(f"{day}T06:00", "21:00", place="home") for day in mondays]
    rows += [session(f"2026-03-{day}T06:00", "08:30", place="home") for day in (30, 31)]
    return danish(*rows, period=period)


def test_where_exactly_a_month_is_asked_a_month_that_disagrees_is_doubt() -> None:
    finding = last(month_apart({"start": "2026-03-01", "end": "2026-04-01"}))

    assert finding["verdict"] == "attention"
    month = "For comparison, the calendar month: 65 h, 1.983 days a week (65 h × 7 / 31 days / 7 h 24 min)."
    assert month in finding["steps"]
    assert finding["steps"][-1] == "The four weeks and the calendar month give different answers."


@pytest.mark.parametrize(("odd", "expected"), [(0, "attention"), (1, "covered")])
def test_the_month_is_over_the_limit_by_a_second(odd: int, expected: str) -> None:
    # March has 31 days: 2 days of 7.4 h a week are 65 h 32 min 34.3 s. The four whole weeks hold 60 h.
    mondays = [date(2026, 1, 5) + timedelta(days=7 * number) for number in range(12)]
    rows = [session(f"{day}T06:00", "21:00", place="home") for day in mondays]
    rows.append(session("2026-03-30T06:00", f"11:32:{34 + odd}", place="home"))

    finding = last(danish(*rows, period={"start": "2026-03-01", "end": "2026-04-01"}))

    assert finding["verdict"] == expected


@pytest.mark.parametrize(
    "period", [("2026-03-01", "2026-03-31"), ("2026-03-02", "2026-04-01"), ("2026-02-01", "2026-04-01")]
)
def test_for_any_other_period_the_four_weeks_decide(period: tuple[str, str]) -> None:
    assert verdict(month_apart({"start": period[0], "end": period[1]}), RULE) == "covered"


def test_the_month_stands_beside_the_weeks_once_it_is_over() -> None:
    shown = [("calendar month" in said(one)) for one in findings(danish(*weeks(*[60_000] * 9)), RULE)]

    assert shown == [True] * 7 + [False] * 2  # those of March, which is not over on 9 March


def test_the_month_beside_the_weeks_is_that_of_their_last_day() -> None:
    rows = weeks(*[60_000] * 26)  # to the end of June, which is over

    finding = last(danish(*rows, period={"start": "2026-05-25", "end": "2026-06-01"}, at="2026-07-06T00:00"))

    assert finding["period"]["end"] == "2026-06-01T00:00:00+02:00"
    # Four Mondays of May, and 16 h 40 min on each.
    assert "For comparison, the calendar month: 66 h 40 min, " in said(finding)


# Numbers of a collective agreement, and days before the rule


@pytest.mark.parametrize(("limit", "expected"), [(2.5, "not_covered"), (2.2, "covered")])
def test_a_replaced_limit_may_be_a_part_of_a_day(limit: float, expected: str) -> None:
    finding = last(danish(*weeks(*[60_000] * 8), parameters={"dk.screen.home.limit": limit}))

    assert (finding["verdict"], finding["limit"]) == (expected, limit)
    assert f"The rule is more than {limit} days a week [your agreement], here more than " in said(finding)
    assert f"to {limit} in place of 2" in said(finding)


def test_where_an_agreement_allows_more_at_home_alone_the_places_together_are_asked_about_all_the_same() -> None:
    finding = last(danish(*places(LIMIT + 1, 10_000), parameters={"dk.screen.home.limit": 3}))

    assert finding["verdict"] == "attention"
    assert (
        "It is not stated whether there is access to a workstation elsewhere that meets the rules." in finding["steps"]
    )


def test_where_an_agreement_allows_nothing_elsewhere_the_workplace_with_work_is_told() -> None:
    finding = last(danish(*places(20_000, 0, 10_000), parameters={"dk.screen.home.combined": 0}))

    assert finding["verdict"] == "not_covered"
    assert "At changing workplaces alone it is 0.375 days a week" in said(finding)


def test_a_replaced_day_is_named_too() -> None:
    finding = last(danish(*weeks(*[60_000] * 8), parameters={"dk.screen.home.day": 8}))

    assert finding["measured"] == 60_000 / 28_800
    assert "Your agreement sets" in said(finding)


def test_before_the_rule_began_there_is_no_value() -> None:
    rows = [session(f"2003-{day}T08:00", "16:00", place="home") for day in ("03-31", "04-07", "04-14")]

    found = findings(danish(*rows), RULE)

    assert [(one["verdict"], one["reason"]) for one in found[:2]] == [("not_judged", "no_value")] * 2
    assert found[1]["period"] == {"start": "2003-04-07T00:00:00+02:00", "end": "2003-04-14T00:00:00+02:00"}
    assert found[-1]["verdict"] == "provisional"
