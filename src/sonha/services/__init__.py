"""Public services: procedures, dossiers, permits. Imports foundation and the engines; imported by insight, channels, operations."""
