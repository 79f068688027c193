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

from fyraften_policy.languages import Translate
from fyraften_policy.periods import parse_date
from fyraften_service.accounts import check_new_account, create_account
from fyraften_service.clock import SystemClock
from fyraften_service.config import Config, config_file, write_config
from fyraften_service.database import open_database
from fyraften_service.errors import AlreadySetUpError, InputError
from fyraften_service.groups import Cell
from fyraften_service.receipts import create_key
from fyraften_service.tables import cells

ROOT = "all"
"""The code of the cell that is the whole organisation; every other lies inside it."""
_CELL = re.compile(r"([a-z0-9][a-z0-9-]{0,31})=([^:]+)(?::([a-z0-9][a-z0-9-]{0,31}))?")


def init(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Set up a service in an empty folder."""
    folder = arguments.folder.absolute()
    if config_file(folder).exists() or (folder.exists() and any(folder.iterdir())):
        raise AlreadySetUpError(folder)
    config = _config(arguments, folder)
    declared = read_cells(arguments.cell, config.organisation)
    name = arguments.admin if arguments.admin is not None else _ask_name(_)
    password = _password(arguments.password_file, name, _)
    _make(config, declared, name, password)
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


def read_cells(texts: Sequence[str], organisation: str) -> list[Cell]:
    """Return the hierarchy of ``CODE=NAME[:PARENT]`` texts, under one cell for the whole organisation."""
    found = [Cell(ROOT, organisation, None)]
    for text in texts:
        match = _CELL.fullmatch(text)
        if match is None or not match[2].strip() or not match[2].isprintable() or len(match[2]) > 200:
            raise InputError(f"{text!r} is no cell. Write CODE=NAME or CODE=NAME:PARENT, such as sales=Sales:all.")
        code, parent = match[1], match[3] or ROOT
        if code in {cell.code for cell in found}:
            raise InputError(f"The cell {code!r} is there twice. Give each its own code; {ROOT!r} is the organisation.")
        if parent not in {cell.code for cell in found}:
            raise InputError(f"{parent!r}, the parent of {code!r}, is not declared before it. Name the parent first.")
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
        started_on=_today(arguments.zone, notice),
        notice_given_on=notice,
        smallest_group=arguments.smallest_group,
        demonstration=arguments.demonstration,
    )


def _today(zone: str, notice: date | None) -> date:
    """Return the day the service starts: today, or the notice if that was earlier, so that no week is left out."""
    try:
        today = SystemClock(zone).today()
    except (KeyError, ValueError) as error:
        raise InputError(f"{zone!r} is no time zone. Use an IANA name such as Europe/Copenhagen.") from error
    return min(today, notice) if notice is not None else today


def _ask_name(_: Translate) -> str:
    if not sys.stdin.isatty():
        raise InputError("There is no keyboard to ask for the account. Give --admin NAME and --password-file FILE.")
    return input(_("Name of the first account: ")).strip()


def _password(path: Path | None, name: str, _: Translate) -> str:
    password = _from_file(path) if path is not None else _ask_password(_)
    check_new_account(name, password)
    return password


def _from_file(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise InputError(f"{path} can be read by others. Set its mode to 0600, with a new password in it.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}. Give a text file.") from error
    return lines[0] if lines else ""


def _ask_password(_: Translate) -> str:
    if not sys.stdin.isatty():
        raise InputError("There is no keyboard to ask for the password. Give --password-file FILE.")
    password = getpass.getpass(_("Password, at least 12 characters: "))
    if getpass.getpass(_("The same password again: ")) != password:
        raise InputError("The two passwords differ; nothing was set up. Start again.")
    return password


def _make(config: Config, declared: Sequence[Cell], name: str, password: str) -> None:
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    config.folder.chmod(0o700)
    try:
        _fill(config, declared, name, password)
    except BaseException:
        for path in config.folder.iterdir():  # it was empty before
            path.unlink()
        raise


def _fill(config: Config, declared: Sequence[Cell], name: str, password: str) -> None:
    database = open_database(config.database)
    try:
        database.upgrade()
        with database.writing() as connection:
            declare_cells(connection, declared)
            create_account(connection, name, password)
    finally:
        database.close()
    create_key(config.key_file)
    write_config(config)  # last: without it the folder holds no service


def declare_cells(connection: Connection, declared: Sequence[Cell]) -> None:
    """Write the hierarchy of cells; it does not change afterwards."""
    for position, cell in enumerate(declared):
        row = {"code": cell.code, "name": cell.name, "parent": cell.parent, "position": position}
        connection.execute(sa.insert(cells).values(**row))
