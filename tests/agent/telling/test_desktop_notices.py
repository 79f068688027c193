"""Showing notices where there is nothing to show them on. Real daemons are in ``tests/e2e/test_desktop_notices.py``."""

from __future__ import annotations

import ctypes
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from fyraften_agent.telling.desktop_notices import ask_daemon, plain_argument, show
from fyraften_agent.telling.notices import Notice

NOTICE = Notice("test:1", "Stop by 20:00", "30 min are left.")


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/bus"},
        {"DBUS_SESSION_BUS_ADDRESS": "nonsense"},
        {"DBUS_SESSION_BUS_ADDRESS": "disabled:"},
        {"DBUS_SESSION_BUS_ADDRESS": "tcp:host=192.0.2.1,port=1"},
    ],
)
def test_without_a_bus_on_this_computer_a_notice_was_not_shown(environ: dict[str, str]) -> None:
    assert show(NOTICE, environ) is False


def test_a_bus_that_does_not_answer_is_not_waited_for_without_end(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "bus"))
        silent.listen()
        began = time.monotonic()
        daemon = ask_daemon({"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'bus'}"})

    assert daemon is None
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("text", "argument"), [("--help", "−-help"), ("-", "−"), ("20 - 21", "20 - 21"), ("", "")])
def test_a_text_is_never_an_option_of_a_program(text: str, argument: str) -> None:
    assert plain_argument(text) == argument


class WindowsBalloon:
    """plyer's notification on Windows, with the fields that Windows has for it."""

    def __init__(self) -> None:
        self.title, self.body = ctypes.create_unicode_buffer(64), ctypes.create_unicode_buffer(256)

    def notify(self, *, title: str, message: str, **_others: object) -> None:
        self.title.value, self.body.value = title, message


@pytest.mark.parametrize(
    ("body", "shown"),
    [("a" * 255, "a" * 255), ("word " * 52, "word " * 49 + "word …"), ("a" * 256, "a" * 253 + " …")],
)
def test_a_notice_that_is_too_long_for_windows_is_cut_where_a_word_ends(
    monkeypatch: pytest.MonkeyPatch, body: str, shown: str
) -> None:
    balloon = WindowsBalloon()
    monkeypatch.setitem(sys.modules, "plyer", SimpleNamespace(notification=balloon))

    assert show(Notice("test:1", "title " * 12, body), {}, "win32") is True
    assert balloon.title.value == "title " * 9 + "title …"
    assert balloon.body.value == shown


@pytest.mark.parametrize(("code", "is_shown"), [(0, True), (1, False)])
def test_on_macos_a_notice_goes_to_the_system_s_own_program(tmp_path: Path, code: int, is_shown: bool) -> None:
    program = tmp_path / "osascript"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/told\nexit {code}\n', encoding="utf-8")
    program.chmod(0o700)
    notice = Notice("test:1", "-e", 'a "quoted" \\ body')

    assert show(notice, {"PATH": str(tmp_path)}, "darwin") is is_shown
    assert (tmp_path / "told").read_text(encoding="utf-8").splitlines()[-2:] == ["−e", 'a "quoted" \\ body']


def test_on_macos_without_that_program_a_notice_was_not_shown(tmp_path: Path) -> None:
    assert show(NOTICE, {"PATH": str(tmp_path)}, "darwin") is False


def test_importing_the_module_loads_neither_plyer_nor_a_bus() -> None:
    program = "import sys, fyraften_agent.telling.desktop_notices; print({'plyer', 'jeepney'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"
