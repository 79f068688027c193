"""What no notice may disturb, seen on real desktops: a full screen, do not disturb, a microphone in use."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from e2e import panels
from e2e.desktop import Desktop, ended, missing, wait_until
from fyraften_agent.sensors.do_not_disturb import is_set
from fyraften_agent.sensors.full_screen import is_full_screen
from fyraften_agent.sensors.media_use import is_in_use
from fyraften_agent.sensors.occupied import on_linux

pytestmark = pytest.mark.desktop


def require(*programs: str) -> None:
    reason = missing(*programs)
    if reason is not None:
        pytest.skip(reason)


@contextlib.contextmanager
def program(environ: Mapping[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    with ended(subprocess.Popen(command, env=dict(environ), stdout=quiet, stderr=quiet)) as process:
        yield process


def test_a_window_that_fills_the_screen_is_seen_only_while_it_is_in_front(display: Desktop, tmp_path: Path) -> None:
    require("openbox", "xprop")
    assert not is_full_screen(display.environ)  # nobody manages windows

    with window_manager(display), window(display, "small"):
        small = is_full_screen(display.environ)
        with window(display, "full"):
            wait_until(lambda: is_full_screen(display.environ), "a full screen is seen")
            said = on_linux(display.environ, tmp_path)
        wait_until(lambda: not is_full_screen(display.environ), "the full screen is gone")

    assert not small
    assert said == "full_screen"


_WINDOW = """
import sys, time
from Xlib import X, Xatom, display
shown = display.Display()
screen = shown.screen()
window = screen.root.create_window(10, 10, 200, 100, 0, screen.root_depth, X.CopyFromParent)
window.set_wm_name("A secret")
if sys.argv[1] == "full":
    window.change_property(
        shown.intern_atom("_NET_WM_STATE"), Xatom.ATOM, 32, [shown.intern_atom("_NET_WM_STATE_FULLSCREEN")]
    )
window.map()
shown.sync()
time.sleep(60)
"""


@contextlib.contextmanager
def window(display: Desktop, size: str) -> Iterator[None]:
    """Show a window, given when it is in front."""
    before = active_window(display)
    with program(display.environ, sys.executable, "-c", _WINDOW, size):
        wait_until(lambda: active_window(display) not in ("", before), f"a {size} window is in front")
        yield


@contextlib.contextmanager
def window_manager(display: Desktop) -> Iterator[None]:
    """Run openbox, given when it has taken over."""
    with program(display.environ, "openbox"):
        wait_until(lambda: is_managed(display), "windows are managed")
        yield


def is_managed(display: Desktop) -> bool:
    """Return whether a window manager has taken over."""
    asked = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
    told = subprocess.run(asked, env=dict(display.environ), capture_output=True, text=True, timeout=10, check=False)
    return "window id" in told.stdout


def active_window(display: Desktop) -> str:
    """Return the number of the window in front; empty where there is none."""
    asked = ["xdotool", "getactivewindow"]
    told = subprocess.run(asked, env=dict(display.environ), capture_output=True, text=True, timeout=10, check=False)
    return told.stdout.strip()


def test_dunst_that_is_paused_is_do_not_disturb(desktop: Desktop, tmp_path: Path) -> None:
    at_first = is_set(desktop.environ)
    subprocess.run(["dunstctl", "set-paused", "true"], env=dict(desktop.environ), check=True, timeout=10)

    assert not at_first
    assert is_set(desktop.environ)
    assert on_linux(desktop.environ, tmp_path) == "do_not_disturb"


def test_xfce_s_setting_is_do_not_disturb(display: Desktop, bus: str, home: Path) -> None:
    reason = panels.why_no_notifyd()
    if reason is not None:
        pytest.skip(reason)
    environ = panels.xfce_environment({**display.environ, "DBUS_SESSION_BUS_ADDRESS": bus}, home)
    with panels.settings_daemon(environ), panels.notifyd(environ):
        at_first = is_set(environ)
        panels.setting(environ, "xfce4-notifyd", "/do-not-disturb", "bool", "true")

        assert not at_first
        assert is_set(environ)


# Desktops that do not run here: their part of the bus is played by a program of this test.
_PLAYED = """
import sys
import dbus, dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

