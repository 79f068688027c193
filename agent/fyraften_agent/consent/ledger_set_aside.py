"""Sets a consent ledger aside that cannot be trusted any more, so that the person can be asked anew.

Nothing of it is taken over: a consent comes from a person at a keyboard, never out of a damaged file.  The file, its
key and the note of its end are kept beside the new ones, under names with the date.
Only after the person said so.  Not here: asking (``cli/consent_giving``), the raw data (``mending``).
"""

from __future__ import annotations

from pathlib import Path

from fyraften_agent.consent.ledger_head import HEAD
from fyraften_agent.errors import StoreError
from fyraften_agent.files.set_aside import set_aside_name, stamp_of
from fyraften_agent.paths import Paths
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

_KEYS = ("ledger.key", "ledger.kept")  # the key, or the note of the keyring it is in


def set_ledger_aside(paths: Paths, now: int) -> Path:
    """Rename the ledger, its key and the note of its end; return where the ledger is now.

    Raises:
        StoreError: it cannot be renamed; begun again, this goes on where it was.
    """
    stamp = stamp_of(now)
    aside = set_aside_name(paths.ledger, stamp)
    journal = paths.ledger.with_name(f"{paths.ledger.name}-journal")
    try:
        # The ledger last: as long as it is there, it is not believed, and this is asked again.
        for old in (paths.keys / HEAD, *(paths.keys / name for name in _KEYS), journal, paths.ledger):
            if old.exists():
                kept = aside.with_name(f"{aside.name}-journal") if old == journal else set_aside_name(old, stamp)
                old.replace(kept)
                kept.chmod(0o600)
    except OSError as failure:
        raise StoreError(
            mark("The consent ledger cannot be set aside: {reason} ({path})."),
            path=paths.ledger,
            reason=reason_of(failure),
        ) from failure
    return aside
