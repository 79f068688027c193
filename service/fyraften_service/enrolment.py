"""Enrolling a laptop for one purpose: codes, subjects and keys.

A cell code is used by many and linked to nobody; it enrols for the reports that name a cell. A personal code carries a
name; it enrols for the others, once for each. A subject is random, made on the laptop; two purposes of one laptop have
two subjects and two keys.
Not here: the request around it (``api/``) and withdrawal (``erasure.py``).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_service.config import Config
from fyraften_service.errors import InputError
from fyraften_service.journal import acknowledge
from fyraften_service.problems import Problem
from fyraften_service.receipts import ServiceKey
from fyraften_service.tables import cells, codes, enrolments, persons, tombstones

GROUP, PULSE, DUTY, RECORD = "group", "pulse", "duty", "record"
PURPOSES = (GROUP, PULSE, DUTY, RECORD)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SUBJECT = re.compile(r"[a-z2-7]{26}")


@dataclass(frozen=True)
class Enrolment:
    """What a laptop asks for. The masked ``repr`` keeps code and subject out of any text."""

    purpose: str
    code: str
    subject: str
    public_key: str
    laptop: str | None = None

    def __repr__(self) -> str:
        return f"Enrolment({self.purpose!r}, …)"


def new_code() -> str:
    """Return a random code of 80 bits, such as ``7K3F-Q2WM-9D0X-TB4N``."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def code_hash(code: str) -> str:
    """Return how a code is kept; case, blanks, hyphens and letters that look alike do not matter."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.translate(str.maketrans("OIL", "011")).encode()).hexdigest()


def subject_hash(subject: str) -> str:
    """Return how a withdrawn subject is remembered. It had 128 random bits, so the hash cannot be turned back."""
    return hashlib.sha256(subject.encode()).hexdigest()


def is_subject(text: str) -> bool:
    """Tell whether a text has the form of a subject."""
    return _SUBJECT.fullmatch(text) is not None


def invite_cell(connection: Connection, cell: str) -> str:
    """Return a new code with which anybody can enrol for the figures of ``cell``."""
    if connection.execute(sa.select(cells.c.code).where(cells.c.code == cell)).first() is None:
        known = ", ".join(connection.execute(sa.select(cells.c.code).order_by(cells.c.position)).scalars())
        raise InputError(
            mark("There is no cell {cell!r}. The cells of this service are: {known}."), cell=cell, known=known
        )
    code = new_code()
    connection.execute(sa.insert(codes).values(code_hash=code_hash(code), cell=cell))
    return code


def invite_person(connection: Connection, name: str) -> str:
    """Return a new code with which a person can enrol under their name, once for each purpose."""
    name = name.strip()
    if not name or not name.isprintable() or len(name) > 200:
        raise InputError(mark("A person's name is one line of 1 to 200 characters. Give it again."))
    code, person = new_code(), secrets.token_hex(16)
    connection.execute(sa.insert(persons).values(id=person, name=name))
    connection.execute(sa.insert(codes).values(code_hash=code_hash(code), person=person))
    return code


def is_withdrawn(connection: Connection, subject: str) -> bool:
    """Tell whether a subject was erased before."""
    found = sa.select(tombstones.c.purpose).where(tombstones.c.subject_hash == subject_hash(subject))
    return connection.execute(found).first() is not None


def find_enrolment(connection: Connection, subject: str) -> Row[tuple[object, ...]]:
    """Return the enrolment of a subject; a :class:`Problem` if it was withdrawn or never was."""
    if is_withdrawn(connection, subject):
        raise Problem(
            "withdrawn", "This enrolment was withdrawn, and what it held was erased. Enrol anew to take part."
        )
    row = connection.execute(sa.select(enrolments).where(enrolments.c.subject == subject)).first()
    if row is None:
        raise Problem("unknown-subject", "No enrolment has this key id. Enrol first.")
    return row


def enrol(connection: Connection, wish: Enrolment, today: date, key: ServiceKey, config: Config) -> tuple[bytes, bool]:
    """Enrol a laptop whose signature was checked; return the receipt, and whether the enrolment is new."""
    if is_withdrawn(connection, wish.subject):
        raise Problem("withdrawn", "This subject was withdrawn. Make a new one to take part again.")
    code = connection.execute(sa.select(codes).where(codes.c.code_hash == code_hash(wish.code))).first()
    if code is None or (code.cell is not None) != wire.report_for(wish.purpose).has_cell:
        raise Problem("code-not-valid", "The code is unknown, was used, or is for another purpose. Ask for a new one.")
    known = connection.execute(sa.select(enrolments).where(enrolments.c.subject == wish.subject)).first()
    if known is not None:
        return _same_again(known, wish, code)
    receipt = _receipt(connection, wish, code.cell, today, key, config)
    row = {"subject": wish.subject, "purpose": wish.purpose, "public_key": wish.public_key, "cell": code.cell}
    try:
        with connection.begin_nested():
            connection.execute(
                sa.insert(enrolments).values(**row, person=code.person, enrolled_on=today, receipt=receipt.decode())
            )
    except IntegrityError as error:
        raise Problem("code-not-valid", "The code was used already. Ask for a new one.") from error
    return receipt, True


def _same_again(known: Row[tuple[object, ...]], wish: Enrolment, code: Row[tuple[object, ...]]) -> tuple[bytes, bool]:
    asked = (wish.purpose, wish.public_key, code.cell, code.person)
    if (known.purpose, known.public_key, known.cell, known.person) != asked:
        raise Problem("subject-taken", "The subject is enrolled with another key or code. Make a new subject.")
    return str(known.receipt).encode(), False


def _receipt(
    connection: Connection, wish: Enrolment, cell: str | None, today: date, key: ServiceKey, config: Config
) -> bytes:
    content = {"subject": wish.subject, "cell": cell, "smallest_group": config.smallest_group}
    return acknowledge(connection, key, "enrolment", wish.purpose, today, content, wish.laptop)
