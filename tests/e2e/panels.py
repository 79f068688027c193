"""Real panels for tests: Xfce's, with its tray and nothing else on it, and the settings daemon it needs."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from e2e.desktop import ended, wait_until

# Where Debian keeps programs that are not on the path.
_XFCONFD = "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd"
_NOTIFYD = "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd"
WATCHER = "org.kde.StatusNotifierWatcher"
ICON = (25, 585)
"""Where the first icon stands on a screen of 800 by 600."""

_PANEL = (
    ("/configver", "int", "2"),
    ("/panels", "int", "1"),
    ("/panels/panel-1/position", "string", "p=8;x=0;y=0"),
    ("/panels/panel-1/length", "uint", "100"),
    ("/panels/panel-1/size", "uint", "30"),
    ("/panels/panel-1/plugin-ids", "int", "1"),
    ("/plugins/plugin-1", "string", "systray"),
)
_ARRAYS = ("/panels", "/panels/panel-1/plugin-ids")


def why_no_panel() -> str | None:
    """Return in words what is missing for an Xfce panel; None when all is there."""
    is_there = os.path.exists(_XFCONFD) and any(os.path.exists(f"{at}/xfce4-panel") for at in os.get_exec_path())
    return None if is_there else "system package not installed: xfce4-panel"


def why_no_notifyd() -> str | None:
    """Return in words what is missing for Xfce's notification daemon; None when all is there."""
    is_there = os.path.exists(_XFCONFD) and os.path.exists(_NOTIFYD)
    return None if is_there else "system package not installed: xfce4-notifyd"


def xfce_environment(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return an environment whose settings are kept below ``home``."""
    folders = {"XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data"}
    return {**environ, **{name: str(home / folder) for name, folder in folders.items()}, "NO_AT_BRIDGE": "1"}


@contextlib.contextmanager
def settings_daemon(environ: Mapping[str, str]) -> Iterator[None]:
    """Run xfconfd until the block ends."""
    with _program([_XFCONFD], environ):
        wait_until(lambda: owns(environ, "org.xfce.Xfconf"), "xfconfd answers")
        yield


@contextlib.contextmanager
def panel(environ: Mapping[str, str]) -> Iterator[None]:
    """Run a panel with a tray, below which a :func:`settings_daemon` runs; given when the tray takes icons."""
    for name, kind, value in _PANEL:
        array = ["-a"] if name in _ARRAYS else []
        setting(environ, "xfce4-panel", name, kind, value, *array)
    with _program(["xfce4-panel", "--disable-wm-check"], environ):
        wait_until(lambda: owns(environ, WATCHER), "the panel's tray answers")
        yield


def has_icon(environ: Mapping[str, str]) -> bool:
    """Return whether the panel's tray has taken an icon of somebody."""
    command = ["dbus-send", "--session", "--print-reply", f"--dest={WATCHER}", "/StatusNotifierWatcher"]
    command += ["org.freedesktop.DBus.Properties.Get", f"string:{WATCHER}", "string:RegisteredStatusNotifierItems"]
    asked = subprocess.run(command, env=dict(environ), capture_output=True, text=True, timeout=10, check=True)
    return 'string "' in asked.stdout


@contextlib.contextmanager
def notifyd(environ: Mapping[str, str]) -> Iterator[None]:
    """Run Xfce's notification daemon, below which a :func:`settings_daemon` runs."""
    with _program([_NOTIFYD], environ):
        wait_until(lambda: owns(environ, "org.freedesktop.Notifications"), "xfce4-notifyd answers")
        yield


def setting(environ: Mapping[str, str], channel: str, name: str, kind: str, value: str, *options: str) -> None:
    """Set one of Xfce's settings."""
    command = ["xfconf-query", "-c", channel, "-p", name, "-n", *options, "-t", kind, "-s", value]
    subprocess.run(command, env=dict(environ), check=True, timeout=10)


def owns(environ: Mapping[str, str], name: str) -> bool:
    """Return whether somebody on the session bus has that name."""
    command = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
    command += ["org.freedesktop.DBus.NameHasOwner", f"string:{name}"]
    asked = subprocess.run(command, env=dict(environ), capture_output=True, text=True, timeout=10, check=True)
    return "true" in asked.stdout


def screenshot(environ: Mapping[str, str], file: Path) -> None:
    """Write a picture of the whole screen."""
    subprocess.run(["import", "-window", "root", str(file)], env=dict(environ), check=True, timeout=20)


@contextlib.contextmanager
def _program(command: list[str], environ: Mapping[str, str]) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    with ended(subprocess.Popen(command, env=dict(environ), stdout=quiet, stderr=quiet)):
        yield
