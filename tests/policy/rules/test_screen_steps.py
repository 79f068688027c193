"""The sentences of ``dk.screen.home`` where a week or a place has nothing, and where a sum is exactly the limit."""

from __future__ import annotations

from datetime import date, timedelta

from policy.documents import Document, danish, findings, session

FIRST_MONDAY = date(2026, 1, 5)


def weekly(clocks: str, *, place: str, weekday: int, weeks: range) -> list[Document]:
    """Return a session at the same clock times on the same weekday of some weeks; ``clocks`` as "08:00/15:24"."""
    start, end = clocks.split("/")
    days = (FIRST_MONDAY + timedelta(days=7 * week + weekday) for week in weeks)
    return [session(f"{day}T{start}", end, place=place) for day in days]


def steps(rows: list[Document]) -> list[str]:
    told: list[str] = findings(danish(*rows), "dk.screen.home")[-1]["steps"]
    return told


def test_a_week_without_work_at_home_is_told_with_nothing() -> None:
    at_home = weekly("08:00/15:24", place="home", weekday=0, weeks=range(7))
    elsewhere = weekly("08:00/09:00", place="fixed_site", weekday=0, weeks=range(7, 8))

    first, *_ = steps([*at_home, *elsewhere])

    assert first == (
        "Screen work at home, week by week: 2026-W06 7 h 24 min, 2026-W07 7 h 24 min, 2026-W08 7 h 24 min, "
        "2026-W09 0 min."
    )


def test_only_a_place_with_work_is_told_and_asked_about() -> None:
    at_home = weekly("08:00/15:24", place="home", weekday=0, weeks=range(8))
    elsewhere = weekly("08:00/09:00", place="fixed_site", weekday=1, weeks=range(7, 8))

    told = steps([*at_home, *elsewhere])

    assert "29 h 36 min at home + 1 h at a fixed workplace + 0 min at changing ones = 30 h 36 min." in told
    assert [step for step in told if "whether that is regular is not asked here" in step] == [
        "Screen work at a fixed workplace was in 1 of the last 8 weeks: whether that is regular is not asked here."
    ]


def test_of_two_days_together_to_the_second_no_access_is_asked() -> None:
    at_home = weekly("08:00/15:24", place="home", weekday=0, weeks=range(8))
    as_much = weekly("08:00/15:24", place="fixed_site", weekday=1, weeks=range(8))
    a_second = session("2026-02-26T08:00:00", "08:00:01", place="fixed_site")

    exactly, more = steps([*at_home, *as_much]), steps([*at_home, *as_much, a_second])

    assert exactly[-2].endswith("here more than 59 h 12 min: 59 h 12 min is not more.")
    assert more[-3].endswith("here more than 59 h 12 min: 59 h 12 min 1 s is 1 s more.")
    assert more[-2] == "It is not stated whether there is access to a workstation elsewhere that meets the rules."
