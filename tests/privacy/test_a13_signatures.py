"""A13: every request is signed and every receipt checked, and only the service whose key was agreed to is believed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fyraften_agent.sending.receipts import ReceiptError, check_report
from fyraften_policy import wire
from fyraften_service.receipts import ServiceKey, from_text, signed
from office_way import OfficeLaptop, arrives
from privacy.conftest import OFFICE_NOW, approved
from service_office import Office
from service_process import Laptop, duty_values

PERIOD = "2026-10"
BODY = wire.encode("fyraften.duty.monthly/1", duty_values(PERIOD))
OTHER_BODY = wire.encode("fyraften.duty.monthly/1", duty_values(PERIOD, equipment_wanted=["light"]))


def with_line(name: str, value: str) -> Callable[[httpx.Request], httpx.Request]:
    def changed(request: httpx.Request) -> httpx.Request:
        headers = {**dict(request.headers), name: value}
        return httpx.Request(request.method, request.url, headers=headers, content=request.content)

    return changed


def replaced(old: str, new: str) -> Callable[[httpx.Request], httpx.Request]:
    """Change the line that says what is signed."""
    return lambda request: with_line("signature-input", request.headers["signature-input"].replace(old, new))(request)


CHANGES: dict[str, Callable[[httpx.Request], httpx.Request]] = {
    "the method": lambda asked: httpx.Request("POST", asked.url, headers=asked.headers, content=asked.content),
    "the address": lambda asked: httpx.Request(
        "PUT", str(asked.url).replace("2026-10", "2026-09"), headers=asked.headers, content=asked.content
    ),
    "the body": lambda asked: httpx.Request("PUT", asked.url, headers=asked.headers, content=OTHER_BODY),
    "the body and its digest": lambda asked: httpx.Request(
        "PUT", asked.url, headers={**dict(asked.headers), "content-digest": "sha-256=:AAAA:"}, content=OTHER_BODY
    ),
    "the media type": with_line("content-type", "text/plain"),
    "what it replaces": with_line("if-none-match", '"x"'),
    "the signature": with_line("signature", "fyraften=:" + "A" * 86 + "==:"),
    "who signed": replaced('keyid="', 'keyid="b'),
    "when it was signed": replaced("created=1", "created=2"),
    "the once-only word": replaced('nonce="', 'nonce="x'),
    "what the signature is for": replaced('tag="fyraften"', 'tag="other"'),
    "what is covered": replaced('"content-digest"', '"content-type"'),
}


@pytest.fixture
def person(office: Office) -> Laptop:
    return office.enrolled(office.person_laptop())


@pytest.mark.parametrize("part", CHANGES)
def test_a_request_of_which_any_part_was_changed_is_refused_and_nothing_is_kept(
    office: Office, person: Laptop, part: str
) -> None:
    honest = person.report(PERIOD, duty_values(PERIOD))

    assert office.ask(CHANGES[part](honest)).status_code in (400, 401, 404, 405)
    assert office.ask(person.report(PERIOD, duty_values(PERIOD))).status_code == 201  # the first one to be kept


def test_a_request_that_is_repeated_or_older_than_five_minutes_is_refused(office: Office, person: Laptop) -> None:
    request = person.report(PERIOD, duty_values(PERIOD))
    old = person.report(PERIOD, duty_values(PERIOD))
    office.clock.instant += 10
    first, second = office.ask(request), office.ask(request)
    office.clock.instant += 291

    assert (first.status_code, second.status_code, office.ask(old).status_code) == (201, 401, 401)


def test_a_receipt_that_another_key_signed_is_not_believed(office: Office, tmp_path: Path) -> None:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", OFFICE_NOW)
    approved(laptop, "chair")
    other = ServiceKey(Ed25519PrivateKey.generate())

    def forged(method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
        answer = deliver()
        if method != "PUT":
            return answer
        envelope = signed(other, answer.json()["receipt"])
        return httpx.Response(201, headers={"content-type": "application/json"}, content=envelope)

    laptop.way.fate = forged
    laptop.run()
    believed = laptop.items()[0].receipt
    laptop.way.fate = arrives
    laptop.run(later=86_400)

    assert believed is None
    assert laptop.items()[0].state == "receipted"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_receipt_with_any_byte_changed_is_worth_nothing(
    office: Office, tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject
) -> None:
    key, receipt, sha256 = _receipt(office, tmp_path_factory)
    changed = bytearray(receipt)
    changed[draw.draw(st.integers(0, len(changed) - 1))] ^= draw.draw(st.integers(1, 255))

    check_report(receipt, key, "duty", "fyraften.duty.monthly/1", PERIOD, sha256)
    with pytest.raises(ReceiptError):
        check_report(bytes(changed), key, "duty", "fyraften.duty.monthly/1", PERIOD, sha256)


_RECEIPTS: list[tuple[bytes, bytes, str]] = []


def _receipt(office: Office, folders: pytest.TempPathFactory) -> tuple[bytes, bytes, str]:
    """Return a service's key, a receipt it gave, and the hash of what that is for; made once."""
    if not _RECEIPTS:
        laptop = OfficeLaptop(folders.mktemp("laptop") / "agent", office, "duty", OFFICE_NOW)
        approved(laptop, "chair")
        laptop.run()
        (item,) = laptop.items()
        public = from_text(office.get("/v1/service").json()["public_key"])
        _RECEIPTS.append((public, item.receipt or b"", item.sha256))
    return _RECEIPTS[0]
