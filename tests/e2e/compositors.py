"""Real compositors without a screen: GNOME's (Mutter) and KDE's (KWin), and somebody who moves the mouse there.

Each is a process of its own, in a private folder, ended by its own handle.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from e2e.desktop import clean_environment, ended, session_bus, wait_until
from fyraften_agent.sensors.bus import Bus, BusError
from fyraften_agent.sensors.wayland_wire import Wire, WireError

_REMOTE = "org.gnome.Mutter.RemoteDesktop"
_FAKE_INPUT = "org_kde_kwin_fake_input"


@dataclass(frozen=True)
class Compositor:
    """A session without a screen. ``environ`` is the environment of the programs in it."""

    environ: Mapping[str, str]
    process: subprocess.Popen[bytes]


class GnomeMouse:
    """Moves the mouse by Mutter's own service for remote desktops."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._bus = Bus(environ["DBUS_SESSION_BUS_ADDRESS"])
        (self._session,) = self._bus.ask(_REMOTE, "/org/gnome/Mutter/RemoteDesktop", f"{_REMOTE}.CreateSession")
        self._bus.ask(_REMOTE, self._session, f"{_REMOTE}.Session.Start")

    def move(self) -> None:
        """Move a little."""
        member = f"{_REMOTE}.Session.NotifyPointerMotionRelative"
        self._bus.ask(_REMOTE, self._session, member, "dd", (3.0, 3.0))

    def close(self) -> None:
        """Let go of the mouse."""
        self._bus.close()


class KdeMouse:
    """Moves the mouse by KWin's protocol for testing."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._wire = Wire(Path(environ["XDG_RUNTIME_DIR"]) / environ["WAYLAND_DISPLAY"])
        offer = self._wire.offered(_FAKE_INPUT)
        assert offer is not None
        self._input = self._wire.bind(offer, 1)
        word = struct.pack("=I", 5) + b"test\0\0\0\0"
        self._wire.send(self._input, 0, word + word)
        self._wire.round_trip()

    def move(self) -> None:
        """Move a little."""
        self._wire.send(self._input, 1, struct.pack("=ii", 3 << 8, 3 << 8))
        self._wire.round_trip()

    def close(self) -> None:
        """Let go of the mouse."""
        self._wire.close()


@contextlib.contextmanager
def gnome(home: Path) -> Iterator[Compositor]:
    """Run Mutter with a virtual monitor, on a bus of its own."""
    with session_bus(home) as address:
        environ = {
            **clean_environment(home),
            "DBUS_SESSION_BUS_ADDRESS": address,
            "GSETTINGS_BACKEND": "memory",
            "WAYLAND_DISPLAY": "gnome-0",
        }
        command = ["mutter", "--headless", "--wayland", "--no-x11", "--wayland-display=gnome-0"]
        with _running([*command, "--virtual-monitor", "800x600"], environ) as process:
            wait_until(lambda: _offers_idle_counter(address), "Mutter answers", seconds=30)
            yield Compositor(environ, process)


@contextlib.contextmanager
def kde(home: Path) -> Iterator[Compositor]:
    """Run KWin with a virtual screen, on a bus of its own."""
    program = shutil.which("kwin_wayland")
    assert program is not None
    # The packaged program may raise its own priority, which a container does not allow: a copy may not.
    shutil.copyfile(program, home / "kwin_wayland")
    os.chmod(home / "kwin_wayland", 0o700)
    with session_bus(home) as address:
        environ = {
            **clean_environment(home),
            "DBUS_SESSION_BUS_ADDRESS": address,
            "QT_QPA_PLATFORM": "offscreen",
            "KWIN_COMPOSE": "Q",
            "KWIN_WAYLAND_NO_PERMISSION_CHECKS": "1",
            "WAYLAND_DISPLAY": "kde-0",
        }
        command = [str(home / "kwin_wayland"), "--virtual", "--no-lockscreen", "--socket", "kde-0"]
        outside = {name: value for name, value in environ.items() if name != "WAYLAND_DISPLAY"}
        with _running(command, outside) as process:
            wait_until(lambda: _answers(home / "kde-0"), "KWin answers", seconds=30)
            yield Compositor(environ, process)


@contextlib.contextmanager
def _running(command: list[str], environ: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(command, env=dict(environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with ended(started) as process:
        yield process


def _offers_idle_counter(address: str) -> bool:
    try:
        bus = Bus(address)
    except BusError:
        return False
    try:
        return bus.owns("org.gnome.Mutter.IdleMonitor") and bus.owns(_REMOTE)
    except BusError:
        return False
    finally:
        bus.close()


def _answers(path: Path) -> bool:
    try:
        Wire(path).close()
    except WireError:
        return False
    return True
