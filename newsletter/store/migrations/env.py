from alembic import context

from newsletter.store.schema import metadata

# The caller's transaction is used, so that a migration is kept whole or not at all.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
