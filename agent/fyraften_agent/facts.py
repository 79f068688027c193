"""From the store to the facts format: what the policy library is told about this person's work.

The document is the one that ``fyraften check`` reads, so that anybody can take it and try a rule by hand.
Not here: judging it (``fyraften_policy.evaluate``), the public holidays of a country (``public_holidays``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fyraften_agent.recording.activity import OBSERVED_WRITTEN_EVERY_SECONDS, TICK_SECONDS
from fyraften_agent.store.store import Session, Span, Store
from fyraften_policy.intervals import Interval, union
from fyraften_policy.look_back import needed_from
from fyraften_policy.periods import start_of_day

JURISDICTION_BY_ZONE = {"Europe/Copenhagen": "DK", "Europe/Oslo": "NO"}
OTHER_JURISDICTION = "EU"

_NOT_WRITTEN_YET_SECONDS = OBSERVED_WRITTEN_EVERY_SECONDS + 2 * TICK_SECONDS


def facts_document(store: Store, *, at: int | None, zone: str, first: date, last: date) -> dict[str, Any]:
    """Return the facts for judging the local days ``first`` to ``last``, both included.

    Work is told from as far back as any rule looks, about a year, so that a judgement of today takes the same time
    however much is kept; the finer spans, which only advice about pauses reads, from the day before ``first``.

    Args:
        at: "now" of the judgement; None judges the days as a whole, without forecast.
        zone: IANA zone of the days.
    """
    end = start_of_day(last + timedelta(days=1), zone)
    if at is not None:
        end = min(end, at)
    agreement = store.agreement() or {}
    jurisdiction = jurisdiction_in(agreement, zone)
    begin = start_of_day(_told_from(agreement, first), zone)
    spans = store.spans(start_of_day(first - timedelta(days=1), zone), end)
    document: dict[str, Any] = {
        "jurisdiction": jurisdiction,
        "zone": zone,
        "work": [_work(session) for session in store.sessions(begin, end) if session.end > session.start],
        "activity": [_activity(span) for span in spans if span.end > span.start],
        "observed": [_bounds(interval.start, interval.end) for interval in observed_until(store, end, begin)],
        "absences": agreement.get("absences", []),
        "public_holidays": _public_holidays(jurisdiction, first, last),
        "agreement": _with_answers(agreement.get("agreement", {}), store),
        "parameters": agreement.get("parameters", {}),
        "period": {"start": first.isoformat(), "end": (last + timedelta(days=1)).isoformat()},
    }
    if at is not None:
        document["at"] = _instant(at)
    return document


def _with_answers(agreement: Mapping[str, Any], store: Store) -> dict[str, Any]:
    """Return the facts of the employment with the dates that self-checks gave, where these are later."""
    if not store.file.rows("SELECT 1 FROM answers LIMIT 1"):
        return dict(agreement)
    from fyraften_agent.selfchecks.answers import dates_for_rules  # not loaded where nobody answered anything
    from fyraften_agent.store.answers import read_answers

    dates = dates_for_rules(read_answers(store.file))
    return {**agreement, **{key: max(day, str(agreement.get(key, ""))) for key, day in dates.items()}}


def jurisdiction_in(agreement: Mapping[str, Any] | None, zone: str) -> str:
    """Return the law that holds: the one the agreement names, else the one of the time zone."""
    return str((agreement or {}).get("jurisdiction") or jurisdiction_of(zone))


def jurisdiction_of(zone: str) -> str:
    """Return the law to start from where no agreement names one."""
    return JURISDICTION_BY_ZONE.get(zone, OTHER_JURISDICTION)


def _told_from(agreement: Mapping[str, Any], first: date) -> date:
    """Return the first local date whose work can change what a rule says of ``first``."""
    days_off: set[date] = set()
    for absence in agreement.get("absences", []):
        start, end = (date.fromisoformat(absence[name]) for name in ("start", "end"))
        days_off.update(start + timedelta(days=offset) for offset in range((end - start).days + 1))
    return needed_from(first, days_off, agreement.get("parameters", {}))


def observed_until(store: Store, end: int, begin: int = 0) -> list[Interval]:
    """Return all observed time from ``begin`` to ``end``, with the last moments of what is not written yet."""
    observed = store.observed(begin, end)
    going_on = store.observed_going_on()
    if going_on is not None and 0 < end - going_on.end <= _NOT_WRITTEN_YET_SECONDS:
        observed = union([*observed, (going_on.start, end)])
    return observed


def _public_holidays(jurisdiction: str, first: date, last: date) -> list[str]:
    from fyraften_agent.public_holidays import public_holidays  # its library is not needed on a tick

    # Days off count in the weeks that a rule looks back over, too.
    return list(public_holidays(jurisdiction, range(first.year - 1, last.year + 2)))


def _work(session: Session) -> dict[str, Any]:
    return {
        **_bounds(session.start, session.end),
        "place": session.place,
        "workstation": session.workstation,
        "confirmed": session.confirmed,
    }


def _activity(span: Span) -> dict[str, Any]:
    return {**_bounds(span.start, span.end), "intensity": round(span.intensity, 3)}


def _bounds(start: int, end: int) -> dict[str, Any]:
    return {"start": _instant(start), "end": _instant(end)}


def _instant(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
