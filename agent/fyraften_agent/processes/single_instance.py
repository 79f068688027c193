"""The lock that only one supervisor, and one collector, of a folder can hold. Standard library only.

The system frees it when the process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from fyraften_agent.errors import AlreadyRunningError
from fyraften_agent.paths import Paths
from fyraften_policy.languages import mark


@contextlib.contextmanager
def only_instance(paths: Paths, who: str = "supervisor") -> Iterator[None]:
    """Hold the lock that ``who`` has on these paths.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    descriptor = os.open(paths.folder / f"{who}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(descriptor)
        except OSError as error:
            raise AlreadyRunningError(
                mark("Fyraften already runs for {folder}. See: fyraften status"), folder=paths.folder
            ) from error
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
