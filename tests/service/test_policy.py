"""The policy: signed, numbered, and noted at every change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from fyraften_service.receipts import from_text, is_signed_by
from fyraften_service.tables import cells, policies
from service_office import FRIDAY, Office


def policy(office: Office) -> dict[str, Any]:
    answer = office.get("/v1/policy")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    envelope = answer.json()
    about = office.get("/v1/service").json()
    assert envelope.keys() == {"policy", "signature"}
    assert is_signed_by(from_text(about["public_key"]), envelope["policy"], envelope["signature"])
    words: dict[str, Any] = envelope["policy"]
    return words


def test_it_says_what_holds_here(office: Office) -> None:
    about = office.get("/v1/service").json()

    assert policy(office) == {
        "schema": "fyraften.policy/1",
        "kind": "policy",
        "service": about["fingerprint"],
        "number": 1,
        "since": FRIDAY.isoformat(),
        "organisation": "Nordhavn Regnskab",
        "contact": "hr@example.dk",
        "purposes": about["purposes"],
        "cells": ["all", "sales", "support"],
        "smallest_group": 10,
        "notice_given_on": "2026-08-31",
    }


def test_the_same_settings_are_the_same_policy_on_every_day(office: Office) -> None:
    first = office.get("/v1/policy").content
    office.clock.day = FRIDAY + timedelta(days=100)

    assert office.get("/v1/policy").content == first


def test_other_settings_are_the_next_policy_since_that_day(office: Office) -> None:
    policy(office)
    office.clock.day = FRIDAY + timedelta(days=3)
    other = office.with_config(smallest_group=15)

    changed = policy(other)
    assert (changed["number"], changed["since"], changed["smallest_group"]) == (2, "2026-11-02", 15)
    assert policy(office)["number"] == 3
    with office.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(policies)).scalar() == 3


def test_a_calendar_that_was_set_back_sets_no_policy_back(office: Office) -> None:
    policy(office)
    office.clock.day = FRIDAY - timedelta(days=3)

    assert policy(office.with_config(contact="tr@example.dk"))["since"] == FRIDAY.isoformat()


def test_more_groups_than_fit_into_an_answer_are_told_as_a_problem(office: Office) -> None:
    with office.database.writing() as connection:
        rows = [{"code": f"{n:032}", "name": "x", "parent": "all", "position": n + 9} for n in range(500)]
        connection.execute(sa.insert(cells), rows)

    assert office.get("/v1/policy").status_code == 503
