"""The facts format, sentence by sentence: what is read, what is refused with field and remedy, what is cut."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.errors import FactsError
from fyraften_policy.facts import Piece, Work, read_facts, resolve
from fyraften_policy.parameters import AT_MOST, UNITS, known_parameter
from fyraften_policy.periods import format_instant
from policy.documents import Document, danish, facts, session, spans
from policy.oracle import place_at
from policy.strategies import chains, works

DAY = session("2026-01-13T08:00", "16:00")


def refused(document: object) -> FactsError:
    """Return the error that a document gets."""
    with pytest.raises(FactsError) as error:
        read_facts(document)
    assert error.value.message.endswith((".", "?"))
    assert error.value.remedy.endswith(".")
    return error.value


def without(document: Document, key: str) -> Document:
    return {name: value for name, value in document.items() if name != key}


def local(document: Document) -> list[tuple[str, str]]:
    """Return the work that was read, as local times without offset."""
    read = facts(document)
    return [(format_instant(one.start, read.zone)[:19], format_instant(one.end, read.zone)[:19]) for one in read.work]


# The document as a whole


@pytest.mark.parametrize("document", [None, [], "text", 3, True, [{"jurisdiction": "DK"}]])
def test_a_document_is_one_object(document: object) -> None:
    assert refused(document).field == ""


@pytest.mark.parametrize("key", ["jurisdiction", "zone", "work"])
def test_what_every_document_needs_is_missed(key: str) -> None:
    error = refused(without(danish(DAY), key))

    assert (error.field, error.message, error.remedy) == (key, "The field is missing.", "Add it.")


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"wrok": []}, "wrok"),
        ({"work": [{**DAY, "colour": "red"}]}, "work[0].colour"),
        ({"activity": [{**DAY, "keys": 12}]}, "activity[0].keys"),
        ({"observed": [{**DAY, "kind": "sleep"}]}, "observed[0].kind"),
        ({"absences": [{"start": "2026-01-01", "end": "2026-01-01", "kind": "sick", "why": "flu"}]}, "absences[0].why"),
        ({"agreement": {"works_at_night": True}}, "agreement.works_at_night"),
        ({"agreement": {"normal_hours": {"monday": []}}}, "agreement.normal_hours.monday"),
        (
            {"agreement": {"rest_exceptions": [{"date": "2026-01-13", "ground": "force_majeure", "note": ""}]}},
            "agreement.rest_exceptions[0].note",
        ),
        ({"parameters": {"dk.rest.daily.maximum": 3}}, "parameters.dk.rest.daily.maximum"),
        ({"period": {"start": "2026-01-12", "end": "2026-01-19", "weeks": 1}}, "period.weeks"),
    ],
)
def test_an_unknown_key_is_an_error_at_every_level(place: Document, field: str) -> None:
    error = refused({**danish(DAY), **place})

    assert error.field == field
    assert error.message.startswith("There is no such")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": True}, "id"),
        ({"id": 1.5}, "id"),
        ({"id": ["a"]}, "id"),
        ({"jurisdiction": "SE"}, "jurisdiction"),
        ({"jurisdiction": "dk"}, "jurisdiction"),
        ({"jurisdiction": 45}, "jurisdiction"),
        ({"zone": None}, "zone"),
        ({"zone": "Copenhagen"}, "zone"),
        ({"work": {}}, "work"),
        ({"work": None}, "work"),
        ({"work": ["2026-01-13"]}, "work[0]"),
        ({"work": [DAY, []]}, "work[1]"),
        ({"work": [without(DAY, "start")]}, "work[0].start"),
        ({"work": [{**DAY, "start": 1768294800}]}, "work[0].start"),
        ({"work": [{**DAY, "end": None}]}, "work[0].end"),
        ({"work": [{**DAY, "place": "office"}]}, "work[0].place"),
        ({"work": [{**DAY, "place": None}]}, "work[0].place"),
        ({"work": [{**DAY, "workstation": "docked"}]}, "work[0].workstation"),
        ({"work": [{**DAY, "screen": 1}]}, "work[0].screen"),
        ({"work": [{**DAY, "confirmed": "yes"}]}, "work[0].confirmed"),
        ({"activity": "all"}, "activity"),
        ({"activity": [session("2026-01-13T08:00")]}, "activity[0].end"),
        ({"activity": [{**DAY, "intensity": True}]}, "activity[0].intensity"),
        ({"activity": [{**DAY, "intensity": 1.01}]}, "activity[0].intensity"),
        ({"activity": [{**DAY, "intensity": -0.1}]}, "activity[0].intensity"),
        ({"observed": "none"}, "observed"),
        ({"observed": None}, "observed"),
        ({"observed": [session("2026-01-13T08:00")]}, "observed[0].end"),
        ({"absences": [{"start": "2026-01-01", "end": "2026-01-02"}]}, "absences[0].kind"),
        ({"absences": [{"start": "2026-01-01", "end": "2026-01-02", "kind": "fun"}]}, "absences[0].kind"),
        ({"absences": [{"start": "2026-01-01T00:00", "end": "2026-01-02", "kind": "sick"}]}, "absences[0].start"),
        ({"absences": [{"start": "2026-01-02", "end": "2026-01-01", "kind": "sick"}]}, "absences[0]"),
        ({"public_holidays": ["2026-02-29"]}, "public_holidays[0]"),
        ({"public_holidays": ["2026-01-01", 5]}, "public_holidays[1]"),
        ({"public_holidays": None}, "public_holidays"),
        ({"agreement": []}, "agreement"),
        ({"agreement": None}, "agreement"),
        ({"parameters": []}, "parameters"),
        ({"period": "2026-01"}, "period"),
        ({"period": {"start": "2026-01-12"}}, "period.end"),
        ({"period": {"start": "2026-01-12", "end": "2026-01-12"}}, "period"),
        ({"period": {"start": "2026-01-12", "end": "2026-01-11"}}, "period"),
        ({"period": {"start": "2026-01-12T00:00", "end": "2026-01-19"}}, "period.start"),
        ({"at": "2026-01-13"}, "at"),
        ({"at": 0}, "at"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_its_field(change: Document, field: str) -> None:
    assert refused({**danish(DAY), **change}).field == field


# Work


@pytest.mark.parametrize("end", ["2026-01-13T08:00", "2026-01-13T07:59:59", "2026-01-13T08:00+01:00"])
def test_an_end_not_after_the_start_is_an_error(end: str) -> None:
    error = refused(danish(session("2026-01-13T08:00", end)))

    assert error.field == "work[0].end"
    assert error.message == f"{end} is not after 2026-01-13T08:00."
    assert "next date" in error.remedy


@pytest.mark.parametrize("kind", ["activity", "observed"])
def test_so_it_is_with_activity_and_observed_time(kind: str) -> None:
    assert refused({**danish(DAY), kind: [session("2026-01-13T08:00", "08:00")]}).field == f"{kind}[0].end"


def test_a_second_of_work_and_a_month_of_work_are_fine() -> None:
    document = danish(session("2026-01-13T08:00", "08:00:01"), session("2026-01-13T08:00", "2026-02-13T08:00"))

    assert [one.end - one.start for one in facts(document).work] == [1, 31 * 86400]


def test_work_left_as_it_is_has_these_defaults() -> None:
    (work,) = facts(danish(DAY)).work

    assert (work.place, work.workstation, work.screen, work.confirmed) == ("unknown", "fixed", True, True)


def test_elapsed_time_is_told_by_offsets_not_by_the_clock() -> None:
    document = danish(session("2026-01-13T10:00+01:00", "2026-01-13T10:00+00:00"))

    assert [one.end - one.start for one in facts(document).work] == [3600]


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-03-28T20:00", "2026-03-29T07:00", 36000),
        ("2026-10-24T20:00", "2026-10-25T07:00", 43200),
        ("2026-03-29T01:59", "2026-03-29T03:01", 120),
    ],
)
def test_over_a_clock_change_lengths_are_elapsed_time(start: str, end: str, seconds: int) -> None:
    assert facts(danish(session(start, end))).work[0].end - facts(danish(session(start, end))).work[0].start == seconds


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (session("2026-10-25T02:30", "2026-10-25T08:00"), "work[0].start", "happens twice"),
        (session("2026-03-29T01:00", "2026-03-29T02:30"), "work[0].end", "does not exist"),
    ],
)
def test_a_local_time_that_is_twice_or_never_is_an_error_that_says_so(row: Document, field: str, words: str) -> None:
    error = refused(danish(row))

    assert error.field == field
    assert words in error.message


def test_the_time_now_can_be_such_a_local_time_too() -> None:
    assert refused(danish(DAY, at="2026-10-25T02:30")).field == "at"


# Open sessions and the time now


def test_an_open_session_needs_to_be_told_what_time_it_is() -> None:
    error = refused(danish(DAY, session("2026-01-14T08:00")))

    assert error.field == "work[1].end"
    assert '"at"' in error.remedy


def test_an_open_session_is_cut_at_now_and_nothing_was_left_out() -> None:
    document = danish(session("2026-01-14T08:00"), at="2026-01-14T11:30")

    assert local(document) == [("2026-01-14T08:00:00", "2026-01-14T11:30:00")]
    assert not facts(document).is_cut


@pytest.mark.parametrize("start", ["2026-01-14T11:30", "2026-01-14T11:31"])
def test_an_open_session_that_has_not_begun_is_an_error(start: str) -> None:
    error = refused(danish(session(start), session("2026-01-14T08:00"), at="2026-01-14T11:30"))

    assert error.field == "work[0].start"
    assert error.message == "The open session does not start before now."


def test_a_period_does_not_tell_what_time_it_is() -> None:
    document = danish(session("2026-01-14T08:00"), period={"start": "2026-01-12", "end": "2026-01-19"})

    assert refused(document).field == "work[0].end"


@pytest.mark.parametrize(
    ("at", "expected", "is_cut"),
    [
        ("2026-01-13T16:00", [("2026-01-13T08:00:00", "2026-01-13T16:00:00")], False),
        ("2026-01-13T15:59:59", [("2026-01-13T08:00:00", "2026-01-13T15:59:59")], True),
        ("2026-01-13T08:00:01", [("2026-01-13T08:00:00", "2026-01-13T08:00:01")], True),
        ("2026-01-13T08:00", [], True),
    ],
)
def test_work_after_now_is_cut(at: str, expected: list[tuple[str, str]], is_cut: bool) -> None:
    document = danish(DAY, at=at)

    assert local(document) == expected
    assert facts(document).is_cut is is_cut


def test_without_now_it_is_the_end_of_the_period() -> None:
    read = facts(
        danish(
            DAY, session("2026-01-14T22:00", "2026-01-15T02:00"), period={"start": "2026-01-12", "end": "2026-01-15"}
        )
    )

    assert format_instant(read.at, read.zone) == "2026-01-15T00:00:00+01:00"
    assert not read.at_stated
    assert read.is_cut
    assert read.work[-1].end == read.at


# The period


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        ("2026-01-14T08:00/2026-01-14T16:00", "2026-01-14T08:00/2026-01-14T16:00", "2026-01-12", "2026-01-19"),
        ("2026-01-12T00:00/2026-01-12T01:00", "2026-01-18T22:00/2026-01-19T00:00", "2026-01-12", "2026-01-19"),
        ("2026-01-11T23:59:59/2026-01-12T01:00", "2026-01-18T22:00/2026-01-19T00:00:01", "2026-01-05", "2026-01-26"),
        ("2026-12-31T08:00/2026-12-31T16:00", "2027-01-03T08:00/2027-01-03T16:00", "2026-12-28", "2027-01-04"),
        ("2026-03-28T08:00/2026-03-28T16:00", "2026-03-29T08:00/2026-03-29T16:00", "2026-03-23", "2026-03-30"),
    ],
)
def test_the_default_period_goes_from_monday_to_monday_around_the_work(
    first: str, last: str, start: str, end: str
) -> None:
    read = facts(danish(*(session(*row.split("/")) for row in (last, first))))

    assert (read.first_day.isoformat(), read.end_day.isoformat()) == (start, end)


def test_the_default_period_reaches_an_open_session() -> None:
    read = facts(danish(DAY, session("2026-01-18T22:00"), at="2026-01-19T02:00"))

    assert read.end_day.isoformat() == "2026-01-26"


def test_local_weeks_are_those_of_the_zone_whatever_the_jurisdiction() -> None:
    read = facts(danish(session("2026-01-11T23:30Z", "2026-01-12T06:00Z"), jurisdiction="NO", zone="America/New_York"))

    assert read.first_day.isoformat() == "2026-01-05"


def test_without_work_the_week_of_now_is_the_period() -> None:
    read = facts(danish(at="2026-01-14T12:00"))

    assert (read.first_day.isoformat(), read.end_day.isoformat()) == ("2026-01-12", "2026-01-19")


def test_without_work_period_and_now_there_is_no_period() -> None:
    assert not facts(danish()).has_period


def test_the_period_is_not_judged_past_now() -> None:
    read = facts(danish(DAY, period={"start": "2026-01-12", "end": "2026-01-19"}, at="2026-01-13T12:00"))

    assert format_instant(read.period.end, read.zone) == "2026-01-13T12:00:00+01:00"


def test_a_period_after_now_is_empty() -> None:
    read = facts(danish(DAY, period={"start": "2026-02-02", "end": "2026-02-09"}, at="2026-01-14T00:00"))

    assert read.period.length == 0


# What was observed


def holes(document: Document) -> list[tuple[str, str]]:
    read = facts(document)
    return [(format_instant(start, read.zone)[:16], format_instant(end, read.zone)[:16]) for start, end in read.holes]


def test_where_everything_was_observed_there_are_no_holes() -> None:
    assert holes(danish(DAY)) == holes(danish(DAY, observed="all")) == []


def test_outside_the_observed_time_and_before_the_first_nothing_is_known() -> None:
    observed = [session("2026-01-13T07:00", "18:00"), session("2026-01-14T07:00", "18:00")]

    found = holes(danish(DAY, observed=observed, at="2026-01-14T20:00"))

    assert found[0][1] == "2026-01-13T07:00"
    assert found[1:] == [("2026-01-13T18:00", "2026-01-14T07:00"), ("2026-01-14T18:00", "2026-01-14T20:00")]
    assert facts(danish(DAY, observed=observed)).holes[0].length >= 24 * 3600


def test_work_is_itself_observed_confirmed_or_not() -> None:
    waiting = session("2026-01-13T20:00", "21:00", confirmed=False)

    found = holes(danish(DAY, waiting, observed=[], at="2026-01-13T22:00"))

    assert found[1:] == [("2026-01-13T16:00", "2026-01-13T20:00"), ("2026-01-13T21:00", "2026-01-13T22:00")]


def test_observed_time_may_overlap_touch_and_come_in_any_order() -> None:
    observed = [
        session("2026-01-14T00:00", "2026-01-15T00:00"),
        session("2026-01-12T00:00", "2026-01-14T00:00"),
        session("2026-01-12T12:00", "13:00"),
    ]

    assert len(facts(danish(DAY, observed=observed, at="2026-01-15T00:00")).holes) == 1


# Overlaps


def test_where_sessions_overlap_the_later_start_decides() -> None:
    work = (Work(0, 10, "home"), Work(3, 6, "fixed_site"))

    pieces = resolve(work)

    assert [(one.start, one.end, one.place) for one in pieces] == [
        (0, 3, "home"),
        (3, 6, "fixed_site"),
        (6, 10, "home"),
    ]


def test_at_equal_starts_the_later_in_the_list_decides() -> None:
    row = session("2026-01-13T08:00", "16:00")
    document = danish({**row, "place": "home"}, {**row, "place": "fixed_site", "workstation": "mobile"})

    (piece,) = facts(document).pieces(with_unconfirmed=True)

    assert (piece.place, piece.workstation) == ("fixed_site", "mobile")


def test_unconfirmed_work_decides_only_where_it_counts() -> None:
    document = danish(
        session("2026-01-13T08:00", "16:00", place="home"),
        session("2026-01-13T10:00", "11:00", place="fixed_site", confirmed=False),
    )
    read = facts(document)

    assert [piece.place for piece in read.pieces(with_unconfirmed=True)] == ["home", "fixed_site", "home"]
    assert [piece.place for piece in read.pieces(with_unconfirmed=False)] == ["home"]
    assert read.has_unconfirmed


@given(st.one_of(works(most=8), chains()), st.data())
def test_every_instant_has_the_place_of_the_latest_start(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    places = data.draw(
        st.lists(st.sampled_from(["home", "fixed_site", "elsewhere"]), min_size=len(rows), max_size=len(rows))
    )
    told = [(start, end, place) for (start, end), place in zip(rows, places, strict=True)]
    document = danish(*(spans([(start, end)], place=place)[0] for start, end, place in told))

    pieces = facts(document).pieces(with_unconfirmed=True)

    edges = sorted({edge for start, end, _ in told for edge in (start, end)})
    for instant in edges:
        here = [piece.place for piece in pieces if piece.start <= instant < piece.end]
        working = any(start <= instant < end for start, end, _ in told)
        assert here == ([place_at(told, instant)] if working else [])
    assert pieces == sorted(pieces)
    assert sum(piece.end - piece.start for piece in pieces) == sum(one.length for one in facts(document).reported(True))
    assert all(isinstance(piece, Piece) for piece in pieces)


# Days off, parameters


def test_absences_are_whole_local_days_with_both_ends() -> None:
    read = facts(danish(DAY, absences=[{"start": "2026-02-16", "end": "2026-02-20", "kind": "holiday"}]))

    assert [day.isoformat() for day in sorted(read.absences)] == [f"2026-02-{day}" for day in range(16, 21)]
    assert all(read.is_off(day) for day in read.absences)


def test_a_public_holiday_is_a_day_off() -> None:
    read = facts(danish(DAY, public_holidays=["2026-04-02"]))

    assert [day.isoformat() for day in read.public_holidays] == ["2026-04-02"]
    assert not facts(danish(DAY)).public_holidays


def test_an_absence_of_more_than_ten_years_is_a_slip() -> None:
    assert (
        refused(danish(DAY, absences=[{"start": "2026-02-16", "end": "2062-02-20", "kind": "leave"}])).field
        == "absences[0]"
    )


@pytest.mark.parametrize(
    ("name", "amount", "words"),
    [
        ("dk.rest.daily.minimum", True, "is not a number"),
        ("dk.rest.daily.minimum", "11", "is not a number"),
        ("dk.rest.daily.minimum", None, "is not a number"),
        ("dk.rest.daily.minimum", 0, "outside the bounds"),
        ("dk.rest.daily.minimum", -1, "outside the bounds"),
        ("dk.rest.daily.minimum", 10**12, "outside the bounds"),
        ("dk.rest.daily.minimum", float("nan"), "outside the bounds"),
        ("dk.rest.daily.minimum", float("inf"), "outside the bounds"),
        ("dk.screen.home.limit", 7.1, "outside the bounds"),
        ("dk.screen.home.day", 0, "outside the bounds"),
        ("dk.screen.home.window", 0, "outside the bounds"),
        ("dk.screen.home.window", 1.5, "is not a whole number"),
        ("dk.rest.daily.exception.annual_accounts", 2.5, "is not a whole number"),
        ("dk.rest.weekly.nothing", 35, "There is no such parameter"),
    ],
)
def test_an_amount_that_cannot_be_meant_is_an_error(name: str, amount: Any, words: str) -> None:
    error = refused(danish(DAY, parameters={name: amount}))

    assert error.field == f"parameters.{name}"
    assert words in error.message


@pytest.mark.parametrize("name", ["dk.rest.weekly.minimum", "no.rest.weekly.minimum", "eu.rest.weekly.minimum"])
def test_a_weekly_rest_is_no_longer_than_a_week(name: str) -> None:
    error = refused(danish(DAY, parameters={name: Decimal("168.01")}))

    assert (error.field, error.remedy) == (f"parameters.{name}", "Write a number from 0.01 to 168.")
    assert "168.01" in error.message
    assert facts(danish(DAY, parameters={name: 168})).parameters.replaced == {name: 168}


@pytest.mark.parametrize(
    ("smaller", "larger", "law"),
    [
        ("dk.rest.daily.minimum", "dk.rest.daily.window", (11, 24)),
        ("no.rest.daily.minimum", "no.rest.daily.window", (11, 24)),
        ("eu.rest.daily.minimum", "eu.rest.daily.window", (11, 24)),
        ("dk.screen.home.regular", "dk.screen.home.history", (6, 8)),
        ("no.home_agreement.lasting", "no.home_agreement.history", (4, 8)),
    ],
)
def test_a_number_is_no_larger_than_the_one_it_lies_in(smaller: str, larger: str, law: tuple[int, int]) -> None:
    low, high = law
    for allowed in ({smaller: high}, {larger: low}, {smaller: high + 1, larger: high + 1}):
        assert facts(danish(DAY, parameters=allowed)).parameters.replaced == allowed

    above = refused(danish(DAY, parameters={smaller: high + 1}))
    below = refused(danish(DAY, parameters={larger: low - 1}))
    both = refused(danish(DAY, parameters={smaller: low - 1, larger: low - 2}))

    least, most = UNITS[known_parameter(smaller).unit][:2]
    assert above.field == f"parameters.{smaller}"
    assert above.message == f"{high + 1} is more than {larger}, which is {high}."
    assert above.remedy == f"Write a number from {least} to {high}, or write another {larger} beside it."
    assert below.field == f"parameters.{larger}"
    assert below.message == f"{low - 1} is less than {smaller}, which is {low}."
    assert below.remedy == f"Write a number from {low} to {most}, or write another {smaller} beside it."
    assert both.field == f"parameters.{smaller}"


def test_every_number_with_a_bound_and_its_bound_are_of_the_law_and_in_one_unit() -> None:
    for name, most in AT_MOST.items():
        unit = known_parameter(name).unit
        assert unit == ("hour" if isinstance(most, Decimal) else known_parameter(most).unit)


def test_a_replaced_value_is_kept_exactly() -> None:
    read = facts(
        danish(DAY, parameters={"dk.screen.home.limit": Decimal("2.1"), "dk.rest.daily.exception.annual_accounts": 0})
    )

    assert read.parameters.replaced == {
        "dk.screen.home.limit": Decimal("2.1"),
        "dk.rest.daily.exception.annual_accounts": 0,
    }
