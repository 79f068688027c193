"""Buckets of ActivityWatch: presence becomes work, and nothing else is looked at."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent_records import ZONE
from fyraften_agent.exchange.foreign_activitywatch import BucketError, read_activitywatch
from fyraften_policy.periods import parse_instant

START = parse_instant("2026-11-18T07:00:00Z", ZONE)


def event(minutes: float, length: float, status: str = "not-afk") -> dict[str, Any]:
    clock = f"{7 + int(minutes) // 60:02}:{int(minutes) % 60:02}:00.500000+00:00"
    return {"timestamp": f"2026-11-18T{clock}", "duration": length * 60, "data": {"status": status}}


def bucket(*events: object, kind: str = "afkstatus") -> dict[str, Any]:
    name = "aw-watcher-afk_kirstens-laptop"
    return {"id": name, "type": kind, "hostname": "kirstens-laptop", "client": "aw-watcher-afk", "events": list(events)}


def test_presence_less_than_fifteen_minutes_apart_is_one_session() -> None:
    text = json.dumps({"buckets": {"a": bucket(event(0, 30), event(44, 16), event(75, 10))}})

    incoming = read_activitywatch(text, ZONE)

    assert [(one.start - START, one.end - START) for one in incoming.sessions] == [(0, 3600), (4500, 5100)]
    assert len(incoming.spans) == 3


@pytest.mark.parametrize(
    "shape", [lambda b: {"buckets": {"a": b}}, lambda b: {"a": b}, lambda b: b, lambda b: b["events"]]
)
def test_every_form_of_an_export_is_read(shape: Any) -> None:
    incoming = read_activitywatch(json.dumps(shape(bucket(event(0, 30)))), ZONE)

    assert [(one.start, one.end) for one in incoming.sessions] == [(START, START + 1800)]


def test_absence_is_observed_time_and_no_work() -> None:
    incoming = read_activitywatch(json.dumps(bucket(event(0, 30), event(30, 60, "afk"))), ZONE)

    assert [(one.start - START, one.end - START) for one in incoming.observed] == [(0, 5400)]
    assert len(incoming.sessions) == 1


def test_windows_and_the_name_of_the_computer_are_not_looked_at() -> None:
    windows = bucket({"timestamp": "x", "data": {"title": "Letter to the doctor"}}, kind="currentwindow")

    incoming = read_activitywatch(json.dumps({"buckets": {"a": bucket(event(0, 30)), "w": windows}}), ZONE)

    assert incoming.not_read == ("currentwindow",)
    assert "kirsten" not in repr(incoming)
    assert "doctor" not in repr(incoming)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {**event(0, 1), "timestamp": "yesterday"},
        {**event(0, 1), "timestamp": "2026-11-18T07:00:00"},
        {**event(0, 1), "duration": -1},
        {**event(0, 1), "duration": 1e300},
        {**event(0, 1), "duration": True},
        {**event(0, 1), "data": {"status": "asleep"}},
    ],
)
def test_an_event_that_cannot_be_read_is_left_out_and_listed(broken: object) -> None:
    incoming = read_activitywatch(json.dumps(bucket(event(60, 1), broken)), ZONE)

    assert [one.where for one in incoming.skipped] == ["2"]
    assert len(incoming.sessions) == 1


@pytest.mark.parametrize("text", ["", "[", "{}", '{"buckets": {}}', '"x"', json.dumps(bucket(kind="currentwindow"))])
def test_a_file_without_such_a_bucket_is_refused(text: str) -> None:
    with pytest.raises(BucketError):
        read_activitywatch(text, ZONE)
