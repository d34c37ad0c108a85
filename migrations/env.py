"""How Alembic meets our tables: the connection comes from the caller, never from a file."""

from alembic import context

from mutualflow.storage.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=connection.dialect.name != "sqlite",  # SQLite gives them back in other words
)
with context.begin_transaction():
    context.run_migrations()
