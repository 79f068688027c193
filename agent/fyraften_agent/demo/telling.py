"""What the demonstration shows: lines of text, and the same as one JSON document.

Days, findings, reports and their bytes are written as the commands write them, by the commands' own functions.
Not here: printing (``cli/demo``).
"""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.outbox import report_lines
from fyraften_agent.cli.show import WIDTH, columns, width
from fyraften_agent.cli.today import day_lines, not_looked_at
from fyraften_agent.demo.demonstration import ORGANISATION, Outcome, PlayedWeek, ServiceStory
from fyraften_agent.demo.page_text import text_of
from fyraften_agent.demo.person import NAME
from fyraften_agent.demo.replay import Told
from fyraften_agent.demo.script import ZONE
from fyraften_agent.sending.enrolment import Enrolment
from fyraften_agent.sending.outbox import Item
from fyraften_agent.sending.receipts import Receipt, check_report, fingerprint
from fyraften_agent.shown.explaining import explained
from fyraften_agent.shown.finding_words import FindingWords, finding_words
from fyraften_agent.shown.source_words import NOT_TOLD
from fyraften_agent.shown.wording import RULES, VERDICTS, date_and_time, duration, word
from fyraften_policy import wire
from fyraften_policy.findings import BROKEN, MET, NOT_APPLICABLE, Finding
from fyraften_policy.intervals import Interval, clip, total, union
from fyraften_policy.languages import Translate
from fyraften_policy.periods import format_instant, local_date, start_of_day, week_interval

_A_TIME = "2026-11-22 20:25"
SCREEN_RULE, DAILY_REST = "dk.screen.home", "dk.rest.daily"


def opening_lines(_: Translate) -> list[str]:
    """Return what a newcomer has to know before it starts."""
    return [
        *_heading(_("Fyraften: a demonstration")),
        *_paragraph(
            _(
                "Nine weeks of a made-up person, {name}, replayed in about a minute. The clock, the keyboard and the "
                "networks are simulated. Everything else is the real program: what records, judges and tells, the "
                "reports, the sender, and the employer's service as a process on this computer."
            ).format(name=NAME)
        ),
        *_paragraph(
            _(
                "Nothing here sees what you do, nothing leaves this computer, and no consent of yours is given: the "
                "consents are those of the made-up person, in memory only, and each is marked as a demonstration."
            )
        ),
        *_paragraph(
            _(
                "{name} keeps accounts at {organisation}. The agreement says Monday to Friday, 08:00 to 16:00, and two "
                "or three days a week at home."
            ).format(name=NAME, organisation=ORGANISATION)
        ),
    ]


def week_lines(week: PlayedWeek, earlier: Sequence[PlayedWeek], _: Translate) -> list[str]:
    """Return a week as it was played: the hours, what was special, what was told, what the person did.

    Args:
        earlier: the weeks before; what was told there, but for its figures, is told by its title alone.
    """
    worked, home_days = figures_of(week)
    head = _("{week}: {time} at the screen, days at home: {days}").format(
        week=week.script.name, time=duration(worked, _), days=home_days
    )
    lines = ["", head]
    for _at, when, sentence in sorted(_happenings(week, earlier, _), key=itemgetter(0)):
        lead = f"  {when:<{len(_A_TIME)}}  "
        lines += textwrap.wrap(
            sentence, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
        )
    return lines


def closing_lines(outcome: Outcome, context: Context) -> list[str]:
    """Return everything that is shown at the end."""
    return [
        *_verdict_lines(outcome, context),
        *_why_lines(outcome, context),
        *_today_lines(outcome, context),
        *_sent_lines(outcome, context),
        *_employer_lines(outcome.service, context._),
    ]


def figures_of(week: PlayedWeek) -> tuple[int, int]:
    """Return the seconds at the screen in a week, and the days with work at home."""
    interval = week_interval(week.script.name, ZONE)
    worked = total(clip(union(Interval(one.start, one.end) for one in week.sessions), interval))
    home = {local_date(one.start, one.zone) for one in week.sessions if one.place == "home"}
    return worked, len(home)