DBusGMainLoop(set_as_default=True)
NAME = "org.freedesktop.Notifications"

class Daemon(dbus.service.Object):
    @dbus.service.method(NAME, out_signature="ssss")
    def GetServerInformation(self):
        return (sys.argv[1], sys.argv[3], "1", "1.2")

    @dbus.service.method("org.freedesktop.DBus.Properties", in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return sys.argv[2] == "inhibited"

class Center(dbus.service.Object):
    @dbus.service.method("org.erikreider.swaync.cc", out_signature="b")
    def GetDnd(self):
        return sys.argv[2] == "dnd"

bus = dbus.SessionBus()
held = dbus.service.BusName(NAME, bus)
Daemon(bus, "/org/freedesktop/Notifications")
Center(bus, "/org/erikreider/swaync/cc")
GLib.MainLoop().run()
"""


@contextlib.contextmanager
def played(environ: Mapping[str, str], name: str, state: str = "", vendor: str = "test") -> Iterator[None]:
    python = "/usr/bin/python3"
    can = subprocess.run([python, "-c", "import dbus, gi"], capture_output=True, timeout=20, check=False)
    if can.returncode:
        pytest.skip("system package not installed: python3-dbus or python3-gi")
    with program(environ, python, "-c", _PLAYED, name, state, vendor):
        wait_until(lambda: panels.owns(environ, "org.freedesktop.Notifications"), "the daemon answers")
        yield


@pytest.mark.parametrize(("state", "expected"), [("inhibited", True), ("", False)])
def test_kde_s_property_is_do_not_disturb(bus: str, home: Path, state: str, expected: bool) -> None:
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": bus}
    with played(environ, "Plasma", state):
        assert is_set(environ) is expected


@pytest.mark.parametrize(("banners", "expected"), [("false", True), ("true", False)])
def test_gnome_s_setting_is_do_not_disturb(bus: str, home: Path, banners: str, expected: bool) -> None:
    require("gsettings")
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "DBUS_SESSION_BUS_ADDRESS": bus,
        "GSETTINGS_BACKEND": "keyfile",
    }
    set_it = ["gsettings", "set", "org.gnome.desktop.notifications", "show-banners", banners]
    if subprocess.run(set_it, env=environ, capture_output=True, timeout=20, check=False).returncode:
        pytest.skip("system package not installed: gsettings-desktop-schemas")
    with played(environ, "gnome-shell"):
        assert is_set(environ) is expected


@pytest.mark.parametrize(("state", "expected"), [("dnd", True), ("", False)])
def test_sway_s_notification_center_says_it_itself(bus: str, home: Path, state: str, expected: bool) -> None:
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": bus}
    with played(environ, "SwayNotificationCenter", state, "ErikReider"):
        assert is_set(environ) is expected


SCHEMAS = """<schemalist><schema id="org.mate.NotificationDaemon" path="/org/mate/notification-daemon/">
<key name="do-not-disturb" type="b"><default>false</default></key></schema>
<schema id="org.cinnamon.desktop.notifications" path="/org/cinnamon/desktop/notifications/">
<key name="display-notifications" type="b"><default>true</default></key></schema></schemalist>
"""


@pytest.mark.parametrize("is_quiet", [True, False])
@pytest.mark.parametrize(
    ("name", "vendor", "schema", "key", "quiet"),
    [
        ("Notification Daemon", "MATE", "org.mate.NotificationDaemon", "do-not-disturb", "true"),
        ("cinnamon", "GNOME", "org.cinnamon.desktop.notifications", "display-notifications", "false"),
    ],
)
def test_mate_s_and_cinnamon_s_settings_are_do_not_disturb(
    bus: str, home: Path, name: str, vendor: str, schema: str, key: str, quiet: str, is_quiet: bool
) -> None:
    require("gsettings", "glib-compile-schemas")
    (home / "both.gschema.xml").write_text(SCHEMAS, encoding="utf-8")
    subprocess.run(["glib-compile-schemas", str(home)], check=True, timeout=20)
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "DBUS_SESSION_BUS_ADDRESS": bus,
        "GSETTINGS_BACKEND": "keyfile",
        "GSETTINGS_SCHEMA_DIR": str(home),
    }
    value = quiet if is_quiet else {"true": "false", "false": "true"}[quiet]
    subprocess.run(["gsettings", "set", schema, key, value], env=environ, check=True, timeout=20)
    with played(environ, name, vendor=vendor):
        assert is_set(environ) is is_quiet


def test_without_a_desktop_nobody_says_anything(home: Path, tmp_path: Path) -> None:
    assert on_linux({"PATH": "/usr/bin:/bin", "HOME": str(home)}, tmp_path) is None


def test_a_microphone_in_use_is_seen_and_listening_to_what_is_played_is_none(home: Path, tmp_path: Path) -> None:
    require("pulseaudio", "pactl", "parec")
    folder = home / "run"
    folder.mkdir(mode=0o700)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_RUNTIME_DIR": str(folder)}
    modules = (
        "module-native-protocol-unix",
        "module-null-sink sink_name=speaker",
        "module-null-source source_name=mic",
    )
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes"]
    with program(environ, *command, *(f"--load={module}" for module in modules)):
        wait_until(lambda: (folder / "pulse/native").is_socket(), "PulseAudio answers")
        quiet = is_in_use(environ, tmp_path)
        with program(environ, "parec", "--device=speaker.monitor"):
            wait_until(
                lambda: "PulseAudio" in listed(environ) or bool(listed(environ)), "a recording of what is played"
            )
            playing = is_in_use(environ, tmp_path)
            with program(environ, "parec", "--device=mic"):
                wait_until(lambda: is_in_use(environ, tmp_path), "the microphone is seen in use")
        wait_until(lambda: not is_in_use(environ, tmp_path), "nobody records any more")

    assert (quiet, playing) == (False, False)


def listed(environ: Mapping[str, str]) -> str:
    """Return PulseAudio's own list of recordings."""
    server = f"unix:{environ['XDG_RUNTIME_DIR']}/pulse/native"
    asked = subprocess.run(
        ["pactl", "list", "short", "source-outputs"], env={**environ, "PULSE_SERVER": server},
        capture_output=True, text=True, timeout=10, check=False,
    )  # fmt: skip
    return asked.stdout


def test_a_microphone_in_use_is_seen_in_pipewire(home: Path, tmp_path: Path) -> None:
    require("pipewire", "wireplumber", "pw-cli", "pw-record", "pw-dump", "dbus-run-session")
    folder = home / "run"
    folder.mkdir(mode=0o700)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_RUNTIME_DIR": str(folder)}
    source = (
        "{ factory.name=support.null-audio-sink node.name=mic media.class=Audio/Source/Virtual object.linger=true }"
    )
    with program(environ, "pipewire"):
        wait_until(lambda: (folder / "pipewire-0").is_socket(), "PipeWire answers")
        with program(environ, "dbus-run-session", "--", "wireplumber"):
            make = ["pw-cli", "create-node", "adapter", source]
            subprocess.run(make, env=environ, capture_output=True, timeout=10, check=True)
            quiet = is_in_use(environ, tmp_path)
            with program(environ, "pw-record", "--target", "mic", str(tmp_path / "sound.wav")):
                wait_until(lambda: is_in_use(environ, tmp_path), "the microphone is seen in use")
            wait_until(lambda: not is_in_use(environ, tmp_path), "nobody records any more")

    assert not quiet


def test_asking_for_the_microphone_starts_no_sound_server(home: Path, tmp_path: Path) -> None:
    require("pactl")
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}

    assert not is_in_use(environ, tmp_path)
    assert list(home.iterdir()) == []


def test_dunst_that_is_not_paused_and_nothing_else_lets_a_notice_come(desktop: Desktop, tmp_path: Path) -> None:
    assert on_linux(desktop.environ, tmp_path) is None


def test_the_daemon_is_not_started_by_the_question(bus: str, home: Path) -> None:
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": bus}
    assert not is_set(environ)
    assert not panels.owns(environ, "org.freedesktop.Notifications")
