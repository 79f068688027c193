"""Which notices are due, and in which words: early enough to act on, one for each matter, with the figures.

Pure: what was judged and what the agent knows come in, notices come out. Plain words, no praise and no blame; each says
where the figures and the way to correct them are. While recording is paused nothing is told; what still holds then, is.
Not here: showing (``desktop_notices``) and remembering what was shown (``store``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from fyraften_agent.consent.notices import Ending, Refused, ending_notices, refused_notices
from fyraften_agent.processes.known import SourceTrouble
from fyraften_agent.recording.doubts import questions
from fyraften_agent.sending.by_itself import Leaving
from fyraften_agent.shown.source_words import amount_of
from fyraften_agent.shown.wording import WEEKLY_REST, clock_time, duration, time_near
from fyraften_agent.store.records import Session
from fyraften_agent.telling.home_pace import passes_on
from fyraften_agent.telling.pause_pattern import pattern_of
from fyraften_policy.evaluate import Answer
from fyraften_policy.facts import Facts
from fyraften_policy.forecast import REST_RULES
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date, week_name
from fyraften_policy.rules import out_of_hours, pauses, screen_at_home
from fyraften_policy.rules.out_of_hours import agreed_hours, hours_on
from fyraften_policy.rules.screen_numbers import LIMIT

_STOP_SOON_SECONDS = 3600
# Long enough to end what is under way: nobody is interrupted in the last sentence of the day.
_AFTER_HOURS_SECONDS = 600
# A day ahead: who is told on the last free evening can still move what was planned.
_DAY_OFF_SOON_SECONDS = 24 * 3600

# Why to stop, as the law of each place counts: back from any moment of work, or on from the first, or to the next work.
_WHY_STOP = {
    "DK": mark(
        "{left} are left. In the 24 hours before any moment of work the rule wants {rest} of rest in one stretch. "
        "The figures: fyraften why {rule}. To correct your hours: fyraften log edit"
    ),
    "EU": mark(
        "{left} are left. In the 24 hours from the start of work the rule wants {rest} of rest in one stretch. "
        "The figures: fyraften why {rule}. To correct your hours: fyraften log edit"
    ),
    "NO": mark(
        "{left} are left. The rule wants {rest} off between two days of work, and your next agreed hours begin at "
        "{next}. The figures: fyraften why {rule}. To correct your hours: fyraften log edit"
    ),
    "elsewhere": mark(
        "{left} are left. The rule wants {rest} off in the course of 24 hours. "
        "The figures: fyraften why {rule}. To correct your hours: fyraften log edit"
    ),
}


# Whole sentences: a weekday is not written the same way everywhere.
PASSES_ON = (
    mark("Home work passes {limit} on Monday if you go on"),
    mark("Home work passes {limit} on Tuesday if you go on"),
    mark("Home work passes {limit} on Wednesday if you go on"),
    mark("Home work passes {limit} on Thursday if you go on"),
    mark("Home work passes {limit} on Friday if you go on"),
    mark("Home work passes {limit} on Saturday if you go on"),
    mark("Home work passes {limit} on Sunday if you go on"),
)


@dataclass(frozen=True)
class Notice:
    """One thing to tell. ``key`` names the matter (``stop_by:2026-01-13``): a matter is told once.

    Attributes:
        deadline: the limit it warns of; None where there is none.
        rule: the rule of which it speaks, so that its figures can be shown.
    """

    key: str
    title: str
    body: str
    deadline: int | None = None
    rule: str | None = None

    @property
    def is_pressing(self) -> bool:
        """Whether it is of little use later: a limit is near, or nothing is recorded."""
        return self.deadline is not None or self.key.startswith("source:")

    @property
    def text(self) -> str:
        """Title and body as one text, for where no desktop shows them."""
        return f"{self.title}\n{self.body}"

    def as_document(self) -> dict[str, object]:
        """Return it as plain data, for another process."""
        return asdict(self)


@dataclass(frozen=True)
class Situation:
    """What the agent knows besides the facts.

    Attributes:
        shown: tells whether the matter with a key was told before.
        working_since: start of the session that is open now, None when there is none.
        paused: whether recording is paused.
        network_to_ask: fingerprint of the network here if its place was never asked for, else None.
        trouble: why no input can be measured, None when it can.
        sending: whether anything may be sent to the employer by consent.
        doubtful: sessions of which only the person can say whether they were work.
        damage: what is to be told of damaged records.
        sent: what was sent in the ISO week before this one, as ``group.weekly 2026-W45``.
        leaving: reports that leave by themselves within a day, unless they are kept back.
        endings: consents that run out soon, or have run out.
        refused: rules of an employer that were not accepted.
    """

    shown: Callable[[str], bool]
    working_since: int | None = None
    paused: bool = False
    network_to_ask: str | None = None
    trouble: SourceTrouble | None = None
    sending: bool = False
    sent: tuple[str, ...] = ()
    doubtful: tuple[Session, ...] = ()
    damage: tuple[Notice, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    endings: tuple[Ending, ...] = ()
    refused: tuple[Refused, ...] = ()


def due(answer: Answer, facts: Facts, situation: Situation, now: int, zone: str, _: Translate) -> list[Notice]:
    """Return the notices to show now, the most urgent first, none that was shown before.

    Args:
        answer: the evaluation of ``facts`` with ``at`` stated, so that it has a forecast.
        zone: where the person is now; times are told in it.
    """
    if situation.paused:
        return []
    matters = (
        *_trouble(situation, zone, _),
        *situation.damage,
        *_stop_by(answer, facts, situation, now, zone, _),
        *_day_off(answer, facts, situation, now, zone, _),
        *_out_of_hours(facts, situation, now, zone, _),
        *_pause(answer, facts, situation, now, zone, _),
        *_screen_rule(answer, facts, now, zone, _),
        *_place(situation, _),
        *(Notice(*told) for told in questions(situation.doubtful, situation.working_since, now, zone, _)),
        *_leaving(situation, now, zone, _),
        *(Notice(*told) for told in ending_notices(situation.endings, now, zone, _)),
        *(Notice(*told) for told in refused_notices(situation.refused, _)),
        *_what_was_sent(situation, now, zone, _),
    )
    return [notice for notice in matters if not situation.shown(notice.key)]


def _trouble(situation: Situation, zone: str, _: Translate) -> Iterator[Notice]:
    if situation.trouble is not None:
        since = situation.trouble.since
        yield Notice(
            f"source:{local_date(since, zone)}",
            _("Nothing can be recorded now"),
            _(
                "Since {time} Fyraften cannot measure your work: {reason} The time counts as not known. "
                "You can write your hours yourself: fyraften log add"
            ).format(time=clock_time(since, zone), reason=situation.trouble.reason),
        )


def _stop_by(answer: Answer, facts: Facts, situation: Situation, now: int, zone: str, _: Translate) -> Iterator[Notice]:
    stop_by = answer.forecast.stop_by if answer.forecast is not None else None
    if stop_by is None or situation.working_since is None or not 0 < stop_by - now < _STOP_SOON_SECONDS:
        return
    rule = REST_RULES[facts.jurisdiction]
    rest = facts.parameters.on(rule.MINIMUM, local_date(now, zone)).seconds
    yield Notice(
        f"stop_by:{local_date(stop_by, zone)}",
        _("Stop by {time} to keep {rest} of rest").format(time=time_near(stop_by, zone, now), rest=duration(rest, _)),
        _(_WHY_STOP[_way_of_counting(facts, stop_by + rest)]).format(
            left=duration(stop_by - now, _),
            rest=duration(rest, _),
            next=time_near(stop_by + rest, zone, now),
            rule=rule.RULE,
        ),
        deadline=stop_by,
        rule=rule.RULE,
    )


def _way_of_counting(facts: Facts, next_work: int) -> str:
    """Return how the law of the place counts its daily rest; in Norway it is up to the next agreed start, if any."""
    hours = agreed_hours(facts, local_date(next_work, facts.zone))
    if facts.jurisdiction == "NO" and any(start == next_work for start, _end in hours):
        return "NO"
    return facts.jurisdiction if facts.jurisdiction in ("DK", "EU") else "elsewhere"


def _day_off(answer: Answer, facts: Facts, situation: Situation, now: int, zone: str, _: Translate) -> Iterator[Notice]:
    by = answer.forecast.day_off_by if answer.forecast is not None else None
    rule = WEEKLY_REST.get(facts.jurisdiction)
    if rule is None or by is None or situation.working_since is None or not 0 < by - now < _DAY_OFF_SOON_SECONDS:
        return
    rest = facts.parameters.on(f"{rule}.minimum", local_date(now, zone)).seconds
    yield Notice(
        f"day_off:{local_date(by, zone)}",
        _("The weekly day off must begin by {time}").format(time=time_near(by, zone, now)),
        _(
            "{left} are left. The rule wants {rest} without work in one stretch every seven days. "
            "The figures: fyraften why {rule}. To correct your hours: fyraften log edit"
        ).format(left=duration(by - now, _), rest=duration(rest, _), rule=rule),
        deadline=by,
        rule=rule,
    )


def _out_of_hours(facts: Facts, situation: Situation, now: int, zone: str, _: Translate) -> Iterator[Notice]:
    """Yield what is told of work outside the agreed hours: where it began there, and where it went on into there."""
    start = situation.working_since
    if start is None or facts.agreement.normal_hours is None:
        return
    began_on = None
    if not _is_agreed(facts, start):
        began_on = local_date(start, zone)
        title = _("Work outside your agreed hours")
        body = _(
            "This session began at {time}, outside the hours you agreed. It may be what you want; research finds no "
            "good effects of it. The figures: fyraften why agreement.out_of_hours. The agreement: fyraften agreement"
        )
        words = body.format(time=clock_time(start, zone))
        yield Notice(f"out_of_hours:{began_on}", title, words, rule=out_of_hours.RULE)
    ended = _hours_ended(facts, start, now)
    if ended is not None and local_date(ended, zone) != began_on:
        title = _("Work outside your agreed hours")
        body = _(
            "The hours you agreed ended at {time}, and this session goes on. It may be what you want; research finds "
            "no good effects of it. The figures: fyraften why agreement.out_of_hours. The agreement: fyraften agreement"
        )
        words = body.format(time=clock_time(ended, zone))
        yield Notice(f"out_of_hours:{local_date(ended, zone)}", title, words, rule=out_of_hours.RULE)


def after_hours_at(facts: Facts, situation: Situation, now: int) -> int | None:
    """Return when work that goes on has left the agreed hours behind, next after ``now``, and been kept: told then."""
    if situation.working_since is None or facts.agreement.normal_hours is None:
        return None
    ends = [hours.end + _AFTER_HOURS_SECONDS + 60 for hours in agreed_hours(facts, local_date(now, facts.zone))]
    return min((at for at in ends if at > now), default=None)


def _hours_ended(facts: Facts, start: int, now: int) -> int | None:
    """Return when the agreed hours ended that the session since ``start`` has left behind, by more than a moment.

    What counts is work that is taken as such: a session stays open for a while after the last of it.
    """
    hours = agreed_hours(facts, local_date(now, facts.zone))
    ended = max((end for _begin, end in hours if start < end <= now), default=None)
    if ended is None or _is_agreed(facts, now):
        return None
    worked_until = max((work.end for work in facts.reported(with_unconfirmed=False)), default=start)
    return ended if worked_until - ended >= _AFTER_HOURS_SECONDS else None


def _is_agreed(facts: Facts, instant: int) -> bool:
    return any(instant in range(*hours) for hours in hours_on(facts, local_date(instant, facts.zone)))


def _pause(answer: Answer, facts: Facts, situation: Situation, now: int, zone: str, _: Translate) -> Iterator[Notice]:
    at = answer.forecast.next_pause_at if answer.forecast is not None else None
    pattern = None if at is None or situation.working_since is None or now < at else pattern_of(facts)
    if pattern is None or not pattern.calls_for_pause(now):
        return
    sentences = [
        _("The screen has been in use since {start}, {length} in one stretch.").format(
            start=clock_time(pattern.stretch.start, zone), length=duration(pattern.stretch.length, _)
        )
    ]
    if pattern.intensity is not None:
        share = round(100 * pattern.intensity)
        sentences.append(_("Input came in {share} % of its minutes.").format(share=share))
    if pattern.earlier:
        words = _("Pauses of today before it: {count}; the longest stretch: {longest}.")
        sentences.append(words.format(count=len(pattern.earlier), longest=duration(pattern.longest, _)))
    sentences.append(_("The figures: fyraften why advice.screen.pauses. You will not hear of it again today."))
    title = _("A good moment for a pause or other work")
    yield Notice(f"pause:{local_date(now, zone)}", title, " ".join(sentences), rule=pauses.RULE)


def _screen_rule(answer: Answer, facts: Facts, now: int, zone: str, _: Translate) -> Iterator[Notice]:
    today = local_date(now, zone)
    left = answer.forecast.home_time_left_seconds if answer.forecast is not None else None
    is_covered = answer.summary.get("dk.screen.home") == "covered"
    if left is None and not is_covered:
        return
    limit = amount_of(facts.parameters.on(LIMIT, today), _)
    if is_covered:
        yield Notice(
            f"screen_covered:{today.year}",
            _("The special rules for screen work at home seem to apply to you"),
            _(
                "You work at the screen at home regularly and for more than {limit} on average. Your employer "
                "then has duties: equipment, and an eye test. The figures: fyraften why dk.screen.home. Your employer "
                "learns of it only if you choose to tell."
            ).format(limit=limit),
            rule=screen_at_home.RULE,
        )
        return
    if left is None:
        return
    passing = passes_on(facts, left, today) if left > 0 else None
    if passing is None and left >= facts.parameters.on("dk.screen.home.day", today).seconds:
        return
    title = _("Close to {limit} of screen work at home").format(limit=limit)
    if passing is not None:
        if passing.day == today:
            title = _("Home work passes {limit} today if you go on").format(limit=limit)
        else:
            title = _(PASSES_ON[passing.day.weekday()]).format(limit=limit)
        body = _(
            "{left} more of screen work at home this week, and your average is above {limit}. If you are at home "
            "on your next working days, for {length} each, that is on {date}. If it goes on for about two months, "
            "special rules apply. The figures: fyraften why dk.screen.home. To correct a place: fyraften place"
        ).format(left=duration(left, _), limit=limit, date=passing.day, length=duration(passing.seconds, _))
    elif left > 0:
        body = _(
            "{left} more of screen work at home this week, and your average is above {limit}. "
            "If that goes on for about two months, special rules apply. The figures: fyraften why dk.screen.home. "
            "To correct a place: fyraften place"
        ).format(left=duration(left, _), limit=limit)
    else:
        body = _(
            "Your average of screen work at home has reached {limit}. If that goes on for about two months, "
            "special rules apply. The figures: fyraften why dk.screen.home. To correct a place: fyraften place"
        ).format(limit=limit)
    yield Notice(f"screen_soon:{week_name(today)}", title, body, rule=screen_at_home.RULE)


def _place(situation: Situation, _: Translate) -> Iterator[Notice]:
    if situation.network_to_ask is not None:
        yield Notice(
            f"place:{situation.network_to_ask}",
            _("Where are you working?"),
            _(
                "Fyraften has not seen this network before. Say once which place it belongs to: fyraften place. "
                "Until then the place counts as not known. The network's name is neither read nor kept."
            ),
        )


def _leaving(situation: Situation, now: int, zone: str, _: Translate) -> Iterator[Notice]:
    for one in situation.leaving:
        body = _(
            "Report {number} for {period} is sent to your employer's service at {time}, as you chose. "
            "To read it first: fyraften outbox show {number}. To keep it back: fyraften outbox hold {number}"
        ).format(number=one.number, period=one.period, time=time_near(one.at, zone, now))
        yield Notice(one.key, _("A report leaves by itself"), body)


def _what_was_sent(situation: Situation, now: int, zone: str, _: Translate) -> Iterator[Notice]:
    if not (situation.sending or situation.sent):
        return
    if situation.sent:
        body = _("Last week Fyraften sent to your employer: {reports}. Every byte of it: fyraften sent").format(
            reports=", ".join(situation.sent)
        )
    else:
        body = _("Last week nothing was sent to your employer. What waits for your word: fyraften outbox show")
    yield Notice(f"sent:{week_name(local_date(now, zone) - timedelta(days=7))}", _("What was sent"), body)
