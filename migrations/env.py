"""Runs the migrations of the core and of every installed plugin over one psycopg connection."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table="alembic_version",
    version_table_schema="cms",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
