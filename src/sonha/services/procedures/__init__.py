"""The procedure catalogue and its published versions."""
