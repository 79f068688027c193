"""Locks of Windows and macOS as far as they go without their systems, and which screen is asked where."""

from __future__ import annotations

import struct

import pytest

from fyraften_agent.sensors import NoScreen, mac_screen, windows_screen
from fyraften_agent.sensors.linux_screen import LinuxScreen
from fyraften_agent.sensors.occupied import occupied
from fyraften_agent.sensors.polled_screen import PolledScreen
from fyraften_agent.sensors.screens import screen


@pytest.mark.parametrize(
    ("platform", "kind"),
    [("linux", LinuxScreen), ("win32", PolledScreen), ("darwin", PolledScreen), ("freebsd14", NoScreen)],
)
def test_each_platform_has_its_screen(platform: str, kind: type[object]) -> None:
    assert type(screen({}, platform)) is kind


def test_a_polled_screen_is_locked_since_the_look_that_found_it_so() -> None:
    now = 100.0
    says: bool | None = False
    polled = PolledScreen(lambda: says, monotonic=lambda: now)
    at_first = polled.locked_since()
    says, now = True, 110.0
    locked = polled.locked_since()
    now = 120.0
    still = polled.locked_since()
    says = None
    unknown = polled.locked_since()

    assert (at_first, locked, still, unknown) == (None, 110.0, 110.0, None)
    assert not polled.tells


@pytest.mark.parametrize(("says", "is_kept"), [(True, True), (False, False), (None, False)])
def test_a_polled_screen_is_kept_awake_where_the_system_says_so(says: bool | None, is_kept: bool) -> None:
    assert PolledScreen(lambda: None, lambda: says).kept_awake() is is_kept
    assert PolledScreen(lambda: None).kept_awake() is False


@pytest.mark.parametrize("says", [True, False, None])
def test_on_macos_a_display_that_is_kept_awake_is_a_call_that_no_notice_disturbs(
    monkeypatch: pytest.MonkeyPatch, says: bool | None
) -> None:
    monkeypatch.setattr(mac_screen, "display_is_kept_awake", lambda: says)

    assert mac_screen.mac_screen().kept_awake() is (says is True)
    assert occupied({}, "darwin")() == ("call" if says else None)


@pytest.mark.parametrize(("flag", "is_locked"), [(0, True), (1, False), (0xFFFFFFFF, None)])
def test_the_answer_of_windows_is_read_where_the_lock_stands_in_it(flag: int, is_locked: bool | None) -> None:
    answer = struct.pack("=IIIII", 1, 0, 2, 0, flag) + b"\0" * 40

    assert windows_screen.flag_says(answer) is is_locked
    assert windows_screen.flag_says(answer[:18]) is None


def test_elsewhere_windows_and_macos_say_nothing() -> None:
    assert windows_screen.windows_screen().locked_since() is None
    assert mac_screen.mac_screen().locked_since() is None
    assert mac_screen.display_is_kept_awake() is None


def test_a_screen_that_says_nothing_says_nothing() -> None:
    nothing = NoScreen()
    nothing.start(lambda: None)
    nothing.close()

    assert (nothing.locked_since(), nothing.kept_awake(), nothing.tells) == (None, False, ())
