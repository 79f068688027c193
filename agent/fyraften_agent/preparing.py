"""Between what is recorded and the outbox: completed weeks and months go in, and what went out is told.

Reports need consent of their own; without it nothing is prepared and the outbox is not opened for writing.
Not here: what a report says (``reports``), the outbox (``outbox``), sending (``sender``, another process).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fyraften_agent.consent_notices import Ending
from fyraften_agent.enrolment import Enrolments
from fyraften_agent.expiry import endings
from fyraften_agent.facts import facts_document, jurisdiction_in
from fyraften_agent.ledger_file import open_ledger, open_to_read, storage_errors
from fyraften_agent.ledger_store import Consents
from fyraften_agent.outbox import Outbox, something_is_due
from fyraften_agent.paths import Paths
from fyraften_agent.pulse_reports import prepare_months
from fyraften_agent.reports import prepare_weeks
from fyraften_agent.store import Store
from fyraften_agent.store_answers import read_answers
from fyraften_policy import wire
from fyraften_policy.periods import local_date, start_of_day, week_interval, week_monday, week_start

# Longer than the weekly rest of any law here: by then it is known whether the last one of a week was long enough.
_LAST_REST_SECONDS = 48 * 3600


@dataclass(frozen=True)
class Sending:
    """What the ledger says: whether anything may be sent, what was sent last week, and which consents run out."""

    allowed: bool = False
    sent: tuple[str, ...] = ()
    endings: tuple[Ending, ...] = ()


def checked_consents(paths: Paths, now: int) -> Consents:
    """Return what was agreed to; where something may be sent, every signature is checked before it is believed."""
    consents = Consents(paths)
    if not any(consents.is_given(purpose, now) for purpose in wire.purposes()):
        return consents
    return Consents(paths, verify=_verify)


def prepare_due_reports(paths: Paths, consents: Consents, store: Store, now: int, zone: str) -> bool:
    """Put completed weeks and months into the outbox, held; say whether the sender has anything to do now."""
    group, pulse = (consents.state(purpose, now) for purpose in ("group", "pulse"))
    if group.is_given or pulse.is_given:

        def document(week: str) -> Mapping[str, Any]:
            return week_document(store, week, now, zone)

        with closing(open_ledger(paths.ledger)) as connection:
            outbox, enrolments = Outbox(connection), Enrolments(connection)
            prepare_weeks(outbox, enrolments, group, document, now, zone)
            answers, law = read_answers(store.file), jurisdiction_in(store.agreement(), zone)
            prepare_months(outbox, enrolments, pulse, answers, law, now, zone)
    return something_is_due(paths, now)


def week_document(store: Store, week: str, now: int, zone: str) -> dict[str, Any]:
    """Return the facts for judging a week, as they are known now: with what shows how long its last rest was."""
    start, end = week_interval(week, zone)
    until = max(start + 1, min(now, end + _LAST_REST_SECONDS))
    return facts_document(store, at=until, zone=zone, first=week_monday(week), last=local_date(until - 1, zone))


def sending(paths: Paths, consents: Consents, now: int, zone: str) -> Sending:
    """Return whether anything may be sent, what was sent in the ISO week before this one, and what runs out."""
    allowed = any(consents.is_given(purpose, now) for purpose in wire.purposes())
    ending, connection = tuple(endings(consents, now)), open_to_read(paths.ledger)
    if connection is None:
        return Sending(allowed)
    monday = week_start(local_date(now, zone))
    start, end = start_of_day(monday - timedelta(days=7), zone), start_of_day(monday, zone)
    with closing(connection), storage_errors():
        items = Outbox(connection).items()
    sent = [item for item in items if item.sent_at is not None and start <= item.sent_at < end]
    return Sending(allowed, tuple(f"{wire.report(item.report).name} {item.period}" for item in sent), ending)


def _verify(paths: Paths) -> None:
    from fyraften_agent.verify_ledger import verify  # cryptography: not for those who send nothing

    verify(paths)
