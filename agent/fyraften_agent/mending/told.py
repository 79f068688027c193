"""Tells at the start of the collector that recording was paused because of damage: nothing else would tell it then.

Any other mending is told at a quiet moment, like all that is due (see ``judging``); but nothing is judged in a pause.
Not here: the words (``mending.words``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fyraften_agent.store.mendings import mendings
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate


def tell_of_pause(
    store: Store, folder: Path, now: int, zone: str, emit: Callable[[dict[str, Any]], None], _: Translate
) -> None:
    """Tell of each mending that paused recording, once; the supervisor learns of the pause when it is told."""
    untold = [one for one in mendings(store.file) if one.paused and not store.notices.is_told(f"mended:{one.at}", now)]
    if not untold:
        return
    # Late: nearly always there is nothing to tell, and the collector stays in memory all day.
    from fyraften_agent.mending.words import mending_notice
    from fyraften_agent.telling.desktop_notices import show

    for one in untold:
        notice = mending_notice(one, folder, zone, _)
        store.notices.tell(notice.key, notice.text, now, shown=False)
        if show(notice):
            store.notices.tell(notice.key, notice.text, now, shown=True)
        else:
            emit({"event": "told", "text": notice.text})
    emit({"event": "hours"})  # the supervisor looks at the pauses
