"""A real keyring for tests: GNOME Keyring on a message bus of its own, in a folder of its own, unlocked or locked."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from e2e.desktop import session_bus, wait_until

PASSWORD = b"a password nobody uses elsewhere"

needs_keyring = pytest.mark.skipif(
    shutil.which("gnome-keyring-daemon") is None or shutil.which("dbus-daemon") is None,
    reason="system package not installed: gnome-keyring, dbus",
)


class RealKeyring:
    """A session with a keyring. ``environ`` is what the programs of that session see."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder, self._daemon = folder, contextlib.ExitStack()
        (folder / "run").mkdir(mode=0o700, parents=True)
        self.environ: Mapping[str, str] = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_DATA_HOME": str(folder / "share"),
            "DBUS_SESSION_BUS_ADDRESS": address,
        }

    def start(self, *, unlocked: bool = True) -> None:
        """Start the keyring's program as logging in does; ``unlocked`` is logging in with the password."""
        # As a person's session: the first password makes the keyring, which without one stays locked.
        options = ["--unlock"] if unlocked else []
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *options]
        daemon = subprocess.Popen(
            command, env=dict(self.environ), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._daemon.callback(self._end, daemon)
        assert daemon.stdin is not None
        daemon.stdin.write(PASSWORD if unlocked else b"")
        daemon.stdin.close()
        wait_until(self._is_there, "the keyring is on the bus")

    def stop(self) -> None:
        """End the keyring's program, as logging out does."""
        self._daemon.close()

    def files(self) -> bytes:
        """Return everything the keyring's program wrote."""
        return b"".join(file.read_bytes() for file in sorted((self._folder / "share").rglob("*")) if file.is_file())

    def _is_there(self) -> bool:
        command = [
            *("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"),
            *("org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"),
        ]
        asked = subprocess.run(command, env=dict(self.environ), capture_output=True, text=True, timeout=10, check=False)
        return "boolean true" in asked.stdout

    @staticmethod
    def _end(daemon: subprocess.Popen[bytes]) -> None:
        daemon.terminate()
        daemon.wait(10)


@contextlib.contextmanager
def real_keyring(folder: Path) -> Iterator[RealKeyring]:
    """Run a bus and a keyring that is unlocked until the block ends."""
    (folder / "session").mkdir(mode=0o700)
    with session_bus(folder / "session") as address:
        keyring = RealKeyring(folder / "session", address)
        keyring.start()
        try:
            yield keyring
        finally:
            keyring.stop()
