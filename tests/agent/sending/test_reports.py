"""What the reports say, and that they say "unknown" wherever something else could be true."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger import ConsentState
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.errors import InputError
from fyraften_agent.sending import reports
from fyraften_agent.sending.enrolment import Enrolments, Service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.reports import Stated, duty_monthly, group_weekly
from fyraften_policy import wire
from fyraften_policy.periods import parse_instant
from fyraften_policy.wire_registry import read_registry

ZONE = "Europe/Copenhagen"
AGREED = ConsentState("given", 0, wire_version=wire.VERSION)
WEEK = "2026-W03"
MONDAY = date(2026, 1, 12)
HOURS = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
ALL_WEEK = [{"start": "2026-01-05T00:00", "end": "2026-01-19T00:00"}]


def session(day: int, start: str, end: str, place: str = "home", **more: Any) -> dict[str, Any]:
    on = (MONDAY + timedelta(days=day)).isoformat()
    return {"start": f"{on}T{start}", "end": f"{on}T{end}", "place": place, **more}


def document(*work: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"jurisdiction": "DK", "zone": ZONE, "work": list(work), "agreement": {"normal_hours": HOURS}, **more}


def value(name: str, *work: dict[str, Any], **more: Any) -> object:
    return group_weekly(document(*work, **more), WEEK, "sales")[name]


def observed_but(day: int, start: str, end: str) -> list[dict[str, str]]:
    on = (MONDAY + timedelta(days=day)).isoformat()
    return [
        {"start": "2026-01-01T00:00", "end": f"{on}T{start}"},
        {"start": f"{on}T{end}", "end": "2026-01-20T00:00"},
    ]


def test_a_plain_week_says_what_happened() -> None:
    work = [session(day, "08:00", "12:00", "home") for day in (0, 1)]
    work += [session(day, "08:00", "16:00", "fixed_site") for day in (2, 3, 4)]

    assert group_weekly(document(*work), WEEK, "sales") == {
        "week": "2026-W03",
        "cell": "sales",
        "home_days": "2",
        "home_share": "under_half",
        "out_of_hours_days": "0",
        "out_of_hours_home_days": "0",
        "short_rests": "0",
        "day_off": "kept",
        "screen_rule": "not_covered",
        "pauses": "long_stretches",
    }


@pytest.mark.parametrize(("days", "expected"), [(0, "0"), (1, "1"), (4, "4"), (5, "5+"), (7, "5+")])
def test_home_days_are_local_dates_with_home_work(days: int, expected: str) -> None:
    work = [session(day, "08:00", "09:00") for day in range(days)] or [session(0, "08:00", "09:00", "fixed_site")]

    assert value("home_days", *work) == expected


def test_home_work_over_midnight_counts_for_both_dates() -> None:
    work = {"start": "2026-01-12T23:30", "end": "2026-01-13T00:30", "place": "home"}

    assert value("home_days", work) == "2"


def test_work_outside_the_week_does_not_count() -> None:
    before = {"start": "2026-01-11T10:00", "end": "2026-01-11T12:00", "place": "home"}
    after = {"start": "2026-01-19T10:00", "end": "2026-01-19T12:00", "place": "home"}

    assert value("home_days", before, session(0, "08:00", "09:00"), after) == "1"


def test_an_unobserved_day_without_home_work_makes_home_days_unknown() -> None:
    work = [session(0, "08:00", "12:00")]

    assert value("home_days", *work, observed=observed_but(2, "10:00", "11:00")) == "unknown"


def test_an_unobserved_hour_on_a_day_that_counts_already_changes_nothing() -> None:
    work = [session(0, "08:00", "09:00")]

    assert value("home_days", *work, observed=observed_but(0, "10:00", "11:00")) == "1"


def test_beyond_the_highest_value_unobserved_days_change_nothing() -> None:
    work = [session(day, "08:00", "09:00") for day in range(5)]

    assert value("home_days", *work, observed=observed_but(6, "10:00", "11:00")) == "5+"


def test_work_at_an_unknown_place_could_have_been_at_home() -> None:
    assert value("home_days", session(0, "08:00", "09:00"), session(1, "08:00", "09:00", "unknown")) == "unknown"


def test_activity_nobody_called_work_could_be_work() -> None:
    work = [session(0, "08:00", "09:00"), session(1, "08:00", "09:00", confirmed=False)]

    assert value("home_days", *work) == "unknown"


@pytest.mark.parametrize(
    ("home_end", "site_end", "expected"),
    [("09:00", "11:00", "under_half"), ("10:00", "10:00", "half_or_more"), ("11:00", "08:30", "half_or_more")],
)
def test_home_share_goes_by_time(home_end: str, site_end: str, expected: str) -> None:
    work = [session(0, "08:00", home_end), session(1, "08:00", site_end, "fixed_site")]

    assert value("home_share", *work) == expected


def test_home_share_knows_all_and_none() -> None:
    assert value("home_share", session(0, "08:00", "09:00")) == "all"
    assert value("home_share", session(0, "08:00", "09:00", "elsewhere")) == "none"


def test_home_share_of_no_work_is_unknown() -> None:
    before = {"start": "2026-01-05T10:00", "end": "2026-01-05T12:00", "place": "home"}

    assert value("home_share", before) == "unknown"


def test_home_share_survives_a_hole_too_small_to_matter_and_not_a_large_one() -> None:
    work = [session(0, "08:00", "16:00"), session(1, "08:00", "09:00", "fixed_site")]

    assert value("home_share", *work, observed=observed_but(2, "10:00", "11:00")) == "half_or_more"
    assert value("home_share", *work, observed=observed_but(2, "00:00", "23:00")) == "unknown"


def test_all_at_home_is_not_all_if_something_was_not_seen() -> None:
    assert value("home_share", session(0, "08:00", "16:00"), observed=observed_but(2, "10:00", "11:00")) == "unknown"


def test_out_of_hours_counts_dates_and_those_at_home_apart() -> None:
    work = [
        session(0, "08:00", "17:00"),
        session(1, "18:00", "19:00", "fixed_site"),
        session(5, "10:00", "11:00"),
        session(2, "08:00", "16:00"),
    ]

    assert value("out_of_hours_days", *work) == "3+"
    assert value("out_of_hours_home_days", *work) == "2"


def test_without_agreed_hours_nothing_is_out_of_hours_or_in_them() -> None:
    values = group_weekly({**document(session(0, "08:00", "20:00")), "agreement": {}}, WEEK, "sales")

    assert (values["out_of_hours_days"], values["out_of_hours_home_days"]) == ("unknown", "unknown")


def test_an_unobserved_evening_could_hide_work_out_of_hours_and_a_pause_in_hours_could_not() -> None:
    work = [session(0, "08:00", "12:00")]

    assert value("out_of_hours_days", *work, observed=observed_but(1, "20:00", "21:00")) == "unknown"
    assert value("out_of_hours_days", *work, observed=observed_but(1, "10:00", "11:00")) == "0"


def test_an_unobserved_day_of_absence_could_hide_work() -> None:
    off = [{"start": "2026-01-13", "end": "2026-01-13", "kind": "holiday"}]
    work = [session(0, "08:00", "12:00")]

    assert value("out_of_hours_days", *work, observed=observed_but(1, "10:00", "11:00"), absences=off) == "unknown"


@pytest.mark.parametrize(("late_days", "expected"), [((), "0"), ((0,), "1"), ((0, 2), "2+")])
def test_short_rests_are_counted(late_days: tuple[int, ...], expected: str) -> None:
    work = [session(day, "08:00", "16:00") for day in range(5)]
    work += [session(day, "22:00", "23:00") for day in late_days]

    assert value("short_rests", *work) == expected


def test_a_night_not_observed_leaves_the_rest_unknown() -> None:
    work = [session(0, "08:00", "16:00"), session(1, "08:00", "16:00")]
    night = [
        {"start": "2026-01-01T00:00", "end": "2026-01-12T20:00"},
        {"start": "2026-01-13T02:00", "end": "2026-01-20T00:00"},
    ]

    assert value("short_rests", *work, observed=night) == "unknown"


def test_a_rest_rule_that_does_not_apply_is_unknown() -> None:
    foster = {**document(session(0, "08:00", "16:00")), "agreement": {"foster_care": True}}

    assert group_weekly(foster, WEEK, "sales")["short_rests"] == "unknown"
    assert group_weekly(foster, WEEK, "sales")["day_off"] == "unknown"


@pytest.mark.parametrize("jurisdiction", ["DK", "NO", "EU"])
def test_each_country_s_own_rule_counts_the_short_rests(jurisdiction: str) -> None:
    work = [session(0, "08:00", "16:00"), session(0, "20:00", "23:00"), session(1, "08:00", "16:00")]

    assert value("short_rests", *work, jurisdiction=jurisdiction) == "1"


def test_a_day_that_is_long_but_followed_by_a_rest_is_short_only_where_the_law_looks_back_or_forward() -> None:
    work = [session(0, "07:00", "21:00"), session(1, "10:00", "16:00")]

    counted = {law: value("short_rests", *work, jurisdiction=law) for law in ("DK", "NO", "EU")}

    assert counted == {"DK": "1", "NO": "0", "EU": "1"}


def test_a_country_without_such_a_rule_leaves_the_value_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(reports.DAILY_REST, "EU")
    monkeypatch.delitem(reports.WEEKLY_REST, "EU")
    values = group_weekly(document(session(0, "08:00", "16:00"), jurisdiction="EU"), WEEK, "sales")

    assert (values["short_rests"], values["day_off"]) == ("unknown", "unknown")


def test_the_screen_rule_is_danish() -> None:
    assert value("screen_rule", session(0, "08:00", "16:00"), jurisdiction="EU") == "unknown"


@pytest.mark.parametrize(("long_days", "expected"), [(0, "varied"), (2, "some_long_stretches"), (3, "long_stretches")])
def test_pauses_go_by_the_share_of_dates_with_a_long_stretch(long_days: int, expected: str) -> None:
    work = [session(day, "08:00", "10:00" if day < long_days else "08:30") for day in range(4)]

    assert value("pauses", *work) == expected


def test_the_screen_rule_is_the_verdict_at_the_end_of_the_week() -> None:
    days = [MONDAY + timedelta(days=offset) for offset in range(-63, 7) if (offset % 7) < 3]
    work = [{"start": f"{day}T08:00", "end": f"{day}T16:00", "place": "home"} for day in days]

    assert group_weekly(document(*work), WEEK, "sales")["screen_rule"] == "covered"


@pytest.mark.parametrize("jurisdiction", ["DK", "NO", "EU"])
def test_the_weekly_day_off_is_kept_or_missed_as_each_country_s_rule_says(jurisdiction: str) -> None:
    weekdays = [session(day, "08:00", "16:00") for day in range(5)]
    every_day = [session(day, "08:00", "16:00") for day in range(-2, 9)]
    known = {"jurisdiction": jurisdiction, "at": "2026-01-21T00:00"}

    assert value("day_off", *weekdays, **known) == "kept"
    assert value("day_off", *every_day, **known) == "missed"


def test_where_the_law_leaves_doubt_the_day_off_is_unknown() -> None:
    work = [session(day, "08:00", "16:00") for day in range(5)] + [session(5, "12:00", "22:00")]

    assert value("day_off", *work) == "unknown"


def test_a_day_off_that_only_an_agreement_covers_is_neither_kept_nor_missed() -> None:
    work = [session(day, "08:00", "16:00") for day in range(-2, 7)]
    chapter_6 = {"chapter_6": "2025-01-01", "plans_own_time": True}

    assert value("day_off", *work, agreement=chapter_6) == "unknown"


@pytest.mark.parametrize("jurisdiction", ["DK", "NO", "EU"])
def test_a_week_without_work_is_a_week_with_a_day_off_if_it_was_seen(jurisdiction: str) -> None:
    before = {"start": "2026-01-05T10:00", "end": "2026-01-05T12:00"}

    assert value("day_off", before, jurisdiction=jurisdiction) == "kept"
    assert value("day_off", before, jurisdiction=jurisdiction, observed=observed_but(2, "10:00", "11:00")) == "unknown"


@pytest.mark.parametrize(("law", "at_the_end"), [("DK", "kept"), ("NO", "unknown"), ("EU", "unknown")])
def test_what_is_known_after_the_week_says_how_long_its_last_rest_was(law: str, at_the_end: str) -> None:
    work = [session(day, "08:00", "16:00") for day in range(6)]
    known = {"jurisdiction": law, "at": "2026-01-20T08:00"}

    assert value("day_off", *work, jurisdiction=law) == at_the_end
    assert value("day_off", *work, session(7, "08:00", "12:00"), **known) == "kept"
    short = {"DK": "kept", "NO": "missed", "EU": "missed"}[law]  # a run of 150 hours is told with the next week's
    assert value("day_off", *work, session(7, "02:00", "12:00"), **known) == short


def test_a_week_of_which_nothing_is_known_says_nothing() -> None:
    gone = [{"start": "2026-01-05T00:00", "end": "2026-01-05T12:00"}]
    before = {"start": "2026-01-05T10:00", "end": "2026-01-05T12:00", "place": "home"}
    values = group_weekly({**document(before), "jurisdiction": "EU", "observed": gone}, WEEK, "sales")

    assert reports.agreed_body(reports.GROUP_WEEKLY, values, AGREED, MONDAY) is None


def test_the_time_zone_decides_which_date_it_is() -> None:
    late = {"start": "2026-01-18T23:30Z", "end": "2026-01-18T23:45Z", "place": "home"}
    values = group_weekly(document(session(0, "08:00", "09:00"), late), WEEK, "sales")

    assert values["home_days"] == "1"


def test_a_duty_report_holds_the_rule_and_what_the_person_says() -> None:
    stated = Stated("help_wanted", ("chair", "desk", "chair"), True)
    at = parse_instant("2026-01-20T12:00", ZONE)
    values = duty_monthly(document(session(0, "08:00", "09:00")), "2026-01", stated, at)

    assert values == {
        "month": "2026-01",
        "screen_rule": "not_covered",
        "workplace_check": "help_wanted",
        "equipment_wanted": ["chair", "desk"],
        "eye_test_wanted": True,
    }


def test_what_the_person_does_not_say_is_unknown_and_not_no() -> None:
    at = parse_instant("2026-01-20T12:00", ZONE)
    values = duty_monthly(document(session(0, "08:00", "09:00")), "2026-01", Stated(), at)

    assert (values["workplace_check"], values["equipment_wanted"], values["eye_test_wanted"]) == ("unknown",) * 3


def test_a_field_newer_than_the_consent_is_left_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    text = files("fyraften_policy").joinpath("wire.toml").read_text(encoding="utf-8")
    older = 'name = "pauses"\ntype = "enum"\nvalues = ["varied", "some_long_stretches", "long_stretches", "unknown"]'
    assert older in text
    newer = read_registry(
        text.replace(f'{older}\nunit = "pattern of the week"\nsince = 1', f'{older}\nunit = "x"\nsince = 2')
    )
    monkeypatch.setattr(wire, "registry", lambda: newer)
    values = group_weekly(document(session(0, "08:00", "16:00")), WEEK, "sales")
    before, after = (
        reports.agreed_body(reports.GROUP_WEEKLY, values, ConsentState("given", 0, wire_version=version), MONDAY)
        for version in (1, 2)
    )

    assert values["pauses"] != "unknown"
    assert before == wire.encode(reports.GROUP_WEEKLY, {**values, "pauses": "unknown"})
    assert after == wire.encode(reports.GROUP_WEEKLY, values)


def test_without_consent_to_any_version_there_is_no_report() -> None:
    values = group_weekly(document(session(0, "08:00", "09:00")), WEEK, "sales")

    assert reports.agreed_body(reports.GROUP_WEEKLY, values, ConsentState("none"), MONDAY) is None


_sessions = st.lists(
    st.builds(
        lambda day, start, length, place, confirmed: {
            "start": f"{MONDAY + timedelta(days=day)}T{start:02}:00",
            "end": f"{MONDAY + timedelta(days=day)}T{min(start + length, 23):02}:59",
            "place": place,
            "confirmed": confirmed,
        },
        st.integers(-3, 8),
        st.integers(0, 23),
        st.integers(0, 8),
        st.sampled_from(["home", "fixed_site", "unknown", "elsewhere"]),
        st.booleans(),
    ),
    max_size=12,
)


def _hour(offset: int) -> str:
    return f"{MONDAY + timedelta(days=offset // 24)}T{offset % 24:02}:00"


_holes = st.lists(
    st.tuples(st.integers(-24, 8 * 24), st.integers(1, 30)).map(
        lambda hole: {"start": _hour(hole[0]), "end": _hour(hole[0] + hole[1])}
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(_sessions, st.one_of(st.just("all"), _holes))
def test_any_week_makes_a_report_that_may_leave(work: list[dict[str, Any]], observed: Any) -> None:
    values = group_weekly(document(*work, observed=observed or "all"), WEEK, "sales")

    assert wire.decode(wire.encode(reports.GROUP_WEEKLY, values))["week"] == WEEK


@settings(max_examples=60, deadline=None)
@given(_sessions, _sessions, st.sampled_from(["DK", "NO", "EU"]))
def test_what_is_learned_later_never_contradicts_a_value_that_was_not_unknown(
    seen: list[dict[str, Any]], hidden: list[dict[str, Any]], jurisdiction: str
) -> None:
    """Whatever happened at home in the unobserved time, what was said before stays right."""
    dark = [{"start": _hour(24), "end": _hour(48)}, {"start": _hour(96), "end": _hour(100)}]
    light = [
        {"start": "2025-12-20T00:00", "end": dark[0]["start"]},
        {"start": dark[0]["end"], "end": dark[1]["start"]},
        {"start": dark[1]["end"], "end": "2026-01-30T00:00"},
    ]
    unseen = [one for one in hidden if dark[0]["start"] <= one["start"] and one["end"] <= dark[0]["end"]]
    law = {"jurisdiction": jurisdiction}
    before = group_weekly(document(*seen, observed=light, **law), WEEK, "sales")
    after = group_weekly(document(*seen, *[{**one, "confirmed": True} for one in unseen], **law), WEEK, "sales")

    for name in ("home_days", "out_of_hours_days", "out_of_hours_home_days", "short_rests", "day_off"):
        assert before[name] in ("unknown", after[name]) or after[name] == "unknown"


# Putting reports into the outbox

SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, SigningKey(bytes(32)).public, None)
GIVEN_AT = parse_instant("2026-01-08T12:00", ZONE)
NOW = parse_instant("2026-01-19T09:00", ZONE)


class Office:
    """An outbox in memory with an enrolment for each purpose."""

    def __init__(self, confirmed: bool = True) -> None:
        self.connection = open_ledger(None)
        self.outbox, self.enrolments = Outbox(self.connection), Enrolments(self.connection)
        for purpose, cell in (("group", "sales"), ("duty", None)):
            self.enrolments.start(purpose, "https://havn.example", SERVICE, purpose, "CODE", GIVEN_AT)
            if confirmed:
                self.enrolments.confirm(purpose, cell, b"{}", GIVEN_AT)

    def prepare(self, now: int = NOW, given_at: int = GIVEN_AT, state: Any = "given", law: str = "DK") -> list[str]:
        consent = ConsentState(state, given_at, given_at + 10**7, 1)
        work = {**document(session(0, "08:00", "16:00")), "jurisdiction": law}
        made = reports.prepare_weeks(self.outbox, self.enrolments, consent, lambda week: work, now, ZONE)
        return [item.period for item in made]


def test_a_week_is_prepared_when_it_is_over_and_held() -> None:
    office = Office()

    assert office.prepare(NOW - 7 * 86400) == []
    assert office.prepare(NOW) == [WEEK]
    assert [item.state for item in office.outbox.items()] == ["held"]
    office.connection.close()


def test_a_week_is_prepared_once() -> None:
    office = Office()
    office.prepare()

    assert office.prepare() == []
    office.connection.close()


@pytest.mark.parametrize(("law", "expected"), [("DK", [WEEK]), ("EU", [WEEK]), ("NO", [])])
def test_under_norwegian_law_no_group_report_is_made(law: str, expected: list[str]) -> None:
    """Also where somebody agreed under another law and changed the agreement afterwards."""
    office = Office()

    assert office.prepare(law=law) == expected
    office.connection.close()


def test_a_week_that_began_before_the_consent_is_never_prepared() -> None:
    office = Office()
    monday = parse_instant("2026-01-12T00:00", ZONE)

    assert office.prepare(given_at=monday + 1) == []
    assert office.prepare(given_at=monday) == [WEEK]
    office.connection.close()


@pytest.mark.parametrize("state", ["none", "refused", "withdrawn", "expired"])
def test_without_consent_nothing_is_prepared(state: str) -> None:
    office = Office()

    assert office.prepare(state=state) == []
    office.connection.close()


def test_before_the_service_confirmed_nothing_is_prepared() -> None:
    office = Office(confirmed=False)

    assert office.prepare() == []
    office.connection.close()


def test_weeks_too_old_to_be_taken_are_not_prepared() -> None:
    weeks = reports.weeks_to_prepare(parse_instant("2025-06-01T00:00", ZONE), NOW, ZONE)

    assert weeks == ["2026-W02", "2026-W03"]


def test_a_duty_report_may_be_prepared_anew_until_it_leaves() -> None:
    office = Office()
    consent = ConsentState("given", GIVEN_AT, GIVEN_AT + 10**7, 1)
    work = document(session(0, "08:00", "16:00"))

    def prepare(stated: Stated) -> int:
        return reports.prepare_month(office.outbox, office.enrolments, consent, work, "2026-01", stated, NOW).id

    first, second = prepare(Stated()), prepare(Stated(eye_test_wanted=True))

    assert [office.outbox.item(number).state for number in (first, second)] == ["purged", "held"]
    assert office.outbox.item(first).body is None
    office.connection.close()


def test_a_month_that_has_not_begun_is_an_input_error() -> None:
    office = Office()
    consent = ConsentState("given", GIVEN_AT, GIVEN_AT + 10**7, 1)

    with pytest.raises(InputError, match="not begun"):
        reports.prepare_month(
            office.outbox, office.enrolments, consent, document(session(0, "08:00", "16:00")), "2026-02", Stated(), NOW
        )
    office.connection.close()


def test_preparing_reports_loads_no_cryptography() -> None:
    program = "import sys, fyraften_agent.sending.reports; print('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
