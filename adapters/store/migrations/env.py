"""Alembic's way in: migrate over the connection that the store hands it."""

from alembic import context

from adapters.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
