"""Random documents of every jurisdiction, for what must hold for all rules: work near the limits, holes, agreements.

A :class:`Told` is a document before it is written down: sessions and holes are instants, so that a test can change
them, fill them, and write them in another way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.findings import Finding

Span = tuple[int, int]
Document = dict[str, Any]
MINUTE, HOUR, DAY = 60, 3600, 86400
QUARTER = 15 * MINUTE
WEEKS = 3
ZONES = {"DK": "Europe/Copenhagen", "NO": "Europe/Oslo", "EU": "Europe/Berlin"}
JURISDICTIONS = tuple(ZONES)
# Rules that answer with the worst of some windows: the window that is told may be another one once more is known.
WORST_ONLY = ("dk.hours.average", "eu.hours.average", "dk.night", "no.hours", "no.overtime", "no.home_agreement")
# Zones whose days are odd: midnights that the clock skips or passes twice, half hours, a date that never was.
WILD_ZONES = (
    "America/Havana", "Pacific/Apia", "Africa/Cairo", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo",
    "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Antarctica/Troll", "Africa/Casablanca", "America/Scoresbysund",
    "Pacific/Kiritimati", "Europe/Dublin", "America/St_Johns", "Pacific/Kwajalein", "Asia/Pyongyang", "UTC",
)  # fmt: skip
# Both clock changes, Easter, May, Whitsun, Christmas and the year end, a leap day, and plain weeks.
MONDAYS = tuple(
    map(
        date.fromisoformat,
        (
            "2026-01-12",
            "2026-03-23",
            "2026-03-30",
            "2026-10-19",
            "2026-04-27",
            "2026-05-11",
            "2025-12-22",
            "2028-02-21",
        ),
    )
)


class Session(NamedTuple):
    """One session, in instants."""

    start: int
    end: int
    place: str = "home"
    workstation: str = "fixed"
    screen: bool = True
    confirmed: bool = True


class Told(NamedTuple):
    """A document before it is written: ``more`` has the fields that hold no instants of work, but ``at``."""

    jurisdiction: str
    zone: str
    monday: date
    sessions: tuple[Session, ...]
    holes: tuple[Span, ...] = ()
    activity: tuple[Span, ...] = ()
    at: int | None = None
    more: tuple[tuple[str, Any], ...] = ()

    @property
    def begin(self) -> int:
        """Return the first instant of the Monday."""
        return midnight(self.monday, self.zone)

    @property
    def now(self) -> int:
        """Return the instant up to which work counts."""
        return midnight(self.monday + timedelta(days=7 * WEEKS), self.zone) if self.at is None else self.at

    def field(self, name: str) -> Any:
        """Return one of the fields in ``more``, None where it is not told."""
        return dict(self.more).get(name)

    def without(self, *names: str) -> Told:
        """Return it without some of the fields in ``more``."""
        return self._replace(more=tuple((name, value) for name, value in self.more if name not in names))


def midnight(day: date, zone: str) -> int:
    """Return the first instant of a local date, as near as zone data tells it."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())


def local_date(instant: int, zone: str) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()


