"""``python -m fyraften_service``: the same as the command ``fyraften-service``."""

from __future__ import annotations

import sys

from fyraften_service.cli import main

if __name__ == "__main__":
    sys.exit(main())
