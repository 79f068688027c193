"""The blocks of docs/service.md that are made from the code: settings, commands, exit codes, addresses, problems.

Called by ``generate_docs.py``; the words around the blocks are written by hand.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path

from fastapi.routing import APIRoute

from fyraften_service import config
from fyraften_service.app import create_app
from fyraften_service.clock import SystemClock
from fyraften_service.config import Config
from fyraften_service.database import open_database
from fyraften_service.exit_codes import MEANINGS
from fyraften_service.problems import PROBLEMS
from fyraften_service.receipts import create_key

# What each setting means; one without words here, or words without a setting, stops ``make docs``.
SETTINGS = {
    "organisation": "the employer's name, as employees see it before they agree",
    "contact": "whom employees can ask, as they see it before they agree",
    "public_url": "the address at which laptops and people reach the service; requests are signed for exactly this one",
    "database": "a SQLAlchemy address; `init` makes a SQLite file in the folder",
    "zone": "the IANA time zone whose date counts",
    "started_on": "the day of `init`; weeks before it are not published",
    "notice_given_on": "the day of the notice to the employees; a day in the past is right where it was on paper; "
    f"figures show {config.NOTICE_DAYS} days later, and never without it",
    "smallest_group": f"the smallest group shown; never below {config.FLOOR}",
    "open_days": "how many days after its end a week or month takes reports; then it is published and they are deleted",
    "duty_open_days": "the same for a month of `duty`",
    "duty_kept_days": "how many days after its month a `duty` report is kept, and the log of who looked at it",
    "record_period_months": "the months over which working time is averaged; the record, and the log of who looked at "
    "it, are kept for five years more; never below 4",
    "demonstration": "marked on every page; may run on a calendar of its own (`--calendar`)",
}


def blocks(parser: argparse.ArgumentParser) -> dict[str, Callable[[], str]]:
    """Return the content of each block, given the parser of ``fyraften-service``."""
    return {
        "settings": settings,
        "service-commands": lambda: commands(parser),
        "service-exit-codes": exit_codes,
        "addresses": addresses,
        "problems": problems,
    }


def settings() -> str:
    """Return a row for each setting of ``service.toml``."""
    known = [field for field in fields(Config) if field.name != "folder"]
    if {field.name for field in known} != SETTINGS.keys():
        raise SystemExit(f"the settings are {[field.name for field in known]}: change SETTINGS in this script")
    rows = []
    for field in known:
        default = "" if field.default in (MISSING, None) else str(field.default).lower()
        most = config._AT_MOST.get(field.name)
        rows.append(f"| `{field.name}` | {SETTINGS[field.name]} | {default} | {'' if most is None else most} |")
    return table("setting", "meaning", "default", "at most", rows=rows)


def commands(parser: argparse.ArgumentParser) -> str:
    """Return a row for each command, with its one-line help."""
    (choices,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    rows = [f"| `fyraften-service {choice.dest}` | {choice.help} |" for choice in choices._choices_actions]
    return table("command", "what it does", rows=rows)


def exit_codes() -> str:
    """Return a row for each exit code."""
    return table("code", "meaning", rows=[f"| {code.value} | {meaning} |" for code, meaning in MEANINGS.items()])


def addresses() -> str:
    """Return a row for each address the service answers, for whom it is."""
    with tempfile.TemporaryDirectory() as folder:
        found = _routes(Path(folder))
    if not found:
        raise SystemExit("no address was found: FastAPI keeps its routes elsewhere now, change this script")
    for_whom = {True: "laptops", False: "browsers"}
    rows = [f"| `{method} {path}` | {for_whom[path.startswith('/v1/')]} |" for path, method in sorted(found)]
    return table("address", "for", rows=rows)


def problems() -> str:
    """Return a row for each problem document."""
    return table("status", "type", "title", rows=[
        f"| {status} | `urn:fyraften:problem:{name}` | {title} |" for name, (status, title) in PROBLEMS.items()
    ])  # fmt: skip


def table(*heads: str, rows: Iterable[str]) -> str:
    """Return a table."""
    return "\n".join([f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *rows])


def _routes(folder: Path) -> set[tuple[str, str]]:
    settings = Config(
        folder, "-", "-", "https://fyraften.example.dk", f"sqlite:///{folder / 'x'}", "UTC", date(2026, 1, 1)
    )
    create_key(settings.key_file)
    database = open_database(settings.database)
    app = create_app(settings, database, SystemClock(settings.zone))
    database.close()
    return {(route.path, method) for route in _all(app.routes) for method in route.methods}


def _all(routes: Iterable[object]) -> Iterator[APIRoute]:
    """Yield the routes of an application, also those that FastAPI keeps within the router they came from."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _all(getattr(getattr(route, "original_router", None), "routes", ()))
