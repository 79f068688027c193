"""What every part of the running service is given: settings, database, clock and key. Nothing is global."""

from __future__ import annotations

from dataclasses import dataclass

from fyraften_service.clock import Clock
from fyraften_service.config import Config
from fyraften_service.database import Database
from fyraften_service.receipts import ServiceKey


@dataclass(frozen=True)
class Service:
    """One service, as its routes see it."""

    config: Config
    database: Database
    clock: Clock
    key: ServiceKey
