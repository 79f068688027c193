"""Accounts: no easy password, no default, argon2 in the database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fyraften_service.accounts import Attempts, check_new_account, create_account, sign_in
from fyraften_service.errors import InputError
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
        assert sign_in(connection, "bo", PASSWORD) is None
        assert sign_in(connection, ADMIN, PASSWORD) is not None


def test_a_very_long_password_is_not_even_checked(office: Office) -> None:
    with office.database.reading() as connection:
        assert sign_in(connection, ADMIN, PASSWORD + "x" * 2000) is None


def test_attempts_are_forgotten_after_a_quarter_of_an_hour() -> None:
    attempts = Attempts()
    for second in range(5):
        attempts.failed("anna", 1000 + second)

    assert attempts.wait_seconds("anna", 1005) == 895
    assert attempts.wait_seconds("anna", 1900) == 0
    assert attempts.wait_seconds("bo", 1005) == 0


def test_many_made_up_names_do_not_fill_the_memory() -> None:
    attempts = Attempts()
    for number in range(2000):
        attempts.failed(f"name {number}", 1000)

    assert len(attempts._failed) == 1000
