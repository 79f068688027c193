"""One laptop for tests with real processes: its folder, and the real commands run on it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pexpect

from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments
from fyraften_agent.sending.outbox import Outbox
from fyraften_policy import wire
from fyraften_policy.periods import week_name, week_start
from service_process import group_values

ZONE = "Europe/Copenhagen"
MODULE = [sys.executable, "-m", "fyraften_agent.cli"]


class LaptopProcesses:
    """One laptop: its folder, and the real commands run on it."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder)
        self.environ = {**os.environ, "FYRAFTEN_HOME": str(folder), "TZ": ZONE, "LC_ALL": "C.UTF-8"}

    def give(self, purpose: str, *options: str) -> tuple[int, str]:
        """Agree at a real terminal, and return exit code and what was shown."""
        terminal = pexpect.spawn(
            sys.executable,
            ["-m", "fyraften_agent.cli", "consent", "give", purpose, *options],
            env=self.environ,
            encoding="utf-8",
            timeout=30,
            dimensions=(200, 160),
        )
        terminal.expect(r"type the word (\w+) and press")
        shown = str(terminal.before)
        terminal.sendline(terminal.match[1])
        terminal.expect(pexpect.EOF)
        shown += str(terminal.before)
        terminal.close()
        return int(terminal.exitstatus or 0), shown

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            [*MODULE, *arguments], env=self.environ, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done.stdout

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code))

    def sender(self) -> int:
        """Run the real sender process to its end and return its exit code."""
        return subprocess.run(
            [sys.executable, "-m", "fyraften_agent.sender"], env=self.environ, timeout=90, check=False
        ).returncode

    def prepare(self, week: str) -> int:
        """Put a finished group report into the outbox, as the collector does, and return its number."""
        with closing(open_ledger(self.paths.ledger)) as connection:
            enrolment = Enrolments(connection).current("group")
            assert enrolment is not None
            body = wire.encode("fyraften.group.weekly/1", group_values(week))
            return Outbox(connection).prepare(body, enrolment.subject, int(time.time())).id

    def due_now(self) -> None:
        """Let the waiting time of a failed try be over."""
        with closing(sqlite3.connect(self.paths.ledger)) as connection:
            now = int(time.time())  # and not long ago: a moment that was missed is drawn anew
            connection.execute("UPDATE outbox SET next_try_at = ? WHERE next_try_at IS NOT NULL", (now,))
            connection.execute("UPDATE enrolments SET next_try_at = ? WHERE next_try_at IS NOT NULL", (now,))
            connection.commit()

    def state(self, number: int = 1) -> str:
        with closing(open_ledger(self.paths.ledger)) as connection:
            return Outbox(connection).item(number).state


@cache
def today() -> date:
    """Return the date where the laptops are; the same all through a run of tests that goes on over midnight."""
    return datetime.now(ZoneInfo(ZONE)).date()


def weeks_after(day: date, count: int = 1) -> list[str]:
    """Return the names of the next whole weeks."""
    monday = week_start(day) + timedelta(weeks=1)
    return [week_name(monday + timedelta(weeks=number)) for number in range(count)]
