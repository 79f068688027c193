"""``advice.eye_test`` and ``advice.workplace_check``: a date, and the months after it."""

from __future__ import annotations

from datetime import date

import pytest

from fyraften_policy.rules.reminders import months_after
from policy.european import Document, european, only, verdict

EYES, CHECK = "advice.eye_test", "advice.workplace_check"


def told(rule: str, last: str, **more: object) -> Document:
    key = {EYES: "last_eye_test", CHECK: "last_workplace_check"}[rule]
    return european("2026-01-12T08:00/16:00", agreement={key: last}, **more)


@pytest.mark.parametrize(
    ("rule", "last", "due"),
    [
        (EYES, "2024-01-15", "2026-01-15"),
        (EYES, "2024-02-29", "2026-02-28"),
        (CHECK, "2025-01-15", "2026-01-15"),
        (CHECK, "2024-02-29", "2025-02-28"),
        (CHECK, "2025-03-29", "2026-03-29"),
        (CHECK, "2025-10-25", "2026-10-25"),
    ],
)
def test_it_is_met_up_to_the_last_second_before_the_day_and_advice_from_its_first(
    rule: str, last: str, due: str
) -> None:
    period = {"start": "2024-02-01", "end": "2027-01-01"}
    day = date.fromisoformat(due)
    eve = date.fromordinal(day.toordinal() - 1)

    before = only(told(rule, last, at=f"{eve}T23:59:59", period=period), rule)
    after = only(told(rule, last, at=f"{due}T00:00:00", period=period), rule)

    assert (before["verdict"], after["verdict"]) == ("met", "advice")
    assert (before["measured"], after["measured"]) == (after["limit"] - 1, after["limit"])


def test_without_a_time_now_the_last_day_of_the_period_is_judged() -> None:
    up_to = told(EYES, "2024-01-15", period={"start": "2026-01-12", "end": "2026-01-15"})
    with_it = told(EYES, "2024-01-15", period={"start": "2026-01-12", "end": "2026-01-16"})

    assert (verdict(up_to, EYES), verdict(with_it, EYES)) == ("met", "advice")


def test_no_date_and_a_date_that_is_still_to_come_tell_nothing() -> None:
    assert only(european("2026-01-12T08:00/16:00"), EYES)["reason"] == "no_date"
    assert only(told(EYES, "2026-02-01"), EYES)["reason"] == "no_date"
    assert verdict(told(EYES, "2026-01-18"), EYES) == "met"


def test_a_period_that_has_not_begun_is_not_judged() -> None:
    document = told(EYES, "2020-01-01", at="2026-01-01T00:00", period={"start": "2026-01-12", "end": "2026-01-19"})

    assert only(document, EYES)["reason"] == "no_complete_period"


def test_another_interval_can_be_agreed() -> None:
    document = told(EYES, "2025-01-12", parameters={"advice.eye_test.interval": 12})

    finding = only(document, EYES)

    assert (finding["verdict"], finding["limit"]) == ("advice", 12)
    assert finding["steps"][:4] == [
        "The last eye test was on 2025-01-12.",
        "Your agreement sets it again after 12 months.",
        "That is from 2026-01-12 on.",
        "On 2026-01-18 that day has come.",
    ]


def test_an_interval_of_ours_is_called_so() -> None:
    eyes, check = only(told(EYES, "2025-01-12"), EYES), only(told(CHECK, "2025-06-12"), CHECK)

    assert eyes["steps"] == [
        "The last eye test was on 2025-01-12.",
        "No text sets an interval; in our reading it is time again after 24 months [Bekendtgørelse 1108/1992 om "
        "arbejde ved skærmterminaler; forskrift om organisering, ledelse og medvirkning, § 6; § 14-4].",
        "That is from 2027-01-12 on.",
        "On 2026-01-18 that day is still to come.",
    ]
    assert check["steps"][0] == "The home workplace was last checked on 2025-06-12."
    assert check["steps"][2:] == ["That is from 2026-06-12 on.", "On 2026-01-18 that day is still to come."]


