"""The preview says what a report keeps back, and why; and which report is made no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files

import pytest

from agent_records import NOW, ZONE, FixedClock
from command_line import CommandLine
from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.report_words import field_words
from fyraften_policy import wire
from fyraften_policy.periods import local_date
from fyraften_policy.wire_registry import read_registry

SERVICE = Service("Havn A/S", "hr@havn.example", wire.purposes(), 10, SigningKey(bytes(32)).public, None)
SERVER = "http://127.0.0.1:9"  # nobody listens there
TEXT = files("fyraften_policy").joinpath("wire.toml").read_text(encoding="utf-8")
REVIEWED = wire.report_for("duty").made_until
TODAY = local_date(FixedClock(NOW).now(), ZONE)
Use = Callable[[str, str], None]


@pytest.fixture
def with_registry(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Let the program know another registry: one in which a piece of text is another."""

    def use(old: str, new: str) -> None:
        assert old in TEXT
        found = read_registry(TEXT.replace(old, new))
        monkeypatch.setattr(wire, "registry", lambda: found)

    return use


def agree(person: CommandLine, wire_version: int) -> CommandLine:
    """Agree to duty after the text of a version, and be enrolled."""
    with Ledger.open(person.paths) as ledger:
        agreed = person.clock.now() - 3600
        ledger.give("duty", agreed, "text", "en", wire_version, agreed_service(SERVER, SERVICE.public_key))
        enrolments = Enrolments(ledger.connection)
        enrolments.start("duty", SERVER, SERVICE, "duty", "CODE", agreed)
        enrolments.confirm("duty", None, b"{}", agreed)
        Keys(person.paths.keys).create("duty")
    return person


def test_a_field_newer_than_the_consent_is_kept_back_and_said_until_they_agree(
    newcomer: CommandLine, with_registry: Use
) -> None:
    old = TEXT[TEXT.index('name = "eye_test_wanted"') : TEXT.index('en = "Whether you ask for an eye test"')]
    with_registry(old, old.replace("since = 1", "since = 2"))
    agree(newcomer, 1)

    before = newcomer.run("outbox", "prepare", "duty", "--equipment", "chair", "--eye-test", "yes").out
    with Ledger.open(newcomer.paths) as ledger:
        ledger.give("duty", newcomer.clock.now(), "text", "en", 2, agreed_service(SERVER, SERVICE.public_key))
    after = newcomer.run("outbox", "prepare", "duty", "--equipment", "chair", "--eye-test", "yes").out

    assert '"eye_test_wanted":"unknown"' in before
    assert (
        "Sent as not known, because it is newer than the text you agreed to: Whether you ask for an eye test." in before
    )
    assert '"eye_test_wanted":true' in after
    assert "Sent as not known" not in after


@pytest.mark.parametrize(("days", "is_kept_back"), [(0, False), (1, True)])
def test_a_field_past_its_review_is_kept_back_and_said_from_the_day_after(
    newcomer: CommandLine, with_registry: Use, days: int, is_kept_back: bool
) -> None:
    old = TEXT[TEXT.index('name = "eye_test_wanted"') : TEXT.index('en = "Whether you ask for an eye test"')]
    until = TODAY - timedelta(days=days)
    with_registry(old, old.replace(f"reviewed_until = {REVIEWED}", f"reviewed_until = {until}"))
    agree(newcomer, 2)

    shown = newcomer.run("outbox", "prepare", "duty", "--equipment", "chair", "--eye-test", "yes").out

    assert ('"eye_test_wanted":"unknown"' in shown) == is_kept_back
    assert (f"Sent as not known, because its review of {until} is overdue: Whether you ask" in shown) == is_kept_back


@pytest.mark.parametrize(("days", "is_made"), [(0, True), (1, False)])
def test_a_report_past_its_review_is_made_no_more_and_the_outbox_says_so(
    newcomer: CommandLine, with_registry: Use, days: int, is_made: bool
) -> None:
    with_registry(f"reviewed_until = {REVIEWED}", f"reviewed_until = {TODAY - timedelta(days=days)}")
    agree(newcomer, 2)

    prepared = newcomer.run("outbox", "prepare", "duty", "--equipment", "chair")
    shown = newcomer.run("outbox", "show").out

    assert (prepared.code == 0) == is_made
    assert ("No report duty.monthly is made after" in prepared.errors) == (not is_made)
    assert ("No report on “Telling your employer which duties follow” is made after" in shown) == (not is_made)


def test_what_is_due_later_is_not_spoken_of_where_nobody_agreed(newcomer: CommandLine, with_registry: Use) -> None:
    with_registry(f"reviewed_until = {REVIEWED}", f"reviewed_until = {TODAY - timedelta(days=1)}")

    assert "No report on" not in newcomer.run("outbox", "show").out


def test_seven_totals_are_shown_day_by_day() -> None:
    (field,) = [one for one in wire.report_for("record").fields if one.type == "minutes"]

    words = field_words(field, [444, 0, None, 60, 1440, 1, 59], "en", str)

    assert words == (
        "Monday 7 h 24 min, Tuesday 0 min, Wednesday left out, Thursday 1 h, Friday 24 h, Saturday 1 min, Sunday 59 min"
    )
