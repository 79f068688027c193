"""Reads what ActivityWatch measured of absence from the keyboard: its exported buckets of the type ``afkstatus``.

Only begin, length and whether somebody was there are read. Buckets of windows and browsers, and the computer's name in
a bucket's, are not looked at and never kept. Presence becomes work as Fyraften's own measurement does: spans less than
fifteen minutes apart are one session.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from fyraften_agent.errors import InputError
from fyraften_agent.exchange.exporting import BUCKET_TYPE, utc_text
from fyraften_agent.exchange.incoming import Incoming, IncomingSession, Skipped
from fyraften_agent.recording.activity import SESSION_GAP_SECONDS, SPAN_GAP_SECONDS
from fyraften_policy.intervals import Interval, join, union
from fyraften_policy.languages import mark

_PRESENT, _ABSENT = "not-afk", "afk"
_NO_EVENT = mark("it has no time, no length or no status that can be read")
_LONGEST_SECONDS = 366 * 86_400


class BucketError(InputError):
    """The file holds no bucket from which work can be read."""


def read_activitywatch(text: str, zone: str) -> Incoming:
    """Return what the buckets tell.

    Args:
        text: an export of one bucket or of all, or the events of one.
        zone: of the place of work; the file does not say it.

    Raises:
        BucketError: no JSON, or no bucket about absence in it.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BucketError(mark("The file is no JSON, so it is no export of ActivityWatch.")) from problem
    buckets = list(_buckets(document))
    about_absence = [events for kind, events in buckets if kind == BUCKET_TYPE]
    if not about_absence:
        raise BucketError(
            mark(
                "The file holds no bucket about presence (type afkstatus). In ActivityWatch, export the bucket "
                "aw-watcher-afk, or all buckets. Nothing was brought in."
            )
        )
    present: list[Interval] = []
    absent: list[Interval] = []
    skipped = []
    number = 0
    for events in about_absence:
        for event in events:
            number += 1
            read = _event(event)
            if read is None:
                skipped.append(Skipped(str(number), _NO_EVENT))
            else:
                (present if read[1] == _PRESENT else absent).append(read[0])
    worked = [one for one in join(present, SESSION_GAP_SECONDS) if one.length]
    return Incoming(
        sessions=tuple(_session(one, zone) for one in worked),
        spans=tuple(one for one in join(present, SPAN_GAP_SECONDS) if one.length),
        observed=tuple(one for one in union([*present, *absent]) if one.length),
        skipped=tuple(skipped),
        not_read=tuple(sorted({kind for kind, _events in buckets if kind != BUCKET_TYPE})),
    )


def _session(worked: Interval, zone: str) -> IncomingSession:
    return IncomingSession(utc_text(worked.start), worked.start, worked.end, zone, f"activitywatch:{worked.start}")


def _buckets(document: object) -> Iterator[tuple[str, list[Any]]]:
    """Yield type and events of each bucket, in all forms in which ActivityWatch hands them out."""
    if isinstance(document, list):
        yield BUCKET_TYPE, document
    elif isinstance(document, Mapping):
        if isinstance(document.get("events"), list):
            yield str(document.get("type")), document["events"]
            return
        inner = document.get("buckets", document)
        for bucket in inner.values() if isinstance(inner, Mapping) else inner if isinstance(inner, list) else ():
            if isinstance(bucket, Mapping) and isinstance(bucket.get("events"), list):
                yield str(bucket.get("type")), bucket["events"]


def _event(event: object) -> tuple[Interval, str] | None:
    """Return when an event was, in whole seconds, and its status; None where it cannot be read."""
    if not isinstance(event, Mapping) or not isinstance(event.get("data"), Mapping):
        return None
    begin, length, status = event.get("timestamp"), event.get("duration"), event["data"].get("status")
    if not isinstance(begin, str) or isinstance(length, bool) or not isinstance(length, int | float):
        return None
    if status not in (_PRESENT, _ABSENT) or not math.isfinite(length) or not 0 <= length <= _LONGEST_SECONDS:
        return None
    try:
        moment = datetime.fromisoformat(begin)
        start = moment.timestamp() if moment.tzinfo is not None else -1.0
    except (ValueError, OverflowError):
        return None
    return (Interval(int(start), int(start + length)), status) if start >= 0 else None