def utc(instant: int) -> str:
    """Return an instant as the facts format writes it in UTC."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def document(told: Told) -> Document:
    """Return the document, with times in UTC. Everything long before and after is observed, the holes are not."""
    written: Document = {"jurisdiction": told.jurisdiction, "zone": told.zone, "public_holidays": []}
    written["work"] = [
        {
            "start": utc(one.start),
            "end": utc(one.end),
            "place": one.place,
            "workstation": one.workstation,
            "screen": one.screen,
            "confirmed": one.confirmed,
        }
        for one in told.sessions
    ]
    if told.activity:
        written["activity"] = [{"start": utc(start), "end": utc(end)} for start, end in told.activity]
    if told.holes:
        around = (told.begin - 900 * DAY, told.begin + 400 * DAY)
        written["observed"] = [{"start": utc(start), "end": utc(end)} for start, end in gaps(told.holes, around)]
    if told.at is not None:
        written["at"] = utc(told.at)
    return {**written, **dict(told.more)}


def judged(told: Told) -> Answer:
    """Return the answer."""
    return evaluate(read_facts(document(told)))


def shown(told: Told) -> str:
    """Return the document as one can judge it by hand, for what a failing test prints."""
    return json.dumps(document(told))


def of_rule(answer: Answer, rule: str) -> list[Finding]:
    """Return the findings of a rule; those that say only that there is nothing to judge are left out."""
    return [one for one in answer.findings if one.rule == rule and one.reason != "no_complete_period"]


def thing(found: Finding) -> tuple[object, ...]:
    """Return what a finding is about, the same for two documents that differ only in what was observed."""
    if found.rule in WORST_ONLY and found.unit != "second":
        return (found.rule, "worst")
    if found.rule == "no.overtime" and (weeks := round((found.end - found.start) / (7 * DAY))) > 1:
        return (found.rule, weeks)
    if found.rule == "dk.screen.home":
        return (found.rule, found.end)
    return (found.rule, found.start, found.end)


def joined(spans: Sequence[Span], gap: int = 0) -> list[Span]:
    """Return the spans sorted and joined where they touch, or lie less than ``gap`` apart."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and (start <= found[-1][1] or start - found[-1][1] < gap):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def gaps(spans: Sequence[Span], around: Span) -> list[Span]:
    """Return what of ``around`` no span covers."""
    found, cursor = [], around[0]
    for start, end in joined(spans):
        if start > cursor:
            found.append((cursor, min(start, around[1])))
        cursor = max(cursor, end)
    return [one for one in [*found, (cursor, around[1])] if one[0] < one[1]]


def inside(spans: Sequence[Span], window: Span) -> list[Span]:
    """Return the parts of some spans in a window."""
    cut = ((max(start, window[0]), min(end, window[1])) for start, end in spans)
    return [one for one in cut if one[0] < one[1]]


def seconds(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in joined(spans))


def work_of(told: Told) -> list[Span]:
    """Return the work told, joined."""
    return joined([(one.start, one.end) for one in told.sessions])


# Lengths and gaps at the limits of the rules and a second beside them.
_limits = st.builds(
    lambda hours, odd: round(hours * HOUR) + odd,
    st.sampled_from([1 / 12, 0.5, 5 / 6, 5.5, 6, 8, 11, 13, 35]),
    st.sampled_from([-1, 0, 1]),
)
_quarters = st.integers(1, 60).map(lambda count: count * QUARTER)
_lengths = st.one_of(_quarters, _quarters, _limits)
_anywhere = st.tuples(st.integers(0, WEEKS * 7 * 96 - 1).map(lambda count: count * QUARTER), _lengths)
_usual = st.builds(
    lambda day, start, length: (day * DAY + start * HOUR, length),
    st.integers(0, WEEKS * 7 - 1),
    st.sampled_from([0, 6, 8, 8, 9, 12, 17, 20, 21, 22]),
    st.sampled_from([HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 7 * HOUR, 8 * HOUR, 10 * HOUR]),
)
_places = st.sampled_from(["home", "home", "home", "fixed_site", "changing_site", "elsewhere", "unknown"])


