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
_SWAY, _SWAY_PATH = "org.erikreider.swaync.cc", "/org/erikreider/swaync/cc"
# Schema, key, and the value that wants no disturbance.
_GNOME = ("org.gnome.desktop.notifications", "show-banners", "false")
_MATE = ("org.mate.NotificationDaemon", "do-not-disturb", "true")
_CINNAMON = ("org.cinnamon.desktop.notifications", "display-notifications", "false")
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
        name, vendor, *_rest = bus.ask(_NOTIFICATIONS, _PATH, f"{_NOTIFICATIONS}.GetServerInformation")
    except (BusError, ValueError):
        return False
    match str(name).lower(), str(vendor).lower():
        case "gnome-shell", _:
            return _setting(environ, *_GNOME)
        case "cinnamon", _:
            return _setting(environ, *_CINNAMON)
        case _, "mate":
            return _setting(environ, *_MATE)
        case "dunst", _:
            return _property(bus, f"{_DUNST}.paused")
        case "xfce notify daemon", _:
            return _xfce_setting(bus)
        case "mako", _:
            return _mako_mode(bus)
        case "swaynotificationcenter", _:
            return _sway_switch(bus)
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


def _sway_switch(bus: Bus) -> bool:
    """Return whether its switch is on; the name that shows notices has that object, too."""
    try:
        return bus.ask(_NOTIFICATIONS, _SWAY_PATH, f"{_SWAY}.GetDnd") == (True,)
    except BusError:
        return False


def _setting(environ: Mapping[str, str], schema: str, key: str, quiet: str) -> bool:
    """Return whether a setting of GNOME or one of its kin has that value; only GNOME's own library reads their file."""
    command = ("gsettings", "get", schema, key)
    if shutil.which(command[0], path=environ.get("PATH")) is None:
        return False
    try:
        asked = subprocess.run(
            command, env=dict(environ), capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.stdout.strip() == quiet
