"""Writes a file of the employee's as a whole or not at all, readable by them alone.

What stood there before stays until the new content is on the disk.  The agent's own folder is out of reach: a name
given by mistake, or a link, must not cost the records or a key.
Not here: the agent's own files, but for the note on where a key is, which is written whole as well.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from fyraften_agent.errors import InputError, StoreError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of


def write_whole(path: Path, content: bytes, *, may_replace: bool, own: Path | None) -> None:
    """Write the file, mode 0600.

    Args:
        own: the agent's own folder, in which nothing is written; ``None`` where the file is the agent's own.

    Raises:
        InputError: there is one already, and it may not be replaced; or there is a folder or device of that name; or it
            is one of the agent's own files, whatever it is called here.
        StoreError: it cannot be written; what stood there is as it was.
    """
    if own is not None and _is_own(path, own):
        raise InputError(
            mark(
                "{path} is one of Fyraften's own files, or in its own folder ({own}): nothing was written. "
                "Name a file in another folder."
            ),
            path=path,
            own=own,
        )
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


def _is_own(path: Path, own: Path) -> bool:
    """Say whether a file lies in the agent's folder, or is one that lies there under another name (a link)."""
    home, target = Path(os.path.realpath(own)), Path(os.path.realpath(path))
    return target.is_relative_to(home) or any(
        _is_same(path, Path(place) / name) for place, _folders, names in os.walk(home) for name in names
    )


def _is_same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there
        return False
