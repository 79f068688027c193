"""What the collector and the process that judges tell each other: plain data, a line of JSON each way.

The store holds what both can read; here is only what it does not hold.
Standard library only.  Not here: the process (``judge_process`` starts it, ``judging`` is what it runs).
"""

from __future__ import annotations

import json
from typing import NamedTuple

JUDGED_EVERY_SECONDS = 600
"""How often work that goes on is judged anew; what comes due in between is seen ahead."""

LULL_SECONDS, AWAY_SECONDS = 5, 300
"""Without input for so long, a person has paused; for so long, gone."""


class SourceTrouble(NamedTuple):
    """Input cannot be measured since an instant; ``reason`` is a sentence, translated or as the source gave it."""

    since: int
    reason: str


class Known(NamedTuple):
    """What the collector knows and the store does not.

    Attributes:
        working_since: start of the session that is open now, None when there is none.
        network: fingerprint of the network of now.
        trouble: why no input can be measured, None when it can.
        is_purge_due: whether what is too old is to be deleted, too.
        idle_seconds: since the latest input; None where it is not known.
        is_locked: whether the screen is locked.
    """

    working_since: int | None = None
    network: str | None = None
    trouble: SourceTrouble | None = None
    is_purge_due: bool = False
    idle_seconds: float | None = None
    is_locked: bool = False

    def as_line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(self._asdict())


class Judged(NamedTuple):
    """What came of judging.

    Attributes:
        again_at: the instant at which something will be due to be told; None where nothing is in sight.
        is_purged: whether what is too old was deleted beyond recovery.
        retry_at: when what waits may be tried again, whether anybody works or not; None where nothing waits for a time.
        waits_for_lull: whether something waits for the person to pause, to come back, or to unlock the screen.
    """

    again_at: int | None = None
    is_purged: bool = False
    retry_at: int | None = None
    waits_for_lull: bool = False

    def as_event(self) -> dict[str, object]:
        """Return it as the last line of the process says it."""
        return {"event": "judged", **self._asdict()}


def known_of(line: str) -> Known:
    """Return what a line says; raises ``ValueError`` or ``TypeError`` where it is not one of :meth:`Known.as_line`."""
    told = Known(**json.loads(line))
    return told if told.trouble is None else told._replace(trouble=SourceTrouble(*told.trouble))


def judged_of(event: dict[str, object]) -> Judged:
    """Return what :meth:`Judged.as_event` said."""
    again_at, retry_at = (
        told if isinstance(told, int) else None for told in (event.get("again_at"), event.get("retry_at"))
    )
    return Judged(again_at, event.get("is_purged") is True, retry_at, event.get("waits_for_lull") is True)


def is_lull(is_locked: bool, idle_seconds: float | None) -> bool:
    """Return whether somebody is there and has just paused; where input is not known, nobody is disturbed by it."""
    return not is_locked and (idle_seconds is None or LULL_SECONDS <= idle_seconds < AWAY_SECONDS)
