"""What the pulse report of a month says: what was answered to the statements of ``fyraften pulse``, in three steps.

Five answers become three, so that nobody stands out by an extreme one. What was not answered is sent as ``unknown``;
a month without an answer has no report. Only answers about the month itself count, never those of another.
The function that makes values is pure; :func:`prepare_months` puts them into an outbox.
Not here: asking (``cli/selfcheck_asking.py``), and how a report leaves (``sender.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from fyraften_agent.consent.ledger import ConsentState
from fyraften_agent.selfchecks.answers import Answer
from fyraften_agent.sending.enrolment import Enrolments
from fyraften_agent.sending.outbox import Item, Outbox
from fyraften_agent.sending.reports import agreed_body, is_ready
from fyraften_policy import wire
from fyraften_policy.periods import local_date, month_interval

PULSE_MONTHLY = "fyraften.pulse.monthly/1"
# A service takes a month for a fortnight after its end: later it is not prepared.
DAYS_OPEN = 14
_STEPS = {
    "hardly_ever": "seldom",
    "seldom": "seldom",
    "sometimes": "sometimes",
    "often": "often",
    "nearly_always": "often",
}


def pulse_monthly(answers: Iterable[Answer], month: str, cell: str) -> dict[str, Any]:
    """Return the values of one month's pulse report.

    A field is named as the statement it tells of: ``role`` says what was answered to ``pulse.role``.
    """
    said = {one.question: one.value for one in answers if one.period == month}
    fields = [field.name for field in wire.report(PULSE_MONTHLY).fields if field.is_answer]
    told = {name: _STEPS.get(said.get(f"pulse.{name}", ""), wire.UNKNOWN) for name in fields}
    return {"month": month, "cell": cell, **told}


def month_to_prepare(agreed_at: int, now: int, zone: str) -> str | None:
    """Return the month that is over, began after ``agreed_at`` and may still be taken, else ``None``."""
    today = local_date(now, zone)
    last_day = today.replace(day=1) - timedelta(days=1)
    month = f"{last_day:%Y-%m}"
    is_open = today.day <= DAYS_OPEN
    return month if is_open and month_interval(month, zone).start >= agreed_at else None


def prepare_months(
    outbox: Outbox,
    enrolments: Enrolments,
    consent: ConsentState,
    answers: Iterable[Answer],
    jurisdiction: str,
    now: int,
    zone: str,
) -> list[Item]:
    """Put the pulse report of the month that is over into the outbox, held, and return it where it is new.

    Without consent to ``pulse``, before the service confirmed the enrolment, under a law where it is off, or where
    nothing was answered about the month, there is none.

    Args:
        answers: to any questions, about any months.
    """
    enrolment = enrolments.current("pulse")
    if not consent.is_given or enrolment is None or not is_ready(enrolment) or enrolment.cell is None:
        return []
    month = month_to_prepare(max(consent.given_at or 0, enrolment.enrolled_at or 0), now, zone)
    off = jurisdiction in wire.report(PULSE_MONTHLY).off_in
    if month is None or off or outbox.holds(PULSE_MONTHLY, month, enrolment.subject):
        return []
    body = agreed_body(PULSE_MONTHLY, pulse_monthly(answers, month, enrolment.cell), consent, local_date(now, zone))
    return [] if body is None else [outbox.prepare(body, enrolment.subject, now)]
