"""Whether the desktop is set to do not disturb, asked of whoever shows its notices, in the way each of them tells it.

Not here: showing (``desktop_notices``).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping

from fyraften_agent.sensors.bus import Bus, BusError, session_bus

_NOTIFICATIONS, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_DUNST = "org.dunstproject.cmd0"
_XFCE, _XFCE_PATH = "org.xfce.Xfconf", "/org/xfce/Xfconf"
_MAKO, _MAKO_PATH = "fr.emersion.Mako", "/fr/emersion/Mako"
_GNOME_SETTING = ("gsettings", "get", "org.gnome.desktop.notifications", "show-banners")
_SECONDS = 3


def is_set(environ: Mapping[str, str]) -> bool:
    """Return whether it is set; False where nobody says."""
    address = session_bus(environ)
    if address is None:
        return False
    try:
        bus = Bus(address)
    except BusError:
        return False
    try:
        return _is_set(bus, environ)
    finally:
        bus.close()


def _is_set(bus: Bus, environ: Mapping[str, str]) -> bool:
    try:
        name, *_rest = bus.ask(_NOTIFICATIONS, _PATH, f"{_NOTIFICATIONS}.GetServerInformation")
    except BusError:
        return False
    match str(name).lower():
        case "gnome-shell":
            return _gnome_setting(environ)
        case "dunst":
            return _property(bus, f"{_DUNST}.paused")
        case "xfce notify daemon":
            return _xfce_setting(bus)
        case "mako":
            return _mako_mode(bus)
    return _property(bus, f"{_NOTIFICATIONS}.Inhibited")  # KDE, and whoever does as the specification's newer text


def _property(bus: Bus, member: str) -> bool:
    try:
        return bus.property(_NOTIFICATIONS, _PATH, member) is True
    except BusError:
        return False


def _xfce_setting(bus: Bus) -> bool:
    try:
        ((_signature, value),) = bus.ask(
            _XFCE, _XFCE_PATH, f"{_XFCE}.GetProperty", "ss", ("xfce4-notifyd", "/do-not-disturb")
        )
    except (BusError, TypeError, ValueError):
        return False
    return value is True


def _mako_mode(bus: Bus) -> bool:
    """Return whether the mode is on that mako's users call so, as its manual does."""
    try:
        (modes,) = bus.ask(_MAKO, _MAKO_PATH, f"{_MAKO}.ListModes")
    except (BusError, ValueError):
        return False
    return "do-not-disturb" in modes


def _gnome_setting(environ: Mapping[str, str]) -> bool:
    """Return whether banners are off; the settings are a file that only GNOME's own library reads."""
    if shutil.which(_GNOME_SETTING[0], path=environ.get("PATH")) is None:
        return False
    try:
        asked = subprocess.run(
            _GNOME_SETTING, env=dict(environ), capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.stdout.strip() == "false"
