"""Nonces are remembered for as long as a signature counts, and forgotten soon after."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fyraften_service.nonces import forget_nonces, use_nonce
from fyraften_service.signatures import WINDOW_SECONDS, Signed
from fyraften_service.tables import nonces
from service_office import Office

START = 1_780_000_000


@pytest.mark.parametrize("offset", range(0, 2400, 97))
@pytest.mark.parametrize("skew", [-WINDOW_SECONDS, 0, WINDOW_SECONDS])
def test_a_nonce_is_known_for_as_long_as_its_signature_counts(office: Office, offset: int, skew: int) -> None:
    now = START + offset
    signed = Signed("subject", now + skew, "0123456789abcdef")
    with office.database.writing() as connection:
        fresh = use_nonce(connection, signed, now)
        again = [use_nonce(connection, signed, later) for later in range(now, now + skew + WINDOW_SECONDS + 1, 60)]

    assert fresh
    assert again == [False] * len(again)


def test_a_nonce_is_forgotten_in_less_than_half_an_hour(office: Office) -> None:
    with office.database.writing() as connection:
        use_nonce(connection, Signed("subject", START, "0123456789abcdef"), START)
        for later in range(START, START + 1800, 600):
            forget_nonces(connection, later)
        left = connection.execute(sa.select(sa.func.count()).select_from(nonces)).scalar()

    assert left == 0


def test_the_same_nonce_of_another_person_is_fresh(office: Office) -> None:
    with office.database.writing() as connection:
        assert use_nonce(connection, Signed("one", START, "0123456789abcdef"), START)
        assert use_nonce(connection, Signed("two", START, "0123456789abcdef"), START)
