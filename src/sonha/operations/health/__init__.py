"""Health probes and the machine-readable status."""
