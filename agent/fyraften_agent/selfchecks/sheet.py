"""Makes the PDF of a printed sheet: tagged for screen readers (PDF/UA-1), its fonts inside, offline.

The only module that imports the typesetter, which takes some 80 MiB of disk: only a command that prints loads it, and
ends. What stands on the sheet goes in as data, so that no word of an answer can become an instruction to it.
Not here: what stands on a sheet (``sheet_content``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any


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
