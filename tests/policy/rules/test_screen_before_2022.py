"""``dk.screen.home`` by the values of the day: before 30 April 2022 about one day a week, and no combined rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from policy.danish import findings, session, text

RULE = "dk.screen.home"
DAY = 26640  # 7.4 hours


def weeks(monday: str, count: int, home: int, office: int = 0) -> list[dict[str, Any]]:
    """Lay seconds of screen work at home, and at the office, on the Monday and the Thursday of some weeks."""
    found = []
    for number in range(count):
        begin = date.fromisoformat(monday) + timedelta(days=7 * number)
        for day, place, length in ((begin, "home", home), (begin + timedelta(days=3), "fixed_site", office)):
            if length:
                start, end = session(f"{day}T00:00", length).split("/")
                found.append({"start": start, "end": end, "place": place})
    return found


def last(work: list[dict[str, Any]], **more: Any) -> Any:
    return findings(RULE, [], sessions=work, **more)[-1]


@pytest.mark.parametrize(
    ("monday", "seconds", "verdict", "limit"),
    [
        # Nine weeks to Sunday 24 April 2022, the last that ends before the order of 2022.
        ("2022-02-21", DAY, "not_covered", 1.0),
        ("2022-02-21", DAY + 1, "covered", 1.0),
        # To Sunday 1 May 2022: the last day of the window decides.
        ("2022-02-28", DAY + 1, "not_covered", 2.0),
        ("2022-02-28", 2 * DAY, "not_covered", 2.0),
        ("2022-02-28", 2 * DAY + 1, "covered", 2.0),
    ],
)
def test_the_last_day_of_the_window_decides_by_which_order(
    monday: str, seconds: int, verdict: str, limit: float
) -> None:
    one = last(weeks(monday, 9, seconds))

    assert (one.verdict, one.limit) == (verdict, limit)


def test_the_citation_is_that_of_the_order_of_its_time() -> None:
    before, after = last(weeks("2022-02-21", 9, DAY)), last(weeks("2022-02-28", 9, DAY))

    assert "247/2003" in before.citation.act
    assert "The rule is more than 1 day a week [" in text(before)
    assert "[Bekendtgørelse 247/2003 om arbejde i den ansattes hjem, § 2, nr. 2" in text(before)
    assert "384/2022" in after.citation.act


def test_several_workplaces_together_count_only_since_2022() -> None:
    no_access = {"accessible_workstation_elsewhere": "no"}

    before = last(weeks("2022-02-21", 9, DAY, 2 * DAY), agreement=no_access)
    after = last(weeks("2022-02-28", 9, DAY, 2 * DAY), agreement=no_access)

    assert (before.verdict, after.verdict) == ("not_covered", "covered")
    assert "other workplaces" not in text(before)


def test_before_the_order_of_2003_nothing_is_judged() -> None:
    # The first window judged ends on Sunday 20 April 2003; the order is of force from 15 April.
    early, first = last(weeks("2003-03-31", 2, DAY)), last(weeks("2003-03-31", 3, DAY))

    assert (early.verdict, early.reason) == ("not_judged", "no_value")
    assert first.verdict == "not_covered"
