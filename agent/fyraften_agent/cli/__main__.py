"""``python -m fyraften_agent.cli``: the same as the command ``fyraften``."""

from __future__ import annotations

from fyraften_agent.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
