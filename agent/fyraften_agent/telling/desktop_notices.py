"""Shows a notice on the desktop, and says truthfully whether a desktop took it.

The only module that imports plyer. On Linux plyer hands the text to ``notify-send``, which fails without a word when
nobody shows notices; so the notification daemon is asked first, over the session bus (a UNIX socket).  macOS shows them
by a program of its own.  Where there
is something to choose, the supervisor is asked first: plyer has no buttons, and somebody must stay behind them.
Not here: which notices are due (see ``notices``), what the buttons do (``choosing``).
"""

from __future__ import annotations

import contextlib
import html
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fyraften_agent.errors import AgentError
from fyraften_agent.paths import Paths
from fyraften_agent.processes.control import ask
from fyraften_agent.sensors.bus import session_bus
from fyraften_agent.telling.choosing import Choice
from fyraften_agent.telling.notices import Notice

_APPLICATION = "Fyraften"
_SHOW_SECONDS = 20
_BUS_SECONDS = 3.0
# What Windows has room for, less the end of the text; plyer fails on more, in a thread of its own and without a word.
_WINDOWS_TITLE, _WINDOWS_BODY = 63, 255
_DAEMON = "org.freedesktop.Notifications"


class Daemon(NamedTuple):
    """Who shows notices on this desktop: its unique name on the bus, and whether it reads the body as markup."""

    owner: str
    reads_markup: bool


def show(notice: Notice, environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> bool:
    """Show ``notice``; return whether a desktop took it. False is no error: the caller tells it another way."""
    environ = os.environ if environ is None else environ
    if platform.startswith("linux"):
        return _show_on_linux(notice, environ)
    if platform == "darwin":
        return _show_on_mac(notice, environ)
    try:
        from plyer import notification

        notification.notify(
            title=_shortened(notice.title, _WINDOWS_TITLE),
            message=_shortened(notice.body, _WINDOWS_BODY),
            app_name=_APPLICATION,
            app_icon="",
            timeout=_SHOW_SECONDS,
        )
    # What plyer's back ends raise has no common base; a notice must never end the collector.
    except Exception:
        return False
    return True


def _shortened(text: str, longest: int) -> str:
    """Return ``text``, cut at a word where it is too long: what is told is listed in full by ``fyraften notices``."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1].rpartition(" ")[0] or text[: longest - 2]
    return f"{kept.rstrip()} …"


def _show_on_mac(notice: Notice, environ: Mapping[str, str]) -> bool:
    """Show it by the system's own program: plyer's back end needs a library that is not among ours."""
    script = ("on run told", "display notification (item 2 of told) with title (item 1 of told)", "end run")
    program = shutil.which("osascript", path=environ.get("PATH"))
    if program is None:
        return False
    command = [program, *(word for line in script for word in ("-e", line))]
    command += [plain_argument(notice.title), plain_argument(notice.body)]
    try:
        done = subprocess.run(command, env=dict(environ), capture_output=True, timeout=_SHOW_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def show_with_choices(notice: Notice, choices: Sequence[Choice], paths: Paths) -> bool:
    """Show ``notice`` with buttons, by the supervisor, which stays behind them; where there are none, without.

    Returns:
        Whether a desktop took it.
    """
    if choices:
        document = {**notice.as_document(), "choices": [list(choice) for choice in choices]}
        with contextlib.suppress(AgentError):  # a supervisor that does not answer
            if (ask(paths, "tell", document) or {}).get("told") is True:
                return True
    return show(notice)


def _show_on_linux(notice: Notice, environ: Mapping[str, str]) -> bool:
    backend = _linux_backend()
    daemon = ask_daemon(environ)
    if backend is None or daemon is None:
        return False
    body = html.escape(notice.body, quote=False) if daemon.reads_markup else notice.body
    body = body.replace("\\", "\\\\")  # notify-send reads C escapes in the body
    try:
        backend.notify(
            title=plain_argument(notice.title),
            message=plain_argument(body),
            app_name=_APPLICATION,
        )
    # As above. notify-send itself never raises: a daemon that ended meanwhile shows in its name on the bus.
    except Exception:
        return False
    return ask_daemon(environ) == daemon


def _linux_backend() -> Any:
    """Return plyer's back end for ``notify-send``, chosen by hand; None where that program is missing.

    Left to itself plyer builds a shell-like text where a folder ``/app`` exists, and warns where dbus-python is
    missing. A notice stays until it is clicked away: it is told once, and must not pass unseen.
    """
    if shutil.which("notify-send") is None or importlib.util.find_spec("plyer") is None:
        return None
    from plyer.platforms.linux.notification import NotifySendNotification

    return NotifySendNotification()


def plain_argument(text: str) -> str:
    """Return ``text`` so that a program takes it for an argument: one that begins with ``-`` would be an option."""
    return f"−{text[1:]}" if text.startswith("-") else text


def ask_daemon(environ: Mapping[str, str]) -> Daemon | None:
    """Return who shows notices on the session bus, started by the bus where it can; None when nobody does."""
    address = session_bus(environ)
    if address is None:
        return None
    try:
        from jeepney import DBusAddress, DBusErrorResponse, new_method_call
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import open_dbus_connection
        from jeepney.wrappers import unwrap_msg
    except ImportError:
        return None
    notifications = DBusAddress("/org/freedesktop/Notifications", _DAEMON, _DAEMON)
    questions = (new_method_call(notifications, "GetCapabilities"), message_bus.GetNameOwner(_DAEMON))
    try:
        with open_dbus_connection(address, auth_timeout=_BUS_SECONDS) as bus:
            answers = [unwrap_msg(bus.send_and_get_reply(question, timeout=_BUS_SECONDS)) for question in questions]
    # A bus that is missing, hangs, is not a UNIX socket or refuses; and a bus on which nobody shows notices.
    except (OSError, RuntimeError, ValueError, DBusErrorResponse):
        return None
    (capabilities,), (owner,) = answers
    return Daemon(str(owner), "body-markup" in capabilities)
