"""The tables of the raw data, step by step as they came to be, by the database library's migrations.

The only module that imports the library, and late: a file that is up to date is opened without it.  Run as
``python -m fyraften_agent.store.migrations`` it brings the person's own file up to date and ends, so that the collector
need not load the library for it.
No table has a column for a network's name or address, for what was typed, or for how often.
Not here: opening the file, questions and changes (``store.schema``).
"""

from __future__ import annotations

import os
import sqlite3
import sys

from sqlite_utils import Database, Migrations

from fyraften_agent.errors import StoreError
from fyraften_agent.paths import default_paths
from fyraften_agent.store.room import DOCKED, WATCHED
from fyraften_agent.store.schema import WorkFile

migrations = Migrations("fyraften.work")


@migrations()
def m001_first_tables(database: Database) -> None:
    """Lay out sessions, spans, observed time, places, pauses, agreement and notices."""
    for statement in _FIRST_TABLES:
        database.execute(statement)


@migrations()
def m002_choices(database: Database) -> None:
    """Lay out what the employee chose about measuring."""
    database.execute(
        "CREATE TABLE choices (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID"
    )


@migrations()
def m003_watched(database: Database) -> None:
    """Tell a screen in use without input from work that was measured by input."""
    database.execute("ALTER TABLE sessions ADD COLUMN watched INTEGER NOT NULL DEFAULT 0")


@migrations()
def m004_private(database: Database) -> None:
    """Tell private time, of which the employee says that it was no work, from other pauses."""
    database.execute("ALTER TABLE pauses ADD COLUMN private INTEGER NOT NULL DEFAULT 0")


@migrations()
def m005_docked(database: Database) -> None:
    """Keep whether a display stood beside the laptop's own: the mark of a fixed workstation."""
    database.execute("ALTER TABLE sessions ADD COLUMN docked INTEGER NOT NULL DEFAULT 0")


@migrations()
def m006_corrections(database: Database) -> None:
    """Keep every version of a session, and where a session came from."""
    for statement in _CORRECTIONS:
        database.execute(statement)


@migrations()
def m007_small(database: Database) -> None:
    """Keep what many sessions have in common once, and no order that only saves looking through some pages.

    The end of what goes on changes at every tick: an order by it would be written anew each time.
    """
    for statement in _SMALL:
        database.execute(statement)


@migrations()
def m008_answers(database: Database) -> None:
    """Lay out the answers to self-checks; ``kept_longer`` is how many seconds longer than work one is kept."""
    database.execute(
        "CREATE TABLE answers (id INTEGER PRIMARY KEY, question TEXT NOT NULL, period TEXT NOT NULL DEFAULT '',"
        " value TEXT NOT NULL, answered_on TEXT NOT NULL, answered_at INTEGER NOT NULL,"
        " kept_longer INTEGER NOT NULL DEFAULT 0, UNIQUE (question, period))"
    )


@migrations()
def m009_what_became_of_notices(database: Database) -> None:
    """Keep what became of each notice: waiting and why, told when, put off until when and why, or over."""
    for column in (
        "waits_since INTEGER",
        "state TEXT NOT NULL DEFAULT 'told'",
        "held TEXT",
        "shown_at INTEGER",
        "snoozed_until INTEGER",
        "snooze_reason TEXT",
    ):
        database.execute(f"ALTER TABLE notices ADD COLUMN {column}")
    database.execute("UPDATE notices SET shown_at = told_at")


@migrations()
def m010_mendings(database: Database) -> None:
    """Lay out what was done about damage; from here on every row is sealed, when all steps are made (see ``seals``).

    To make room for the seals, an end is kept as the seconds since the start, and what a session was seen by in one
    number: columns that take no room say them as before (see ``store.room``).
    """
    for statement in _MENDINGS:
        database.execute(statement)


