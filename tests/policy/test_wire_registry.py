"""The registry: what it must say, what it refuses, and which fields may be sent on a day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest

from fyraften_policy import wire, wire_registry
from fyraften_policy.errors import WireError
from fyraften_policy.languages import LANGUAGES
from fyraften_policy.wire_registry import read_registry

TEXT = files("fyraften_policy").joinpath("wire.toml").read_text(encoding="utf-8")
REVIEWED = min(field.reviewed_until for report in wire.reports() for field in report.fields)
VALUES: dict[str, dict[str, Any]] = {
    "fyraften.group.weekly/1": {
        "week": "2026-W46",
        "cell": "sales",
        "home_days": "2",
        "home_share": "under_half",
        "out_of_hours_days": "0",
        "out_of_hours_home_days": "0",
        "short_rests": "1",
        "day_off": "kept",
        "screen_rule": "covered",
        "pauses": "varied",
    },
    "fyraften.duty.monthly/1": {
        "month": "2026-11",
        "screen_rule": "covered",
        "workplace_check": "not_done",
        "equipment_wanted": ["chair", "screen"],
        "eye_test_wanted": True,
    },
    "fyraften.record.weekly/1": {"week": "2026-W46", "minutes": [444, 0, None, 1440, 1, 2, 3]},
}


@pytest.fixture
def with_registry(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the library know another registry."""

    def use(text: str) -> None:
        found = read_registry(text)
        monkeypatch.setattr(wire, "registry", lambda: found)

    return use


def changed(field: str, old: str, new: str) -> str:
    """Return the registry with one line of a field's first declaration changed."""
    start = TEXT.index(f'[[report.field]]\nname = "{field}"')
    end = TEXT.find("[report.field.meaning]", start)
    assert old in TEXT[start:end]
    return TEXT[:start] + TEXT[start:end].replace(old, new) + TEXT[end:]


def expired(field: str) -> str:
    return changed(field, f"reviewed_until = {REVIEWED}", f"reviewed_until = {REVIEWED - timedelta(days=1)}")


# What it says


def test_it_declares_the_four_reports() -> None:
    assert [(report.id, report.period, report.legal_duty) for report in wire.reports()] == [
        ("fyraften.group.weekly/1", "week", False),
        ("fyraften.pulse.monthly/1", "month", False),
        ("fyraften.duty.monthly/1", "month", False),
        ("fyraften.record.weekly/1", "week", True),
    ]


def test_every_field_says_what_it_is_for_on_which_basis_who_sees_it_and_how_long() -> None:
    for report in wire.reports():
        for field in report.fields:
            assert field.purpose == report.purpose
            assert (field.basis, field.seen_by, field.kept) == (report.basis, report.seen_by, report.keep)
            for text in (field.meaning, field.basis, field.seen_by, field.kept):
                assert set(text) == set(LANGUAGES)
            assert field.unit
            assert 1 <= field.since <= wire.VERSION


def test_no_text_of_a_language_stands_in_another() -> None:
    """A text that is copied and not translated would be the same twice; numbers are the same everywhere."""
    texts = [text for kind in wire.reports() for text in (kind.title, kind.what_for, kind.know, kind.after, kind.keep)]
    texts += [field.meaning for kind in wire.reports() for field in kind.fields]

    assert all(len(set(text.values())) == len(LANGUAGES) for text in texts)


def test_what_carries_a_cell_is_off_in_norway_and_nothing_else() -> None:
    assert {report.purpose: report.off_in for report in wire.reports()} == {
        "group": ("NO",),
        "pulse": ("NO",),
        "duty": (),
        "record": (),
    }


def test_every_value_has_a_word_in_every_language() -> None:
    for report in wire.reports():
        for field in report.fields:
            for value in field.values:
                assert all(wire.value_word(value, language) for language in LANGUAGES)
    assert wire.value_word("seldom", "nb") == "sjelden eller nesten aldri"
    assert wire.value_word("2026-W46", "da") == "2026-W46"


# The information budget


def test_the_budget_of_each_purpose_is_the_committed_number() -> None:
    assert {report.purpose: report.bits_at_most for report in wire.reports()} == {
        "group": 20,
        "pulse": 4,
        "duty": 3,
        "record": 74,
    }


@pytest.mark.parametrize(("purpose", "bits"), [("group", 17.4), ("pulse", 3.2), ("duty", 2.4), ("record", 73.5)])
def test_the_information_is_counted_from_what_can_be_said(purpose: str, bits: float) -> None:
    assert round(wire.bits_per_week(purpose), 1) == bits


