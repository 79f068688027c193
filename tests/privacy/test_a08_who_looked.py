"""A8: the employee sees who looked at their report, and on which day; where it cannot be noted, nobody looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from command_line import CommandLine
from fyraften_agent.cli import who_looked
from office_way import Hours, OfficeLaptop
from privacy.conftest import OFFICE_NOW, approved
from service_office import Office
from service_process import ADMIN


@pytest.fixture
def laptop(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OfficeLaptop:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", OFFICE_NOW)
    approved(laptop, "chair")
    laptop.run()
    monkeypatch.setattr(who_looked, "HttpTransport", laptop.way.to)
    return laptop


def views(laptop: OfficeLaptop) -> list[dict[str, Any]]:
    """Return what the employee's own command says."""
    (told,) = CommandLine(laptop.paths, Hours(laptop.clock.time)).json("sent", "--who-looked")["who_looked"]
    found: list[dict[str, Any]] = told["views"]
    return found


def test_who_opens_the_list_is_told_to_the_employee_with_account_and_day(office: Office, laptop: OfficeLaptop) -> None:
    before = views(laptop)
    office.sign_in()
    page = office.get("/people")

    assert before == []
    assert "Bo Holm" in page.text
    assert views(laptop) == [{"date": "2026-10-30", "account": ADMIN}]


def test_where_it_cannot_be_noted_nobody_is_shown(office: Office, laptop: OfficeLaptop) -> None:
    office.sign_in()
    with office.database.writing() as connection:
        connection.execute(sa.text("DROP TABLE access_log"))
    answer = office.get("/people")

    assert answer.status_code == 503
    assert "Bo Holm" not in answer.text
