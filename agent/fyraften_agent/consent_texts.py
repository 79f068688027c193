"""The texts a person agrees to: what is recorded or sent, why, where it goes, for how long, and what they can do.

Made from the wire registry and from what the service says about itself, so that the text cannot differ from what is
sent. Pure: lines of text come back, and the ledger keeps their hash. A test checks that nothing required is missing.
Not here: asking (``cli/consent.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from fyraften_agent.enrolment import Service
from fyraften_policy import wire
from fyraften_policy.languages import Translate, mark

REPORT_WORDS = {"group": "fyraften.group.weekly/1", "duty": "fyraften.duty.monthly/1"}
HEADINGS = {
    "recording": mark("Recording on this computer: what you are asked to agree to"),
    "group": mark("Figures for your group: what you are asked to agree to"),
    "duty": mark("Telling your employer which duties follow: what you are asked to agree to"),
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
        _(HEADINGS["recording"]),
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
            "everything recorded by ending Fyraften and removing that file and those beside it whose names begin the "
            "same."
        ),
        *_rights(None, _),
    ]


def sending_text(purpose: str, service: Service, server: str, language: str, _: Translate) -> list[str]:
    """Return the text about one purpose of sending, one paragraph an item, indented lines for the fields."""
    report = wire.report(REPORT_WORDS[purpose])
    every = _("every week") if report.period == "week" else _("for a month, when you choose to")
    return [
        _(HEADINGS[purpose]),
        _("Who receives it: {organisation}, which is responsible for it. Contact: {contact}.").format(
            organisation=service.organisation, contact=service.contact
        ),
        _("Address: {server}").format(server=server),
        _("Fingerprint of the service's key: {fingerprint}").format(fingerprint=service.fingerprint),
        _(
            "Compare the fingerprint with the one your employee representative or HR has given out. Receipts count "
            "only if they are signed with this key."
        ),
        _what_for(purpose, _),
        _("Basis: {basis}.").format(basis=report.basis[language].rstrip(".")),
        _("Who sees it: {seen_by}.").format(seen_by=report.seen_by[language].rstrip(".")),
        _("How long it is kept: {keep}").format(keep=report.keep[language]),
        _("What is sent, {every}, and nothing else:").format(every=every),
        *[_field_line(field, language, _) for field in report.fields],
        _(
            "That is at most {bits} bits of information a week. No clock times, no sessions, no networks, no idle time."
        ).format(bits=f"{report.bits_per_week:.1f}"),
        *_honest(purpose, service, _),
        _(
            "Each report is shown to you first, byte for byte (fyraften outbox show), and leaves only when you approve "
            "it (fyraften outbox approve). What was sent, with signed receipts: fyraften sent."
        ),
        *_rights(service, _),
    ]


def _what_for(purpose: str, _: Translate) -> str:
    if purpose == "group":
        return _(
            "What for: figures about your whole group, so that employer and employee representatives see how home work "
            "goes and can improve it."
        )
    return _(
        "What for: your employer has duties when the special rules for screen work apply to your home workplace, such "
        "as equipment and an eye test, and can only fulfil them if you tell."
    )


def _field_line(field: wire.Field, language: str, _: Translate) -> str:
    values = ", ".join(field.values)
    if field.type == "flag":
        values = "true, false, unknown"
    elif field.type == "set":
        values = _("any of {values}, or unknown").format(values=values)
    shown = f" ({values})" if values else ""
    return f"  {field.name}: {field.meaning[language]}{shown}"


def _honest(purpose: str, service: Service, _: Translate) -> list[str]:
    notice = (
        _("The employees were told about this on {date}.").format(date=service.notice_given_on.isoformat())
        if service.notice_given_on is not None
        else _("The service does not say that the employees were told about this.")
    )
    if purpose == "duty":
        return [
            _(
                "What you should know: this report carries your name, because your personal code does. It says nothing "
                "about when you worked. If you withdraw, it is erased; who saw it before can notice that it is gone."
            ),
            notice,
        ]
    return [
        _(
            "Smallest group: a figure is shown only from {count} contributors on, and only if no smaller group can be "
            "worked out from it."
        ).format(count=service.smallest_group),
        _(
            "What you should know: until a week is published, the employer's database holds one row of yours, without "
            "your name, under a random number. No role of the service can read it, and it is deleted when the week is "
            "published. Somebody who administers the database itself could read it before; Fyraften cannot prevent "
            "that yet."
        ),
        notice,
    ]


def _rights(service: Service | None, _: Translate) -> list[str]:
    authority = _("You can complain to the data protection authority (in Denmark and in Norway: Datatilsynet).")
    if service is None:
        return [
            _(
                "It is voluntary. If you decline, nothing is recorded, and nobody is told. A consent lasts 12 months; "
                "then you are asked again."
            ),
            authority,
        ]
    return [
        _(
            "It is voluntary. Nobody is told if you decline, and everything else in Fyraften works the same. A consent "
            "lasts 12 months; then you are asked again."
        ),
        _(
            "You can withdraw at any time, as easily as you agree: what was not sent is erased at once, and "
            "{organisation} is asked to erase what it holds until its signed receipt says that it did. What is already "
            "part of a published group figure cannot be taken out of it, because it is not known any more whose it is."
        ).format(organisation=service.organisation),
        _("You can ask {organisation} to see, correct or erase what it holds about you.").format(
            organisation=service.organisation
        ),
        authority,
    ]