def test_a_registry_whose_fields_tell_more_than_the_budget_is_refused() -> None:
    assert read_registry(TEXT.replace("bits_at_most = 20\n", "bits_at_most = 17.4\n")).reports

    with pytest.raises(WireError, match="budget"):
        read_registry(TEXT.replace("bits_at_most = 20\n", "bits_at_most = 17.3\n"))


# What is refused


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version = 2\n", "version = 3\n", "version"),
        ('purpose = "pulse"', 'purpose = "group"', "twice"),
        ('id = "fyraften.pulse.monthly/1"', 'id = "fyraften.group.weekly/1"', "twice"),
        ('name = "home_share"', 'name = "home_days"', "twice"),
        ('type = "minutes"', 'type = "text"', "knows the types"),
        ('nb = "Dager med arbeid hjemme"', 'nb = " "', "text in each of"),
        ('nb = "Dager med arbeid hjemme"\n', "", "text in each of"),
        ('"missed" = { en', '"other" = { en', "no word for missed"),
        ('values = ["kept", "missed", "unknown"]', 'values = ["kept", "missed"]', "unknown"),
        ("since = 2", "since = 3", "wire version 3"),
    ],
)
def test_a_registry_that_is_not_complete_is_refused(old: str, new: str, said: str) -> None:
    assert old in TEXT

    with pytest.raises(WireError, match=said):
        read_registry(TEXT.replace(old, new, 1))


# Which fields may be sent: newer than the consent, and past the review


@pytest.mark.parametrize("report_id", sorted(VALUES))
def test_on_the_last_day_of_its_review_everything_is_sent_and_on_the_next_no_report_is_made(report_id: str) -> None:
    values = VALUES[report_id]

    assert wire.as_agreed(report_id, values, wire.VERSION, REVIEWED) == values
    with pytest.raises(WireError, match="without it there is no report"):
        wire.as_agreed(report_id, values, wire.VERSION, REVIEWED + timedelta(days=1))


@pytest.mark.parametrize(
    ("report_id", "field", "unknown"),
    [
        ("fyraften.group.weekly/1", "home_days", "unknown"),
        ("fyraften.duty.monthly/1", "equipment_wanted", "unknown"),
        ("fyraften.duty.monthly/1", "eye_test_wanted", "unknown"),
        ("fyraften.record.weekly/1", "minutes", [None] * 7),
    ],
)
def test_a_field_past_its_review_is_not_known_from_the_day_after(
    with_registry: Any, report_id: str, field: str, unknown: Any
) -> None:
    with_registry(expired(field))
    values = VALUES[report_id]

    before, after = (wire.as_agreed(report_id, values, wire.VERSION, REVIEWED - timedelta(days=n)) for n in (1, 0))

    assert before == values
    assert after == {**values, field: unknown}
    assert wire.withheld(report_id, wire.VERSION, REVIEWED) == {field: "past_review"}
    assert wire.decode(wire.encode(report_id, after))[field] == unknown


def test_a_field_newer_than_the_consent_is_not_known_until_they_agree(with_registry: Any) -> None:
    with_registry(changed("home_days", "since = 1", "since = 2"))
    report_id, on = "fyraften.group.weekly/1", date(2026, 11, 22)
    values = VALUES[report_id]

    assert wire.as_agreed(report_id, values, 2, on) == values
    assert wire.as_agreed(report_id, values, 1, on) == {**values, "home_days": "unknown"}
    assert wire.withheld(report_id, 1, on) == {"home_days": "newer"}


def test_a_record_whose_totals_may_not_be_sent_says_nothing(with_registry: Any) -> None:
    with_registry(expired("minutes"))
    report_id = "fyraften.record.weekly/1"

    after = wire.as_agreed(report_id, VALUES[report_id], wire.VERSION, REVIEWED)

    assert wire.says_nothing(report_id, after)
    assert not wire.says_nothing(report_id, VALUES[report_id])


def test_a_report_is_made_until_its_period_is_past_review() -> None:
    assert {report.made_until for report in wire.reports()} == {REVIEWED}


# Weeks, as the schema knows them


def test_the_long_years_of_the_pattern_are_those_of_the_calendar() -> None:
    long = {year for year in range(2000, 2100) if date(year, 12, 28).isocalendar().week == 53}
    pattern = re.compile(wire.json_schema("fyraften.record.weekly/1")["properties"]["week"]["pattern"])

    assert {year for year in range(2000, 2100) if pattern.search(f"{year}-W53")} == long
    for year in range(2000, 2100):
        assert pattern.search(f"{year}-W52")
        assert not pattern.search(f"{year}-W54")
        assert not pattern.search(f"{year}-W00")


def test_the_registry_is_read_once() -> None:
    assert wire_registry.registry() is wire_registry.registry()
