"""``advice.workplace_check``: is it time to look at the home workplace again?

AT-vejledning 3.7.1 lists what to look at: screen, keyboard and mouse, desk, chair, light, variation, eyes. It sets no
interval; a year is our reading.
Not here: the questions themselves, and whether the special rules apply at home (see ``screen_at_home.py``).
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.reminders import Reminder, judge_reminder

RULE = "advice.workplace_check"
FORCE = "advice"
INTERVAL = "advice.workplace_check.interval"


def citation() -> Citation:
    """Return where the advice stands."""
    return known_parameter(INTERVAL).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding on the last date of the period that has begun; see :func:`judge_reminder`."""
    done = mark("The home workplace was last checked on {day}.")
    return judge_reminder(facts, Reminder(RULE, FORCE, INTERVAL, facts.agreement.last_workplace_check, done))
