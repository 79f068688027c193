"""Pulse answers as a report: three steps for five, of one month, with consent alone, never under Norwegian law."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_records import ZONE
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger import ConsentState
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.selfchecks.answers import CHOICES, Answer
from fyraften_agent.selfchecks.questions import PULSE, all_questions, check_named
from fyraften_agent.sending.enrolment import Enrolments, Service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.preparing import prepare_due_reports
from fyraften_agent.sending.pulse_reports import PULSE_MONTHLY, month_to_prepare, prepare_months, pulse_monthly
from fyraften_agent.store.answers import keep_answers
from fyraften_agent.store.store import Store
from fyraften_policy import wire
from fyraften_policy.languages import LANGUAGES
from fyraften_policy.periods import parse_instant

SERVICE = Service("Havn A/S", "hr@havn.example", wire.purposes(), 10, SigningKey(bytes(32)).public, None)
MONTH = "2026-11"
AGREED_AT = parse_instant("2026-10-31T23:59", ZONE)
ENDED = parse_instant("2026-12-01T00:00", ZONE)
FIVE = tuple(CHOICES["how_often"])


def said(question: str, value: str, month: str = MONTH) -> Answer:
    return Answer(question, value, date(2026, 11, 20), parse_instant("2026-11-20T12:00", ZONE), month)


ANSWERS = [
    said("pulse.role", "nearly_always"),
    said("pulse.balance", "hardly_ever"),
    said("pulse.control", "sometimes"),
]


class Office:
    """An outbox in memory with an enrolment for pulse."""

    def __init__(self, confirmed: bool = True) -> None:
        self.connection = open_ledger(None)
        self.outbox, self.enrolments = Outbox(self.connection), Enrolments(self.connection)
        self.enrolments.start("pulse", "https://havn.example", SERVICE, "subject", "CODE", AGREED_AT)
        if confirmed:
            self.enrolments.confirm("subject", "sales", b"{}", AGREED_AT)

    def prepare(self, answers: list[Answer], now: int = ENDED, law: str = "DK", **consent: Any) -> list[str]:
        state = ConsentState(**{"state": "given", "given_at": AGREED_AT, "wire_version": wire.VERSION, **consent})
        made = prepare_months(self.outbox, self.enrolments, state, answers, law, now, ZONE)
        return [item.period for item in made]


@pytest.fixture
def office() -> Iterator[Office]:
    opened = Office()
    yield opened
    opened.connection.close()


def test_the_fields_are_the_statements_word_for_word_in_every_language() -> None:
    check = check_named(PULSE)
    assert check is not None
    fields = [field for field in wire.report(PULSE_MONTHLY).fields if field.is_answer]

    assert [f"pulse.{field.name}" for field in fields] == [question.id for question in check.questions]
    for field, question in zip(fields, check.questions, strict=True):
        assert {code: field.meaning[code] for code in LANGUAGES} == dict(question.ask)


@pytest.mark.parametrize(
    ("answer", "step"),
    [
        ("hardly_ever", "seldom"),
        ("seldom", "seldom"),
        ("sometimes", "sometimes"),
        ("often", "often"),
        ("nearly_always", "often"),
    ],
)
def test_five_answers_become_three(answer: str, step: str) -> None:
    values = pulse_monthly([said("pulse.role", answer)], MONTH, "sales")

    assert values == {
        "month": MONTH,
        "cell": "sales",
        **dict.fromkeys(("conflict", "manager", "demands", "control", "balance", "together"), "unknown"),
        "role": step,
    }


@given(
    st.lists(
        st.builds(
            said,
            st.sampled_from([question.id for _check, question in all_questions()]),
            st.sampled_from([*FIVE, "yes", "no", "2026-01-01", "The creaking chair of Kirsten"]),
            st.sampled_from([MONTH, "2026-10", ""]),
        )
    )
)
def test_only_pulse_answers_about_the_month_itself_can_change_a_byte(answers: list[Answer]) -> None:
    statements = {f"pulse.{field.name}" for field in wire.report(PULSE_MONTHLY).fields}
    mine = [one for one in answers if one.period == MONTH and one.question in statements and one.value in FIVE]
    others = [one for one in answers if one.question not in statements or one.period != MONTH]

    body = wire.encode(PULSE_MONTHLY, pulse_monthly([*mine, *others], MONTH, "sales"))

    assert body == wire.encode(PULSE_MONTHLY, pulse_monthly(mine, MONTH, "sales"))


def test_a_month_is_prepared_when_it_is_over_and_held(office: Office) -> None:
    assert office.prepare(ANSWERS, ENDED - 1) == []
    assert office.prepare(ANSWERS, ENDED) == [MONTH]
    assert [item.state for item in office.outbox.items()] == ["held"]


def test_a_month_is_prepared_once(office: Office) -> None:
    office.prepare(ANSWERS)

    assert office.prepare(ANSWERS) == []


@pytest.mark.parametrize(("agreed", "expected"), [("2026-11-01T00:00", MONTH), ("2026-11-01T00:01", None)])
def test_a_month_that_began_before_the_consent_is_never_prepared(agreed: str, expected: str | None) -> None:
    assert month_to_prepare(parse_instant(agreed, ZONE), ENDED, ZONE) == expected


@pytest.mark.parametrize(("now", "expected"), [("2026-12-14T23:59", MONTH), ("2026-12-15T00:00", None)])
def test_a_month_is_prepared_only_while_a_service_takes_it(now: str, expected: str | None) -> None:
    assert month_to_prepare(AGREED_AT, parse_instant(now, ZONE), ZONE) == expected


@pytest.mark.parametrize("state", ["none", "refused", "withdrawn", "expired"])
def test_without_consent_there_is_none(office: Office, state: str) -> None:
    assert office.prepare(ANSWERS, state=state) == []


def test_before_the_service_confirmed_there_is_none() -> None:
    unconfirmed = Office(confirmed=False)

    assert unconfirmed.prepare(ANSWERS) == []
    unconfirmed.connection.close()


def test_a_month_without_an_answer_is_no_sign_of_life(office: Office) -> None:
    assert office.prepare([]) == []
    assert office.prepare([said("pulse.role", "often", "2026-10"), said("wanted.chair", "yes")]) == []


@pytest.mark.parametrize(("law", "expected"), [("DK", [MONTH]), ("EU", [MONTH]), ("NO", [])])
def test_under_norwegian_law_there_is_none(office: Office, law: str, expected: list[str]) -> None:
    assert office.prepare(ANSWERS, law=law) == expected


def test_a_consent_to_an_older_text_lets_nothing_newer_leave(office: Office) -> None:
    assert office.prepare(ANSWERS, wire_version=1) == []


def test_the_running_agent_prepares_what_was_answered(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "fyraften")
    with Ledger.open(paths) as ledger:
        ledger.give("pulse", AGREED_AT, "The text that was shown.", "en", wire.VERSION)
        enrolments = Enrolments(ledger.connection)
        enrolments.start("pulse", "https://havn.example", SERVICE, "subject", "CODE", AGREED_AT)
        enrolments.confirm("subject", "sales", b"{}", AGREED_AT)
    with Store.open(paths.work) as store:
        keep_answers(store.file, ANSWERS)

        is_due = prepare_due_reports(paths, Consents(paths), store, ENDED, ZONE)

    assert not is_due
    with closing(open_ledger(paths.ledger)) as connection:
        (item,) = Outbox(connection).items()
    assert (item.report, item.period, item.state) == (PULSE_MONTHLY, MONTH, "held")
    assert wire.decode(item.body or b"")["balance"] == "seldom"
