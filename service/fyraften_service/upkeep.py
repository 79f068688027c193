"""The short commands: ``invite``, ``publish`` and ``upgrade``."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from fyraften_policy.languages import Translate
from fyraften_service.clock import clock_of
from fyraften_service.config import Config, read_config
from fyraften_service.database import Database, open_database
from fyraften_service.enrolment import DUTY, GROUP, invite_cell, invite_person
from fyraften_service.publication import publish_due


def invite(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Make a code; it is shown once, and kept only as a hash."""
    with _opened(arguments) as (config, database), database.writing() as connection:
        if arguments.kind == "cell":
            code, purpose = invite_cell(connection, arguments.whom), GROUP
            text = _(
                "Code for everybody in {whom}: {code}\nIt is shown this once. Hand it out to those who may use it."
            )
        else:
            code, purpose = invite_person(connection, arguments.whom), DUTY
            text = _("Code for {whom} alone: {code}\nIt is shown this once, and can be used once.")
    command = f"fyraften consent give {purpose} --server {shlex.quote(config.public_url)} --code {code}"
    typed = _("Whoever agrees types, on their own computer:\n{command}")
    lines = [text.format(whom=arguments.whom, code=code), typed.format(command=command)]
    answer = {"kind": arguments.kind, "whom": arguments.whom, "code": code, "url": config.public_url}
    return {**answer, "command": command, "text": "\n".join(lines)}


def publish(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Publish the weeks that are closed."""
    with _opened(arguments) as (config, database):
        weeks = publish_due(database, config, clock_of(config, arguments.calendar).today())
    text = _("Published: {weeks}.").format(weeks=", ".join(weeks)) if weeks else _("No week is due.")
    return {"published": weeks, "text": text}


def upgrade(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Bring the database to this version."""
    database = open_database(read_config(arguments.folder.absolute()).database)
    try:
        database.upgrade()
    finally:
        database.close()
    return {"upgraded": True, "text": _("The database is at this version.")}


@contextmanager
def _opened(arguments: argparse.Namespace) -> Iterator[tuple[Config, Database]]:
    config = read_config(arguments.folder.absolute())
    database = open_database(config.database)
    try:
        database.check()
        yield config, database
    finally:
        database.close()
