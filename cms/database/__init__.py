"""PostgreSQL: connections, the unit of work, types, and the server that comes along."""
