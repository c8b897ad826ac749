"""Dossiers: filing, reception, handling, results, tracking."""
