"""The employee's sessions as files that other programs read: CSV and ActivityWatch's JSON.

Pure: sessions and observed time come in, text goes out. Every instant is written in UTC, so that no zone and no clock
change can be misread; ``importing`` and ``foreign_csv`` read both back.
Not here: calendars (``calendar_file``), the full copy (``archive``), and writing files (``cli/export``).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from fyraften_agent.store.records import Session
from fyraften_policy.intervals import Interval, subtract, union

CSV_COLUMNS = (
    *("number", "start", "end", "zone", "place", "place_label", "workstation", "confirmed", "source"),
    *("measured_start", "measured_end", "changed_by", "changed_at"),
)
BUCKET = "aw-watcher-afk_fyraften"
BUCKET_TYPE = "afkstatus"


def csv_text(sessions: Iterable[Session]) -> str:
    """Return a table with a heading and one line a session; what was measured stands beside what counts."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(CSV_COLUMNS)
    table.writerows(_csv_row(session) for session in sessions)
    return written.getvalue()


def activitywatch_text(sessions: Sequence[Session], observed: Iterable[Interval], made_at: int) -> str:
    """Return a bucket as ActivityWatch's watcher for absence writes it: ``not-afk`` is work, ``afk`` was observed.

    Overlapping sessions are one event; what was not observed has none.
    """
    worked = union((session.start, session.end) for session in sessions)
    free = subtract(union(observed), worked)
    events = [*((one, "not-afk") for one in worked), *((one, "afk") for one in free)]
    bucket = {
        "id": BUCKET,
        "created": _offset_text(made_at),
        "type": BUCKET_TYPE,
        "client": "fyraften",
        "hostname": "unknown",
        "data": {},
        "events": [_event(one, status) for one, status in sorted(events)],
    }
    return json.dumps({"buckets": {BUCKET: bucket}}, indent=1) + "\n"


def utc_text(at: int) -> str:
    """Return an instant as ``2026-11-22T13:00:00Z``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _csv_row(session: Session) -> list[object]:
    return [
        session.id,
        utc_text(session.start),
        utc_text(session.end),
        session.zone,
        session.place,
        session.place_label or "",
        session.workstation,
        "yes" if session.confirmed else "no",
        session.source,
        _known(session.measured_start),
        _known(session.measured_end),
        "" if session.changed_at is None else "employee",
        _known(session.changed_at),
    ]


def _known(at: int | None) -> str:
    return "" if at is None else utc_text(at)


def _event(interval: Interval, status: str) -> dict[str, Any]:
    return {
        "timestamp": _offset_text(interval.start),
        "duration": float(interval.length),
        "data": {"status": status},
    }


def _offset_text(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
