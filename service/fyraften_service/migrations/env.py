"""What Alembic runs to apply the steps: over the connection that ``database.py`` hands it."""

from __future__ import annotations

from alembic import context

from fyraften_service.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
