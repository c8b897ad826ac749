"""CQL2 (OGC 21-065r2): the text form is read into the JSON form, and that is written as SQL with parameters.

    condition(tree_of_text("depth > 40 AND S_INTERSECTS(geometry, BBOX(106,21,107,22))"), layer, system, limits)  ->  ("…", [...])

Written here, because the reader of pygeofilter 0.4 takes AND and OR as equally strong and knows neither NOT before a group nor the
standard's temporal functions. A mistake is a FilterError with one sentence.
"""

from .errors import FilterError
from .sql import condition, names_in
from .text import tree_of_text

__all__ = ["FilterError", "condition", "names_in", "tree_of_text"]
