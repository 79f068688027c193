"""Reads the law cases of ``tests/policy/cases`` into facts documents."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases"
FIRST_MONDAY = date(2026, 1, 5)


def cases(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (id and sentence, case) of one file; a case carries its rule, zone and jurisdiction."""
    content = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    common = {key: content[key] for key in ("zone", "jurisdiction", "rule")}
    for case in content["case"]:
        yield f"{case['id']}: {case['name']}", {**common, **case}


def all_cases() -> dict[str, dict[str, Any]]:
    """Return every case of every file by ``file/id``, such as ``dk_rest_daily/A01``."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for _, case in cases(path.name):
            assert found.setdefault(f"{path.stem}/{case['id']}", case) is case, f"{path.name} has two {case['id']}"
    return found


def document(case: dict[str, Any]) -> dict[str, Any]:
    """Return the facts document of a case."""
    work = [session(pair) for pair in case.get("work", [])]
    work += [{**session(pair), "confirmed": False} for pair in case.get("unconfirmed", [])]
    for place in ("home", "fixed_site", "elsewhere"):
        work += [{**session(pair), "place": place} for pair in case.get(place, [])]
    if "weeks" in case:
        work += weeks_of_work(case["weeks"])
    work += daily_work(case.get("daily", {"count": 0}))
    facts = {"jurisdiction": case["jurisdiction"], "zone": case["zone"], "work": work, "public_holidays": []}
    if "observed" in case:
        facts["observed"] = [session(pair) for pair in case["observed"]]
    more = ("agreement", "absences", "period", "at", "parameters", "public_holidays")
    return facts | {key: case[key] for key in more if key in case}


def session(pair: str) -> dict[str, Any]:
    start, end = pair.split("/")
    return {"start": start, "end": end}


def daily_work(daily: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Lay the same hours on some dates in a row: ``hours`` of the clock, or ``seconds`` from ``start`` on."""
    for number in range(daily["count"]):
        day = date.fromisoformat(daily["first"]) + timedelta(days=number)
        if "hours" in daily:
            yield session("/".join(f"{day}T{clock}" for clock in daily["hours"].split("/")))
        else:
            begin = datetime.combine(day, time.fromisoformat(daily["start"]))  # local time
            end = begin + timedelta(seconds=daily["seconds"])
            yield {"start": begin.isoformat(), "end": end.isoformat()}


def weeks_of_work(weeks: dict[str, Any], first: date = FIRST_MONDAY) -> list[dict[str, Any]]:
    """Lay each place's hours a week on five equal days, one place after the other from 06:00."""
    work = []
    for number in range(weeks["count"]):
        for weekday in range(5):
            day = first + timedelta(days=7 * number + weekday)
            clock = datetime(day.year, day.month, day.day, 6)  # noqa: DTZ001 - local time, as the facts format has it
            for place in ("home", "fixed_site", "changing_site", "mobile"):
                length = _of_week(weeks.get(place, "00:00"), number) / 5
                if length:
                    work.append(_one(clock, length, place))
                clock += length
    return work


def _one(start: datetime, length: timedelta, place: str) -> dict[str, Any]:
    row = {"start": start.isoformat(), "end": (start + length).isoformat(), "place": place}
    return {**row, "place": "home", "workstation": "mobile"} if place == "mobile" else row


def _of_week(value: str | list[str], number: int) -> timedelta:
    text = value[number % len(value)] if isinstance(value, list) else value
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
