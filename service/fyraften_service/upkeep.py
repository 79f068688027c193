"""The short commands: ``invite``, ``publish`` and ``upgrade``."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from fyraften_policy import wire
from fyraften_policy.languages import Translate
from fyraften_service.clock import clock_of
from fyraften_service.config import Config, read_config
from fyraften_service.database import Database, in_words, open_database
from fyraften_service.enrolment import invite_cell, invite_person
from fyraften_service.publication import publish_due


def invite(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Make a code; it is shown once, and kept only as a hash."""
    with _opened(arguments) as (config, database), database.writing() as connection:
        if arguments.kind == "cell":
            code = invite_cell(connection, arguments.whom)
            text = _(
                "Code for everybody in {whom}: {code}\nIt is shown this once. Hand it out to those who may use it."
            )
        else:
            code = invite_person(connection, arguments.whom)
            text = _("Code for {whom} alone: {code}\nIt is shown this once, and can be used once for each purpose.")
    commands = [
        f"fyraften consent give {report.purpose} --server {shlex.quote(config.public_url)} --code {code}"
        for report in wire.reports()
        if report.has_cell == (arguments.kind == "cell")
    ]
    typed = _("Whoever agrees types one of these, or both, on their own computer:\n{commands}")
    lines = [text.format(whom=arguments.whom, code=code), typed.format(commands="\n".join(commands))]
    answer = {"kind": arguments.kind, "whom": arguments.whom, "code": code, "url": config.public_url}
    return {**answer, "commands": commands, "text": "\n".join(lines)}


def publish(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Publish the weeks and months that are closed."""
    with _opened(arguments) as (config, database):
        periods = publish_due(database, config, clock_of(config, arguments.calendar).today())
    text = _("Published: {periods}.").format(periods=", ".join(periods)) if periods else _("Nothing is due.")
    return {"published": periods, "text": text}


def upgrade(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Bring the database to this version."""
    database = open_database(read_config(arguments.folder.absolute()).database)
    try:
        with in_words():
            if database.is_older():
                database.upgrade()
        database.check()
    finally:
        database.close()
    return {"upgraded": True, "text": _("The database is at this version.")}


@contextmanager
def _opened(arguments: argparse.Namespace) -> Iterator[tuple[Config, Database]]:
    config = read_config(arguments.folder.absolute())
    database = open_database(config.database)
    try:
        database.check()
        with in_words():
            yield config, database
    finally:
        database.close()
