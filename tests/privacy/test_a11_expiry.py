"""A11: consents and fields run out by themselves: after twelve months nothing is recorded, and nothing is sent."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from command_line import CommandLine
from fyraften_agent.consent.ledger import one_year_after
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.reports import require_reviewed
from fyraften_policy import wire
from fyraften_policy.wire_registry import read_registry
from laptop_processes import today
from office_way import Hours, OfficeLaptop
from privacy.conftest import OFFICE_NOW, approved
from service_office import Office

GIVEN = 1_767_600_000  # 5 January 2026
REGISTRY = files("fyraften_policy").joinpath("wire.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("purpose", ["recording", *wire.purposes()])
def test_a_consent_ends_after_twelve_months_to_the_second_and_says_so(tmp_path: Path, purpose: str) -> None:
    paths, end = Paths(tmp_path / "agent"), one_year_after(GIVEN)
    with Ledger.open(paths) as ledger:
        ledger.give(purpose, GIVEN, "text", "en", 1)

    assert [Consents(paths).is_given(purpose, at) for at in (end - 1, end)] == [True, False]
    told = {one["purpose"]: one["state"] for one in _shown(paths, end + 60)}
    assert told[purpose] == "expired"


def _shown(paths: Paths, now: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = CommandLine(paths, Hours(now)).json("consent", "show")["consents"]
    return found


def test_an_approved_report_whose_consent_ran_out_is_not_sent_and_its_bytes_are_erased(
    office: Office, tmp_path: Path
) -> None:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", OFFICE_NOW)
    approved(laptop, "chair")
    laptop.clock.time = one_year_after(OFFICE_NOW)
    laptop.way.asked.clear()
    laptop.run()

    assert laptop.way.asked == []
    assert (laptop.items()[0].state, laptop.items()[0].body) == ("purged", None)


def test_the_build_fails_from_the_day_on_which_a_fields_review_is_over_and_without_a_date() -> None:
    dates = [field.reviewed_until for kind in read_registry(REGISTRY).reports for field in kind.fields]

    assert min(dates) >= today()
    with pytest.raises(TypeError, match="reviewed_until"):
        read_registry(REGISTRY.replace("reviewed_until = ", "# reviewed_until = ", 1))


@pytest.mark.parametrize("kind", wire.reports(), ids=lambda kind: str(kind.purpose))
def test_no_report_is_made_after_the_day_until_which_its_fields_were_reviewed(kind: wire.Report) -> None:
    last = kind.made_until
    require_reviewed(kind.id, last)

    with pytest.raises(Exception, match="needs a newer version of Fyraften"):
        require_reviewed(kind.id, last + timedelta(days=1))
