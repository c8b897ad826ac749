"""Running the platform: health, status, backup. May import everything; imported by nothing."""
