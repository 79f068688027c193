"""The outbox: bytes made once, states that only go forward, and when a report leaves."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments, Service
from fyraften_agent.sending.outbox import NoSuchReportError, NotPossibleError, Outbox, something_is_due
from fyraften_policy import wire
from fyraften_policy.errors import WireError

NOW = 1_767_600_000
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, SigningKey(bytes(32)).public, None)


def group_body(week: str = "2026-W03", home_days: str = "2") -> bytes:
    values = {
        "week": week,
        "cell": "sales",
        "home_days": home_days,
        "home_share": "unknown",
        "out_of_hours_days": "0",
        "out_of_hours_home_days": "0",
        "short_rests": "0",
        "day_off": "unknown",
        "screen_rule": "unknown",
        "pauses": "varied",
    }
    return wire.encode("fyraften.group.weekly/1", values)


def duty_body(eye_test: bool | None) -> bytes:
    values = {
        "month": "2026-01",
        "screen_rule": "unknown",
        "workplace_check": "unknown",
        "equipment_wanted": [],
        "eye_test_wanted": "unknown" if eye_test is None else eye_test,
    }
    return wire.encode("fyraften.duty.monthly/1", values)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = open_ledger(None)
    for purpose in ("group", "duty"):
        Enrolments(connection).start(purpose, "https://havn.example", SERVICE, purpose, "CODE", NOW)
    yield connection
    connection.close()


@pytest.fixture
def outbox(connection: sqlite3.Connection) -> Outbox:
    return Outbox(connection)


def test_what_was_prepared_is_kept_byte_for_byte_with_its_hash(outbox: Outbox) -> None:
    item = outbox.prepare(group_body(), "group", NOW)

    assert item.body == group_body()
    assert item.sha256 == hashlib.sha256(group_body()).hexdigest()
    assert (item.state, item.report, item.period) == ("held", "fyraften.group.weekly/1", "2026-W03")


def test_bytes_that_may_not_leave_cannot_be_prepared(outbox: Outbox) -> None:
    for body in (b"{}", group_body().replace(b"varied", b"secret"), group_body() + b"\n"):
        with pytest.raises(WireError):
            outbox.prepare(body, "group", NOW)
    assert outbox.items() == []


def test_a_period_prepared_again_keeps_its_first_bytes(outbox: Outbox) -> None:
    first = outbox.prepare(group_body(), "group", NOW)
    again = outbox.prepare(group_body(home_days="5+"), "group", NOW + 1)

    assert again == first


def test_nothing_is_due_before_it_is_approved(outbox: Outbox) -> None:
    item = outbox.prepare(group_body(), "group", NOW)
    assert outbox.due(NOW + 10**9) == []
    outbox.approve(item.id, NOW, NOW + 50)

    assert outbox.due(NOW + 49) == []
    assert [one.id for one in outbox.due(NOW + 50)] == [item.id]


def test_what_is_kept_back_is_not_due_until_approved_by_its_number(outbox: Outbox) -> None:
    item = outbox.prepare(group_body(), "group", NOW)
    outbox.approve(item.id, NOW, NOW)
    outbox.hold(item.id)
    assert outbox.due(NOW) == []
    outbox.approve(item.id, NOW + 5, NOW + 5)

    assert [one.kept_back for one in outbox.due(NOW + 5)] == [False]


def test_approving_twice_does_not_move_the_time_it_leaves(outbox: Outbox) -> None:
    item = outbox.prepare(group_body(), "group", NOW)
    outbox.approve(item.id, NOW, NOW + 50)

    assert outbox.approve(item.id, NOW + 1, NOW + 99).next_try_at == NOW + 50


FORWARD = [
    ("held", "approved"),
    ("held", "purged"),
    ("approved", "sent"),
    ("approved", "receipted"),
    ("approved", "refused"),
    ("approved", "purged"),
    ("sent", "receipted"),
    ("sent", "refused"),
]
STATES = ("held", "approved", "sent", "receipted", "refused", "purged")


def bring_to(connection: sqlite3.Connection, state: str) -> None:
    """Lead the report the allowed way to ``state``."""
    ways = {
        "held": (),
        "approved": ("approved",),
        "sent": ("approved", "sent"),
        "receipted": ("approved", "receipted"),
        "refused": ("approved", "refused"),
        "purged": ("purged",),
    }
    for step in ways[state]:
        connection.execute("UPDATE outbox SET state = ?, body = iif(? = 'purged', NULL, body)", (step, step))


@pytest.mark.parametrize("start", STATES)
@pytest.mark.parametrize("end", STATES)
def test_the_database_lets_a_report_only_go_forward(
    connection: sqlite3.Connection, outbox: Outbox, start: str, end: str
) -> None:
    outbox.prepare(group_body(), "group", NOW)
    bring_to(connection, start)
    step = "UPDATE outbox SET state = ?, body = iif(? = 'purged', NULL, body)"
    if start == end or (start, end) in FORWARD:
        connection.execute(step, (end, end))
    else:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(step, (end, end))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox SET body = X'00'",
        "UPDATE outbox SET body = NULL",
        "UPDATE outbox SET sha256 = 'x'",
        "UPDATE outbox SET period = '2026-W04'",
        "UPDATE outbox SET subject = 'duty'",
        "UPDATE outbox SET purpose = 'duty'",
        "DELETE FROM outbox",
        "INSERT INTO outbox (report, purpose, period, subject, body, sha256, state, prepared_at) "
        "VALUES ('r', 'group', 'p', 'group', X'00', 'x', 'approved', 1)",
    ],
)
def test_the_database_keeps_bytes_and_history(connection: sqlite3.Connection, outbox: Outbox, statement: str) -> None:
    outbox.prepare(group_body(), "group", NOW)

    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)


def test_a_receipt_ends_it(outbox: Outbox) -> None:
    item = outbox.prepare(group_body(), "group", NOW)
    outbox.approve(item.id, NOW, NOW)
    outbox.receipted(item.id, NOW + 1, b"receipt")
    after = outbox.item(item.id)

    assert (after.state, after.receipt, after.sent_at, after.next_try_at) == ("receipted", b"receipt", NOW + 1, None)
    assert outbox.due(NOW + 10**9) == []
    for step in (lambda: outbox.approve(item.id, NOW, NOW), lambda: outbox.hold(item.id)):
        with pytest.raises(NotPossibleError):
            step()


def test_a_failed_try_stays_approved_and_waits(outbox: Outbox) -> None:
    item = outbox.prepare(group_body(), "group", NOW)
    outbox.approve(item.id, NOW, NOW)
    outbox.failed(item.id, "not-reached", NOW + 60)
    after = outbox.item(item.id)

    assert (after.state, after.attempts, after.problem, after.sent_at) == ("approved", 1, "not-reached", None)
    assert outbox.due(NOW + 59) == []
    assert len(outbox.due(NOW + 60)) == 1


def test_taken_without_a_valid_receipt_is_sent_and_asked_again(outbox: Outbox) -> None:
    item = outbox.prepare(group_body(), "group", NOW)
    outbox.approve(item.id, NOW, NOW)
    outbox.failed(item.id, "receipt-not-valid", NOW + 60, taken_at=NOW)

    assert outbox.item(item.id).state == "sent"
    assert [one.state for one in outbox.due(NOW + 60)] == ["sent"]


def test_purging_erases_the_bytes_of_everything_unsent_of_that_purpose(outbox: Outbox) -> None:
    held = outbox.prepare(group_body(), "group", NOW)
    approved = outbox.prepare(group_body("2026-W04"), "group", NOW)
    outbox.approve(approved.id, NOW, NOW)
    taken = outbox.prepare(group_body("2026-W05"), "group", NOW)
    outbox.approve(taken.id, NOW, NOW)
    outbox.failed(taken.id, "receipt-not-valid", NOW + 60, taken_at=NOW)
    other = outbox.prepare(duty_body(True), "duty", NOW)

    assert outbox.purge_unsent("group", NOW + 1) == 2
    assert [outbox.item(one.id).state for one in (held, approved, taken, other)] == ["purged", "purged", "sent", "held"]
    assert [outbox.item(one.id).body is None for one in (held, approved, taken, other)] == [True, True, False, False]
    assert outbox.due(NOW + 10**9) == []


def test_purged_bytes_are_in_no_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    connection = open_ledger(path)
    Enrolments(connection).start("group", "https://havn.example", SERVICE, "group", "CODE", NOW)
    outbox = Outbox(connection)
    for week in range(10, 40):
        outbox.prepare(group_body(f"2026-W{week}"), "group", NOW)
    assert any(b'"pauses":"varied"' in file.read_bytes() for file in tmp_path.iterdir())
    outbox.purge_unsent("group", NOW)
    connection.close()

    assert not any(b'"pauses":"varied"' in file.read_bytes() for file in tmp_path.iterdir())


def leave(outbox: Outbox, number: int, later: int = 0) -> None:
    """Let a report be approved and tried once."""
    outbox.approve(number, NOW + later, NOW + later)
    outbox.begin(number, NOW + later, NOW + later + 60)


def test_a_report_that_never_left_is_replaced_by_its_correction(outbox: Outbox) -> None:
    first = outbox.replace(duty_body(False), "duty", NOW)
    outbox.approve(first.id, NOW, NOW)
    second = outbox.replace(duty_body(True), "duty", NOW)

    assert outbox.replace(duty_body(True), "duty", NOW) == second
    assert [(one.state, one.replaces, one.waits_for) for one in outbox.items()] == [
        ("purged", None, None),
        ("held", None, None),
    ]


def test_a_receipted_report_is_corrected_by_a_report_that_names_it(outbox: Outbox) -> None:
    first = outbox.replace(duty_body(False), "duty", NOW)
    leave(outbox, first.id)
    outbox.receipted(first.id, NOW, b"receipt")
    assert outbox.replace(duty_body(False), "duty", NOW).id == first.id
    second = outbox.replace(duty_body(True), "duty", NOW)
    third = outbox.replace(duty_body(None), "duty", NOW)

    assert (second.replaces, second.state) == (first.sha256, "held")
    assert outbox.item(second.id).state == "purged"
    assert third.replaces == first.sha256
    assert outbox.replace(duty_body(False), "duty", NOW).id == first.id  # back to what was sent: nothing to correct
    assert outbox.item(third.id).state == "purged"


def test_a_correction_waits_for_the_answer_about_what_may_have_arrived(outbox: Outbox) -> None:
    first = outbox.replace(duty_body(False), "duty", NOW)
    leave(outbox, first.id)
    second = outbox.replace(duty_body(True), "duty", NOW)
    outbox.approve(second.id, NOW, NOW)

    assert (second.waits_for, second.replaces) == (first.id, None)
    assert [one.id for one in outbox.due(NOW + 60)] == [first.id]
    outbox.receipted(first.id, NOW + 60, b"receipt")
    assert [(one.id, one.replaces) for one in outbox.due(NOW + 60)] == [(second.id, first.sha256)]


def test_after_a_refusal_another_report_is_the_first_again(outbox: Outbox) -> None:
    first = outbox.replace(duty_body(False), "duty", NOW)
    leave(outbox, first.id)
    outbox.refused(first.id, NOW, "report-not-valid")
    second = outbox.replace(duty_body(False), "duty", NOW)

    assert (second.id != first.id, second.replaces, second.waits_for) == (True, None, None)


def test_a_report_without_a_name_is_never_corrected(outbox: Outbox) -> None:
    first = outbox.replace(group_body(), "group", NOW)
    leave(outbox, first.id)

    with pytest.raises(NotPossibleError):
        outbox.replace(group_body(home_days="5+"), "group", NOW)


def test_what_may_have_left_is_not_forgotten(connection: sqlite3.Connection, outbox: Outbox) -> None:
    first = outbox.replace(duty_body(False), "duty", NOW)
    leave(outbox, first.id)
    outbox.begin(first.id, NOW + 5, NOW + 65)

    assert outbox.item(first.id).tried_at == NOW
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE outbox SET tried_at = NULL")


def test_the_database_holds_one_report_of_a_period_that_waits_and_one_that_leaves(
    connection: sqlite3.Connection, outbox: Outbox
) -> None:
    first = outbox.replace(duty_body(False), "duty", NOW)
    leave(outbox, first.id)
    outbox.replace(duty_body(True), "duty", NOW)
    copy = "INSERT INTO outbox (report, purpose, period, subject, body, sha256, prepared_at) SELECT report, purpose, "
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(f"{copy} period, subject, body, sha256, 1 FROM outbox WHERE id = 2")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE outbox SET state = 'approved', tried_at = 1 WHERE id = 2")


def test_a_number_that_is_not_there_is_an_input_error(outbox: Outbox) -> None:
    with pytest.raises(NoSuchReportError) as caught:
        outbox.approve(7, NOW, NOW)
    assert caught.value.exit_code == 2


def test_without_a_ledger_nothing_is_due_and_nothing_is_made(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "none")

    assert something_is_due(paths, NOW) is False
    assert not paths.folder.exists()


def test_an_erasure_that_waits_is_due(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    connection = open_ledger(paths.ledger)
    enrolments = Enrolments(connection)
    enrolments.start("group", "https://havn.example", SERVICE, "group", "CODE", NOW)
    enrolments.confirm("group", "sales", b"{}", NOW)
    assert not something_is_due(paths, NOW + 10)
    enrolments.leave("group", NOW + 5)
    connection.close()

    assert not something_is_due(paths, NOW + 4)
    assert something_is_due(paths, NOW + 5)
