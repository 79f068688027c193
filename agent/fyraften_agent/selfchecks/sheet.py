"""Makes the PDF of a printed sheet: tagged for screen readers (PDF/UA-1), its fonts inside, offline.

The only module that imports the typesetter, which takes some 80 MiB of disk: only a command that prints loads it, and
ends; the local page starts this module as a process that makes one sheet and ends. What stands on the sheet goes in as
data, so that no word of an answer can become an instruction to it. A sign that the font lacks, such as a picture or a
letter of a far script, stands on the sheet as a box, and the sheet says so: it is made all the same.
Not here: what stands on a sheet (``sheet_content``).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from fyraften_agent.errors import AgentError
from fyraften_policy.languages import mark

_SECONDS = 60
_BOX = "\N{WHITE SQUARE}"
# They have no shape of their own, join or vary the signs beside them, and go where one of those may become a box.
_JOINERS = "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}\N{ZERO WIDTH NO-BREAK SPACE}"


def sheet_pdf(content: Mapping[str, Any]) -> bytes:
    """Return the PDF; the same content gives the same bytes."""
    made = _typeset(content)
    if made is None:
        joined = _changed(content, dict.fromkeys(map(ord, _JOINERS)))
        lacking = _lacking(sorted(_signs(joined)), lambda signs: _shows(signs, joined))
        boxed = _changed(joined, dict.fromkeys(map(ord, lacking), _BOX))
        made = _typeset({**boxed, "lacks": bool(lacking)})
    assert made is not None
    return made


def _typeset(content: Mapping[str, Any]) -> bytes | None:
    """Return the PDF, nothing where a sign of it has no shape in the font: tagged text without a shape is refused."""
    import typst  # late: large, and needed by this function alone

    template = files("fyraften_agent").joinpath("selfchecks", "sheet.typ").read_bytes()
    try:
        made = typst.compile(
            template,
            format="pdf",
            font_paths=typst.Fonts(include_system_fonts=False),
            sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except (typst.TypstError, UnicodeEncodeError):  # the latter: half of a sign, as a file may hold
        return None
    assert isinstance(made, bytes)  # several files come back for pictures only
    return made


def _lacking(signs: Sequence[str], shows: Callable[[Sequence[str]], bool]) -> list[str]:
    """Return those of the signs that cannot be shown, halving what cannot until single ones are left."""
    if not signs or shows(signs):
        return []
    if len(signs) == 1:
        return list(signs)
    half = len(signs) // 2
    return [*_lacking(signs[:half], shows), *_lacking(signs[half:], shows)]


def _shows(signs: Sequence[str], content: Mapping[str, Any]) -> bool:
    """Say whether a sheet with nothing but these signs, each between letters, can be made."""
    text = "".join(f"x{sign}x " for sign in signs)
    return _typeset({**content, "title": "x", "intro": text, "footer": "", "parts": [], "signatures": []}) is not None


def _signs(content: object) -> set[str]:
    """Return every sign in any text of the content but the printed ones of ASCII."""
    if isinstance(content, str):
        return {sign for sign in content if not " " <= sign <= "~"}
    inner = content.values() if isinstance(content, Mapping) else content if isinstance(content, list) else ()
    return set().union(*map(_signs, inner))


def _changed(content: Any, table: Mapping[int, str | None]) -> Any:
    """Return the content with the signs of each text replaced, or left out."""
    if isinstance(content, str):
        return content.translate(table)
    if isinstance(content, Mapping):
        return {key: _changed(value, table) for key, value in content.items()}
    return [_changed(one, table) for one in content] if isinstance(content, list) else content


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
