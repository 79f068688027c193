"""A real employer's service in a folder of its own, and a laptop's side of the wire, for tests.

``start`` runs the real ``fyraften-service`` on loopback, on a calendar file, so that weeks can pass: what a person
enrolled on one date may report is their next whole week, once it is over. Signatures are checked against real time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519

from fyraften_policy import wire

PASSWORD = "herring lantern quarry tulip"
ADMIN = "anna"
ORGANISATION = "Nordhavn Regnskab"
WITH_BODY = ("@method", "@target-uri", "content-type", "content-digest")
WITHOUT_BODY = ("@method", "@target-uri")
GROUP_ANSWERS = {
    "home_days": "2",
    "home_share": "under_half",
    "out_of_hours_days": "0",
    "out_of_hours_home_days": "0",
    "short_rests": "0",
    "day_off": "kept",
    "screen_rule": "not_covered",
    "pauses": "varied",
}
DUTY_ANSWERS = {
    "screen_rule": "covered",
    "workplace_check": "help_wanted",
    "equipment_wanted": ["chair", "screen"],
    "eye_test_wanted": True,
}
RECORD_MINUTES = (444, 444, 444, 444, 384, None, None)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``fyraften-service`` to its end."""
    program = [sys.executable, "-m", "fyraften_service", *arguments]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)


@dataclass
class ServiceProcess:
    """One service: its folder, its calendar, its process while it runs."""

    folder: Path
    calendar: Path
    url: str
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def set_date(self, today: date) -> None:
        """Turn the calendar."""
        new = self.calendar.with_suffix(".new")
        new.write_text(f"{today.isoformat()}\n", encoding="ascii")
        new.replace(self.calendar)

    def invite(self, kind: str, whom: str) -> str:
        """Return a new code."""
        done = command("invite", kind, whom, "--folder", str(self.folder), "--json")
        assert done.returncode == 0, done.stderr
        return str(json.loads(done.stdout)["code"])

    def page(self, path: str = "/") -> str:
        """Sign in as somebody at the employer, open a page, and return its text."""
        with httpx.Client(base_url=self.url, follow_redirects=True, trust_env=False, timeout=30) as client:
            token = re.search(r'name="token" value="([^"]+)"', client.get("/login").text)
            assert token is not None
            form = {"token": token[1], "account": ADMIN, "password": PASSWORD}
            client.post("/login", data=form).raise_for_status()
            return client.get(path).raise_for_status().text

    def start(self) -> None:
        """Start the process, and wait until it answers."""
        program = [sys.executable, "-m", "fyraften_service", "run", "--folder", str(self.folder)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*program, "--calendar", str(self.calendar)], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                httpx.get(f"{self.url}/v1/service", trust_env=False).raise_for_status()
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(f"the service does not answer:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End the process orderly."""
        if self.process is not None:
            self.process.terminate()
            code = self.process.wait(30)
            self.process = None
            assert code == 0, self.log.read_text()

    def kill(self) -> None:
        """End the process as ``kill -9`` does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)
        self.process = None


def set_up(
    folder: Path, today: date, cells: Mapping[str, str] | None = None, notice: str = "2026-01-05"
) -> ServiceProcess:
    """Return a service that is set up and not started yet.

    Args:
        folder: an empty folder for everything.
        cells: code to ``Name`` or ``Name:parent``; default one cell ``sales``.
    """
    password = folder / "password"
    password.touch(mode=0o600)
    password.write_text(PASSWORD + "\n")
    url = f"http://127.0.0.1:{free_port()}"
    service = ServiceProcess(folder / "service", folder / "calendar", url, folder / "service.log")
    service.set_date(today)
    options = [f"--cell={code}={name}" for code, name in (cells or {"sales": "Sales"}).items()]
    done = command(
        *("init", "--folder", str(service.folder), "--organisation", ORGANISATION, "--contact", "hr@example.dk"),
        *("--public-url", url, "--notice-date", notice, "--demonstration"),
        *("--admin", ADMIN, "--password-file", str(password), *options),
    )
    assert done.returncode == 0, done.stderr
    return service


def real_time() -> int:
    """Return the computer's time."""
    return int(time.time())


@dataclass
class Laptop:
    """What a laptop knows of one enrolment."""

    url: str
    purpose: str
    code: str
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    subject: str = field(
        default_factory=lambda: "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))
    )

    now: Callable[[], int] = real_time

    @property
    def public_key(self) -> str:
        return base64.urlsafe_b64encode(self.private.public_key().public_bytes_raw()).rstrip(b"=").decode()

    def enrolment(self) -> httpx.Request:
        """Return the signed request to enrol."""
        document = {
            "schema": "fyraften.enrolment/1",
            "purpose": self.purpose,
            "code": self.code,
            "subject": self.subject,
            "public_key": self.public_key,
        }
        return self.signed("POST", "/v1/enrolments", json.dumps(document).encode())

    def report(self, period: str, values: Mapping[str, Any], replaces: bytes | None = None) -> httpx.Request:
        """Return the signed request with a report, or with a correction of the body it ``replaces``."""
        kind = wire.report_for(self.purpose)
        tag = "*" if replaces is None else f'"{hashlib.sha256(replaces).hexdigest()}"'
        lines = {"if-none-match" if replaces is None else "if-match": tag}
        body = wire.encode(kind.id, values)
        return self.signed(
            "PUT",
            f"/v1/reports/{kind.name}/{period}",
            body,
            lines,
            covered_component_ids=(*WITH_BODY, *lines),
        )

    def withdrawal(self) -> httpx.Request:
        """Return the signed request to withdraw."""
        return self.signed("DELETE", f"/v1/enrolments/{self.subject}")

    def who_looked(self) -> httpx.Request:
        """Return the signed request that asks who looked."""
        return self.signed("GET", f"/v1/enrolments/{self.subject}/views")

    def signed(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        lines: Mapping[str, str] | None = None,
        **changes: Any,
    ) -> httpx.Request:
        """Return a request signed as agreed, unless ``changes`` to ``HTTPMessageSigner.sign`` say otherwise.

        Args:
            lines: more header lines; they are covered by the signature only where ``changes`` say so.
        """
        headers = {**({"content-type": "application/json"} if body is not None else {}), **(lines or {})}
        request = httpx.Request(method, self.url + path, headers=headers, content=body)
        signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_OneKey(self.private))
        agreed: dict[str, Any] = {
            "key_id": self.subject,
            "created": datetime.fromtimestamp(self.now(), UTC),
            "nonce": secrets.token_urlsafe(18),
            "tag": "fyraften",
            "label": "fyraften",
            "covered_component_ids": WITH_BODY if body is not None else WITHOUT_BODY,
            "body": body,
        }
        signer.sign(request, **{**agreed, **changes})
        return request


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._private


def group_values(week: str, cell: str = "sales", **answers: str) -> dict[str, str]:
    """Return the values of a ``group`` report."""
    return {"week": week, "cell": cell, **GROUP_ANSWERS, **answers}


def pulse_values(month: str, cell: str = "sales", **answers: str) -> dict[str, str]:
    """Return the values of a ``pulse`` report."""
    said = {field.name: "sometimes" for field in wire.report_for("pulse").fields if field.is_answer}
    return {"month": month, "cell": cell, **said, **answers}


def duty_values(month: str, **answers: Any) -> dict[str, Any]:
    """Return the values of a ``duty`` report."""
    return {"month": month, **DUTY_ANSWERS, **answers}


def record_values(week: str, minutes: Sequence[int | None] = RECORD_MINUTES) -> dict[str, Any]:
    """Return the values of a ``record`` report."""
    return {"week": week, "minutes": list(minutes)}
