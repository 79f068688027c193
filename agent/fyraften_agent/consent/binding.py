"""What ties a consent to the place where it was given: this computer, this account, this folder.

A folder copied to another computer, account or path carries the consent's events with it, but no consent. The three
are kept only as a hash with the ledger's own key in it, which says nothing to who does not know them already.
Standard library only. Not here: who reads it (``ledger_store.py``), and what a program of the same account can do.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from fyraften_agent.consent.ledger import Event, LedgerError
from fyraften_agent.errors import AgentError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence

BOUND_TO = "bound_to"
_MACHINE_IDS = ("etc/machine-id", "var/lib/dbus/machine-id")


class ElsewhereError(LedgerError):
    """The consent to ``purpose`` was given on another computer, under another account, or in another folder."""

    def __init__(self, number: int, purpose: str) -> None:
        self.number, self.purpose = number, purpose
        self.problem = Sentence(
            mark(
                "Event {number} of the consent ledger, a consent ({purpose}), was given on another computer, under "
                "another account or in another folder, and does not hold here."
            ),
            {"number": number, "purpose": purpose},
        )
        # Not the words of a damaged ledger: this one is sound, and can be taken back or renewed.
        AgentError.__init__(
            self,
            mark(
                "{problem} Nothing is recorded or sent with it. To agree here, write in a terminal: fyraften consent "
                "give {purpose}. To take it back: fyraften consent withdraw {purpose}"
            ),
            problem=self.problem,
            purpose=purpose,
        )


def binding(key_id: str, folder: Path, root: Path = Path("/")) -> str:
    """Return the hash of this computer, this account and ``folder``.

    Args:
        key_id: what the first event names as the one before it; it differs between ledgers.
        root: folder that holds ``etc``; another one in tests.
    """
    account = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    words = (key_id, _machine_id(root), account, os.path.realpath(folder))
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()


def check_binding(events: Sequence[Event], purpose: str, here: str) -> None:
    """Raise :class:`ElsewhereError` unless the latest consent to ``purpose`` was given where ``here`` is."""
    given = [event for event in events if event.kind == "given" and event.purpose == purpose]
    if given and given[-1].details.get(BOUND_TO) != here:
        raise ElsewhereError(given[-1].number, purpose)


def _machine_id(root: Path) -> str:
    """Return what names this installation of the system, or nothing where it has no such name."""
    for name in _MACHINE_IDS:
        try:
            return (root / name).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
    with contextlib.suppress(OSError, ImportError, AttributeError):
        if sys.platform == "win32":
            return _windows_id()
        if sys.platform == "darwin":
            return _mac_id()
    return ""


def _windows_id() -> str:
    import winreg  # there only

    place = r"SOFTWARE\Microsoft\Cryptography"
    access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY  # type: ignore[attr-defined]  # typed on Windows only
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place, 0, access) as key:  # type: ignore[attr-defined]  # as above
        return str(winreg.QueryValueEx(key, "MachineGuid")[0])  # type: ignore[attr-defined]  # as above


def _mac_id() -> str:
    import ctypes  # only where no file tells

    found, wait = ctypes.create_string_buffer(16), (ctypes.c_long * 2)(1, 0)
    if ctypes.CDLL(None, use_errno=True).gethostuuid(found, wait) != 0:
        raise OSError(ctypes.get_errno(), "gethostuuid")
    return found.raw.hex()
