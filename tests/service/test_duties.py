"""What a duty report says to the employer."""

from __future__ import annotations

import pytest

from fyraften_policy import wire
from fyraften_service.duties import request
from fyraften_service.pages.words import ANSWERS, CHECKS, EQUIPMENT

NOTHING = {
    "screen_rule": "covered",
    "workplace_check": "unknown",
    "equipment_wanted": "unknown",
    "eye_test_wanted": "unknown",
}


def test_unknown_asks_for_nothing() -> None:
    told = request("Bo", "2026-10", NOTHING)

    assert told.covered
    assert not told.asks


@pytest.mark.parametrize(
    "answer", [{"workplace_check": "help_wanted"}, {"equipment_wanted": ["chair"]}, {"eye_test_wanted": True}]
)
def test_each_wish_is_a_wish(answer: dict[str, object]) -> None:
    assert request("Bo", "2026-10", {**NOTHING, **answer}).asks


@pytest.mark.parametrize("rule", ["not_covered", "provisional", "unknown"])
def test_only_covered_is_covered(rule: str) -> None:
    assert not request("Bo", "2026-10", {**NOTHING, "screen_rule": rule}).covered


def test_every_value_of_the_registry_has_words() -> None:
    fields = {field.name: field for report in wire.reports() for field in report.fields}
    # Those of pulse are shown in the words of the registry.
    shown = [report for report in wire.reports() if report.purpose in ("group", "duty")]
    answers = {value for report in shown for field in report.fields for value in field.values}
    worded = set(ANSWERS) | set(CHECKS) | set(EQUIPMENT)

    assert {value for value in answers if not value.removesuffix("+").isdigit()} <= worded
    assert set(EQUIPMENT) == set(fields["equipment_wanted"].values)
    assert set(CHECKS) | {"unknown"} == set(fields["workplace_check"].values)
