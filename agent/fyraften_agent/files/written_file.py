"""Writes a file of the employee's as a whole or not at all, readable by them alone.

What stood there before stays until the new content is on the disk.
Not here: the agent's own files.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from fyraften_agent.errors import InputError, StoreError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of


def write_whole(path: Path, content: bytes, *, may_replace: bool) -> None:
    """Write the file, mode 0600.

    Raises:
        InputError: there is one already, and it may not be replaced; or there is a folder or device of that name.
        StoreError: it cannot be written; what stood there is as it was.
    """
    if path.exists() and not path.is_file():
        raise InputError(mark("{path} is a folder, or no file that can be written anew. Name a file."), path=path)
    if path.exists() and not may_replace:
        raise InputError(mark("{path} is there already. Name another file, or add --replace."), path=path)
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with open(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise StoreError(
            mark("The file {path} cannot be written: {reason}. Nothing was written. Name a file in another folder."),
            path=path,
            reason=reason_of(error),
        ) from error
