"""The texts a person agrees to: what is recorded or sent, why, where it goes, for how long, and what they can do.

Made from the wire registry and from what the service says about itself, so that the text cannot differ from what is
sent. Pure: lines of text come back, and the ledger keeps their hash. A test checks that nothing required is missing.
Not here: asking (``cli/consent.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from fyraften_agent.sending.enrolment import Service
from fyraften_policy import wire
from fyraften_policy.findings import Figure
from fyraften_policy.languages import Translate, mark
from fyraften_policy.wire_registry import MINUTES_A_DAY

_EVERY = {
    ("week", True): mark("every week"),
    ("month", True): mark("every month"),
    ("week", False): mark("for a week, when you choose to"),
    ("month", False): mark("for a month, when you choose to"),
}


@dataclass(frozen=True)
class Kept:
    """Where the raw records are, and how long they are kept."""

    file: str
    months: int
    days: int


def recording_text(kept: Kept, _: Translate) -> list[str]:
    """Return the text about recording, one paragraph an item."""
    return [
        _("Recording on this computer: what you are asked to agree to"),
        _(
            "What is recorded: the times at which keyboard or mouse were used, as from–to and the share of minutes in "
            "use; when the computer slept or was off; and the place you name for the network you are on. Nothing else: "
            "not which keys, not the pointer's position, no screen, no window titles, no programs, no web addresses, "
            "no sound, no camera. The network is remembered by a keyed code, not by its name or address."
        ),
        _(
            "What for: your own log of your screen work, checked on this computer against the rules for working time "
            "and screen work at home, so that you are told in time. Basis: your consent, GDPR article 6(1)(a)."
        ),
        _(
            "Where it is: in {file} on this computer, readable by your user account alone. Nobody else gets it. What "
            "leaves this computer is asked separately, and nothing leaves without your yes."
        ).format(file=kept.file),
        _("How long: {months} months and {days} days; then it is erased by itself.").format(
            months=kept.months, days=kept.days
        ),
        _(
            "What you write yourself is kept in the same file, until you change or remove it: hours, places, your "
            "agreement, and answers to self-checks. Answers about symptoms and how it goes are erased with the work "
            "of their time, other answers some three years later."
        ),
        _(
            "What you should know: on X11 any program you run can watch keyboard and screen, because X11 does not "
            "separate them. Fyraften does not: its listener looks at no key and no position. Whoever administers this "
            "computer can read its files, this one too. Fyraften cannot prevent either."
        ),
        _(
            "What you can do at any time: see it (fyraften today), correct it (fyraften log), pause (fyraften pause), "
            "take your consent back, as easily as you give it (fyraften consent withdraw recording), and erase "
            "everything recorded beyond recovery (fyraften erase --all)."
        ),
        _(
            "It is voluntary. If you decline, nothing is recorded, and nobody is told. A consent lasts 12 months; "
            "then you are asked again."
        ),
        _authority(_),
    ]


def sending_text(purpose: str, service: Service, server: str, language: str, _: Translate) -> list[str]:
    """Return the text about one purpose of sending, one paragraph an item, indented lines for the fields.

    Everything that is said of one purpose and not of another comes from the registry.
    """
    report = wire.report_for(purpose)
    fields = _("What is sent, {every}, and nothing else:").format(every=_(_EVERY[report.period, report.made_by_itself]))
    bits = _(
        "That is at most {bits} bits of information a week. No clock times, no sessions, no networks, no idle time."
    )
    return [
        _heading(report, _).format(title=report.title[language]),
        _("Who receives it: {organisation}, which is responsible for it. Contact: {contact}.").format(
            organisation=service.organisation, contact=service.contact
        ),
        _("Address: {server}").format(server=server),
        _("Fingerprint of the service's key: {fingerprint}").format(fingerprint=service.fingerprint),
        _(
            "Compare the fingerprint with the one your employee representative or HR has given out. Receipts count "
            "only if they are signed with this key."
        ),
        _("What for: {what_for}").format(what_for=report.what_for[language]),
        _("Basis: {basis}.").format(basis=report.basis[language].rstrip(".")),
        _("Who sees it: {seen_by}.").format(seen_by=report.seen_by[language].rstrip(".")),
        _("How long it is kept: {keep}").format(keep=report.keep[language]),
        fields,
        *[_field_line(field, language, _) for field in report.fields],
        bits.format(bits=Figure(f"{report.bits_per_week:.1f}").told(_)),
        *_smallest_group(report, service, _),
        _("What you should know: {know}").format(know=report.know[language]),
        _notice(service, _),
        _leaving(report, _),
        *_rights(report, service, language, _),
    ]


def _heading(report: wire.Report, _: Translate) -> str:
    if report.legal_duty:
        return _("{title}: what you should know before you say yes")
    return _("{title}: what you are asked to agree to")


def _field_line(field: wire.Field, language: str, _: Translate) -> str:
    values = ", ".join(field.values)
    if field.type == "flag":
        values = "true, false, unknown"
    elif field.type == "set":
        values = _("any of {values}, or unknown").format(values=values)
    elif field.type == "minutes":
        values = _("seven numbers from 0 to {most}, or null").format(most=MINUTES_A_DAY)
    shown = f" ({values})" if values else ""
    return f"  {field.name}: {field.meaning[language]}{shown}"


def _smallest_group(report: wire.Report, service: Service, _: Translate) -> list[str]:
    if not report.has_cell:
        return []
    text = _(
        "Smallest group: a figure is shown only from {count} contributors on, and only if no smaller group can be "
        "worked out from it."
    )
    return [text.format(count=service.smallest_group)]


def _leaving(report: wire.Report, _: Translate) -> str:
    if not report.has_cell:
        return _(
            "Each report is shown to you first, byte for byte (fyraften outbox show), and leaves only when you approve "
            "it (fyraften outbox approve). What was sent, with signed receipts: fyraften sent."
        )
    text = _(
        "Each report is shown to you first, byte for byte (fyraften outbox show), and leaves only when you approve it "
        "(fyraften outbox approve), or by itself after two days if you choose so later (fyraften outbox by-itself "
        "{purpose} on): you are told the day before. What was sent, with signed receipts: fyraften sent."
    )
    return text.format(purpose=report.purpose)


def _notice(service: Service, _: Translate) -> str:
    if service.notice_given_on is None:
        return _("The service does not say that the employees were told about this.")
    return _("The employees were told about this on {date}.").format(date=service.notice_given_on.isoformat())


def _rights(report: wire.Report, service: Service, language: str, _: Translate) -> list[str]:
    values = {"organisation": service.organisation, "purpose": report.purpose, "after": report.after[language]}
    if report.legal_duty:
        texts = [
            _(
                "Whether you use Fyraften for it is up to you: nobody is told if you decline, and what you hand in by "
                "hand counts the same. Your yes lasts 12 months; then you are asked again."
            ),
            _("You can stop at any time, as easily as you began (fyraften consent withdraw {purpose}). {after}"),
            _(
                "You can ask {organisation} to see and correct what it holds about you. It need not erase what the law "
                "makes it keep."
            ),
        ]
    else:
        texts = [
            _(
                "It is voluntary. Nobody is told if you decline, and everything else in Fyraften works the same. A "
                "consent lasts 12 months; then you are asked again."
            ),
            _("You can withdraw at any time, as easily as you agree (fyraften consent withdraw {purpose}). {after}"),
            _("You can ask {organisation} to see, correct or erase what it holds about you."),
        ]
    return [*(text.format(**values) for text in texts), _authority(_)]


def _authority(_: Translate) -> str:
    return _("You can complain to the data protection authority (in Denmark and in Norway: Datatilsynet).")
