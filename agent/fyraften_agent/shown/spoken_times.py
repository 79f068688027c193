"""Times, days and lengths as a person types them: ``30m``, ``13:00``, ``yesterday``, ``2026-10-25T02:30``.

Pure. What cannot be read is an error that shows what to type; a local time that a clock change doubled or left out is
refused by the policy library, with the offsets to choose from.
Not here: how times are shown (``wording.py``).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from fyraften_agent.errors import InputError
from fyraften_policy.languages import Translate
from fyraften_policy.periods import LocalTimeError, local_date, parse_date, parse_instant, start_of_day, week_name

_LENGTH = re.compile(r"(?:(?P<hours>\d{1,3})\s*h)?\s*(?:(?P<minutes>\d{1,4})\s*(?:m|min))?", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d", re.ASCII)
_WEEK = re.compile(r"(?:(?:(?P<year>2[01]\d\d)-?)?[Ww])?(?P<week>\d{1,2})", re.ASCII)
_MIDNIGHT = "24:00"
_MOMENT = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)[T ](?P<rest>\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)", re.ASCII)

# Far enough for any record, and near enough for every calculation with days and weeks around them.
_YEARS = range(2000, 2200)


class TimeNotUnderstoodError(InputError):
    """What was typed is no time, day or length; ``given`` is what it was."""

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message)
        self.given = text


def length(text: str, _: Translate) -> int:
    """Return the seconds of a length such as ``30m``, ``2h``, ``1h30m`` or ``90 min``."""
    found = _LENGTH.fullmatch(text.strip())
    seconds = 0 if found is None else int(found["hours"] or 0) * 3600 + int(found["minutes"] or 0) * 60
    if not seconds:
        raise TimeNotUnderstoodError(_("{text} is no length of time. Write 30m, 2h or 1h30m.").format(text=text), text)
    return seconds


def day(text: str, today: date, _: Translate) -> date:
    """Return the day meant by ``today``, ``yesterday`` or a date such as ``2026-11-22``."""
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    found = named.get(text) or _date_of(text)
    if found is None:
        message = _("{text} is no date. Write it as {example}, or write today or yesterday.")
        raise TimeNotUnderstoodError(message.format(text=text, example=today.isoformat()), text)
    return found


def month(text: str, today: date, _: Translate) -> str:
    """Return a month such as ``2026-11`` after checking that it is one."""
    found = _date_of(f"{text}-01")
    if found is None:
        message = _("{text} is no month. Write it as {example}.")
        raise TimeNotUnderstoodError(message.format(text=text, example=f"{today:%Y-%m}"), text)
    return f"{found:%Y-%m}"


def week(text: str, today: date, _: Translate) -> str:
    """Return the name of the week meant by ``2026-W46``, ``W46`` or ``46`` of this year, or by a day in it."""
    found = _WEEK.fullmatch(text)
    try:
        if found is None:
            return week_name(day(text, today, _))
        year = int(found["year"] or today.isocalendar().year)
        return week_name(date.fromisocalendar(year, int(found["week"]), 1))
    except ValueError as problem:
        message = _("{text} is no week. Write it as {example}, or give a day in it.")
        raise TimeNotUnderstoodError(message.format(text=text, example=week_name(today)), text) from problem


def moment(text: str, zone: str, on: date, _: Translate) -> int:
    """Return the instant of ``13:00`` (on the given day) or ``2026-11-22T13:00``, with or without an offset.

    ``24:00`` is the midnight that ends the day, as everywhere in Fyraften.

    Raises:
        LocalTimeError: the clocks were changed, and this local time was there twice or not at all.
    """
    if _CLOCK.fullmatch(text):
        return parse_instant(f"{on.isoformat()}T{text:0>5}", zone)
    found = _MOMENT.fullmatch(f"{on.isoformat()}T{text}" if text == _MIDNIGHT else text)
    date_given = None if found is None else _date_of(found["date"])
    if found is None or date_given is None:
        message = _("{text} is no time. Write it as 13:00 or {example}T13:00.")
        raise TimeNotUnderstoodError(message.format(text=text, example=on.isoformat()), text)
    if found["rest"] == _MIDNIGHT:
        return start_of_day(date_given + timedelta(days=1), zone)
    return parse_instant(f"{found['date']}T{found['rest']}", zone)


def next_moment(text: str, now: int, zone: str, _: Translate) -> int:
    """Return the next instant at which clocks show ``13:00``, tomorrow's if it is over today; a full time as it is."""
    today = local_date(now, zone)
    at = moment(text, zone, today, _)
    if at <= now and _CLOCK.fullmatch(text):
        at = moment(text, zone, today + timedelta(days=1), _)
    return at


def _date_of(text: str) -> date | None:
    """Return the date written ``YYYY-MM-DD``, ``None`` for anything else and for years nobody has records of."""
    try:
        found = parse_date(text)
    except LocalTimeError:
        return None
    return found if found.year in _YEARS else None
