"""Quality rules of the cadastral database, numbered TD-01 and on; a number is never given again."""

from sonha.registry.declarations import Rule

PARCELS: tuple[Rule, ...] = ()
USES: tuple[Rule, ...] = ()
USERS: tuple[Rule, ...] = ()
RIGHTS: tuple[Rule, ...] = ()
CERTIFICATES: tuple[Rule, ...] = ()
ASSETS: tuple[Rule, ...] = ()
RESTRICTIONS: tuple[Rule, ...] = ()
SHEETS: tuple[Rule, ...] = ()
