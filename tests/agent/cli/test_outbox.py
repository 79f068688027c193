"""``fyraften outbox``: what is shown is what is stored; nothing leaves without a word."""

from __future__ import annotations

import pytest

from agent_records import at
from command_line import CommandLine
from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_policy import wire
from fyraften_policy.periods import week_monday

SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, SigningKey(bytes(32)).public, None)
SERVER = "http://127.0.0.1:9"  # the port of a service that discards: nobody listens there
WEEKS = ("2026-W45", "2026-W46")


@pytest.fixture
def contributor(person: CommandLine) -> CommandLine:
    """Somebody with nine weeks of records who agreed to both purposes before the latest two weeks."""
    agreed = at(week_monday(WEEKS[0]), "00:00") - 3600
    with Ledger.open(person.paths) as ledger:
        for purpose, cell in (("group", "sales"), ("duty", None)):
            ledger.give(purpose, agreed, "text", "en", 1, agreed_service(SERVER, SERVICE.public_key))
            enrolments = Enrolments(ledger.connection)
            enrolments.start(purpose, SERVER, SERVICE, purpose, "CODE", agreed)
            enrolments.confirm(purpose, cell, b"{}", agreed)
            Keys(person.paths.keys).create(purpose)
    return person


def stored(person: CommandLine, number: int) -> bytes | None:
    with Ledger.open(person.paths) as ledger:
        return Outbox(ledger.connection).item(number).body


def test_an_empty_outbox_says_so_and_makes_nothing(nobody: CommandLine) -> None:
    assert "Nothing waits" in nobody.run("outbox", "show").out
    assert nobody.json("outbox") == {"reports": []}
    assert not nobody.paths.folder.exists()


def test_the_weeks_since_the_consent_are_prepared_and_held(contributor: CommandLine) -> None:
    reports = contributor.json("outbox", "prepare", "group")["reports"]

    assert [(one["period"], one["state"]) for one in reports] == [(week, "held") for week in WEEKS]
    assert "No week is over" in contributor.run("outbox", "prepare", "group").out


