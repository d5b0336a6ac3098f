"""What Alembic runs: the migrations, on the connection that it was given.

`engine.store.migrating` opens the connection, holds the lock and commits; so a migration is all or nothing
on both databases. `alembic revision --autogenerate` is reached through the same module.
"""

from alembic import context

from engine.store.search import is_in_tables
from engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=True,
    include_name=is_in_tables,
    transaction_per_migration=False,
)
context.run_migrations()
