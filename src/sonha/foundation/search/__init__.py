"""Vietnamese text search in PostgreSQL."""
