"""The employer's policy, as laptops fetch it before they send: whom to ask, which groups, the smallest one, the notice.

Signed with the service's key and numbered: a laptop takes no older one than it saw, and none that goes beyond what its
employee agreed to. What was told is kept, every change with the day since which it holds.
Not here: the settings themselves (``config.py``).
"""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fyraften_policy import wire
from fyraften_service.config import Config
from fyraften_service.database import Database
from fyraften_service.enrolment import PURPOSES
from fyraften_service.problems import Problem
from fyraften_service.receipts import ServiceKey, to_text
from fyraften_service.tables import cells, policies

SCHEMA = "fyraften.policy/1"
POLICY = "policy"
# A laptop reads no answer over 16 KiB.
_LARGEST = 15 * 1024


def current_policy(database: Database, config: Config, today: date, key: ServiceKey) -> bytes:
    """Return the signed policy in force, noting it first where the settings have changed."""
    with database.reading() as connection:
        content, latest = _content(connection, config), _latest(connection)
    if latest is None or json.loads(latest.content) != content:
        latest = _note(database, config, today)
    words = {
        "schema": SCHEMA,
        "kind": POLICY,
        "service": key.fingerprint,
        "number": latest.number,
        "since": latest.since.isoformat(),
        **json.loads(latest.content),
    }
    answer = wire.canonical({POLICY: words, "signature": to_text(key.private.sign(wire.canonical(words)))})
    if len(answer) > _LARGEST:
        raise Problem("unavailable", "There are too many groups for one answer. Declare fewer, or shorter codes.")
    return answer


def _note(database: Database, config: Config, today: date) -> sa.Row[tuple[object, ...]]:
    with database.writing() as connection:
        content, latest = _content(connection, config), _latest(connection)
        if latest is None or json.loads(latest.content) != content:  # another replica may have been first
            number = 1 if latest is None else latest.number + 1
            since = today if latest is None else max(today, latest.since)
            row = {"number": number, "since": since, "content": wire.canonical(content).decode()}
            connection.execute(sa.insert(policies).values(**row))
            latest = _latest(connection)
    assert latest is not None
    return latest


def _latest(connection: Connection) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(policies).order_by(policies.c.number.desc()).limit(1)).first()


def _content(connection: Connection, config: Config) -> dict[str, object]:
    notice = config.notice_given_on
    return {
        "organisation": config.organisation,
        "contact": config.contact,
        "purposes": list(PURPOSES),
        "cells": sorted(connection.execute(sa.select(cells.c.code)).scalars()),
        "smallest_group": config.smallest_group,
        "notice_given_on": notice.isoformat() if notice is not None else None,
    }
