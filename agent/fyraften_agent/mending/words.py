"""What a person is told of damaged records: once as a notice, and in ``status`` and ``doctor`` as long as it matters.

Not here: the mending (``mending``), and how a notice gets to the desktop (``desktop_notices``).
"""

from __future__ import annotations

from pathlib import Path

from fyraften_agent.store.mendings import Mending
from fyraften_agent.telling.notices import Notice
from fyraften_policy.languages import Translate
from fyraften_policy.periods import local_date

_MOST_DAYS = 10


def mending_notice(mending: Mending, folder: Path, zone: str, _: Translate) -> Notice:
    """Return the notice of one mending."""
    return Notice(
        f"mended:{mending.at}", _("Your records were damaged"), " ".join(mending_sentences(mending, folder, zone, _))
    )


def mending_sentences(mending: Mending, folder: Path, zone: str, _: Translate) -> list[str]:
    """Return what was saved and lost, where the damaged file is, and what to do."""
    day = local_date(mending.at, zone).isoformat()
    if mending.file is None:
        words = _("On {day} what was measured last could not be read: up to ten minutes of work before may be missing.")
        return [words.format(day=day), _("Hours that are missing can be written by hand: fyraften log add")]
    if mending.lost is None:
        saved = _("On {day} the records were found damaged: {saved} rows were saved; how many were lost is not known.")
    elif mending.lost == 0:
        saved = _("On {day} the records were found damaged: all {saved} rows were saved.")
    else:
        saved = _("On {day} the records were found damaged: {saved} rows were saved, {lost} were lost.")
    told = [saved.format(day=day, saved=mending.saved, lost=mending.lost)]
    if mending.days:
        days = ", ".join(mending.days[:_MOST_DAYS]) + (" …" if len(mending.days) > _MOST_DAYS else "")
        told.append(_("Days on which something is missing: {days}.").format(days=days))
    if mending.lost != 0:
        told.append(_("Hours that are missing can be written by hand: fyraften log add"))
    told.append(_("The damaged file is kept as {file}.").format(file=folder / mending.file))
    if mending.paused:
        told.append(
            _(
                "Whether you had paused, and which recording hours you chose, may be among what was lost: so recording "
                "was paused. To record again: fyraften resume"
            )
        )
    return told
