"""``advice.eye_test``: is it time for another eye test?

Who works at a screen regularly has a right to one before starting, at regular intervals, and at once when the eyes
trouble at the screen (``eye_trouble``, the day on which that was last noted); no text sets the interval. Both dates are
health information: they stay here.
Not here: whether the special rules for screen work apply at home (see ``screen_at_home.py``).
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.reminders import Reminder, judge_reminder

RULE = "advice.eye_test"
FORCE = "advice"
INTERVAL = "advice.eye_test.interval"


def citation() -> Citation:
    """Return where the advice stands."""
    return known_parameter(INTERVAL).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding on the last date of the period that has begun; see :func:`judge_reminder`."""
    done = mark("The last eye test was on {day}.")
    agreement = facts.agreement
    return judge_reminder(facts, Reminder(RULE, FORCE, INTERVAL, agreement.last_eye_test, done, agreement.eye_trouble))
