"""N18: no pseudonym is derived from who somebody is: it is chance, and no list of names leads to it."""

from __future__ import annotations

import ast
import base64
import hashlib
import os
from pathlib import Path

import fyraften_agent
from fyraften_agent.sending.enrolment import new_subject

PACKAGE = Path(next(iter(fyraften_agent.__path__)))
CHANCE = {"urandom", "token_bytes"}
STAFF = [f"{first}.{last}@nordhavn.example" for first in ("bo", "ida", "kim") for last in ("holm", "lund", "berg")]


def test_each_subject_is_made_of_fresh_chance_and_nothing_else() -> None:
    calls = [
        node
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "new_subject"
    ]
    makers = {ast.unparse(call.args[0]).partition("(")[0].rpartition(".")[2] for call in calls}

    assert calls != []
    assert makers <= CHANCE


def test_who_knows_all_names_finds_no_subject_by_trying_them() -> None:
    """As an employer would: the staff list, with the usual salts, through the usual functions."""
    subjects = {new_subject(os.urandom(16)) for _ in range(200)}
    salts = ("", "fyraften", "nordhavn", "Nordhavn Regnskab", "group", "duty")
    tried = {
        base64.b32encode(hashlib.new(function, f"{salt}{name}".encode()).digest()[:16]).decode().rstrip("=").lower()
        for function in ("md5", "sha1", "sha256", "sha512")
        for salt in salts
        for name in (*STAFF, *(one.partition("@")[0] for one in STAFF))
    }

    assert subjects & tried == set()
    assert len(subjects) == 200


def test_every_letter_comes_up_in_every_place_about_as_often() -> None:
    """Chance, not a pattern: in 4,000 subjects each letter stands in each of the first 25 places about 125 times."""
    subjects = [new_subject(os.urandom(16)) for _ in range(4000)]
    counts = [
        [sum(one[place] == letter for one in subjects) for letter in "abcdefghijklmnopqrstuvwxyz234567"]
        for place in range(25)
    ]

    assert all(60 < count < 200 for place in counts for count in place)
