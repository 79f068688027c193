"""How times, lengths, places, rules and verdicts are called when a person reads them.

Shared by the command line and the local page, so that both say the same. Pure: everything comes in as an argument.
Not here: layout (``cli/show.py``, ``pages/``) and the arithmetic of a finding (its steps, made by the policy library).
"""

from __future__ import annotations

from collections.abc import Iterable

from fyraften_agent.store.records import Place, Session
from fyraften_policy.intervals import Interval, subtract
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import doubled_offset, local

MINUTE = 60
HOUR = 3600

PLACES = {
    "home": mark("home"),
    "fixed_site": mark("fixed workplace"),
    "changing_site": mark("changing workplace"),
    "elsewhere": mark("elsewhere"),
    "unknown": mark("place not known"),
}

WORKSTATIONS = {"fixed": mark("fixed workstation"), "mobile": mark("mobile")}

SOURCES = {
    "measured": mark("measured"),
    "added": mark("added by you"),
    "corrected": mark("corrected by you"),
    "imported": mark("imported"),
}

RULES = {
    "dk.screen.home": mark("Special rules for screen work at home"),
    "dk.rest.daily": mark("Daily rest"),
    "dk.rest.weekly": mark("Weekly day off"),
    "dk.hours.average": mark("Working time on average"),
    "dk.break": mark("Break in a long day"),
    "dk.night": mark("Night work"),
    "no.rest.daily": mark("Daily rest"),
    "no.rest.weekly": mark("Weekly rest"),
    "no.night": mark("Work at night"),
    "no.sunday": mark("Work on Sundays and public holidays"),
    "no.hours": mark("Hours of work a day and a week"),
    "no.overtime": mark("Hours over ordinary hours"),
    "no.break": mark("Breaks in the day"),
    "no.home_agreement": mark("Written agreement on work at home"),
    "eu.rest.daily": mark("Daily rest"),
    "eu.rest.weekly": mark("Weekly rest"),
    "eu.hours.average": mark("Working time on average"),
    "eu.break": mark("Break in a long day"),
    "agreement.out_of_hours": mark("Work outside the agreed hours"),
    "agreement.home_days": mark("Home days against the agreement"),
    "advice.screen.pauses": mark("Pauses from the screen"),
    "advice.home_share": mark("Share of work at home"),
    "advice.eye_test": mark("Eye test"),
    "advice.workplace_check": mark("Check of the home workplace"),
}

# The rules on rest, by whose law holds.
DAILY_REST = {"DK": "dk.rest.daily", "NO": "no.rest.daily", "EU": "eu.rest.daily"}
WEEKLY_REST = {"DK": "dk.rest.weekly", "NO": "no.rest.weekly", "EU": "eu.rest.weekly"}

VERDICTS = {
    "met": mark("met"),
    "attention": mark("please look"),
    "broken": mark("not met"),
    "excepted": mark("covered by an exception"),
    "not_judged": mark("cannot be judged"),
    "not_applicable": mark("does not apply"),
    "covered": mark("the special rules apply"),
    "not_covered": mark("the special rules do not apply"),
    "provisional": mark("the special rules may come to apply"),
    "advice": mark("worth a thought"),
}

WEEKDAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)

PURPOSES = {
    "recording": mark("recording on this computer"),
    "group": mark("figures for your group"),
    "pulse": mark("how home work goes, for your group"),
    "duty": mark("telling your employer which duties follow"),
    "record": mark("filing your daily working time"),
}

CONSENTS = {
    "none": mark("not asked"),
    "given": mark("agreed"),
    "refused": mark("declined"),
    "withdrawn": mark("withdrawn"),
    "expired": mark("run out"),
}


def clock_time(instant: int, zone: str) -> str:
    """Return the local time of day as ``HH:MM``, with its offset where it comes twice as the clock is put back."""
    return f"{local(instant, zone):%H:%M}{doubled_offset(instant, zone)}"


def date_and_time(instant: int, zone: str) -> str:
    """Return local date and time as ``YYYY-MM-DD HH:MM``."""
    return f"{local(instant, zone):%Y-%m-%d} {clock_time(instant, zone)}"


def time_near(instant: int, zone: str, now: int) -> str:
    """Return ``HH:MM``, with the date before it if it is not the date of ``now``."""
    same_day = local(instant, zone).date() == local(now, zone).date()
    return clock_time(instant, zone) if same_day else date_and_time(instant, zone)


def duration(seconds: float, _: Translate) -> str:
    """Return a length as ``7 h 30 min``; seconds are left out from one minute on, never rounded up."""
    whole = int(seconds)
    if whole < 0:
        return "−" + duration(-whole, _)
    hours, minutes = whole // HOUR, whole % HOUR // MINUTE
    if hours and minutes:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if hours:
        return _("{hours} h").format(hours=hours)
    if minutes or not whole:
        return _("{minutes} min").format(minutes=minutes)
    return _("{seconds} s").format(seconds=whole)


def word(table: dict[str, str], key: str, _: Translate) -> str:
    """Return the word for ``key``, or the key itself where there is none yet."""
    return _(table[key]) if key in table else key


def place_name(place: Place, _: Translate) -> str:
    """Return the employee's own name for a place with its kind, or the kind alone."""
    kind = word(PLACES, place.kind, _)
    return f"{place.label} ({kind})" if place.label else kind


def session_times(session: Session, zone: str, _: Translate) -> str:
    """Return ``08:00–12:00``, in the zone of the place of work, named where it is not ``zone``."""
    start, end = clock_time(session.start, session.zone), _end_of(Interval(session.start, session.end), session.zone)
    times = _("{start}–{end}, still open").format(start=start, end=end) if session.open else f"{start}–{end}"
    return times if session.zone == zone else f"{times} {session.zone}"


def times_of(intervals: Iterable[Interval], zone: str) -> str:
    """Return intervals of one day as ``08:00–09:30, 12:00–13:00``, those below a minute left out unless all are."""
    known = list(intervals)
    shown = [each for each in known if each.length >= MINUTE] or known
    return ", ".join(f"{clock_time(each.start, zone)}–{_end_of(each, zone)}" for each in shown)


def unknown_sentences(unobserved: Iterable[Interval], zone: str, known_from: int | None, _: Translate) -> list[str]:
    """Return what is said of the unobserved time of a day; of what lies before all records only where it ends."""
    times, sentences = list(unobserved), []
    if known_from is not None and times and times[0].start < known_from:
        sentences.append(unknown_before(known_from, zone, _))
        times = subtract(times, [Interval(times[0].start, known_from)])
    if times:
        sentence = _("Nothing is known of: {times}. It is counted neither as work nor as rest.")
        sentences.append(sentence.format(times=times_of(times, zone)))
    return sentences


def unknown_before(known_from: int, zone: str, _: Translate) -> str:
    """Return where the records begin: with the first start, or with the oldest that is still kept."""
    sentence = _("Nothing is known before {time}. It is counted neither as work nor as rest.")
    return sentence.format(time=date_and_time(known_from, zone))


def _end_of(interval: Interval, zone: str) -> str:
    """Return the end as clock time; the midnight that ends a day is 24:00, an end a day later or more has its date."""
    start, end = local(interval.start, zone), local(interval.end, zone)
    days = (end.date() - start.date()).days
    if days == 1 and (end.hour, end.minute) == (0, 0):
        return "24:00"
    is_days_later = days > 1 or (days and end.time() >= start.time())
    return date_and_time(interval.end, zone) if is_days_later else clock_time(interval.end, zone)