_FIRST_TABLES = (
    "CREATE TABLE spans (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL,"
    " active_minutes INTEGER NOT NULL)",
    "CREATE INDEX spans_end ON spans (end)",
    "CREATE TABLE observed (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, ended TEXT)",
    "CREATE INDEX observed_end ON observed (end)",
    "CREATE TABLE places (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, label TEXT,"
    " workstation TEXT NOT NULL, made_at INTEGER NOT NULL)",
    "CREATE TABLE fingerprints (fingerprint TEXT PRIMARY KEY, place INTEGER REFERENCES places (id),"
    " seen_at INTEGER NOT NULL, asked_at INTEGER) WITHOUT ROWID",
    # The network the collector sees now: one row, none where there is no network.
    "CREATE TABLE current_network (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), fingerprint TEXT NOT NULL)",
    # What was measured, and beside it what the employee says instead (null: as measured). AUTOINCREMENT: the number
    # of a session that was purged must not come to mean another one.
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " first_span INTEGER UNIQUE, measured_start INTEGER, measured_end INTEGER, fingerprint TEXT,"
    " zone TEXT NOT NULL, open INTEGER NOT NULL DEFAULT 0,"
    " start INTEGER, end INTEGER, place INTEGER REFERENCES places (id), workstation TEXT, confirmed INTEGER,"
    " removed INTEGER NOT NULL DEFAULT 0, changed_by TEXT, changed_at INTEGER)",
    "CREATE INDEX sessions_end ON sessions (coalesce(end, measured_end))",
    "CREATE TABLE pauses (start INTEGER NOT NULL, until INTEGER, ended INTEGER)",
    "CREATE TABLE agreements (id INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, body TEXT NOT NULL)",
    "CREATE TABLE notices (key TEXT PRIMARY KEY, text TEXT NOT NULL, told_at INTEGER NOT NULL,"
    " shown INTEGER NOT NULL) WITHOUT ROWID",
)


# What a session was before each of the employee's changes; triggers write it, so that no change can forget to.
# ``origin`` names a session that was not measured here, so that an import finds it again: nothing is doubled.
_NEW_ORIGIN = "'added:' || lower(hex(randomblob(8)))"
_BEFORE = "start, end, place, workstation, confirmed, removed, before_by, before_at"
_CORRECTIONS = (
    "ALTER TABLE sessions ADD COLUMN origin TEXT",
    f"UPDATE sessions SET origin = {_NEW_ORIGIN} WHERE measured_start IS NULL",
    "CREATE UNIQUE INDEX sessions_origin ON sessions (origin)",
    "CREATE TABLE corrections (id INTEGER PRIMARY KEY,"
    " session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, at INTEGER NOT NULL, by TEXT NOT NULL,"
    " was_there INTEGER NOT NULL, start INTEGER, end INTEGER, place INTEGER, workstation TEXT, confirmed INTEGER,"
    " removed INTEGER, before_by TEXT, before_at INTEGER)",
    "CREATE INDEX corrections_session ON corrections (session)",
    "INSERT INTO corrections (session, at, by, was_there, removed) SELECT id, changed_at,"
    " coalesce(changed_by, 'employee'), measured_start IS NOT NULL, 0 FROM sessions WHERE changed_at IS NOT NULL",
    "CREATE TRIGGER session_corrected AFTER UPDATE OF changed_at ON sessions WHEN new.changed_at IS NOT NULL BEGIN"
    f" INSERT INTO corrections (session, at, by, was_there, {_BEFORE}) VALUES (old.id, new.changed_at, new.changed_by,"
    " 1, old.start, old.end, old.place, old.workstation, old.confirmed, old.removed, old.changed_by, old.changed_at);"
    " END",
    "CREATE TRIGGER session_added AFTER INSERT ON sessions WHEN new.measured_start IS NULL BEGIN"
    f" UPDATE sessions SET origin = {_NEW_ORIGIN} WHERE id = new.id AND origin IS NULL;"
    " INSERT INTO corrections (session, at, by, was_there) VALUES (new.id, new.changed_at, new.changed_by, 0); END",
)

