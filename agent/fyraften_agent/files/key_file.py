"""Writes a new key file as a whole or not at all: half a key would stop everything it is needed for.

Not here: what is in it (``keys``, ``place_key``).
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from fyraften_agent.errors import StoreError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def write_new(path: Path, content: bytes) -> None:
    """Write a private file (0600) that is not there yet, in a folder (0700) that is made if need be.

    Raises:
        FileExistsError: there is one; it is as it was.
        StoreError: it cannot be written; nothing is left of it.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(fresh, "wb", opener=_private) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(fresh, path)  # refuses where there is a file, as a rename would not
        finally:
            fresh.unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise StoreError(
            mark("The key file {path} cannot be made: {reason}. Check that its folder belongs to you."),
            path=path,
            reason=reason_of(error),
            trouble="full" if error.errno in NO_ROOM else "closed",
        ) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
