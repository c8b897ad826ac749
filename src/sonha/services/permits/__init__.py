"""The permits register with each permit's life cycle."""
