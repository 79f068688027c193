"""How far back facts can matter, so that judging today costs the same however long a person has worked.

Whoever keeps the facts (the agent) asks where to begin; telling more changes no verdict, which a test shows.
Not here: the rules themselves.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, timedelta
from decimal import Decimal

from fyraften_policy.parameters import known_parameter, law_of
from fyraften_policy.periods import DAY, week_start

# The longest windows of time are twelve months (night work, averages) and 52 whole weeks (overtime); work that goes on
# over the beginning of one, and the days off around it, take some days more.
_LONGEST = timedelta(days=366 + 14)
_HISTORY = "dk.screen.home.history"  # weeks with normal days: weeks of leave do not count, however many there are
_WEEK = 7 * DAY


def needed_from(first: date, days_off: Container[date], replaced: Mapping[str, object]) -> date:
    """Return the first local date whose facts can change what any rule says of ``first`` and the days after it.

    Args:
        days_off: the absences and public holidays.
        replaced: the collective agreement's own values by parameter id; one in weeks can be longer than the law's.
    """
    monday = week_start(first)
    weeks = _weeks_of_history(replaced)
    while weeks > 0:
        monday -= _WEEK
        if not any(monday + timedelta(days=offset) in days_off for offset in range(7)):
            weeks -= 1
    return min(monday, first - _LONGEST)


def _weeks_of_history(replaced: Mapping[str, object]) -> int:
    """Return the weeks of history that a rule may ask for, and one that is not over."""
    weeks = [int(value.amount) for value in known_parameter(_HISTORY).values]
    for name, amount in replaced.items():
        parameter = law_of(name.partition(".")[0]).get(name)
        if parameter is not None and parameter.unit == "week":
            weeks.append(int(Decimal(str(amount))))
    return 1 + max(weeks)
