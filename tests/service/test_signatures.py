"""Signed requests: each part that matters is covered, counts for five minutes and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from fyraften_service.signatures import SignatureError, SignedRequest, claimed_subject, verify
from service_office import OVER, WEEK, Office
from service_process import Laptop, group_values

NOW = 1_780_000_000


def laptop() -> Laptop:
    return Laptop("https://fyraften.example.dk", "group", "code", now=lambda: NOW)


def received(request: httpx.Request, **changes: Any) -> SignedRequest:
    parts = {"method": request.method, "url": str(request.url), "body": request.content, **changes}
    headers = parts.pop("headers", list(request.headers.multi_items()))
    return SignedRequest(parts["method"], parts["url"], headers, parts["body"])


def test_a_signed_request_says_who_signed_it() -> None:
    sender = laptop()
    request = sender.report(WEEK, group_values(WEEK))

    signed = verify(received(request), sender.private.public_key().public_bytes_raw(), NOW)

    assert signed.subject == sender.subject


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "POST"},
        {"url": f"https://fyraften.example.dk/v1/reports/group.weekly/{WEEK}?x=1"},
        {"url": f"http://fyraften.example.dk/v1/reports/group.weekly/{WEEK}"},
        {"url": f"https://other.example.dk/v1/reports/group.weekly/{WEEK}"},
        {"url": "https://fyraften.example.dk/v1/reports/group.weekly/2026-W46"},
        {"body": b"{}"},
        {"body": b""},
    ],
)
def test_a_request_changed_on_its_way_is_refused(changes: dict[str, Any]) -> None:
    sender = laptop()
    request = sender.report(WEEK, group_values(WEEK))

    with pytest.raises(SignatureError):
        verify(received(request, **changes), sender.private.public_key().public_bytes_raw(), NOW)


@pytest.mark.parametrize("name", ["content-type", "content-digest", "signature", "signature-input"])
def test_a_header_changed_or_left_out_is_refused(name: str) -> None:
    sender = laptop()
    request = sender.report(WEEK, group_values(WEEK))
    lines = list(request.headers.multi_items())
    without = [line for line in lines if line[0] != name]
    changed = [(key, value.replace("a", "b") if key == name else value) for key, value in lines]
    key = sender.private.public_key().public_bytes_raw()

    for headers in (without, changed):
        with pytest.raises(SignatureError):
            verify(received(request, headers=headers), key, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"tag": "another"},
        {"nonce": "short"},
        {"nonce": "x" * 65},
        {"nonce": None},
        {"include_alg": False},
        {"expires": datetime.fromtimestamp(NOW, UTC) + timedelta(days=1)},
        {"covered_component_ids": ("@method", "@target-uri", "content-digest")},
        {"covered_component_ids": ("@method", "content-type", "content-digest")},
        {"covered_component_ids": ("@target-uri", "content-type", "content-digest")},
        {"created": datetime.fromtimestamp(NOW - 301, UTC)},
        {"created": datetime.fromtimestamp(NOW + 301, UTC)},
    ],
)
def test_a_signature_not_made_as_agreed_is_refused(changes: dict[str, Any]) -> None:
    sender = laptop()
    request = sender.signed("PUT", "/v1/reports/group.weekly/2026-W45", b"{}", **changes)

    with pytest.raises(SignatureError):
        verify(received(request), sender.private.public_key().public_bytes_raw(), NOW)


@pytest.mark.parametrize("off_seconds", [-300, 300])
def test_five_minutes_off_still_counts(off_seconds: int) -> None:
    sender = laptop()
    request = sender.withdrawal()

    verify(received(request), sender.private.public_key().public_bytes_raw(), NOW + off_seconds)


def test_another_key_is_refused() -> None:
    request = laptop().withdrawal()

    with pytest.raises(SignatureError):
        verify(received(request), laptop().private.public_key().public_bytes_raw(), NOW)


def test_two_signatures_of_ours_are_refused() -> None:
    request = laptop().withdrawal()
    second = laptop().withdrawal()
    lines = list(request.headers.multi_items())
    lines += [(name, value.replace("fyraften=", "other=", 1)) for name, value in second.headers.multi_items()]

    with pytest.raises(SignatureError):
        claimed_subject(received(request, headers=lines))


def test_a_request_counts_once(office: Office) -> None:
    sender = office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    request = sender.report(WEEK, group_values(WEEK))

    first, second = office.ask(request), office.ask(request)

    assert (first.status_code, second.status_code) == (201, 401)
    assert second.json()["type"] == "urn:fyraften:problem:replayed"


def test_a_request_sent_again_after_its_nonce_is_forgotten_is_too_old(office: Office) -> None:
    sender = office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    request = sender.report(WEEK, group_values(WEEK))
    office.ask(request)

    for minutes in range(1, 60):
        office.clock.instant += 60
        assert office.ask(request).status_code == 401, minutes
        office.ask(sender.report(WEEK, group_values(WEEK)))  # lets the service forget what is due
