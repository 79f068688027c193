"""Accounts: no easy password, no default, argon2 in the database."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from fyraften_service.accounts import Attempts, check_new_account, create_account, sign_in, turn
from fyraften_service.errors import InputError
from fyraften_service.problems import Problem
from fyraften_service.tables import accounts
from service_office import Office
from service_process import ADMIN, PASSWORD


def test_a_password_is_kept_as_argon2id(office: Office) -> None:
    with office.database.reading() as connection:
        kept = connection.execute(sa.select(accounts.c.password_hash)).scalar_one()

    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


@pytest.mark.parametrize(
    ("account", "password"),
    [
        ("anna", "short"),
        ("anna", "x" * 11),
        ("anna", "aaaaaaaaaaaaaaa"),
        ("anna.andersen", "Anna.Andersen"),
        ("", "long enough for us"),
        (" anna", "long enough for us"),
        ("a\nb", "long enough for us"),
        ("a", "x1y2" * 251),
    ],
)
def test_an_account_too_easy_to_guess_is_refused(account: str, password: str) -> None:
    with pytest.raises(InputError):
        check_new_account(account, password)


def test_twelve_characters_are_enough() -> None:
    check_new_account("anna", "four2word!xy")


def test_two_accounts_have_two_passwords(office: Office) -> None:
    with office.database.writing() as connection:
        create_account(connection, "bo", "another four words indeed")

    assert sign_in(office.database, "bo", PASSWORD) is None
    assert sign_in(office.database, ADMIN, PASSWORD) is not None


def test_a_very_long_password_is_not_even_checked(office: Office) -> None:
    assert sign_in(office.database, ADMIN, PASSWORD + "x" * 2000) is None


def test_attempts_are_forgotten_after_a_quarter_of_an_hour() -> None:
    attempts = Attempts()
    begun = [attempts.begin("anna", 1000 + second) for second in range(5)]

    assert begun == [0] * 5
    assert attempts.begin("anna", 1005) == 895
    assert attempts.begin("bo", 1005) == 0
    assert attempts.begin("anna", 1900) == 0


def test_a_right_password_forgets_the_wrong_ones_before() -> None:
    attempts = Attempts()
    for _ in range(4):
        attempts.begin("anna", 1000)
    attempts.begin("anna", 1001)
    attempts.succeeded("anna")

    assert attempts.begin("anna", 1002) == 0


def test_many_made_up_names_do_not_fill_the_memory() -> None:
    attempts = Attempts()
    for number in range(2000):
        attempts.begin(f"name {number}", 1000)

    assert len(attempts._failed) == 1000


def test_more_than_a_few_do_not_wait_for_their_turn() -> None:
    with ExitStack() as turns:
        for _ in range(8):
            turns.enter_context(turn())

        with pytest.raises(Problem, match="Try again in a minute"):
            turns.enter_context(turn())

    with turn():
        pass
