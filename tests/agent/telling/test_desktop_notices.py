"""Showing notices where there is nothing to show them on. Real daemons are in ``tests/e2e/test_desktop_notices.py``."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

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


def test_importing_the_module_loads_neither_plyer_nor_a_bus() -> None:
    program = "import sys, fyraften_agent.telling.desktop_notices; print({'plyer', 'jeepney'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"
