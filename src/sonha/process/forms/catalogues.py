"""Lists that a field may name by `catalogue: <key>`. Whoever keeps such a list registers it in its AppConfig.ready()."""

from collections.abc import Callable, Sequence

from sonha.process.forms.schema import Option

Provider = Callable[[], Sequence[Option]]
_providers: dict[str, Provider] = {}


def register_catalogue(key: str, provider: Provider) -> None:
    """Offers a list under a key; the provider gives the items in force now, each time it is asked."""
    _providers[key] = provider


def catalogue_options(key: str) -> Sequence[Option] | None:
    """The items of a catalogue; None when nobody keeps one of that key."""
    provider = _providers.get(key)
    return None if provider is None else provider()
