"""What is wrong with a filter."""


class FilterError(Exception):
    """One sentence for the person who wrote the filter."""
