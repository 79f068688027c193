"""Run as a process by ``test_store``: writes ticks of work as the collector does, until somebody kills it.

Prints the number of each tick after the store has taken it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fyraften_agent.recording.activity import Activity, Sample, advance
from fyraften_agent.store.store import Store

START = 1_768_300_000


def main(path: Path, first: int) -> None:
    """Go on from tick ``first``, ten seconds apart, with an input before each."""
    with Store.open(path) as store:
        last = store.last_measured()
        session = last.session
        store.begin_measuring(None if session is None else session.id, None)
        state = Activity(next_id=last.next_id, session=session)
        for tick in range(first, 10**9):
            awake = tick * 10.0
            state, changes = advance(state, Sample(START + tick * 10, awake, awake, awake - 1, True))
            store.write_measured(changes, "Europe/Copenhagen", None)
            print(tick, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
