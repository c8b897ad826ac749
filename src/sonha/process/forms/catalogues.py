"""Lists that a field may name by `catalogue: <key>`: the shared catalogues, by their code, and what an app registers in its
AppConfig.ready().
"""

from collections.abc import Callable, Sequence

from sonha.foundation.catalogues import selectors
from sonha.process.forms.schema import Option

Provider = Callable[[], Sequence[Option]]
_providers: dict[str, Provider] = {}


def register_catalogue(key: str, provider: Provider) -> None:
    """Offers a list under a key; the provider gives the items in force now, each time it is asked."""
    _providers[key] = provider


def catalogue_options(key: str) -> Sequence[Option] | None:
    """The items of a catalogue; None when nobody keeps one of that key."""
    provider = _providers.get(key)
    if provider is not None:
        return provider()
    options = [Option(item.code, item.name, item.name_en) for item in selectors.items(key)]
    return options if options or selectors.exists(key) else None