def document_of(outcome: Outcome, context: Context) -> dict[str, Any]:
    """Return everything as one JSON document; sentences of people's notices are in the language chosen."""
    return {
        "demonstration": True,
        "from": outcome.weeks[0].script.monday.isoformat(),
        "to": outcome.today.date.isoformat(),
        "weeks": [_week_document(week) for week in outcome.weeks],
        "summary": dict(outcome.answer.summary),
        "verdicts": [finding.as_json(ZONE, str) for finding in outcome.answer.findings],
        "today": outcome.today.as_json(str),
        "forecast": {} if outcome.today.forecast is None else outcome.today.forecast.as_json(ZONE),
        "notices": [
            {
                "at": format_instant(told.at, ZONE),
                "key": told.notice.key,
                "title": told.notice.title,
                "body": told.notice.body,
            }
            for week in outcome.weeks
            for told in week.told
        ],
        "deeds": [
            {"at": format_instant(deed.at, ZONE), "text": deed.text} for week in outcome.weeks for deed in week.deeds
        ],
        "sent": [_sent_document(item, outcome) for item in outcome.sent],
        "group_figures": _page_document("/", outcome.service),
        "people": _page_document("/people", outcome.service),
        "service": {
            "url": outcome.service.url,
            "missing": outcome.service.missing,
            "trouble": None if outcome.service.trouble is None else str(outcome.service.trouble),
        },
        "consent_ledger": list(outcome.events),
    }


# Parts of the text


def _happenings(week: PlayedWeek, earlier: Sequence[PlayedWeek], _: Translate) -> Iterator[tuple[int, str, str]]:
    """Yield what happened: the instant, the time as text, and what to say of it."""
    for day in week.script.days:
        if day.note:
            yield start_of_day(day.date, ZONE), day.date.isoformat(), _(day.note)
    known = {_without_figures(told) for one in earlier for told in one.told}
    for told in week.told:
        title, body = told.notice.title, told.notice.body
        sentence = _("Fyraften tells: {title}").format(title=title)
        if _without_figures(told) not in known:
            known.add(_without_figures(told))
            sentence = _("Fyraften tells: {title} – {body}").format(title=title, body=body)
        yield told.at, date_and_time(told.at, ZONE), sentence
    for deed in week.deeds:
        yield deed.at, date_and_time(deed.at, ZONE), deed.text


def _without_figures(told: Told) -> str:
    return re.sub(r"[0-9]+", "", told.notice.body)


def _verdict_lines(outcome: Outcome, context: Context) -> list[str]:
    _ = context._
    lines = _heading(_("What the rules say of the nine weeks"))
    told = [finding for finding in outcome.answer.findings if finding.reason not in NOT_TOLD]
    for rule in dict.fromkeys(finding.rule for finding in told):
        findings = [finding for finding in told if finding.rule == rule]
        counted = Counter(finding.verdict for finding in findings).most_common()
        tally = ", ".join(f"{word(VERDICTS, verdict, _)}: {count}" for verdict, count in counted)
        lines += [f"{word(RULES, rule, _)} – {tally}"]
        words = [_words(finding, context) for finding in _worth_a_line(rule, findings)]
        for head, each in zip(columns([[one.days, one.word] for one in words]), words, strict=True):
            lines += [head, f"      {each.figures or each.reason}"]
        lines.append("")
    untold = [finding for finding in outcome.answer.findings if finding.reason in NOT_TOLD]
    return lines + (_paragraph(not_looked_at(untold, _)) if untold else [])


