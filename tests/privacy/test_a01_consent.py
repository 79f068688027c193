"""A1: who, why, on what basis, which fields, who sees it, how long and which rights are said before it begins."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pexpect
import pytest

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.sending.enrolment import Service
from fyraften_agent.sending.receipts import encode
from fyraften_policy import wire
from fyraften_policy.languages import LANGUAGES
from laptop_processes import LaptopProcesses
from lying_server import LyingServer, answer, says

SERVICE = Service("Havn A/S", "hr@havn.example", wire.purposes(), 12, SigningKey(bytes(32)).public, date(2026, 9, 1))
ABOUT = {
    "schema": "fyraften.service/1",
    "organisation": SERVICE.organisation,
    "contact": SERVICE.contact,
    "purposes": list(SERVICE.purposes),
    "smallest_group": SERVICE.smallest_group,
    "wire_version": wire.VERSION,
    "public_key": encode(SERVICE.public_key),
    "fingerprint": SERVICE.fingerprint,
    "notice_given_on": "2026-09-01",
}


def read_and_declined(laptop: LaptopProcesses, *words: str) -> str:
    """Read what stands above the question at a real terminal, press Enter, and return it."""
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "fyraften_agent.cli", *words],
        env=laptop.environ,
        encoding="utf-8",
        timeout=10,
        dimensions=(200, 160),
    )
    terminal.expect(r"Enter[^>]*> ")
    shown = str(terminal.before)
    terminal.sendline("")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 3
    return " ".join(shown.split())


def files_of(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_recording_it_is_all_said_and_nothing_is_there(tmp_path: Path, language: str) -> None:
    laptop = LaptopProcesses(tmp_path / "agent")

    shown = read_and_declined(laptop, "--language", language, "consent", "give", "recording")

    for words in ("work.sqlite3", "fyraften consent withdraw recording", "Datatilsynet"):
        assert words in shown
    assert files_of(tmp_path) == []


@pytest.mark.parametrize("purpose", wire.purposes())
def test_before_sending_it_is_all_said_and_nothing_but_the_question_who_asks_left(tmp_path: Path, purpose: str) -> None:
    laptop = LaptopProcesses(tmp_path / "agent")
    with LyingServer(says(answer(200, json.dumps(ABOUT).encode()))) as service:
        options = ("--server", service.url, "--code", "7K3F-Q2WM-9D0X-TB4N")
        shown = read_and_declined(laptop, "consent", "give", purpose, *options)

    report = wire.report_for(purpose)
    controller = (SERVICE.organisation, SERVICE.contact, service.url, SERVICE.fingerprint)
    points = [point["en"] for point in (report.what_for, report.basis, report.seen_by, report.keep)]
    fields = [f"{field.name}: {field.meaning['en']}" for field in report.fields]
    for words in (*controller, *points, *fields, "Datatilsynet", f"fyraften consent withdraw {purpose}"):
        assert words.rstrip(".") in shown, words
    assert [(asked.method, asked.path, asked.body) for asked in service.asked] == [("GET", "/v1/service", b"")]
    assert files_of(tmp_path) == []
