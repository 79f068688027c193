"""``fyraften run`` at a real terminal: the question, the answer, recording, and Ctrl-C."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from e2e.agent_processes import at_a_terminal, command, type_the_word
from e2e.desktop import Desktop, wait_until
from fyraften_agent.paths import Paths
from fyraften_agent.processes.control import ask

pytestmark = pytest.mark.desktop


def test_agreeing_at_the_keyboard_records_until_ctrl_c(desktop: Desktop, home: Path) -> None:
    paths = Paths(home / "agent")
    terminal = at_a_terminal(desktop.environ, home, "run")
    shown = type_the_word(terminal)
    terminal.expect_exact("Recording. Ctrl-C ends it.")
    desktop.type("at work")
    ask(paths, "changed")  # the collector looks when it comes to it, at its next tick at the latest
    wait_until(lambda: '"sessions": [\n    {' in command(desktop.environ, home, "today", "--json").stdout, "recorded")
    began = time.monotonic()
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert "which keys" in shown
    assert time.monotonic() - began < 2
    assert terminal.exitstatus == 0
    assert "Traceback" not in terminal.before
    assert ask(paths, "state") is None


def test_the_second_run_does_not_ask_again(desktop: Desktop, home: Path) -> None:
    first = at_a_terminal(desktop.environ, home, "run")
    type_the_word(first)
    first.expect_exact("Recording.")
    first.sendintr()
    first.expect(pexpect.EOF)
    first.close()
    second = at_a_terminal(desktop.environ, home, "run")
    asked = second.expect_exact(["Recording.", "To agree"])
    second.sendintr()
    second.expect(pexpect.EOF)
    second.close()

    assert asked == 0


def test_any_other_answer_declines_and_leaves_nothing(desktop: Desktop, home: Path) -> None:
    terminal = at_a_terminal(desktop.environ, home, "run")
    terminal.expect("type the word .*> ")
    terminal.sendline("yes")
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 3
    assert not (home / "agent").exists()


def test_without_a_terminal_nothing_is_asked_and_nothing_starts(desktop: Desktop, home: Path) -> None:
    answer = command(desktop.environ, home, "run")

    assert answer.returncode == 3
    assert "fyraften consent give recording" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not (home / "agent").exists()


def test_without_a_display_run_says_so_in_one_line_and_does_not_ask(home: Path, desktop: Desktop) -> None:
    environ = {name: value for name, value in desktop.environ.items() if name != "DISPLAY"}
    terminal = at_a_terminal(environ, home, "run")
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 4
    assert "DISPLAY is not set" in terminal.before
    assert terminal.before.strip().count("\n") == 0
    assert not (home / "agent").exists()


def test_the_collector_by_itself_records_nothing_without_consent(desktop: Desktop, home: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "fyraften_agent.collector"],
        env={**desktop.environ, "FYRAFTEN_HOME": str(home / "agent")},
        stdin=subprocess.PIPE,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert answer.returncode == 3
    assert not (home / "agent").exists()
