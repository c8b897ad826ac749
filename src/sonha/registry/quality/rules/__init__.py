"""The kinds of rules that registers list. Each tries one row (`check`) and a whole queryset in SQL (`scan`)."""

from .gaps import NoGap
from .links import Link, SumTo
from .neighbours import NoOverlap
from .shapes import AreaAgrees, InsideArea, MinArea, ValidGeometry
from .values import InCodeList, InRange, Matches, Ordered, Required, Unique, When

__all__ = [
    "AreaAgrees",
    "InCodeList",
    "InRange",
    "InsideArea",
    "Link",
    "Matches",
    "MinArea",
    "NoGap",
    "NoOverlap",
    "Ordered",
    "Required",
    "SumTo",
    "Unique",
    "ValidGeometry",
    "When",
]
