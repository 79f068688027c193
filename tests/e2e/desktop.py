"""A real desktop for tests: an X server, a session bus, a notification daemon, and somebody who types.

Each is a process of its own that the test ends by its own handle; nothing is found or ended by name.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

# Program → the Debian package that has it.
PACKAGES = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "dbus-daemon": "dbus",
    "dunst": "dunst",
    "dunstctl": "dunst",
    "notify-send": "libnotify-bin",
    "strace": "strace",
    "import": "imagemagick",
    "convert": "imagemagick",
    "dbus-send": "dbus",
    "openbox": "openbox",
    "xprop": "x11-utils",
    "gsettings": "libglib2.0-bin",
    "glib-compile-schemas": "libglib2.0-bin",
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "pipewire": "pipewire-bin",
    "pw-cli": "pipewire-bin",
    "pw-record": "pipewire-bin",
    "pw-dump": "pipewire-bin",
    "wireplumber": "wireplumber",
    "dbus-run-session": "dbus-daemon",
}

_MENU_SECONDS = 1.0

# No service folders: what is not started here is not there. Authentication as on every desktop.
_BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  {services}
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

# What dunst asks which button is wanted: writes the menu down, and chooses the line that has the text wanted.
_CHOOSER = """#!/bin/sh
cd "{folder}"
cat > offered.new
grep -m1 -F -f wanted offered.new
mv offered.new offered
"""


@dataclass(frozen=True)
class Desktop:
    """What a person sits at. ``environ`` is the environment of the programs on it."""

    environ: Mapping[str, str]
    server: subprocess.Popen[bytes]

    def type(self, text: str, delay_milliseconds: int = 12) -> None:
        """Type ``text``, key by key."""
        self._do("type", "--delay", str(delay_milliseconds), text)

    def key(self, name: str) -> None:
        """Press and release one key, such as ``a`` or ``Return``."""
        self._do("key", name)

    def move_mouse(self, x: int, y: int) -> None:
        """Move the mouse to a position."""
        self._do("mousemove", str(x), str(y))

    def click(self) -> None:
        """Press and release the left button."""
        self._do("click", "1")

    def notices(self) -> list[tuple[str, str]]:
        """Return title and body of every notice the daemon shows or has shown, the body as a person reads it."""
        # Only what was closed is in the daemon's history.
        subprocess.run(["dunstctl", "close-all"], env=dict(self.environ), check=True, timeout=10)
        return [(entry["summary"]["data"], _read_markup(entry["body"]["data"])) for entry in _history(self.environ)]

    def press_button(self, label: str, title: str, folder: Path) -> None:
        """Choose a button of a notice, by its label, once dunst shows it; ``folder`` is that of the daemon."""
        self._wait_for_button(label, title, folder, chooses=True)

    def wait_for_button(self, label: str, title: str, folder: Path) -> None:
        """Wait until dunst shows a notice of that title with that button."""
        self._wait_for_button(label, title, folder, chooses=False)

    def buttons(self, folder: Path, wanted: str = "") -> str:
        """Return the buttons of all notices that dunst shows, a line each, and choose the wanted one if it is there."""
        (folder / "wanted").write_text(f"{wanted}\n" if wanted else "", encoding="utf-8")
        (folder / "offered").unlink(missing_ok=True)
        subprocess.run(["dunstctl", "context"], env=dict(self.environ), check=True, timeout=10)
        deadline = time.monotonic() + _MENU_SECONDS
        while not (folder / "offered").exists():
            if time.monotonic() > deadline:
                return ""  # where there is no button there is no menu, nor while another one is open
            time.sleep(0.02)
        return (folder / "offered").read_text(encoding="utf-8")

    def _wait_for_button(self, label: str, title: str, folder: Path, *, chooses: bool) -> None:
        button = f"#{label} ({title})"
        wanted = button if chooses else ""
        wait_until(lambda: button in self.buttons(folder, wanted), f"there is a button {button}")

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=dict(self.environ), check=True, timeout=30)


def count_shown(environ: Mapping[str, str]) -> int:
    """Return how many notices stand on the screen."""
    count = ["dunstctl", "count", "displayed"]
    answer = subprocess.run(count, env=dict(environ), capture_output=True, text=True, timeout=10, check=True)
    return int(answer.stdout)


def _history(environ: Mapping[str, str]) -> list[dict[str, dict[str, str]]]:
    history = ["dunstctl", "history"]
    answer = subprocess.run(history, env=dict(environ), check=True, timeout=10, stdout=subprocess.PIPE)
    entries: list[dict[str, dict[str, str]]] = json.loads(answer.stdout)["data"][0]
    return entries


def _read_markup(body: str) -> str:
    """Return the text of Pango markup: tags are gone, entities resolved."""
    return "".join(ElementTree.fromstring(f"<markup>{body}</markup>").itertext())


def missing(*programs: str) -> str | None:
    """Return in words which system package has to be installed for these programs; None when all are there."""
    packages = sorted({PACKAGES[program] for program in programs if shutil.which(program) is None})
    return f"system package not installed: {', '.join(packages)}" if packages else None


def clean_environment(home: Path) -> dict[str, str]:
    """Return an environment without anything of the desktop this test may be run from."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": "Europe/Copenhagen",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
    }


@contextlib.contextmanager
def x_server(*options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run an X server on a display number it finds free; give the display's name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset", *options]
    with ended(subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)) as server:
        os.close(write)
        with open(read, encoding="ascii") as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb ended before it had a display")
        yield f":{number}", server


@contextlib.contextmanager
def session_bus(folder: Path, services: Path | None = None) -> Iterator[str]:
    """Run a message bus that starts no services by itself, or those of one folder; give its address."""
    socket, configuration = folder / "bus", folder / "bus.conf"
    started = "" if services is None else f"<servicedir>{services}</servicedir>"
    configuration.write_text(_BUS_CONFIGURATION.format(socket=socket, services=started), encoding="utf-8")
    command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"]
    with ended(subprocess.Popen(command, stdout=subprocess.PIPE)) as bus:
        assert bus.stdout is not None
        address = bus.stdout.readline().decode("ascii").strip()
        bus.stdout.close()
        yield address


@contextlib.contextmanager
def notification_daemon(environ: Mapping[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run dunst until the block ends; given when it answers.

    Its menu of buttons is written to the file ``offered`` of ``folder``, and the line is chosen that has the text in
    the file ``wanted``.
    """
    command = dunst_in(folder)
    with ended(subprocess.Popen(command, env=dict(environ), stderr=subprocess.DEVNULL)) as daemon:
        history = ["dunstctl", "history"]
        wait_until(
            lambda: subprocess.run(history, env=dict(environ), capture_output=True, timeout=10).returncode == 0,
            "dunst answers",
        )
        yield daemon


def dunst_in(folder: Path) -> list[str]:
    """Return the command that runs dunst with settings in a folder."""
    configuration, chooser = folder / "dunstrc", folder / "chooser"
    chooser.write_text(_CHOOSER.format(folder=folder), encoding="utf-8")
    chooser.chmod(0o700)
    # Two of the same are two, as on most desktops: what is told twice shall not look like once.
    settings = f"[global]\nhistory_length = 100\nmarkup = full\nstack_duplicates = false\ndmenu = {chooser}\n"
    configuration.write_text(settings, encoding="utf-8")
    return ["dunst", "-config", str(configuration)]


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """End ``process`` with the block: politely, then not."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 40.0) -> None:
    """Wait until ``condition`` holds, and fail with ``what`` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)
