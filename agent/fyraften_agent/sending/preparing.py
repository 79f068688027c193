"""Between what is recorded and the outbox: completed weeks and months go in, and what went out is told.

Reports need consent of their own; without it nothing is prepared and the outbox is not opened for writing.
Not here: what a report says (``reports``), the outbox (``outbox``), sending (``sender``, another process).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from fyraften_agent.consent.expiry import endings
from fyraften_agent.consent.ledger_file import open_ledger, open_to_read, storage_errors
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.consent.notices import Ending, Refused
from fyraften_agent.facts import facts_document, jurisdiction_in
from fyraften_agent.paths import Paths
from fyraften_agent.sending.by_itself import Leaving, is_to_be_told, leaving, let_leave
from fyraften_agent.sending.employer_policy import refused_rules
from fyraften_agent.sending.enrolment import Enrolments
from fyraften_agent.sending.leaving_times import send_slot
from fyraften_agent.sending.outbox import APPROVED, SENT, Item, Outbox, something_is_due
from fyraften_agent.sending.pulse_reports import prepare_months
from fyraften_agent.sending.reports import prepare_weeks
from fyraften_agent.store.answers import read_answers
from fyraften_agent.store.store import Store
from fyraften_policy import wire
from fyraften_policy.periods import local_date, start_of_day, week_interval, week_monday, week_start

# Longer than the weekly rest of any law here: by then it is known whether the last one of a week was long enough.
_LAST_REST_SECONDS = 48 * 3600


@dataclass(frozen=True)
class Sending:
    """What ledger and outbox say: whether anything may be sent, what was sent last week, which consents run out.

    ``next_at``: when the next report leaves; ``None`` where none is approved, or one is overdue. ``leaving``: the held
    ones that leave by themselves on the day that begins now. ``refused``: rules of an employer that were not accepted.
    """

    allowed: bool = False
    sent: tuple[str, ...] = ()
    endings: tuple[Ending, ...] = ()
    next_at: int | None = None
    leaving: tuple[Leaving, ...] = ()
    refused: tuple[Refused, ...] = ()


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
            draw = random.SystemRandom().random
            slot = send_slot(connection, draw)
            let_leave(outbox, partial(_by_itself, consents, now), store.notices.told_at, slot, now, draw)
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
        items, refused = Outbox(connection).items(), refused_rules(connection)
    sent = [item for item in items if item.sent_at is not None and start <= item.sent_at < end]
    names = tuple(f"{wire.report(item.report).name} {item.period}" for item in sent)
    soon = leaving(items, partial(_by_itself, consents, now))
    moments = [one.at for one in soon if one.at > now]
    next_at = min((at for at in (_next_at(items, now), *moments) if at is not None), default=None)
    told = tuple(one for one in soon if is_to_be_told(one, now))
    return Sending(allowed, names, ending, next_at, told, refused)


def _by_itself(consents: Consents, now: int, purpose: str) -> bool:
    return consents.leaves_by_itself(purpose, now)


def _next_at(items: Iterable[Item], now: int) -> int | None:
    """Return when the next report leaves that is approved; one that is overdue waits for something else than time."""
    times = [
        item.next_try_at
        for item in items
        if item.state in (APPROVED, SENT) and not item.kept_back and item.next_try_at is not None
    ]
    return min((at for at in times if at > now), default=None)


def _verify(paths: Paths) -> None:
    from fyraften_agent.verify_ledger import verify  # cryptography: not for those who send nothing

    verify(paths)
