"""Health probes and the machine-readable status. Reads every app below it; nothing imports it."""
