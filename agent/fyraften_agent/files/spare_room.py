"""A little room on the disk, kept so that a consent can be taken back when the disk is full.

A file beside the ledger, made when a consent is given and given up when a withdrawal finds no room.
Not here: the ledger.
"""

from __future__ import annotations

import contextlib
import os

from fyraften_agent.paths import Paths

SPARE = "ledger.spare"
_BYTES = 256 * 1024  # more than the pages and the journal of a withdrawal


def keep_spare_room(paths: Paths) -> None:
    """Write the spare file, unless it is there. Without room for it there is none: agreeing is not refused for that."""
    file = paths.folder / SPARE
    with contextlib.suppress(OSError):
        if file.exists() and file.stat().st_size == _BYTES:
            return
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(os.urandom(_BYTES))  # noise: a file of zeros may take no room at all


def give_up_spare_room(paths: Paths) -> bool:
    """Remove the spare file; say whether there was one."""
    try:
        (paths.folder / SPARE).unlink()
    except OSError:
        return False
    return True
