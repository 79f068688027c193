"""``fyraften-service init``: settings, database, key, cells and the first account, all or nothing.

The password is asked for at the keyboard, or read from a file only its owner can read; there is no default.
"""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import parse_date
from fyraften_policy.sentences import reason_of
from fyraften_service.accounts import check_new_account, create_account
from fyraften_service.clock import SystemClock
from fyraften_service.config import Config, config_file, write_config
from fyraften_service.database import Database, in_words, open_database
from fyraften_service.errors import AlreadySetUpError, DatabaseError, InputError
from fyraften_service.groups import Cell
from fyraften_service.receipts import create_key
from fyraften_service.tables import cells

ROOT = "all"
"""The code of the cell that is the whole organisation; every other lies inside it."""
_CELL = re.compile(r"([a-z0-9][a-z0-9-]{0,31})=([^:]+)(?::([a-z0-9][a-z0-9-]{0,31}))?")


def init(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Set up a service in an empty folder."""
    folder = arguments.folder.absolute()
    if _is_in_use(folder, _):
        raise AlreadySetUpError(folder)
    config = _config(arguments, folder)
    declared = read_cells(arguments.cell, config.organisation)
    name = arguments.admin if arguments.admin is not None else _ask_name(_)
    password = _password(arguments.password_file, name, _)
    _make(config, declared, name, password, _)
    text = _(
        "The service of {organisation} is set up in {folder}. Next: fyraften-service invite, fyraften-service run."
    )
    return {
        "folder": str(folder),
        "public_url": config.public_url,
        "cells": [cell.code for cell in declared],
        "account": name,
        "text": text.format(organisation=config.organisation, folder=folder),
    }


def _is_in_use(folder: Path, _: Translate) -> bool:
    try:
        return config_file(folder).exists() or (folder.exists() and any(folder.iterdir()))
    except OSError as error:
        raise _refused(folder, error, _) from error


def _refused(folder: Path, error: OSError, _: Translate) -> InputError:
    words = mark("{folder} cannot be used: {reason}. Nothing was set up. Name another folder with --folder.")
    return InputError(words, folder=folder, reason=reason_of(error))


def read_cells(texts: Sequence[str], organisation: str) -> list[Cell]:
    """Return the hierarchy of ``CODE=NAME[:PARENT]`` texts, under one cell for the whole organisation."""
    found = [Cell(ROOT, organisation, None)]
    for text in texts:
        match = _CELL.fullmatch(text)
        if match is None or not match[2].strip() or not match[2].isprintable() or len(match[2]) > 200:
            raise InputError(
                mark("{text!r} is no cell. Write CODE=NAME or CODE=NAME:PARENT, such as sales=Sales:all."), text=text
            )
        code, parent = match[1], match[3] or ROOT
        if code in {cell.code for cell in found}:
            raise InputError(
                mark("The cell {code!r} is there twice. Give each its own code; {root!r} is the organisation."),
                code=code,
                root=ROOT,
            )
        if parent not in {cell.code for cell in found}:
            raise InputError(
                mark("{parent!r}, the parent of {code!r}, is not declared before it. Name the parent first."),
                parent=parent,
                code=code,
            )
        found.append(Cell(code, match[2].strip(), parent))
    return found


def _config(arguments: argparse.Namespace, folder: Path) -> Config:
    notice = parse_date(arguments.notice_date) if arguments.notice_date else None
    return Config(
        folder=folder,
        organisation=arguments.organisation,
        contact=arguments.contact,
        public_url=arguments.public_url.rstrip("/"),
        database=arguments.database or f"sqlite:///{folder / 'service.sqlite3'}",
        zone=arguments.zone,
        started_on=_started_on(arguments.zone, notice if arguments.demonstration else None),
        notice_given_on=notice,
        smallest_group=arguments.smallest_group,
        demonstration=arguments.demonstration,
    )


def _started_on(zone: str, story_begins: date | None) -> date:
    """Return the day the service starts: today. No week from before there was a service is published.

    Args:
        story_begins: in a demonstration, whose calendar is its own, the notice; the service is there from then on.
    """
    try:
        today = SystemClock(zone).today()
    except (KeyError, ValueError) as error:
        raise InputError(
            mark("{zone!r} is no time zone. Use an IANA name such as Europe/Copenhagen."), zone=zone
        ) from error
    return min(today, story_begins) if story_begins is not None else today


def _ask_name(_: Translate) -> str:
    if not sys.stdin.isatty():
        raise InputError(
            mark("There is no keyboard to ask for the account. Give --admin NAME and --password-file FILE.")
        )
    return input(_("Name of the first account: ")).strip()


def _password(path: Path | None, name: str, _: Translate) -> str:
    password = _from_file(path) if path is not None else _ask_password(_)
    check_new_account(name, password)
    return password


def _from_file(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise InputError(
                mark("{path} can be read by others. Set its mode to 0600, with a new password in it."), path=path
            )
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            mark("{path} cannot be read: {reason}. Give a text file."), path=path, reason=reason_of(error)
        ) from error
    return lines[0] if lines else ""


def _ask_password(_: Translate) -> str:
    if not sys.stdin.isatty():
        raise InputError(mark("There is no keyboard to ask for the password. Give --password-file FILE."))
    password = getpass.getpass(_("Password, at least 12 characters: "))
    if getpass.getpass(_("The same password again: ")) != password:
        raise InputError(mark("The two passwords differ; nothing was set up. Start again."))
    return password


def _make(config: Config, declared: Sequence[Cell], name: str, password: str, _: Translate) -> None:
    folder = config.folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise _refused(folder, error, _) from error
    try:
        _fill(config, declared, name, password)
    except BaseException as error:
        for path in folder.iterdir():  # it was empty before
            path.unlink()
        if isinstance(error, OSError):
            raise _refused(folder, error, _) from error
        raise


def _fill(config: Config, declared: Sequence[Cell], name: str, password: str) -> None:
    database = open_database(config.database)
    try:
        with in_words():
            _check_free(database)
            database.upgrade()
            with database.writing() as connection:
                declare_cells(connection, declared)
                create_account(connection, name, password)
    finally:
        database.close()
    create_key(config.key_file)
    write_config(config)  # last: without it the folder holds no service


def _check_free(database: Database) -> None:
    """Raise where a service lives in the database already; tables without one were left by an ``init`` cut short."""
    if database.version() is None:
        return
    with database.reading() as connection:
        if connection.execute(sa.select(cells.c.code).limit(1)).first() is not None:
            raise DatabaseError(mark("The database already holds a service; it was not changed. Name an empty one."))


def declare_cells(connection: Connection, declared: Sequence[Cell]) -> None:
    """Write the hierarchy of cells; it does not change afterwards."""
    for position, cell in enumerate(declared):
        row = {"code": cell.code, "name": cell.name, "parent": cell.parent, "position": position}
        connection.execute(sa.insert(cells).values(**row))
