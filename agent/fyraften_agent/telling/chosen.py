"""``python -m fyraften_agent.telling.chosen``: does what a person chose at a notice, and ends.

The supervisor starts it and tells it the notice and the choice on one line of standard input.  What fails is told as a
notice: the person waits for an answer.  It gives up what the collector gives up.
Not here: what a choice does (``choosing``), pausing (the supervisor does it at once, itself).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from fyraften_agent.clock import Clock, SystemClock
from fyraften_agent.errors import AgentError
from fyraften_agent.facts import facts_document
from fyraften_agent.paths import default_paths
from fyraften_agent.processes.control import ask
from fyraften_agent.sandbox.sandbox import confine_collector
from fyraften_agent.store.store import Store
from fyraften_agent.telling.choosing import choose, figures
from fyraften_agent.telling.notices import Notice
from fyraften_policy.errors import PolicyError
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.languages import Translate, choose_language, translator
from fyraften_policy.periods import local_date, week_start

_LONGEST_SECONDS = 60


def main() -> int:
    """Do one thing; return the exit code."""
    from fyraften_agent.telling.desktop_notices import show

    os.umask(0o077)
    if hasattr(signal, "alarm"):
        signal.alarm(_LONGEST_SECONDS)
    paths = default_paths(os.environ)
    language = choose_language([os.environ.get("FYRAFTEN_LANGUAGE", "en")])
    _, policy_words = (translator(domain, language) for domain in ("fyraften_agent", "fyraften_policy"))
    told = json.loads(sys.stdin.readline())
    notice = notice_of(told["notice"])
    try:
        confine_collector(paths)  # it needs no more, and starts programs of the desktop
        with Store.open(paths.work) as store:
            act(store, notice, str(told["name"]), SystemClock(), show, _, policy_words)
    except (AgentError, PolicyError) as error:
        show(Notice(f"failed:{notice.key}", notice.title, error.text(_)))
        return 1
    with contextlib.suppress(AgentError):  # it is done; the collector looks for itself a little later
        ask(paths, "changed")
    return 0


def act(
    store: Store,
    notice: Notice,
    name: str,
    clock: Clock,
    show: Callable[[Notice], bool],
    _: Translate,
    policy_words: Translate,
) -> None:
    """Note the choice, or show the figures where the person asked why.

    Raises:
        AgentError: nothing was changed; the text says why.
    """
    if name == "why" and notice.rule is not None:
        show(figures(notice, notice.rule, _judged(store, clock), _, policy_words))
    else:
        choose(store, notice, name, clock.now())


def notice_of(document: Mapping[str, Any]) -> Notice:
    """Return the notice that was shown, as :meth:`notices.Notice.as_document` wrote it."""
    deadline, rule = document.get("deadline"), document.get("rule")
    return Notice(
        str(document["key"]),
        str(document["title"]),
        str(document["body"]),
        deadline if isinstance(deadline, int) else None,
        rule if isinstance(rule, str) else None,
    )


def _judged(store: Store, clock: Clock) -> Answer:
    now, zone = clock.now(), clock.zone()
    today = local_date(now, zone)
    first = week_start(today) - timedelta(days=7)
    return evaluate(read_facts(facts_document(store, at=now, zone=zone, first=first, last=today)))


if __name__ == "__main__":
    raise SystemExit(main())
