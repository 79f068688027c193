"""A seal on every row of the raw data: a checksum over the row, so that a value that damage changed is noticed.

The database itself keeps no checksums: a flipped bit in the time of a session reads as another time.  Triggers write
the seal, so that no way of changing a row can forget to.  It finds damage; it proves nothing against a person, who may
change their own data as they like.
Not here: what is done about damage (``mending``).
"""

from __future__ import annotations

import binascii
import sqlite3
from typing import Final

SEAL: Final = "seal"
UNSEALED: Final = ("_sqlite_migrations", "sqlite_sequence")
"""Tables that belong to the file itself."""

Value = None | int | float | str | bytes  # no table of ours keeps bytes; a damaged file may seem to
_FUNCTION = "row_seal"


def seal(table: str, *values: Value) -> int:
    """Return the checksum of a row: of a CRC-32 as much as the database keeps in three bytes, as a signed number.

    It notices every change but for one in sixteen million.
    """
    # As every version of Python writes them, and no two rows alike.
    return (binascii.crc32(ascii((table, *values)).encode("ascii")) & 0xFFFFFF) - 2**23


def let_seal(connection: sqlite3.Connection) -> None:
    """Give the connection the function that the triggers call."""
    connection.create_function(_FUNCTION, -1, seal, deterministic=True)


def seal_tables(connection: sqlite3.Connection) -> None:
    """Seal every row of every table, and let triggers keep it so; where tables were made or changed."""
    for table in sealed_tables(connection):
        columns = row_columns(connection, table)
        if SEAL not in _all_columns(connection, table):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {SEAL} INTEGER")
        key = " AND ".join(f"{name} = new.{name}" for name in _key(connection, table))
        sealed = f"UPDATE {table} SET {SEAL} = {_call(table, columns)}"
        # A change of a damaged row must not seal the damage: it keeps a seal that does not fit.
        was_whole = f"(old.{SEAL} IS NULL OR old.{SEAL} IS {_call(table, [f'old.{name}' for name in columns])})"
        for name, event in (
            ("added", f"INSERT ON {table}"),
            ("changed", f"UPDATE OF {', '.join(columns)} ON {table} WHEN {was_whole}"),
        ):
            connection.execute(f"DROP TRIGGER IF EXISTS {table}_sealed_{name}")
            connection.execute(f"CREATE TRIGGER {table}_sealed_{name} AFTER {event} BEGIN {sealed} WHERE {key}; END")
        connection.execute(sealed)


def broken_seals(connection: sqlite3.Connection) -> int:
    """Return how many rows are not as they were written."""
    return sum(
        connection.execute(
            f"SELECT count(*) FROM {table} WHERE {SEAL} IS NOT {_call(table, row_columns(connection, table))}"
        ).fetchone()[0]
        for table in sealed_tables(connection)
    )


def sealed_tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables whose rows have a seal, or are to get one."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows if name not in UNSEALED]


def row_columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns that a seal is over, in their order."""
    return [name for name in _all_columns(connection, table) if name != SEAL]


def _all_columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _key(connection: sqlite3.Connection, table: str) -> list[str]:
    keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
    return keys or ["rowid"]


def _call(table: str, columns: list[str]) -> str:
    return f"{_FUNCTION}('{table}', {', '.join(columns)})"
