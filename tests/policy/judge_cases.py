"""Judges every case file in a process of its own and prints the answers: ``python -m policy.judge_cases`` in tests/.

Run with different ``TZ`` in the environment, it shows whether the zone of the machine matters. The first line tells
what the machine makes of two instants, so that one can see that it is in another zone indeed.
"""

from __future__ import annotations

import json
import time
from typing import Any

from fyraften_policy.errors import FactsError
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from policy.case_files import all_cases, document

INSTANTS = (1768300000, 1784300000)  # in January and in July 2026


def answers() -> dict[str, Any]:
    """Return the answer of each case in English, or the field and the remedy of its error."""
    return {name: answer(case) for name, case in all_cases().items()}


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of one case."""
    try:
        return evaluate(read_facts(document(case))).as_json(str)
    except FactsError as asked:
        return {"error": asked.field, "remedy": asked.remedy}


if __name__ == "__main__":
    machine = [time.strftime("%Y-%m-%dT%H:%M%z", time.localtime(instant)) for instant in INSTANTS]
    print(json.dumps({"machine": machine, "answers": answers()}))