def _worth_a_line(rule: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that are not simply met; of the standing rule the first of each verdict, and the last."""
    if rule != SCREEN_RULE:
        return [finding for finding in findings if finding.verdict not in (MET, NOT_APPLICABLE)]
    first = {finding.verdict: finding for finding in reversed(findings)}
    return [finding for finding in findings if finding is first[finding.verdict] or finding is findings[-1]]


def _why_lines(outcome: Outcome, context: Context) -> list[str]:
    _ = context._
    findings = outcome.answer.findings
    chosen = [
        next((finding for finding in findings if finding.rule == DAILY_REST and finding.verdict == BROKEN), None),
        next((finding for finding in reversed(findings) if finding.rule == SCREEN_RULE), None),
    ]
    lines = _heading(_("How two of the verdicts come about (fyraften why)"))
    for finding in chosen:
        if finding is not None:
            lines += explained(_words(finding, context), _, width())
    return lines


def _today_lines(outcome: Outcome, context: Context) -> list[str]:
    at = date_and_time(outcome.clock.now(), ZONE)
    heading = context._("The last evening, at {time}: what is shown and forecast (fyraften today)").format(time=at)
    return [*_heading(heading), *day_lines(outcome.today, context), ""]


def _sent_lines(outcome: Outcome, context: Context) -> list[str]:
    _ = context._
    lines = _heading(_("What was sent to the employer, byte for byte (fyraften sent)"))
    if not outcome.sent:
        lines += _paragraph(_("Nothing was sent. The report of the last whole week would have been these bytes:"))
        return [*lines, outcome.last_report.decode(), ""]
    for item in outcome.sent:
        lines += [*_one_sent(item, outcome, context), ""]
    lines += _paragraph(
        _("What the bytes mean, for the latest of each kind (before it is sent: fyraften outbox show):")
    )
    for item in {item.report: item for item in outcome.sent}.values():
        lines += [*report_lines(item, _receiver(item, outcome), context), ""]
    return lines


def _one_sent(item: Item, outcome: Outcome, context: Context) -> list[str]:
    receipt = _receipt(item, outcome)
    head = context._("{report} {period}, sent {time}").format(
        report=wire.report(item.report).name,
        period=item.period,
        time=date_and_time(item.sent_at or item.prepared_at, ZONE),
    )
    signed = context._("Signed receipt of {date}, checked: SHA-256 {digest}…, erased by {erase_by} at the latest.")
    return [
        head,
        (item.body or b"").decode(),
        signed.format(date=receipt.date, digest=item.sha256[:16], erase_by=receipt.words["erase_by"]),
    ]


def _employer_lines(service: ServiceStory, _: Translate) -> list[str]:
    lines = _heading(_("What the employer sees"))
    if service.missing is not None:
        return [*lines, *_paragraph(service.missing), *_paragraph(_("To see this part, install: fyraften[service]"))]
    if service.trouble is not None:
        return [*lines, *_paragraph(service.trouble.text(_))]
    for path, blocks in service.pages.items():
        address = f"{service.url}{path}"
        lines += _paragraph(_("{url}, seen by the account {account}:").format(url=address, account=service.account))
        lines += [*(f"  | {line}".rstrip() for line in text_of(blocks)), ""]
    return lines


def _words(finding: Finding, context: Context) -> FindingWords:
    return finding_words(finding, ZONE, context._, context.policy_words)


def _receiver(item: Item, outcome: Outcome) -> Enrolment:
    return next(one for one in outcome.enrolments if one.subject == item.subject)


def _receipt(item: Item, outcome: Outcome) -> Receipt:
    """Return the receipt after checking it against the bytes, as ``fyraften sent`` does."""
    key = _receiver(item, outcome).service_key
    return check_report(item.receipt or b"", key, item.purpose, item.report, item.period, item.sha256, item.replaces)


def _week_document(week: PlayedWeek) -> dict[str, Any]:
    worked, home_days = figures_of(week)
    return {"week": week.script.name, "worked_seconds": worked, "home_days": home_days}


def _page_document(path: str, service: ServiceStory) -> list[dict[str, Any]]:
    return [block.as_json() for block in service.pages.get(path, [])]


def _sent_document(item: Item, outcome: Outcome) -> dict[str, Any]:
    _receipt(item, outcome)
    return {
        "report": item.report,
        "period": item.period,
        "sent_at": format_instant(item.sent_at or item.prepared_at, ZONE),
        "state": item.state,
        "body": (item.body or b"").decode(),
        "sha256": item.sha256,
        "fingerprint": fingerprint(_receiver(item, outcome).service_key),
        "receipt": json.loads(item.receipt or b"null"),
    }


def _heading(text: str) -> list[str]:
    return [text, "=" * len(text), ""]


def _paragraph(text: str) -> list[str]:
    return [*textwrap.wrap(text, WIDTH, break_on_hyphens=False), ""]
