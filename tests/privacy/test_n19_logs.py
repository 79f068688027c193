"""N19: no log and no word of the agent tells what was sent, under which name, to which address, or a secret."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_policy import wire
from lying_server import LyingServer, answer, says

SUBJECT, CODE = "abcdefghij" * 2 + "klmnop", "7K3F-Q2WM-9D0X-TB4N"
KEY = SigningKey(bytes(32))
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, None)
BODY = wire.encode(
    "fyraften.duty.monthly/1",
    {
        "month": "2026-10",
        "screen_rule": "covered",
        "workplace_check": "help_wanted",
        "equipment_wanted": ["chair"],
        "eye_test_wanted": True,
    },
)
ANSWERS = {
    "garbage": answer(200, b"not a receipt"),
    "a refusal": answer(422, BODY, "application/problem+json"),
    "an echo": answer(500, BODY + SUBJECT.encode(), "text/plain"),
}


def laptop(folder: Path, server: str) -> Paths:
    """Return a laptop with an approved report that is due, and an enrolment that was never confirmed."""
    paths, now = Paths(folder / "laptop"), int(time.time())
    with Ledger.open(paths) as ledger:
        enrolments = Enrolments(ledger.connection)
        for purpose, subject in (("duty", SUBJECT), ("group", SUBJECT[::-1])):
            ledger.give(purpose, now - 60, "text", "en", 1, agreed_service(server, KEY.public))
            enrolments.start(purpose, server, SERVICE, subject, CODE, now - 60)
            Keys(paths.keys).create(subject)
        enrolments.confirm(SUBJECT, None, b"{}", now - 50)
        outbox = Outbox(ledger.connection)
        outbox.approve(outbox.prepare(BODY, SUBJECT, now).id, now, 1)
    return paths


@pytest.mark.parametrize("what", ANSWERS)
def test_a_sender_that_fails_says_nothing_of_what_it_sent(tmp_path: Path, what: str) -> None:
    with LyingServer(says(ANSWERS[what])) as service:
        paths = laptop(tmp_path, service.url)
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-m", "fyraften_agent.sender"],
            env={**os.environ, "FYRAFTEN_HOME": str(paths.folder), "PYTHONWARNINGS": "ignore", "FYRAFTEN_DEBUG": "1"},
            capture_output=True,
            timeout=60,
            check=False,
        )
    said = done.stdout + done.stderr + b"".join(log.read_bytes() for log in paths.folder.rglob("*.log*"))

    assert service.asked != []  # shows that something was sent
    secrets = (BODY, b"chair", b"2026-10", SUBJECT.encode(), SUBJECT[::-1].encode(), CODE.encode(), b"127.0.0.1")
    assert [secret for secret in secrets if secret in said] == []
