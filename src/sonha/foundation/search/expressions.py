"""Search in models and selectors.

    class Procedure(models.Model):
        search = models.GeneratedField(expression=vector("name", body=["summary"]), output_field=SearchVectorField(), db_persist=True)
        code_key = models.GeneratedField(expression=number("code"), output_field=models.TextField(), db_persist=True)
        class Meta:
            indexes = [GinIndex(fields=["search"], name="procedure_search")]

    procedures.filter(search=Words("khai thac nuoc")).order_by("-id")

The migration that creates such a column depends on ("search", "0001_initial"). Order by newness and cap before ranking: ranking reads every
match.
"""

from collections.abc import Sequence

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Expression, F, Func, TextField, Value
from django.db.models.functions import Collate


class Vector(Func):
    """`sonha_vector(text, strong, weak)`: words with marks get the strong weight, the same words without marks the weak one."""

    function = "sonha_vector"
    output_field = SearchVectorField()


class Joined(Func):
    """tsvector || tsvector."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = SearchVectorField()


def vector(*fields: str, body: Sequence[str] = ()) -> Expression:
    """Search vector over `fields` (weights A and B) and the longer texts of `body` (C and D), for a generated column."""
    parts = [_vector(name, "A", "B") for name in fields] + [_vector(name, "C", "D") for name in body]
    if not parts:
        raise ValueError("a search vector needs at least one field")
    return parts[0] if len(parts) == 1 else Joined(*parts)


def number(field: str) -> Expression:
    """Key of a number column: no marks, capitals, no spaces. Compare with `folding.number_key`."""
    return Func(F(field), function="sonha_number", output_field=TextField())


def folded(field: str) -> Expression:
    """Name without marks in lower case, for a generated column with a trigram index. Compare with `folding.fold`."""
    return Func(F(field), function="sonha_fold", output_field=TextField())


def by_alphabet(field: str) -> Collate:
    """Orders as a Vietnamese dictionary does: a ă â b c d đ e ê …"""
    return Collate(field, "vi")


class Words(SearchQuery):
    """What a person typed. A word with marks asks for that word, one without for every word that so reads; quotes, -word and or work.

    `typing=True`: the last word may be incomplete.
    """

    def __init__(self, text: str, *, typing: bool = False) -> None:
        super().__init__(Value(text.replace("\x00", "")))
        self.function = "sonha_prefix_query" if typing else "sonha_query"


def _vector(name: str, strong: str, weak: str) -> Vector:
    return Vector(F(name), _weight(strong), _weight(weak))


def _weight(letter: str) -> Func:
    return Func(Value(letter), template='%(expressions)s::"char"', output_field=TextField())
