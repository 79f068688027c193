"""``fyraften record``: the working time of a week, proposed, corrected and filed; or written by hand and filed.

Works without anything being recorded: then there is no proposal, and the totals are those the person writes.
Not here: what is proposed and what a report may say (``sending/record_reports.py``), letting it go (``cli/outbox.py``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.outbox import ledger_file, show_prepared, state_words
from fyraften_agent.cli.records import consent_to
from fyraften_agent.cli.show import columns
from fyraften_agent.consent.ledger_file import open_to_read
from fyraften_agent.recording.hours import day_number
from fyraften_agent.sending.enrolment import Enrolments
from fyraften_agent.sending.outbox import PURGED, REFUSED, Item, Outbox
from fyraften_agent.sending.record_reports import (
    DAYS_A_WEEK,
    RECORD_WEEKLY,
    ProposedDay,
    prepare_record,
    read_total,
    write_total,
)
from fyraften_agent.shown.looking import look_at_record
from fyraften_agent.shown.spoken_times import week as week_meant
from fyraften_agent.shown.wording import WEEKDAYS, duration
from fyraften_policy.languages import Translate
from fyraften_policy.periods import DAY, local_date, week_name, week_start


def add(commands: Any, _: Translate) -> None:
    """Register ``record``."""
    record = commands.add_parser(
        "record",
        help=_("your working time of a week: see it, correct it, file it"),
        description=_(
            "Your employer must measure how long each employee works a day. File seven totals for a week: those "
            "proposed from your sessions, corrected by you, or written by hand. Nothing leaves before you approve it."
        ),
        epilog=_(
            "Examples:\n"
            "  fyraften record\n"
            "  fyraften record 2026-W46 --take\n"
            "  fyraften record 2026-W46 --day fri=6:00 --day sat=-\n"
            "  fyraften record 2026-W46 --hours 7:24 7:24 7:24 7:24 7:24 - -\n"
            "  fyraften outbox approve 3 --now"
        ),
    )
    record.add_argument("week", nargs="?", metavar=_("WEEK"), help=_("2026-W46, or a day in it; by default the last"))
    made = record.add_mutually_exclusive_group()
    made.add_argument("--take", action="store_true", help=_("file what is proposed"))
    made.add_argument(
        "--hours",
        nargs=DAYS_A_WEEK,
        metavar=_("TIME"),
        help=_("write all seven days by hand, Monday first: 7:24, or - to leave a day out"),
    )
    record.add_argument(
        "--day",
        action="append",
        default=[],
        metavar=_("DAY=TIME"),
        help=_("correct one day, such as fri=6:00; the others stay as filed, or as proposed"),
    )
    record.set_defaults(run="record:record")


def record(arguments: argparse.Namespace, context: Context) -> int:
    """Show the working time of a week, or make the report of it."""
    week, zone, now = _week(arguments.week, context), context.clock.zone(), context.clock.now()
    proposed = look_at_record(context.paths, context.clock, week)
    filed = _filed(week, context)
    if not (arguments.take or arguments.hours or arguments.day):
        context.show(arguments, _document(week, proposed, filed), _lines(week, proposed, filed, context))
        return ExitCode.DONE
    minutes = _minutes(arguments, proposed, filed)
    consent = consent_to("record", context)
    with ledger_file(context) as file:
        item = prepare_record(Outbox(file), Enrolments(file), consent, week, minutes, now, zone)
    return show_prepared([item], arguments, context)


def _week(text: str | None, context: Context) -> str:
    """Return the week that is meant; without a word for it the last one that is over."""
    today = local_date(context.clock.now(), context.clock.zone())
    return week_name(week_start(today) - 7 * DAY) if text is None else week_meant(text, today, context._)


def _minutes(arguments: argparse.Namespace, proposed: Sequence[ProposedDay], filed: Item | None) -> list[int | None]:
    """Return the totals to file: those written, else those filed before, else those proposed; and days corrected."""
    if arguments.hours:
        minutes = [read_total(text) for text in arguments.hours]
    elif filed is not None and not arguments.take:
        minutes = _totals(filed)
    else:
        minutes = [day.minutes for day in proposed]
    for correction in arguments.day:
        day, _equals, text = correction.partition("=")
        minutes[day_number(day)] = read_total(text)
    return minutes


def _filed(week: str, context: Context) -> Item | None:
    """Return the latest report of that week that was not erased or refused, ``None`` where there is none."""
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return None
    try:
        of_week = [item for item in Outbox(connection).items() if (item.report, item.period) == (RECORD_WEEKLY, week)]
    finally:
        connection.close()
    living = [item for item in of_week if item.state not in (PURGED, REFUSED)]
    return living[-1] if living else None


def _totals(item: Item) -> list[int | None]:
    totals: list[int | None] = json.loads(item.body or b"{}")["minutes"]
    return totals


def _document(week: str, proposed: Sequence[ProposedDay], filed: Item | None) -> dict[str, Any]:
    return {
        "week": week,
        "days": [
            {
                "date": day.date.isoformat(),
                "proposed_minutes": day.minutes,
                "unconfirmed_seconds": day.unconfirmed_seconds,
                "unobserved_seconds": day.unobserved_seconds,
            }
            for day in proposed
        ],
        "filed": None
        if filed is None
        else {"number": filed.id, "state": filed.state, "minutes": _totals(filed), "sha256": filed.sha256},
    }


def _lines(week: str, proposed: Sequence[ProposedDay], filed: Item | None, context: Context) -> list[str]:
    _ = context._
    lines = [_("Working time in week {week}").format(week=week)]
    lines += columns(_table(proposed, filed, _))
    if filed is None:
        lines += ["", _("Nothing is filed for this week.")]
    else:
        lines += ["", f"{filed.id}: {state_words(filed, _)}"]
    if any(day.minutes for day in proposed):
        lines.append(_("What is proposed is rounded to the nearest minute; fyraften week leaves seconds out."))
    if any(day.minutes is not None for day in proposed):
        lines.append(_("To file what is proposed: fyraften record {week} --take").format(week=week))
    lines.append(
        _("To write it yourself: fyraften record {week} --hours 7:24 7:24 7:24 7:24 7:24 - -").format(week=week)
    )
    return lines


def _table(proposed: Sequence[ProposedDay], filed: Item | None, _: Translate) -> list[list[str]]:
    """Return head and rows; what is said beside the totals is left out where nothing is, as without any records."""
    days = [day.date for day in proposed]
    table = [
        [_("day"), *(day.isoformat() for day in days)],
        ["", *(_(WEEKDAYS[day.weekday()]) for day in days)],
        [_("proposed"), *(write_total(day.minutes) for day in proposed)],
    ]
    if filed is not None:
        table.append([_("filed"), *map(write_total, _totals(filed))])
    if any(day.unconfirmed_seconds for day in proposed):
        table.append([_("waits for your word"), *(_length(day.unconfirmed_seconds, _) for day in proposed)])
    if any(day.minutes is not None for day in proposed):
        table.append([_("not observed"), *(_length(day.unobserved_seconds, _) for day in proposed)])
    return [list(row) for row in zip(*table, strict=True)]


def _length(seconds: int, _: Translate) -> str:
    return duration(seconds, _) if seconds else ""
