"""What only the person can say: was that isolated activity work, and was that screen in use?  Each is asked once.

Asked when the person is at work again, and has been for a quarter of an hour: nobody is asked at night.
Pure.  Not here: which sessions are doubtful (``isolated``, ``activity``), and the answer (``cli.log``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fyraften_agent.recording.isolated import ISOLATED_BELOW_SECONDS
from fyraften_agent.shown.wording import session_times
from fyraften_agent.store.records import Session
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date

ASKED_BACK_SECONDS = 7 * 24 * 3600
_ALONE = mark(
    "On {date}, {times}, there was some activity in the middle of a rest. Until you say what it was, it does not "
    "count as work that is certain. It was work: fyraften log edit {number} --work. It was not: "
    "fyraften log remove {number}"
)
_WATCHED = mark(
    "On {date}, {times}, the screen was kept awake without any input: a call, a presentation, reading? Until you say "
    "what it was, it does not count as work that is certain. It was work: fyraften log edit {number} --work. "
    "It was not: fyraften log remove {number}"
)


def doubtful(sessions: Sequence[Session]) -> tuple[Session, ...]:
    """Return those about which the person has said nothing yet, and of which something depends."""
    return tuple(
        one for one in sessions if not one.confirmed and not one.open and one.changed_at is None and one.end > one.start
    )


def questions(
    sessions: Sequence[Session], working_since: int | None, now: int, zone: str, _: Translate
) -> Iterator[tuple[str, str, str]]:
    """Yield key, title and text of each question that may be asked now.

    Args:
        sessions: the doubtful ones.
        working_since: start of the session that is open now, None when there is none.
    """
    if working_since is None or now - working_since < ISOLATED_BELOW_SECONDS:
        return
    for one in sessions:
        text = _(_WATCHED if one.watched else _ALONE).format(
            date=local_date(one.start, one.zone), times=session_times(one, zone, _), number=one.id
        )
        yield f"was_work:{one.id}", _("Was this work?"), text
