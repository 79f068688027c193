"""Makes the PDF of a printed sheet: tagged for screen readers (PDF/UA-1), its fonts inside, offline.

The only module that imports the typesetter, which takes some 80 MiB of disk: only a command that prints loads it, and
ends; the local page starts this module as a process that makes one sheet and ends. What stands on the sheet goes in as
data, so that no word of an answer can become an instruction to it.
Not here: what stands on a sheet (``sheet_content``).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from fyraften_agent.errors import AgentError
from fyraften_policy.languages import mark

_SECONDS = 60


def sheet_pdf(content: Mapping[str, Any]) -> bytes:
    """Return the PDF; the same content gives the same bytes."""
    import typst  # late: large, and needed by this function alone

    template = files("fyraften_agent").joinpath("selfchecks", "sheet.typ").read_bytes()
    made = typst.compile(
        template,
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    assert isinstance(made, bytes)  # several files come back for pictures only
    return made


def sheet_of_a_process(content: Mapping[str, Any]) -> bytes:
    """Return the PDF as a process of its own makes it.

    Raises:
        AgentError: it could not be made.
    """
    command = [sys.executable, "-P", "-m", "fyraften_agent.selfchecks.sheet"]
    try:
        made = subprocess.run(
            command, input=json.dumps(content).encode(), capture_output=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as problem:
        raise AgentError(
            mark("The sheet could not be made. Try it in a terminal: fyraften selfcheck print sheet.pdf")
        ) from problem
    return made.stdout


def main() -> int:
    """Make the sheet whose content comes in as JSON, and hand it out."""
    sys.stdout.buffer.write(sheet_pdf(json.load(sys.stdin.buffer)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