def test_on_the_very_day_the_steps_say_that_it_has_come() -> None:
    assert (
        only(told(EYES, "2024-01-15", at="2026-01-15T08:00"), EYES)["steps"][-1] == "On 2026-01-15 that day has come."
    )


def test_a_period_that_began_today_is_judged() -> None:
    document = told(EYES, "2020-01-01", at="2026-01-12T08:00", period={"start": "2026-01-12", "end": "2026-01-19"})

    assert verdict(document, EYES) == "advice"


def test_the_finding_tells_whole_months_and_the_interval_it_was_judged_by() -> None:
    finding = only(told(EYES, "2024-01-15", at="2026-01-18T12:00"), EYES)

    assert (finding["force"], finding["measured"], finding["limit"], finding["unit"]) == ("advice", 24, 24, "month")
    assert finding["citation"]["parameter"]["id"] == "advice.eye_test.interval"
    assert finding["citation"]["parameter"]["value"] == 24
    assert finding["period"] == {"start": "2026-01-18T00:00:00+01:00", "end": "2026-01-18T12:00:00+01:00"}


def test_before_there_is_a_value_it_is_said_so() -> None:
    document = european("2022-04-25T08:00/16:00", agreement={"last_workplace_check": "2020-01-01"})
    finding = only({**document, "period": {"start": "2022-04-25", "end": "2022-04-30"}}, CHECK)

    assert (finding["reason"], finding["citation"]["parameter"]) == ("no_value", None)


def test_before_there_is_a_value_nothing_is_judged() -> None:
    document = european("2022-04-25T08:00/16:00", agreement={"last_workplace_check": "2020-01-01"})

    assert verdict({**document, "period": {"start": "2022-04-25", "end": "2022-04-30"}}, CHECK) == "not_judged"
    assert verdict({**document, "period": {"start": "2022-04-25", "end": "2022-05-01"}}, CHECK) == "advice"


def test_months_end_on_the_last_day_where_the_month_is_shorter() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)


def troubled(day: str, last: str | None = None, at: str = "2026-01-14T12:00") -> Document:
    agreement = {"eye_trouble": day} | ({} if last is None else {"last_eye_test": last})
    return european(
        "2026-01-12T08:00/16:00", agreement=agreement, at=at, period={"start": "2026-01-12", "end": "2026-01-19"}
    )


@pytest.mark.parametrize("last", [None, "2020-01-01", "2026-01-12", "2026-02-01"])
def test_eyes_that_trouble_at_the_screen_are_tested_at_once_however_long_ago_the_last_test_was(
    last: str | None,
) -> None:
    finding = only(troubled("2026-01-13", last), EYES)

    assert (finding["verdict"], finding["measured"], finding["limit"]) == ("advice", None, None)
    assert "On 2026-01-13 it was noted" in " ".join(finding["steps"])
    assert ("The last eye test was on" in " ".join(finding["steps"])) is (last in ("2020-01-01", "2026-01-12"))


def test_a_test_on_that_day_or_later_ends_it() -> None:
    assert verdict(troubled("2026-01-13", "2026-01-13"), EYES) == "met"
    assert verdict(troubled("2026-01-12", "2026-01-13"), EYES) == "met"
    assert verdict(troubled("2026-01-13", "2026-01-14", at="2026-01-14T12:00"), EYES) == "met"


def test_trouble_that_is_still_to_come_counts_from_its_day() -> None:
    assert verdict(troubled("2026-01-14", "2026-01-01", at="2026-01-13T23:59:59"), EYES) == "met"
    assert verdict(troubled("2026-01-14", "2026-01-01", at="2026-01-14T00:00:00"), EYES) == "advice"


def test_trouble_with_the_eyes_says_nothing_of_the_workplace() -> None:
    assert only(troubled("2026-01-13"), CHECK)["reason"] == "no_date"
