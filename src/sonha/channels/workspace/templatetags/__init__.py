"""Template words of the officials' lists."""
