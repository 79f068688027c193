"""Write the table of public holidays that comes with the agent, from the ``holidays`` library (``make docs``).

Loading the library takes longer than judging ten years of work, so the years that people ask about are kept as a
table; a test holds the table and the library together.
Not here: other years, which the agent asks the library for.
"""

from __future__ import annotations

import json

from fyraften_agent.public_holidays import COUNTRIES, TABLE, from_library

FIRST_YEAR, LAST_YEAR = 2000, 2060


def main() -> None:
    """Write the table, a line for each year of each country."""
    countries = []
    for jurisdiction in COUNTRIES:
        years = (
            f'    "{year}": {json.dumps(days_of(jurisdiction, year))}' for year in range(FIRST_YEAR, LAST_YEAR + 1)
        )
        countries.append(f'  "{jurisdiction}": {{\n' + ",\n".join(years) + "\n  }")
    TABLE.write_text("{\n" + ",\n".join(countries) + "\n}\n", encoding="utf-8")


def days_of(jurisdiction: str, year: int) -> list[str]:
    """Return the public holidays of a year without it: ``01-01``."""
    return [day[len("2026-") :] for day in from_library(jurisdiction, [year])]


if __name__ == "__main__":
    main()
