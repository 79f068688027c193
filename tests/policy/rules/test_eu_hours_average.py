"""``eu.hours.average``: 48 hours a week on average over four calendar months."""

from __future__ import annotations

from datetime import date, timedelta

from policy.european import Document, european, findings, only, said, verdict

RULE = "eu.hours.average"
FIRST = date(2026, 1, 1)


def four_months(seconds: int, **more: object) -> Document:
    """Return work of so many seconds between 1 January and 30 April 2026: 120 days, 48 hours a week are 822 6/7 h."""
    days = [FIRST + timedelta(days=number) for number in range(120)]
    each, odd = divmod(seconds, len(days))
    work = []
    for number, day in enumerate(days):
        length = each + (odd if number == 119 else 0)
        hours, rest = divmod(length, 3600)
        work.append(f"{day}T08:00/{8 + hours:02}:{rest // 60:02}:{rest % 60:02}")
    return european(*work, period={"start": "2026-04-30", "end": "2026-05-01"}, **more)


def test_d01_822_hours_in_four_months_are_met() -> None:
    finding = only(four_months(822 * 3600), RULE)

    assert (finding["verdict"], finding["measured"], finding["limit"]) == ("met", 47.95, 48)
    assert finding["period"] == {"start": "2026-01-01T00:00:00+01:00", "end": "2026-05-01T00:00:00+02:00"}
    assert finding["citation"]["provision"] == "Article 6"


def test_the_last_second_of_48_hours_is_met_and_one_more_is_not() -> None:
    most = 48 * 3600 * 120 // 7

    assert verdict(four_months(most), RULE) == "met"
    assert verdict(four_months(most + 1), RULE) == "broken"


def test_holiday_without_work_is_neutral_and_a_public_holiday_is_not() -> None:
    week = [f"2026-04-{day}T06:00/14:10" for day in range(21, 27)]
    agreed = {"reference_months": 1}
    absent = {"start": "2026-04-01", "end": "2026-04-15"}
    around = {"period": {"start": "2026-04-30", "end": "2026-05-01"}, "agreement": agreed}
    zero = european(*week, **around)
    holiday = european(*week, **around, absences=[{**absent, "kind": "holiday"}])
    public = european(*week, **around, absences=[{**absent, "kind": "public_holiday"}])

    figures = [only(document, RULE)["measured"] for document in (zero, holiday, public)]

    assert figures[0] == figures[2] == 49 * 7 / 30
    assert figures[1] == 49 * 7 / 15


def test_the_worst_window_of_the_period_is_the_answer() -> None:
    document = european(
        "2026-01-01T08:00/18:00",
        "2026-01-31T08:00/18:00",
        period={"start": "2026-01-31", "end": "2026-03-01"},
        agreement={"reference_months": 1},
    )

    (finding,) = findings(document, RULE)

    assert finding["measured"] == 20 * 7 / 31
    assert "From 2026-01-01 to 2026-01-31 the work is 20 h" in said(finding)