@st.composite
def _chains(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Sessions one after the other, with gaps near the limits."""
    cursor, found = draw(st.integers(0, 9 * 96)) * QUARTER, []
    for _ in range(draw(st.integers(2, 8))):
        length = draw(_lengths)
        found.append((cursor, length))
        cursor += length + draw(st.one_of(_limits, st.just(0)))
    return found


@st.composite
def _weeks(draw: st.DrawFn) -> list[tuple[int, int]]:
    """The same hours on some days of each week."""
    days = draw(st.sets(st.integers(0, 6), min_size=2))
    start, length = draw(st.sampled_from([7, 8, 9])) * HOUR, draw(st.sampled_from([4, 6, 8, 10, 12])) * HOUR
    return [(week * 7 * DAY + day * DAY + start, length) for week in range(WEEKS) for day in days]


schedules = st.one_of(
    st.lists(st.one_of(_usual, _anywhere), min_size=1, max_size=10),
    _chains(),
    st.builds(lambda regular, odd: [*regular, *odd], _weeks(), st.lists(_anywhere, max_size=4)),
)
hole_lists = st.lists(
    st.tuples(
        st.integers(-2 * 96, WEEKS * 7 * 96).map(lambda count: count * QUARTER),
        st.one_of(_limits, st.integers(1, 12 * HOUR), st.sampled_from([DAY, 3 * DAY])),
    ),
    min_size=1,
    max_size=4,
)


def spans_of(begin: int, lengths: Sequence[tuple[int, int]]) -> list[Span]:
    return [(begin + start, begin + start + length) for start, length in lengths]


@st.composite
def sessions(draw: st.DrawFn, begin: int, *, unconfirmed: bool) -> tuple[Session, ...]:
    """Return sessions without two of the same start: for these the order of the document would decide the place."""
    words = st.booleans() if unconfirmed else st.just(True)
    found: dict[int, Session] = {}
    for start, end in spans_of(begin, draw(schedules)):
        mobile = "mobile" if draw(st.integers(0, 9)) == 9 else "fixed"
        found[start] = Session(start, end, draw(_places), mobile, draw(st.integers(0, 9)) < 9, draw(words))
    return tuple(found.values())


# Values near what these few weeks hold, so that every limit is often just reached or passed.
NEAR: dict[str, dict[str, float]] = {
    "DK": {
        "dk.night.year": 12, "dk.night.year_months": 1, "dk.night.limit": 2, "dk.hours.average.limit": 9,
        "dk.screen.home.window": 2, "dk.screen.home.history": 2, "dk.screen.home.regular": 1, "dk.screen.home.day": 4,
    },
    "NO": {
        "no.hours.weeks": 2, "no.hours.week": 30, "no.overtime.ordinary_week": 24, "no.overtime.four_weeks.count": 2,
        "no.overtime.year.count": 3, "no.overtime.year": 30, "no.home_agreement.window": 2,
        "no.home_agreement.history": 3, "no.home_agreement.lasting": 2, "no.home_agreement.doubtful": 1,
    },
    "EU": {"eu.hours.average.limit": 9},
}  # fmt: skip
_CLOCKS = st.sampled_from(["00:00", "06:00", "08:00", "16:00", "18:00", "22:00"])
_ranges = st.tuples(_CLOCKS, st.one_of(_CLOCKS, st.just("24:00"))).map(list)
_normal_hours = st.one_of(
    st.just({day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}),
    st.dictionaries(st.sampled_from(["mon", "tue", "fri", "sat", "sun"]), st.lists(_ranges, max_size=2), max_size=4),
)
_GROUNDS = ["annual_accounts", "evening_meeting", "state_agreement", "shift_change", "force_majeure"]


@st.composite
def agreements(draw: st.DrawFn, monday: date, worked: Sequence[date]) -> Document:
    """Return facts about the employment, each told now and then; exceptions are recorded for days with work."""
    days = st.integers(0, WEEKS * 7 - 1).map(lambda number: (monday + timedelta(days=number)).isoformat())
    worked_days = st.sampled_from(worked).map(date.isoformat)
    choices: dict[str, st.SearchStrategy[Any]] = {
        "home_days": st.integers(0, 4),
        "normal_hours": _normal_hours,
        "accessible_workstation_elsewhere": st.sampled_from(["yes", "no", "unknown"]),
        "reference_months": st.just(1),
        "night_agreement_until": st.sampled_from(["22:00", "23:00", "23:30"]),
        "home_agreement": days,
        "chapter_6": days,
        "plans_own_time": st.booleans(),
        "works_only_at_home": st.sampled_from([False, False, True]),
        "on_call": st.sampled_from([False, False, True]),
        "rest_exceptions": st.lists(
            st.builds(lambda day, ground: {"date": day, "ground": ground}, worked_days, st.sampled_from(_GROUNDS)),
            max_size=4,
            unique_by=lambda one: str(one["date"]),
        ),
        "last_eye_test": st.sampled_from(["2024-01-15", "2025-12-24"]),
        "last_workplace_check": st.sampled_from(["2024-02-29", "2026-01-14"]),
        "eye_trouble": st.sampled_from(["2024-02-29", "2026-01-14"]),
    }
    return {name: draw(choice) for name, choice in choices.items() if draw(st.integers(0, 2)) == 0}


@st.composite
def _absences(draw: st.DrawFn, monday: date) -> list[Document]:
    found = []
    for _ in range(draw(st.integers(0, 2))):
        first = monday + timedelta(days=draw(st.integers(0, WEEKS * 7 - 1)))
        last = first + timedelta(days=draw(st.sampled_from([0, 0, 2, 4, 6])))
        kind = draw(st.sampled_from(["holiday", "sick", "leave", "public_holiday"]))
        found.append({"start": first.isoformat(), "end": last.isoformat(), "kind": kind})
    return found


@st.composite
def tales(
    draw: st.DrawFn,
    *,
    jurisdictions: Sequence[str] = JURISDICTIONS,
    zones: Sequence[str] = (),
    mondays: Sequence[date] = MONDAYS,
    unconfirmed: bool = False,
    holes: bool = False,
    exempt: bool = False,
) -> Told:
    """Return a document of up to three weeks in any jurisdiction.

    Args:
        zones: where to choose the zone from; by default it is the jurisdiction's own.
        unconfirmed: some of the work may wait for the person's word.
        holes: some of the time may be unobserved.
        exempt: the person may be one to whom rules do not apply.
    """
    jurisdiction = draw(st.sampled_from(jurisdictions))
    zone = draw(st.sampled_from(zones)) if zones else ZONES[jurisdiction]
    monday = draw(st.sampled_from(mondays))
    begin = midnight(monday, zone)
    told = Told(jurisdiction, zone, monday, draw(sessions(begin, unconfirmed=unconfirmed)))
    agreement = draw(agreements(monday, [local_date(one.start, zone) for one in told.sessions]))
    if exempt:
        agreement |= draw(st.sampled_from([{}, {"self_organiser": True}, {"foster_care": True}]))
    days = st.integers(0, WEEKS * 7 - 1).map(lambda number: (monday + timedelta(days=number)).isoformat())
    more: Document = {
        "agreement": agreement,
        "absences": draw(_absences(monday)),
        "public_holidays": draw(st.lists(days, max_size=2, unique=True)),
        "period": {"start": monday.isoformat(), "end": (monday + timedelta(days=7 * WEEKS)).isoformat()},
    }
    if draw(st.booleans()):
        more["parameters"] = NEAR[jurisdiction]
    told = told._replace(more=tuple(more.items()))
    if draw(st.integers(0, 3)) == 0:
        told = told._replace(activity=tuple(draw(_activity(work_of(told)))))
    if draw(st.integers(0, 3)) == 0:
        told = told._replace(at=begin + draw(st.integers(1, WEEKS * 7 * 24 * 4)) * QUARTER)
    return told._replace(holes=tuple(draw(_holes(told)))) if holes else told


@st.composite
def _activity(draw: st.DrawFn, work: list[Span]) -> list[Span]:
    """Return spans of screen activity inside the work."""
    found = []
    for start, end in work:
        idle, resumed = sorted(draw(st.tuples(st.integers(start, end), st.integers(start, end))))
        found += [one for one in ((start, idle), (resumed, end)) if one[0] < one[1]]
    return found


@st.composite
def _holes(draw: st.DrawFn, told: Told) -> list[Span]:
    """Return holes anywhere, or beside the work: at the limits of the rest around it. None lies in work."""
    wanted = spans_of(told.begin, draw(hole_lists))
    for one in draw(st.lists(st.sampled_from(told.sessions), max_size=2)):
        length, apart = draw(_lengths), draw(st.sampled_from([0, 0, 1, 5 * MINUTE, HOUR]))
        before = draw(st.booleans())
        wanted.append(
            (one.start - apart - length, one.start - apart) if before else (one.end + apart, one.end + apart + length)
        )
    work = work_of(told)
    return joined([part for hole in joined(wanted) for part in gaps(work, hole)])


@st.composite
def parts_of(draw: st.DrawFn, holes: Sequence[Span]) -> list[Span]:
    """Return some part of each hole: none of it, all of it, an end of it, or one or two pieces inside."""
    found: list[Span] = []
    for start, end in holes:
        ends = (start, min(start + 1, end), max(start, end - 1), end)
        cut = sorted(draw(st.lists(st.one_of(st.sampled_from(ends), st.integers(start, end)), max_size=4)))
        found += [one for one in zip(cut[::2], cut[1::2], strict=False) if one[0] < one[1]]
    return joined(found)
