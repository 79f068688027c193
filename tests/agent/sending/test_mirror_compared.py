"""Comparing ledger, outbox and mirror: each pair that does not fit is a line of its own, and nothing is evened out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger_marks import mark_of
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolment, Enrolments, Service, agreed_service
from fyraften_agent.sending.mirror import Held, Mirror
from fyraften_agent.sending.mirror_compared import compare
from fyraften_agent.sending.mirror_lines import AGREEMENTS, MISMATCHES, Line
from fyraften_agent.sending.outbox import Item, Outbox
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_policy import wire

NOW = 1_780_000_000
KEY = SigningKey(bytes([7]) * 32)
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, None)
SUBJECT = "s" * 26
DUTY, GROUP = "fyraften.duty.monthly/1", "fyraften.group.weekly/1"
ANSWERS = {"screen_rule": "covered", "workplace_check": "done", "equipment_wanted": ["chair"], "eye_test_wanted": True}
WEEKLY = {
    **{"home_days": "2", "home_share": "under_half", "out_of_hours_days": "0", "out_of_hours_home_days": "0"},
    **{"short_rests": "0", "day_off": "kept", "screen_rule": "not_covered", "pauses": "varied"},
}


def envelope(**words: Any) -> dict[str, Any]:
    told = {"kind": "report", "date": "2026-11-02", "service": fingerprint(KEY.public), **words}
    return {"receipt": told, "signature": encode(KEY.sign(wire.canonical(told)))}


class Laptop:
    """A laptop with a ledger and an outbox, and what its service would show."""

    def __init__(self, folder: Path, purpose: str = "duty", cell: str | None = None) -> None:
        self.ledger = Ledger.open(Paths(folder))
        self.outbox, self.enrolments = Outbox(self.ledger.connection), Enrolments(self.ledger.connection)
        self.purpose, self.cell = purpose, cell
        self.ledger.give(purpose, NOW, "text", "en", 1, agreed_service("https://havn.example", KEY.public))
        self.enrolments.start(purpose, "https://havn.example", SERVICE, SUBJECT, "CODE", NOW)
        self.enrolments.confirm(SUBJECT, cell, wire.canonical(envelope(kind="enrolment", date="2026-10-30")), NOW)

    @property
    def enrolment(self) -> Enrolment:
        (found,) = self.enrolments.all()
        return found

    def prepared(self, period: str = "2026-10", **changes: Any) -> Item:
        if self.purpose == "group":
            body = wire.encode(GROUP, {"week": period, "cell": self.cell, **WEEKLY, **changes})
        else:
            body = wire.encode(DUTY, {"month": period, **ANSWERS, **changes})
        item = self.outbox.replace(body, SUBJECT, NOW)
        return self.outbox.approve(item.id, NOW, NOW)

    def tried(self, period: str = "2026-10", **changes: Any) -> Item:
        item = self.prepared(period, **changes)
        self.ledger.append("report_sent", self.purpose, NOW, {"sha256": item.sha256})
        self.outbox.begin(item.id, NOW, NOW + 60)
        return self.outbox.item(item.id)

    def sent(self, period: str = "2026-10", erase_by: str = "2027-11-01", revision: int = 1, **changes: Any) -> Item:
        item = self.tried(period, **changes)
        mark = mark_of(SUBJECT, self.ledger.events()[-1])
        told = envelope(laptop=mark, erase_by=erase_by, revision=revision, body_sha256=item.sha256)
        self.outbox.receipted(item.id, NOW, wire.canonical(told))
        self.ledger.append("receipt", self.purpose, NOW, {"kind": "report", "sha256": item.sha256})
        return self.outbox.item(item.id)

    def compare(self, *held: Held, **changes: Any) -> list[Line]:
        mirror = Mirror(date(2026, 11, 22), self.purpose, date(2026, 10, 30), self.cell, "Bo Holm", None, tuple(held))
        items = self.outbox.items()
        return compare(self.enrolment, items, self.ledger.events(), replace(mirror, **changes))

    def codes(self, *held: Held, **changes: Any) -> list[str]:
        return [line.code for line in self.compare(*held, **changes)]


def held(item: Item, **changes: Any) -> Held:
    """Return what an honest service shows of a report it took."""
    values = json.loads(item.body or b"{}")
    answers = {name: value for name, value in values.items() if name not in ("report", "week", "month", "cell")}
    told = json.loads(item.receipt or b'{"receipt": {}}')
    found = Held(
        *(item.report, item.period, told["receipt"].get("revision", 1), item.sha256),
        *(date(2026, 11, 2), date(2027, 11, 1), answers, told, None),
    )
    return replace(found, **changes)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    laptop = Laptop(tmp_path / "fyraften")
    yield laptop
    laptop.ledger.close()


@pytest.fixture
def anonymous(tmp_path: Path) -> Iterator[Laptop]:
    laptop = Laptop(tmp_path / "group", "group", "sales")
    yield laptop
    laptop.ledger.close()


def test_what_is_the_same_on_both_sides_fits(laptop: Laptop) -> None:
    assert laptop.codes(held(laptop.sent())) == ["same"]
    assert laptop.codes() != []


def test_a_report_held_there_and_unknown_here_is_a_line(laptop: Laptop, anonymous: Laptop) -> None:
    item = laptop.sent()
    other = held(item, period="2026-09", sha256="cd" * 32, answers=None)

    lines = laptop.compare(held(item), other)

    assert [line.code for line in lines] == ["same", "unknown_here"]
    assert lines[1].values == {"period": "2026-09", "report": DUTY, "sha256": "cd" * 32}


def test_a_report_receipted_here_and_missing_there_is_a_line_until_its_day_of_erasure(laptop: Laptop) -> None:
    laptop.sent(erase_by="2026-11-23")

    assert laptop.codes(told_on=date(2026, 11, 22)) == ["missing_there"]
    assert laptop.codes(told_on=date(2026, 11, 23)) == ["erased_in_time"]


def test_another_content_there_is_a_line_for_each_side(laptop: Laptop) -> None:
    item = laptop.sent()
    body = wire.encode(DUTY, {"month": "2026-10", **ANSWERS, "eye_test_wanted": False})
    other = held(item, sha256=hashlib.sha256(body).hexdigest(), answers={**ANSWERS, "eye_test_wanted": False})

    assert laptop.codes(other) == ["other_content", "unknown_here"]


def test_answers_shown_that_do_not_make_the_hash_are_a_line(laptop: Laptop) -> None:
    item = laptop.sent()

    assert laptop.codes(held(item, answers={**ANSWERS, "eye_test_wanted": False})) == ["same", "other_answers"]
    assert laptop.codes(held(item, answers={"other": "form"})) == ["same", "other_answers"]
    assert laptop.codes(held(item, answers=None)) == ["same"]


def test_another_revision_there_is_a_line(laptop: Laptop) -> None:
    assert laptop.codes(held(laptop.sent(), revision=2)) == ["other_revision"]


def test_a_corrected_report_may_be_gone_there_and_the_correction_not(laptop: Laptop) -> None:
    laptop.sent()
    correction = laptop.sent(revision=2, eye_test_wanted=False)

    assert laptop.codes(held(correction)) == ["superseded", "same"]
    assert laptop.codes() == ["superseded", "missing_there"]


def test_another_receipt_there_is_a_line_and_one_with_another_key_two(laptop: Laptop) -> None:
    item = laptop.sent()
    other = envelope(laptop=json.loads(item.receipt or b"")["receipt"]["laptop"], revision=1, erase_by="2099-01-01")
    forged = {**other, "signature": encode(SigningKey(bytes(32)).sign(b"x"))}

    assert laptop.codes(held(item, receipt=other)) == ["other_receipt"]
    assert laptop.codes(held(item, receipt=forged)) == ["other_receipt", "bad_receipt_there"]


def test_a_receipt_there_that_names_an_event_this_ledger_lacks_is_a_line(laptop: Laptop) -> None:
    item = laptop.sent()
    later = envelope(laptop="ab" * 32, revision=1, erase_by="2027-11-01", body_sha256=item.sha256)

    assert laptop.codes(held(item, receipt=later)) == ["other_receipt", "ledger_too_short"]


def test_what_was_to_be_erased_and_is_still_held_is_a_line(laptop: Laptop) -> None:
    item = laptop.sent()

    assert laptop.codes(held(item, erase_by=date(2026, 11, 22))) == ["same"]
    assert laptop.codes(held(item, erase_by=date(2026, 11, 21))) == ["same", "kept_too_long"]


def test_a_try_without_an_answer_either_arrived_or_did_not(laptop: Laptop) -> None:
    item = laptop.tried()

    assert laptop.codes() == ["not_taken"]
    assert laptop.codes(held(item, receipt=envelope(laptop=None))) == ["no_receipt_here"]


def test_what_never_left_and_is_held_there_is_a_line(laptop: Laptop) -> None:
    assert laptop.codes(held(laptop.prepared(), receipt=envelope(laptop=None))) == ["never_sent"]


def test_a_published_week_holds_no_single_report_and_a_later_one_has_to(anonymous: Laptop) -> None:
    item = anonymous.sent("2026-W45", erase_by="2026-11-30")

    assert anonymous.codes(held(item)) == ["same"]
    assert anonymous.codes(published_until="2026-W45") == ["published"]
    assert anonymous.codes(published_until="2026-W44") == ["missing_there"]


def test_another_group_or_another_day_of_enrolment_is_a_line(anonymous: Laptop) -> None:
    item = anonymous.sent("2026-W45")

    assert anonymous.codes(held(item), cell="support") == ["other_cell", "same", "other_answers"]
    assert anonymous.codes(held(item), enrolled_on=date(2026, 10, 31)) == ["other_enrolment_day", "same"]


def test_where_ledger_and_outbox_do_not_fit_there_is_a_line_for_each(laptop: Laptop) -> None:
    item = laptop.prepared()
    laptop.outbox.begin(item.id, NOW, NOW)
    laptop.outbox.receipted(item.id, NOW, wire.canonical(envelope(laptop=None, erase_by="2027-11-01")))
    laptop.ledger.append("report_sent", "duty", NOW, {"sha256": "cd" * 32})
    laptop.ledger.append("receipt", "duty", NOW, {"kind": "report", "sha256": "ef" * 32})

    found = laptop.codes(held(laptop.outbox.item(item.id)))

    assert found == [
        *("same", "sent_without_report", "receipt_lost", "report_without_event", "receipt_without_event"),
    ]


def test_every_line_has_its_sentence_with_all_its_values() -> None:
    values = {
        name: "x"
        for name in (
            *("period", "report", "date", "erase_by", "sha256", "theirs", "ours", "name", "number", "count"),
            *("other", "other_date", "problem"),
        )
    }

    for code in (*AGREEMENTS, *MISMATCHES):
        line = Line(code, values)
        assert "{" not in line.text(str)
        assert line.fits == (code in AGREEMENTS)
        assert line.as_json()["code"] == code
