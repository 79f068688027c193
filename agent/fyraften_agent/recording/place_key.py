"""The key of the place fingerprints: 32 random bytes in a private file, made when recording first begins.

Whoever has the raw data without this file cannot test whether a known network is among the fingerprints.
Not here: what the key is used for (``places``), keys that sign (``keys``).
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from fyraften_agent.errors import StoreError
from fyraften_agent.files.key_file import write_new
from fyraften_agent.recording.places import KEY_BYTES
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

PLACE_KEY = "places.key"


def load_place_key(folder: Path) -> bytes:
    """Return the key in ``folder``, made if there is none.

    Raises:
        StoreError: the file cannot be read or made, or holds something else.
    """
    path = folder / PLACE_KEY
    if not path.exists():
        with suppress(FileExistsError):
            write_new(path, secrets.token_bytes(KEY_BYTES))
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(
            mark("The key file {path} cannot be read: {reason}. Check that it belongs to you."),
            path=path,
            reason=reason_of(error),
        ) from error
    if len(key) != KEY_BYTES:
        raise StoreError(
            mark(
                "The key file {path} has {length} bytes instead of {right}. Remove it: a new one is made, and you "
                "are asked once more where each network is."
            ),
            path=path,
            length=len(key),
            right=KEY_BYTES,
            trouble="damaged",
        )
    return key
