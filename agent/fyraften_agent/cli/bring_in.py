"""``fyraften import``: brings in what another program measured, a table of hours, or a full copy of Fyraften's own.

Nothing comes in twice, nothing over what is there; what stays out is listed with the reason. ``--dry-run`` does the
same on a copy in memory. Brings in no consent and sends nothing.
Not here: reading the forms (``foreign_csv``, ``foreign_activitywatch``, ``archive``) and writing (``store.incoming``,
``store.full_copy``).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.correcting.records import place_meant
from fyraften_agent.errors import InputError
from fyraften_agent.exchange.archive import LARGEST_BYTES, read_archive
from fyraften_agent.exchange.foreign_activitywatch import read_activitywatch
from fyraften_agent.exchange.foreign_csv import read_csv
from fyraften_agent.exchange.incoming import Incoming, Skipped, plan
from fyraften_agent.shown.looking import records
from fyraften_agent.store.full_copy import bring_in_copy
from fyraften_agent.store.incoming import Progress, existing_sessions, write_plan
from fyraften_agent.store.keeping import kept_from
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import known_zone, local_date
from fyraften_policy.sentences import reason_of

CSV, ACTIVITYWATCH, ZIP = FORMATS = ("csv", "activitywatch", "zip")
_LISTED = 20
_PROGRESS_STEPS = 100


@dataclass(frozen=True)
class Outcome:
    """What came in, what was there, and what stays out."""

    form: str
    sessions: int
    others: int
    known: int
    skipped: tuple[Skipped, ...]
    not_read: tuple[str, ...]


def add(commands: Any, _: Translate) -> None:
    """Register ``import``."""
    bring_in = commands.add_parser(
        "import",
        help=_("bring in a full copy, a table of hours, or what ActivityWatch measured"),
        epilog=_(
            "Examples:\n"
            "  fyraften import everything.zip\n"
            "  fyraften import aw-buckets-export.json --dry-run\n"
            "  fyraften import hours.csv --place home"
        ),
    )
    bring_in.add_argument("file", metavar=_("FILE"), help=_("the file to read; it is left as it is"))
    bring_in.add_argument("--format", choices=FORMATS, help=_("the form (otherwise seen from the content)"))
    bring_in.add_argument("--dry-run", action="store_true", help=_("only tell what would come in"))
    bring_in.add_argument(
        "--place", metavar=_("PLACE"), help=_("where it was, if the file does not say: number, label, home …")
    )
    bring_in.add_argument(
        "--zone", metavar=_("ZONE"), help=_("the time zone, if the file does not say (otherwise yours)")
    )
    bring_in.add_argument("--all-skipped", action="store_true", help=_("list everything that stays out"))
    bring_in.set_defaults(run="bring_in:bring_in")


def bring_in(arguments: argparse.Namespace, context: Context) -> int:
    """Read the file, write what is new, and tell both what came in and what did not."""
    content = _read(Path(arguments.file), context.paths.folder, context._)
    bring = _reader(arguments, content, context)
    opened = _copy_of_records(context) if arguments.dry_run else records_to_change(context)
    with opened as store:
        outcome = bring(store, _progress(context))
    document = {
        "format": outcome.form,
        "dry_run": arguments.dry_run,
        "sessions": outcome.sessions,
        "other_rows": outcome.others,
        "there_already": outcome.known,
        "skipped": [{"where": one.where, "reason": one.reason(str)} for one in outcome.skipped],
        "not_read": list(outcome.not_read),
    }
    context.show(arguments, document, _lines(outcome, arguments, context._))
    return ExitCode.DONE


def _reader(arguments: argparse.Namespace, content: bytes, context: Context) -> Callable[[Store, Progress], Outcome]:
    """Return what brings the content in; everything that can be wrong with the file is told here, before any change."""
    form, now = arguments.format or _form_of(content), context.clock.now()
    oldest = kept_from(local_date(now, context.clock.zone()), context.clock.zone())
    if form == ZIP:
        copy = read_archive(content)

        def bring_copy(store: Store, progress: Progress) -> Outcome:
            told = bring_in_copy(store, copy.tables, oldest, now, progress)
            others = sum(told.new.values()) - told.new["sessions"]
            return Outcome(form, told.new["sessions"], others, told.known["sessions"], tuple(told.skipped), ())

        return bring_copy
    incoming = _incoming(form, content, arguments, context)

    def bring_foreign(store: Store, progress: Progress) -> Outcome:
        coming = plan(incoming, existing_sessions(store), oldest, now)
        place = None if arguments.place is None else place_meant(arguments.place, store.places())
        write_plan(store, coming, place, now, progress)
        return Outcome(form, len(coming.new) + len(coming.grown), 0, coming.known, coming.skipped, coming.not_read)

    return bring_foreign


def _incoming(form: str, content: bytes, arguments: argparse.Namespace, context: Context) -> Incoming:
    _ = context._
    zone = arguments.zone or context.clock.zone()
    if not known_zone(zone):
        raise InputError(_("{zone} is no time zone. Write it as Europe/Copenhagen.").format(zone=zone))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError(_("The file is not written in UTF-8. Save it as UTF-8; nothing was brought in.")) from problem
    return read_activitywatch(text, zone) if form == ACTIVITYWATCH else read_csv(text, zone)


def _form_of(content: bytes) -> str:
    if content.startswith(b"PK"):
        return ZIP
    return ACTIVITYWATCH if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else CSV


def _read(path: Path, own_folder: Path, _: Translate) -> bytes:
    if path.resolve().is_relative_to(own_folder.resolve()):
        raise InputError(_("{path} is Fyraften's own file. Name a file that was exported.").format(path=path))
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as problem:
        raise InputError(
            mark("The file {path} cannot be read: {reason}."), path=path, reason=reason_of(problem)
        ) from problem
    if len(content) > LARGEST_BYTES:
        raise InputError(_("The file {path} is larger than {size} MB. Bring in a part of it.").format(
            path=path, size=LARGEST_BYTES // 2**20
        ))  # fmt: skip
    return content


@contextmanager
def _copy_of_records(context: Context) -> Iterator[Store]:
    """Give the records, or an empty store, in memory: whatever is written there is gone afterwards."""
    with records(context.paths) as there:
        copy = Store.open(None) if there is None else Store(there.file.copy_in_memory())
    with copy:
        yield copy


def _progress(context: Context) -> Progress:
    """Return what shows at a terminal how far it is; elsewhere it shows nothing."""
    if not context.errors.isatty():
        return lambda done, total: None

    def show(done: int, total: int) -> None:
        if done == total or done % max(1, total // _PROGRESS_STEPS) == 0:
            line = context._("{done} of {total}").format(done=done, total=total)
            print(f"\r{line}", end="\n" if done == total else "", file=context.errors, flush=True)

    return show


def _lines(outcome: Outcome, arguments: argparse.Namespace, _: Translate) -> list[str]:
    if arguments.dry_run:
        first = _(
            "Sessions that would come in: {sessions}. There already: {known}. Left out: {skipped}. Nothing was changed."
        )
    else:
        first = _("Sessions brought in: {sessions}. There already: {known}. Left out: {skipped}.")
    lines = [
        first.format(sessions=outcome.sessions, known=outcome.known, skipped=len(outcome.skipped)),
    ]
    if outcome.others:
        lines.append(_("Other rows with them (places, corrections, times): {count}.").format(count=outcome.others))
    if outcome.not_read:
        lines.append(_("Not looked at: {names}.").format(names=", ".join(outcome.not_read)))
    if not outcome.skipped:
        return lines
    shown = outcome.skipped if arguments.all_skipped else outcome.skipped[:_LISTED]
    lines += ["", _("Left out, by line, event, or begin in UTC:")]
    lines += [f"  {one.where}: {one.reason(_)}" for one in shown]
    if len(shown) < len(outcome.skipped):
        lines.append("  " + _("and {count} more: --all-skipped").format(count=len(outcome.skipped) - len(shown)))
    return lines
