"""Where events and leaves lie: months of PostgreSQL, or hypertables of TimescaleDB."""
