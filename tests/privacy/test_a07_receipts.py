"""A7: for each report a signed receipt is kept, and one that is missing is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from agent_records import FixedClock
from command_line import CommandLine
from fyraften_service.receipts import from_text, is_signed_by
from office_way import Fate, OfficeLaptop, arrives, lost
from privacy.conftest import OFFICE_NOW, approved
from service_office import Office

DAY = 86_400
NOW = "2026-11-03T09:00"


def without_receipt(method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
    """Let the report arrive, and an answer that is signed by nobody come back."""
    answer = deliver()
    if method != "PUT":
        return answer
    document = {**answer.json(), "signature": "A" * 86}
    return httpx.Response(answer.status_code, headers={"content-type": "application/json"}, json=document)


def lost_report(method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
    return lost() if method == "PUT" else deliver()


def told(laptop: OfficeLaptop) -> str:
    return " ".join(CommandLine(laptop.paths, FixedClock(NOW)).run("outbox", "show", "1").out.split())


def test_a_report_that_arrived_has_a_receipt_signed_for_its_very_bytes(office: Office, tmp_path: Path) -> None:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", OFFICE_NOW)
    approved(laptop, "chair")
    laptop.run()

    (item,) = laptop.items()
    envelope = json.loads(item.receipt or b"")
    public = from_text(office.get("/v1/service").json()["public_key"])
    assert item.state == "receipted"
    assert is_signed_by(public, envelope["receipt"], envelope["signature"])
    assert envelope["receipt"]["body_sha256"] == hashlib.sha256(item.body or b"").hexdigest()


@pytest.mark.parametrize(
    ("fate", "state", "expected"),
    [(lost_report, "approved", [False, False, True]), (without_receipt, "sent", [True, True, True])],
)
def test_without_a_receipt_it_stays_open_and_is_told_after_three_tries_and_a_false_one_at_once(
    office: Office, tmp_path: Path, fate: Fate, state: str, expected: list[bool]
) -> None:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", OFFICE_NOW)
    approved(laptop, "chair")
    laptop.way.fate = fate
    words = []
    for _ in range(3):
        laptop.run(later=DAY)
        words.append("without a valid receipt" in told(laptop))

    assert words == expected
    assert (laptop.items()[0].state, laptop.items()[0].receipt) == (state, None)
    laptop.way.fate = arrives
    laptop.run(later=DAY)
    assert laptop.items()[0].state == "receipted"
    assert "without a valid receipt" not in told(laptop)
