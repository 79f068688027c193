"""The steps by which the database came to be; Alembic runs them. A released step is never changed."""
