"""In which words it is told that a consent runs out, and that an employer's rules were refused.

A consent: once when 30 days are left, once on the last day, once after it. Rules: once for each that came.
Pure. It asks nothing and renews nothing: each says where to look, or where the text can be agreed to again.
Not here: which consents run out (``expiry``), which rules are refused (``employer_policy``), when a notice is shown
(``telling``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fyraften_agent.shown.wording import PURPOSES, time_near, word
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date

SOON_SECONDS = 30 * 24 * 3600
LAST_SECONDS = 24 * 3600

_RENEW = mark(
    "A consent lasts 12 months and does not renew itself. To read the text again and agree for another 12 months, or "
    "not, write in a terminal: fyraften consent give {purpose}. If you do nothing, {what} then."
)
_STOPS = {"recording": mark("recording stops")}
_NO_MORE = mark("nothing more is sent")


class Ending(NamedTuple):
    """A consent that runs out within 30 days, or has run out and was not answered since."""

    purpose: str
    at: int


class Refused(NamedTuple):
    """Rules of an employer that were not accepted; ``mark`` tells them from others, ``problem`` is not translated."""

    mark: str
    organisation: str
    problem: str


class Told(NamedTuple):
    """A notice, in the order of ``notices.Notice``."""

    key: str
    title: str
    body: str
    deadline: int | None


def ending_notices(endings: Iterable[Ending], now: int, zone: str, _: Translate) -> Iterator[Told]:
    """Yield what is to be told of each consent now; the same key again is the same matter."""
    for purpose, at in endings:
        day, name = local_date(at, zone), word(PURPOSES, purpose, _)
        left = at - now
        if left <= 0:
            title = _("Your consent has run out: {name}").format(name=name)
            body = _(
                "It lasted 12 months, until {date}; nothing more happens under it. To read the text and agree again, "
                "write in a terminal: fyraften consent give {purpose}"
            )
            yield Told(f"consent_over:{purpose}:{day}", title, body.format(date=day, purpose=purpose), None)
            continue
        body = _(_RENEW).format(purpose=purpose, what=_(_STOPS.get(purpose, _NO_MORE)))
        if left <= LAST_SECONDS:
            title = _("Your consent runs out {time}: {name}").format(time=time_near(at, zone, now), name=name)
            yield Told(f"consent_last:{purpose}:{day}", title, body, at)
        elif left <= SOON_SECONDS:
            title = _("Your consent runs out on {date}: {name}").format(date=day, name=name)
            yield Told(f"consent_soon:{purpose}:{day}", title, body, None)


def refused_notices(refused: Iterable[Refused], _: Translate) -> Iterator[Told]:
    """Yield what is to be told of each employer's rules that were not accepted."""
    for one in refused:
        body = _(
            "The rules of {organisation} were not accepted, so nothing is sent to it: {problem}. What you agreed to "
            "holds as before. To look again: fyraften doctor"
        ).format(organisation=one.organisation, problem=_(one.problem))
        yield Told(f"rules_refused:{one.mark}", _("Your employer's rules were not accepted"), body, None)
