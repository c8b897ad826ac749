"""Business event log, hash-chained and sealed; verification. Imported by everything that writes."""
