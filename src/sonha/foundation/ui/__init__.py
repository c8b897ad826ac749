"""Base template, theme and components of every page."""
