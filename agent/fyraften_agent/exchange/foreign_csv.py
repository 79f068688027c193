"""Reads sessions from a table (CSV) of any program: a heading, and a line for each piece of work.

Times stand in two columns, in four (dates and clock times apart), or as a start and a length. Columns that say nothing
about when and where are not read: a description of what was done has no place in Fyraften. Dates that could be read in
two ways (``01/02/2026``) are refused, not guessed; so are local times that a clock change doubled or left out.
Our own tables (``exporting``) are read back as they were.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from fyraften_agent.errors import InputError
from fyraften_agent.exchange.incoming import Incoming, IncomingSession, Skipped
from fyraften_agent.recording.places import KINDS, LONGEST_LABEL, WORKSTATIONS, Kind, Workstation
from fyraften_policy.languages import mark
from fyraften_policy.periods import LocalTimeError, known_zone, parse_instant

_NAMES = {
    "start": ("start", "begin", "from", "started", "start_at", "started_at", "start_datetime", "starttime"),
    "start_date": ("start_date",),
    "start_time": ("start_time",),
    "end": ("end", "stop", "to", "ended", "finish", "end_at", "ended_at", "end_datetime", "endtime"),
    "end_date": ("end_date", "stop_date"),
    "end_time": ("end_time", "stop_time"),
    "date": ("date", "day"),
    "duration": ("duration", "length"),
    "zone": ("zone", "timezone", "time_zone"),
    "place": ("place",),
    "place_label": ("place_label",),
    "workstation": ("workstation",),
    "confirmed": ("confirmed",),
}
# Columns of our own tables that follow from others.
_OURS = {"number", "source", "measured_start", "measured_end", "changed_by", "changed_at"}
_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[T ]+(?P<clock>\d?\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?P<offset>Z|UTC|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_LENGTH = re.compile(r"(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?", re.ASCII)
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

_NO_TIME = mark("{column}: {text} is no time. Write it as 2026-11-20T13:00")
_NO_LENGTH = mark("{column}: {text} is no length. Write it as 1:30")
_UNKNOWN = mark("{column}: {text} is none of these: {known}")
_NO_ZONE = mark("{column}: {text} is no time zone such as Europe/Copenhagen")


class TableError(InputError):
    """The file is no table from which work can be read."""


class _LineError(Exception):
    """One line cannot be read: the words and values of the reason."""

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words)
        self.words, self.values = words, values


@dataclass(frozen=True)
class _Columns:
    """Which column of the file holds what."""

    place_of: Mapping[str, int]

    def text(self, row: list[str], name: str) -> str:
        """Return what the row says in that column, "" where there is none."""
        index = self.place_of.get(name)
        return "" if index is None or index >= len(row) else row[index].strip()

    def has(self, *names: str) -> bool:
        return all(name in self.place_of for name in names)


def read_csv(text: str, zone: str) -> Incoming:
    """Return what the table tells.

    Args:
        zone: of times without an offset, unless the line has a column for it.

    Raises:
        TableError: there is no heading that names the times.
    """
    lines = text.removeprefix("\ufeff")
    heading = lines.partition("\n")[0]
    rows = csv.reader(io.StringIO(lines, newline=""), delimiter=max(",;\t", key=heading.count))
    try:
        names = next(rows, [])
        columns, not_read = _columns_of(names)
        sessions, skipped = [], []
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            where = str(rows.line_num)
            try:
                sessions.append(_session(row, columns, where, zone))
            except _LineError as problem:
                skipped.append(Skipped(where, problem.words, problem.values))
    except csv.Error as problem:
        raise TableError(
            mark(
                "Line {line} of the table cannot be read: a cell is too long, or a quotation mark has no second one. "
                "Nothing was brought in."
            ),
            line=rows.line_num,
        ) from problem
    return Incoming(tuple(sessions), skipped=tuple(skipped), not_read=not_read)


def _columns_of(names: list[str]) -> tuple[_Columns, tuple[str, ...]]:
    place_of: dict[str, int] = {}
    not_read = []
    for index, name in enumerate(names):
        plain = re.sub(r"[\s_-]+", "_", name.strip().casefold())
        meant = next((known for known, words in _NAMES.items() if plain in words), None)
        if meant is None or meant in place_of:
            if plain and plain not in _OURS:
                not_read.append(name.strip())
        else:
            place_of[meant] = index
    columns = _Columns(place_of)
    starts = columns.has("start") or columns.has("start_date", "start_time") or columns.has("date", "start_time")
    ends = columns.has("end") or columns.has("end_time") or columns.has("duration")
    if not starts or not ends:
        raise TableError(
            mark(
                "The table has no heading that says when work starts and ends. Its first line has to name the columns "
                "start and end (or start_date, start_time, end_date, end_time, or start and duration). "
                "Nothing was brought in."
            )
        )
    return columns, tuple(not_read)


def _session(row: list[str], columns: _Columns, where: str, zone: str) -> IncomingSession:
    zone = columns.text(row, "zone") or zone
    if not known_zone(zone):
        raise _LineError(_NO_ZONE, column="zone", text=zone)
    start = _moment(row, columns, "start", zone)
    end = _end(row, columns, start, zone)
    place, label = columns.text(row, "place"), columns.text(row, "place_label")
    confirmed = columns.text(row, "confirmed").casefold()
    if confirmed and confirmed not in _YES_NO:
        raise _LineError(_UNKNOWN, column="confirmed", text=confirmed, known="yes, no")
    return IncomingSession(
        where=where,
        start=start,
        end=end,
        zone=zone,
        origin=f"csv:{start}:{end}",
        place=cast(Kind | None, _one_of(place, KINDS, "place")),
        label=_one_line(label)[:LONGEST_LABEL] or None,
        workstation=cast(Workstation | None, _one_of(columns.text(row, "workstation"), WORKSTATIONS, "workstation")),
        confirmed=_YES_NO.get(confirmed, True),
    )


def _end(row: list[str], columns: _Columns, start: int, zone: str) -> int:
    if columns.has("end") or columns.has("end_time"):
        return _moment(row, columns, "end", zone)
    text = columns.text(row, "duration")
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise _LineError(_NO_LENGTH, column="duration", text=text[:40])
    return start + int(found["hours"]) * 3600 + int(found["minutes"]) * 60 + int(found["seconds"] or 0)


def _moment(row: list[str], columns: _Columns, side: str, zone: str) -> int:
    """Return the instant of one side, out of one column or of two."""
    text = columns.text(row, side)
    if not columns.has(side):
        date = columns.text(row, f"{side}_date") or columns.text(row, "date") or columns.text(row, "start_date")
        text = f"{date} {columns.text(row, f'{side}_time')}"
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise _LineError(_NO_TIME, column=side, text=text.strip()[:40])
    clock = found["clock"] if found["clock"][1] != ":" else f"0{found['clock']}"
    offset = {"UTC": "Z", None: ""}.get(found["offset"], found["offset"])
    if len(offset) == 5:
        offset = f"{offset[:3]}:{offset[3:]}"
    try:
        return parse_instant(f"{found['date']}T{clock}{offset}", zone)
    except LocalTimeError as problem:
        raise _LineError(mark("{column}: {problem}"), column=side, problem=problem) from None


def _one_line(label: str) -> str:
    """Return a name with a space for each break and each sign that steers a terminal."""
    return "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in label).strip()


def _one_of(text: str, known: tuple[str, ...], column: str) -> str | None:
    plain = text.casefold()
    if plain and plain not in known:
        raise _LineError(_UNKNOWN, column=column, text=text[:40], known=", ".join(known))
    return plain or None