def test_the_bytes_shown_are_the_bytes_stored(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    lines = contributor.run("outbox", "show").out.splitlines()
    shown = [line.encode() for line in lines if line.startswith("{")]
    as_json = [one["body"].encode() for one in contributor.json("outbox", "show")["reports"]]

    assert shown == as_json == [stored(contributor, 1), stored(contributor, 2)]
    assert wire.decode(shown[0])["week"] == WEEKS[0]


def test_every_value_is_told_in_words(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    shown = contributor.run("outbox", "show", "1").out

    for field in wire.report("fyraften.group.weekly/1").fields:
        assert field.meaning["en"] in shown


def test_the_week_is_what_the_records_say(contributor: CommandLine) -> None:
    """Home on Mondays, Wednesdays and Fridays; recording was paused on Tuesday of week 46."""
    reports = contributor.json("outbox", "prepare", "group")["reports"]
    values = wire.decode(reports[0]["body"].encode())

    assert (values["home_days"], values["home_share"], values["cell"]) == ("3", "half_or_more", "sales")
    assert values["out_of_hours_days"] == "unknown"  # no hours are agreed


def test_approving_one_lets_it_leave_later_and_not_now(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    outcome = contributor.run("outbox", "approve", "1")
    reports = contributor.json("outbox", "show")["reports"]

    assert "It leaves at" in outcome.out
    assert [one["state"] for one in reports] == ["approved", "held"]
    assert reports[0]["next_try_at"] is not None


def test_approving_all_leaves_out_what_is_kept_back(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    assert "kept back" in contributor.run("outbox", "hold", "2").out
    contributor.run("outbox", "approve", "all")

    reports = contributor.json("outbox", "show")["reports"]
    assert [(one["state"], one["kept_back"]) for one in reports] == [("approved", False), ("held", True)]


def test_a_report_kept_back_after_its_approval_does_not_leave(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    contributor.run("outbox", "approve", "1")
    contributor.run("outbox", "hold", "1")
    with Ledger.open(contributor.paths) as ledger:
        assert Outbox(ledger.connection).due(2**40) == []


def test_sending_at_once_says_when_the_service_is_not_reached(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    outcome = contributor.run("outbox", "approve", "1", "--now")

    assert outcome.code == 7
    assert "could not be reached" in outcome.out
    assert [one["state"] for one in contributor.json("outbox", "show")["reports"]] == ["approved", "held"]


def test_a_report_under_a_name_takes_none_without_along_whose_moment_was_missed(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    now = contributor.clock.now()
    with Ledger.open(contributor.paths) as ledger:
        Outbox(ledger.connection).approve(2, now - 7200, now - 3600)
    (duty,) = contributor.json("outbox", "prepare", "duty", "--equipment", "chair")["reports"]
    contributor.run("outbox", "approve", str(duty["number"]), "--now")
    with Ledger.open(contributor.paths) as ledger:
        missed, named = (Outbox(ledger.connection).item(number) for number in (2, duty["number"]))

    assert (missed.attempts, named.attempts) == (0, 1)
    assert missed.next_try_at is not None
    assert now < missed.next_try_at


def test_a_duty_report_says_what_the_person_says_and_unknown_else(contributor: CommandLine) -> None:
    prepared = contributor.json("outbox", "prepare", "duty", "--equipment", "desk", "chair", "--eye-test", "no")
    values = wire.decode(prepared["reports"][0]["body"].encode())

    assert values["month"] == "2026-11"
    assert values["equipment_wanted"] == ["chair", "desk"]
    assert values["eye_test_wanted"] is False
    assert values["workplace_check"] == "unknown"
    assert values["screen_rule"] in ("covered", "not_covered", "provisional", "unknown")


def test_a_duty_report_made_again_replaces_the_held_one(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "duty")
    contributor.run("outbox", "prepare", "duty", "--equipment", "none")
    (report,) = contributor.json("outbox", "show")["reports"]

    assert wire.decode(report["body"].encode())["equipment_wanted"] == []
    assert stored(contributor, 1) is None


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "7"),
        ("approve", "one"),
        ("approve", "-1"),
        ("hold", "7"),
        ("show", "7"),
        ("prepare", "duty", "--month", "2026-13"),
        ("prepare", "duty", "--month", "2027-01"),
        ("prepare", "duty", "--month", "nov"),
        ("prepare", "duty", "--month", "2019-12", "--equipment", "chair"),
        ("prepare", "duty", "--equipment", "none", "chair"),
        ("prepare", "duty", "--equipment", "sofa"),
        ("prepare",),
    ],
)
def test_wrong_usage_is_an_input_error(contributor: CommandLine, words: tuple[str, ...]) -> None:
    outcome = contributor.run("outbox", *words)

    assert outcome.code == 2
    assert outcome.out == ""


@pytest.mark.parametrize("words", [("prepare", "group"), ("prepare", "duty"), ("approve", "1"), ("hold", "1")])
def test_without_consent_there_is_nothing_to_prepare_or_approve(newcomer: CommandLine, words: tuple[str, ...]) -> None:
    outcome = newcomer.run("outbox", *words)

    assert outcome.code == 2
    assert newcomer.json("outbox")["reports"] == []


def test_three_tries_without_a_receipt_are_told(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    with Ledger.open(contributor.paths) as ledger:
        outbox = Outbox(ledger.connection)
        outbox.approve(1, 1, 1)
        for _ in range(3):
            outbox.failed(1, "not-reached: it took too long", contributor.clock.now() + 60)
        kept_here = contributor.run("outbox", "show", "1").out
        outbox.begin(1, 1, contributor.clock.now() + 60)
    shown = contributor.run("outbox", "show", "1").out

    assert "without a valid receipt" not in kept_here  # it was the policy that was not reached
    assert "tried 3 times without a valid receipt" in shown
    assert "could not be reached (it took too long)" in shown


def test_what_leaves_by_itself_is_not_said_to_wait_for_approval(contributor: CommandLine) -> None:
    contributor.run("outbox", "prepare", "group")
    before = contributor.run("outbox", "show", "1").out
    with Ledger.open(contributor.paths) as ledger:
        Outbox(ledger.connection).put_off(1, contributor.clock.now() + 60)
    after = contributor.run("outbox", "show", "1").out

    assert "leaves only when you approve it" in before
    assert "leaves only when you approve it" not in after
    assert "leaves by itself, as you chose" in after


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("nov", "nov is no month. Write it such as 2026-11."),
        ("2026-1", "2026-1 is no month"),
        ("0000-01", "0000-01 is no month"),
        ("2019-12", "Nothing is known of 2019-12: recording began on 2026-09-21."),
    ],
)
def test_a_month_that_cannot_be_reported_is_told(contributor: CommandLine, month: str, words: str) -> None:
    outcome = contributor.run("outbox", "prepare", "duty", "--month", month, "--equipment", "chair")

    assert words in outcome.errors
