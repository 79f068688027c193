"""Damaged files that were set aside: their names, and how they are deleted.

They hold raw data, and what was erased since; so they go with whatever is erased, and are kept no longer than records.
Not here: setting them aside (``mending``).
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_STAMP = "%Y-%m-%d-%H%M%S"


def stamp_of(at: int) -> str:
    """Return an instant as the name of a file tells it."""
    return datetime.fromtimestamp(at, UTC).strftime(_STAMP)


def set_aside_name(path: Path, stamp: str) -> Path:
    """Return where a damaged file is set aside."""
    return path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")


def set_aside(path: Path) -> list[Path]:
    """Return the damaged files that are kept beside the records, with their logs, the oldest first."""
    return sorted(path.parent.glob(f"{path.stem}.damaged-*"))


def set_aside_since(path: Path, at: int) -> int:
    """Return how many files were set aside since an instant."""
    return sum(file.suffix == path.suffix and _set_aside_at(file) > at for file in set_aside(path))


def remove_set_aside(path: Path, before: int | None = None) -> int:
    """Delete the damaged files set aside before an instant (None: all); return how many files there were.

    They are written over first: what the database overwrites when it deletes must not stay here.
    """
    gone = [file for file in set_aside(path) if before is None or _set_aside_at(file) < before]
    for file in gone:
        with suppress(OSError), file.open("r+b") as opened:
            opened.write(bytes(file.stat().st_size))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink(missing_ok=True)
    return len(gone)


def _set_aside_at(file: Path) -> int:
    stamp = "-".join(file.name.split(".damaged-", 1)[1].split(".")[0].split("-")[:4])
    try:
        return int(datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return int(file.stat().st_mtime)
