"""The note of the ledger's end, by which it is noticed that entries were cut off: a chain of hashes cannot show that.

It is kept in a file beside the keys, and in the keyring where the ledger's key is in one.
Standard library only, as those who read consent all day read it, too. Not here: the ledger (``ledger_store.py``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fyraften_agent.consent.ledger import Event, LedgerError, check_head
from fyraften_agent.consent.ledger_file import storage_errors
from fyraften_policy.languages import mark

if TYPE_CHECKING:
    from fyraften_agent.consent.keys import Keys

HEAD = "ledger.head"


def read_head(file: Path) -> tuple[int, str]:
    """Return number and hash of the latest event known to have been written, ``(0, "")`` where nothing is known."""
    try:
        return parse_head(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0, ""
    except ValueError:
        raise LedgerError(0, mark("The consent ledger has a damaged record of its end, {file}."), file=file) from None


def parse_head(line: str) -> tuple[int, str]:
    """Return number and hash out of the words of :func:`head_line`; raises :class:`ValueError`."""
    number, digest = line.split()
    return int(number), digest


def head_line(event: Event) -> str:
    """Return the words under which the latest event is remembered."""
    return f"{event.number} {event.hash}\n"


def write_head(file: Path, event: Event) -> None:
    """Record the latest event, so that a ledger put back to an older copy is noticed."""
    with storage_errors():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.{os.getpid()}")  # another process may write its own at the same time
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as opened:
            opened.write(head_line(event))
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)


def check_kept_head(read: Callable[[], Sequence[Event]], keys: Keys) -> None:
    """Compare the ledger's end with the note of it in the keyring, if its key is in one.

    Args:
        read: returns the events; asked after the keyring, as another process may add one in between.

    Raises:
        LedgerError: events are gone that were there once.
        KeyringGoneError: the keyring cannot be asked now.
    """
    from fyraften_agent.consent.keys import LEDGER_KEY

    kept = keys.head(LEDGER_KEY)
    if kept is None:
        return
    try:
        number, digest = parse_head(kept)
    except ValueError:
        raise LedgerError(0, mark("The system's keyring has a damaged record of the ledger's end.")) from None
    check_head(read(), number, digest)
