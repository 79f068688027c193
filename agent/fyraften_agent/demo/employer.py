"""The employer's service of the demonstration: the real program as a process, on this computer alone.

Set up in a throw-away folder by its own commands, with a random password, on a calendar file that the story turns.
Not here: the pages (``visit``), who reports (``person``, ``colleagues``).
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from fyraften_agent.errors import MissingPartError, ServiceError
from fyraften_agent.sending.enrolment import Service, read_service
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

# What the service needs besides the agent's own libraries.
_PARTS = ("fyraften_service", "fastapi", "sqlalchemy", "alembic", "argon2", "itsdangerous")
_NOTICE_DAYS_BEFORE = 49
_SECONDS_TO_START = 60.0
_COMMAND_SECONDS = 120.0
_ACCOUNT = "arbejdsmiljo"


class EmployerError(ServiceError):
    """The demonstration's service could not be set up or asked."""


def no_answer(failure: OSError) -> EmployerError:
    """Return the error of a question that brought no answer; urllib wraps why."""
    cause = getattr(failure, "reason", None)
    reason = reason_of(cause if isinstance(cause, OSError) else failure)
    return EmployerError(mark("The demonstration's service does not answer: {reason}."), reason=reason)


class ServicePartMissingError(MissingPartError):
    """The service, or a library it needs, is not installed; ``part`` is its name."""

    def __init__(self, part: str) -> None:
        super().__init__(mark("The employer's service is not installed here: {part} is missing."), part=part)
        self.part = part


def missing_part() -> str | None:
    """Return the name of a part of the service that is not installed; None where all are."""
    return next((part for part in _PARTS if importlib.util.find_spec(part) is None), None)


class Employer:
    """One service: its folder, its calendar, its process while it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.account = _ACCOUNT
        self.password = secrets.token_urlsafe(15)
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._calendar, self._log = folder / "calendar", folder / "service.log"
        self._process: subprocess.Popen[bytes] | None = None

    def set_up(self, organisation: str, contact: str, cells: Mapping[str, str], first_day: date, zone: str) -> None:
        """Make the service, with a notice to the employees long enough before the story begins.

        Args:
            cells: names of the groups by code.

        Raises:
            ServicePartMissingError: the service is not installed.
            EmployerError: it could not be set up.
        """
        missing = missing_part()
        if missing is not None:
            raise ServicePartMissingError(missing)
        self.folder.mkdir(mode=0o700, parents=True)
        self.turn_to(first_day)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(f"{self.password}\n", encoding="ascii")
        notice = first_day - timedelta(days=_NOTICE_DAYS_BEFORE)
        self._run(
            *("init", "--organisation", organisation, "--contact", contact, "--public-url", self.url, "--zone", zone),
            *("--notice-date", notice.isoformat(), "--admin", self.account, "--password-file", str(password)),
            *("--demonstration", *(f"--cell={code}={name}" for code, name in cells.items())),
        )

    def invite(self, kind: str, whom: str) -> str:
        """Return a new code: of a ``cell`` for a group, of a ``person`` for somebody by name."""
        return str(json.loads(self._run("invite", kind, whom, "--json"))["code"])

    def turn_to(self, day: date) -> None:
        """Turn the service's calendar."""
        new = self._calendar.with_suffix(".new")
        new.write_text(f"{day.isoformat()}\n", encoding="ascii")
        new.replace(self._calendar)

    def start(self) -> None:
        """Start the process, and return when it answers."""
        port = self.url.rpartition(":")[2]
        command = self._command("run", "--host", "127.0.0.1", "--port", port, "--calendar", str(self._calendar))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.describe()
            except EmployerError:
                time.sleep(0.1)
            else:
                return
        self.stop()
        raise EmployerError(mark("The demonstration's service did not start: {problem}"), problem=self._last_words())

    def stop(self) -> None:
        """End the process, and wait until it has ended; may be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def describe(self) -> Service:
        """Return what the service says about itself, checked as before every consent."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.url}/v1/service", timeout=10) as answer:
                return read_service(answer.read())
        except OSError as failure:  # among them what urllib raises
            raise no_answer(failure) from failure

    def _command(self, name: str, *arguments: str) -> list[str]:
        # -P: the folder the demonstration was started in must not decide which modules are imported.
        return [sys.executable, "-P", "-m", "fyraften_service", name, "--folder", str(self._service), *arguments]

    @property
    def _service(self) -> Path:
        return self.folder / "service"

    def _run(self, name: str, *arguments: str) -> str:
        environ = {name: value for name, value in os.environ.items() if name != "FYRAFTEN_HOME"}
        done = subprocess.run(
            self._command(name, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=environ,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise EmployerError(
                mark("The command fyraften-service {name} failed: {problem}"),
                name=name,
                problem=done.stderr.strip()[-500:],
            )
        return done.stdout

    def _last_words(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace").strip()[-500:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
