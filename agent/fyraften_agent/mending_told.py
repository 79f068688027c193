"""Tells of damaged records at the start of the collector: once, as a notice, which is kept among the notices.

Not here: the words (``mending_words``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fyraften_agent.store import Store
from fyraften_agent.store_mendings import mendings
from fyraften_policy.languages import Translate


def tell_of_mendings(
    store: Store, folder: Path, now: int, zone: str, emit: Callable[[dict[str, Any]], None], _: Translate
) -> None:
    """Tell what was not told yet.

    A desktop may take half a minute to answer, and recording shall not wait for it; where recording was paused,
    there is nothing to hurry for, and the supervisor learns of the pause when everything is told.
    """
    untold = [one for one in mendings(store.file) if not store.notices.is_told(f"mended:{one.at}", now)]
    if not untold:
        return

    def tell() -> None:
        # Late: nearly always there is nothing to tell, and the collector stays in memory all day.
        from fyraften_agent.desktop_notices import show
        from fyraften_agent.mending_words import mending_notice

        for one in untold:
            notice = mending_notice(one, folder, zone, _)
            store.notices.tell(notice.key, notice.text, now, shown=False)
            if show(notice):
                store.notices.tell(notice.key, notice.text, now, shown=True)
            else:
                emit({"event": "told", "text": notice.text})

    if any(one.paused for one in untold):
        tell()
        emit({"event": "hours"})  # the supervisor looks at the pauses
    else:
        threading.Thread(target=tell, name="mended", daemon=True).start()
