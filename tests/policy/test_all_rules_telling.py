"""How the facts are told does not matter to any rule: order, duplicates, touching parts, and how times are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.languages import translator
from policy.any_document import WILD_ZONES, Document, Session, Told, document, tales

ROWS = ("work", "activity", "observed")


def answer(told: Document) -> dict[str, Any]:
    return evaluate(read_facts(told)).as_json(str)


any_tale = st.one_of(tales(unconfirmed=True, holes=True), tales(unconfirmed=True, exempt=True, zones=WILD_ZONES))


@given(any_tale, st.data())
def test_the_order_of_sessions_and_the_rest_does_not_matter(told: Told, data: st.DataObject) -> None:
    written = document(told)
    shuffled = {name: data.draw(st.permutations(written[name])) for name in ROWS if name in written}

    assert answer({**written, **shuffled}) == answer(written)


@given(any_tale, st.data())
def test_what_is_told_twice_counts_once(told: Told, data: st.DataObject) -> None:
    written = document(told)
    doubled = {}
    for name in ("work", "observed"):
        rows = written.get(name, [])
        times = data.draw(st.lists(st.integers(1, 3), min_size=len(rows), max_size=len(rows)))
        doubled[name] = [row for row, count in zip(rows, times, strict=True) for _ in range(count)] or "all"

    assert answer({**written, **doubled}) == answer(written)


@given(any_tale, st.data())
def test_a_session_in_touching_parts_is_the_same_session(told: Told, data: st.DataObject) -> None:
    cut = [part for one in told.sessions for part in in_seen_parts(one, told, data)]

    assert answer(document(told._replace(sessions=tuple(cut)))) == answer(document(told))


def in_seen_parts(one: Session, told: Told, data: st.DataObject) -> list[Session]:
    """Cut a session where every part keeps some of its activity: of a session without any the screen tells nothing."""
    parts = in_parts(one, told.sessions, data)
    seen = [any(start < part.end and part.start < end for start, end in told.activity or ()) for part in parts]
    return parts if all(seen) or not any(seen) else [one]


def in_parts(one: Session, others: Sequence[Session], data: st.DataObject) -> list[Session]:
    """Cut a session where no other decides the place: a part that starts later than another would decide instead."""
    points = data.draw(st.lists(st.integers(one.start + 1, one.end - 1), max_size=3, unique=True))
    free = [point for point in points if not any(one.start < other.start <= point <= other.end for other in others)]
    return [one._replace(start=start, end=end) for start, end in pairwise([one.start, *sorted(free), one.end])]


@given(any_tale, st.data())
def test_observed_time_in_touching_and_overlapping_parts_is_the_same_time(told: Told, data: st.DataObject) -> None:
    written = document(told)
    rows = []
    for row in written.get("observed", []):
        start, end = (read(row[name]) for name in ("start", "end"))
        first, last = sorted(data.draw(st.tuples(st.integers(start, end), st.integers(start, end))))
        parts = [(start, last), (first, end)]
        rows += [{"start": in_utc(begun), "end": in_utc(ended)} for begun, ended in parts if begun < ended]

    assert answer({**written, "observed": rows or "all"}) == answer(written)


@given(any_tale, st.data())
def test_a_time_may_be_written_in_utc_with_any_offset_or_as_local_time(told: Told, data: st.DataObject) -> None:
    written = document(told)
    rewritten: Document = {
        name: [
            {key: rewrite(value, told.zone, data) if key in ("start", "end") else value for key, value in row.items()}
            for row in written[name]
        ]
        for name in ROWS
        if name in written
    }
    if "at" in written:
        rewritten["at"] = rewrite(written["at"], told.zone, data)

    assert answer({**written, **rewritten}) == answer(written)


def rewrite(text: str, zone: str, data: st.DataObject) -> str:
    """Return the same instant in one of the ways that the format allows."""
    instant = read(text)
    here = datetime.fromtimestamp(instant, ZoneInfo(zone))
    offset = data.draw(st.integers(-14 * 60, 14 * 60))
    moved = datetime.fromtimestamp(instant, timezone(timedelta(minutes=offset)))
    ways = [text, moved.isoformat(timespec="auto")]
    if moved.second == 0:
        ways.append(moved.isoformat(timespec="minutes"))
    if is_plain(here):
        ways.append(here.replace(tzinfo=None).isoformat())
    return data.draw(st.sampled_from(ways))


def is_plain(here: datetime) -> bool:
    """Tell whether a local time exists once."""
    naive = here.replace(tzinfo=None)
    readings = {naive.replace(tzinfo=here.tzinfo, fold=fold).timestamp() for fold in (0, 1)}
    return readings == {here.timestamp()}


def read(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def in_utc(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@given(any_tale, st.sampled_from(["da", "nb"]))
def test_no_sentence_in_danish_or_norwegian_has_a_number_with_a_point(told: Told, language: str) -> None:
    findings = evaluate(read_facts(document(told))).as_json(translator("fyraften_policy", language))["findings"]

    sentences = [re.sub(r"\[.*\]", "", step) for finding in findings for step in finding["steps"]]
    assert [sentence for sentence in sentences if re.search(r"\d\.\d", sentence)] == []
