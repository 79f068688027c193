"""Where the agent keeps its files.

One folder per person, readable by that person alone (mode 0700).  ``FYRAFTEN_HOME`` moves everything below another
folder; without it the platform's usual place for a program's own files is taken.
The only function that changes the disk is :meth:`Paths.prepare`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from fyraften_agent.errors import StoreError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of


class Paths(NamedTuple):
    """The agent's files, all derived from one folder."""

    folder: Path

    @property
    def work(self) -> Path:
        """Raw sessions, places, notices, agreement: never leaves the laptop."""
        return self.folder / "work.sqlite3"

    @property
    def ledger(self) -> Path:
        """Consent ledger, enrolments, outbox, receipts."""
        return self.folder / "ledger.sqlite3"

    @property
    def keys(self) -> Path:
        """Folder of key files (0700), each of mode 0600."""
        return self.folder / "keys"

    @property
    def log(self) -> Path:
        """What the background processes had to say, in plain lines without any content of work."""
        return self.folder / "agent.log"

    @property
    def control(self) -> str:
        """Address of the supervisor's control channel: a UNIX socket in the folder, a named pipe on Windows."""
        if sys.platform == "win32":
            import hashlib  # five megabytes of OpenSSL, which the supervisor does not need elsewhere

            return rf"\\.\pipe\fyraften-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"
        return str(self.folder / "control")

    def check(self) -> None:
        """Raise :class:`StoreError` if a file stands where the folder is to be; creates nothing."""
        nearest = next((one for one in (self.folder, *self.folder.parents) if one.exists()), self.folder)
        if nearest.exists() and not nearest.is_dir():
            raise StoreError(
                mark("{path} is no folder, so nothing can be kept there. Name another one in FYRAFTEN_HOME."),
                path=nearest,
            )

    def prepare(self) -> None:
        """Create the folder, or close an existing one to everybody else.

        Raises:
            StoreError: the folder cannot be made.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
        except OSError as error:
            raise StoreError(
                mark(
                    "The folder {path} cannot be used: {reason}. "
                    "Make it writable for you, or name another one in FYRAFTEN_HOME."
                ),
                path=self.folder,
                reason=reason_of(error),
            ) from error


def default_paths(environ: Mapping[str, str]) -> Paths:
    """Return the person's own paths; nothing is created.

    Args:
        environ: the environment; an empty ``FYRAFTEN_HOME`` counts as not set.
    """
    home = environ.get("FYRAFTEN_HOME", "")
    if home:
        return Paths(Path(os.path.abspath(os.path.expanduser(home))))
    import platformdirs  # not needed where FYRAFTEN_HOME is set

    return Paths(Path(platformdirs.user_data_dir("fyraften", appauthor=False)))
