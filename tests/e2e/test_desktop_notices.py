"""Notices on a real desktop: what the notification daemon says it was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.desktop import Desktop, session_bus
from fyraften_agent.telling.desktop_notices import show
from fyraften_agent.telling.notices import Notice

pytestmark = pytest.mark.desktop


@pytest.fixture(autouse=True)
def _this_desktop(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """plyer runs notify-send with the environment of this process."""
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, desktop.environ[name])


@pytest.mark.parametrize(
    "body",
    [
        "Stop by 20:00 to keep 11 h of rest.",
        "Less than <1 h> & more than 2 < 3 > 1: «æøå» – “ok” 'single' \"double\"",
        r"a backslash \n stays, and 100 % of {braces}",
        "two\nlines",
        "<b>not bold</b> <a href='http://example.org'>no link</a>",
        "- begins with a dash",
    ],
)
def test_a_notice_is_in_the_daemons_history_word_for_word(desktop: Desktop, body: str) -> None:
    shown = show(Notice("test:1", "Stop by 20:00", body), desktop.environ)

    assert shown is True
    assert desktop.notices() == [("Stop by 20:00", body.replace("- begins", "− begins"))]


def test_without_a_daemon_a_notice_was_not_shown(desktop: Desktop, home: Path, tmp_path: Path) -> None:
    with session_bus(tmp_path) as lonely:
        assert show(Notice("test:1", "title", "body"), {**desktop.environ, "DBUS_SESSION_BUS_ADDRESS": lonely}) is False