# The table of sessions is written anew without an order by the first span, which only matters while a session is open.
# Dropping the old one would take the corrections along; and a number that was given once must not be given again.
_COLUMNS = (
    "id, first_span, measured_start, measured_end, fingerprint, zone, open, start, end, place, workstation, confirmed,"
    " removed, changed_by, changed_at, watched, docked, origin"
)
_NUMBERED = _COLUMNS.replace("id,", "s.id,", 1).replace("fingerprint, zone", "n.id, z.id")
_SMALL_ARE_THE_SESSIONS = (
    "DELETE FROM sqlite_sequence WHERE name = 'small_sessions'",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'small_sessions', seq FROM sqlite_sequence WHERE name = 'sessions'",
    "CREATE TABLE kept AS SELECT * FROM corrections",
    "DROP TABLE sessions",
    "ALTER TABLE small_sessions RENAME TO sessions",
    "INSERT INTO corrections SELECT * FROM kept WHERE id NOT IN (SELECT id FROM corrections)",
    "DROP TABLE kept",
    "CREATE UNIQUE INDEX sessions_open ON sessions (first_span) WHERE open",
    "CREATE UNIQUE INDEX sessions_origin ON sessions (origin) WHERE origin IS NOT NULL",
    *_CORRECTIONS[-2:],
    "CREATE VIEW whole_sessions AS SELECT s.id, s.first_span, s.measured_start, s.measured_end,"
    " n.name AS fingerprint, z.name AS zone, s.open, s.start, s.end, s.place, s.workstation, s.confirmed, s.removed,"
    " s.changed_by, s.changed_at, s.watched, s.docked, s.origin"
    " FROM sessions s JOIN names z ON z.id = s.zone LEFT JOIN names n ON n.id = s.fingerprint",
)
_SMALL = (
    "CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "INSERT INTO names (name) SELECT zone FROM sessions"
    " UNION SELECT fingerprint FROM sessions WHERE fingerprint IS NOT NULL",
    "CREATE TABLE small_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " first_span INTEGER, measured_start INTEGER, measured_end INTEGER, fingerprint INTEGER,"
    " zone INTEGER NOT NULL, open INTEGER NOT NULL DEFAULT 0,"
    " start INTEGER, end INTEGER, place INTEGER REFERENCES places (id), workstation TEXT, confirmed INTEGER,"
    " removed INTEGER NOT NULL DEFAULT 0, changed_by TEXT, changed_at INTEGER,"
    " watched INTEGER NOT NULL DEFAULT 0, docked INTEGER NOT NULL DEFAULT 0, origin TEXT)",
    f"INSERT INTO small_sessions ({_COLUMNS}) SELECT {_NUMBERED}"
    " FROM sessions s JOIN names z ON z.name = s.zone LEFT JOIN names n ON n.name = s.fingerprint",
    *_SMALL_ARE_THE_SESSIONS,
    "DROP INDEX spans_end",
    "DROP INDEX observed_end",
)

_KEPT = _COLUMNS.replace("measured_end", "measured_seconds").replace("watched, docked", "seen_by")
_MENDINGS = (
    "CREATE TABLE mendings (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, file TEXT, saved INTEGER NOT NULL,"
    " lost INTEGER, days TEXT NOT NULL, paused INTEGER NOT NULL)",
    "CREATE TABLE small_spans (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, seconds INTEGER NOT NULL,"
    " active_minutes INTEGER NOT NULL, end INTEGER NOT NULL AS (start + seconds))",
    "INSERT INTO small_spans (id, start, seconds, active_minutes) SELECT id, start, end - start, active_minutes"
    " FROM spans",
    "DROP TABLE spans",
    "ALTER TABLE small_spans RENAME TO spans",
    "CREATE TABLE small_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " first_span INTEGER, measured_start INTEGER, measured_seconds INTEGER, fingerprint INTEGER,"
    " zone INTEGER NOT NULL, open INTEGER NOT NULL DEFAULT 0,"
    " start INTEGER, end INTEGER, place INTEGER REFERENCES places (id), workstation TEXT, confirmed INTEGER,"
    " removed INTEGER NOT NULL DEFAULT 0, changed_by TEXT, changed_at INTEGER,"
    " seen_by INTEGER NOT NULL DEFAULT 0, origin TEXT,"
    " measured_end INTEGER AS (measured_start + measured_seconds),"
    f" watched INTEGER NOT NULL AS (seen_by & {WATCHED} != 0), docked INTEGER NOT NULL AS (seen_by & {DOCKED} != 0))",
    f"INSERT INTO small_sessions ({_KEPT}) SELECT "
    + _COLUMNS.replace("measured_end", "measured_end - measured_start").replace(
        "watched, docked", f"watched * {WATCHED} + docked * {DOCKED}"
    )
    + " FROM sessions",
    "DROP VIEW whole_sessions",
    *_SMALL_ARE_THE_SESSIONS,
)


def apply(connection: sqlite3.Connection) -> None:
    """Make the steps that are still to be made, inside a transaction of the caller."""
    # Plugins of the library would be other people's code in this process.
    migrations.apply(Database(connection, execute_plugins=False, recursive_triggers=False))


def main() -> int:
    """Bring the person's own file up to date; return the exit code."""
    try:
        WorkFile(default_paths(os.environ).work).close()
    except StoreError as error:
        return error.exit_code  # whoever opens the file next tells why
    return 0


if __name__ == "__main__":
    sys.exit(main())
