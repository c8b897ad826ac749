"""What a saved filter keeps of an address, whatever the address holds."""

from hypothesis import given
from hypothesis import strategies as st

from sonha.services.handling import filters
from sonha.services.handling.models import SavedFilter


@given(st.dictionaries(st.sampled_from(["q", "late", "state", "after", "sort", "x", "csrfmiddlewaretoken"]), st.text(max_size=300)))
def test_what_is_kept_is_only_what_the_list_asks_for(asked: dict[str, str]) -> None:
    kept = filters.kept("dossiers", asked)
    assert kept.keys() <= filters.KEPT[SavedFilter.Page.DOSSIERS] and "after" not in kept
    assert all(value.strip() and len(value) <= filters.LONGEST for value in kept.values())
    assert filters.kept("dossiers", kept) == kept
