"""Every address of the product with its rule (access/rules.py says how a line is read), by the part of the product that serves it.

A new address needs a line here; test_access_matrix.py says so when it is missing.
"""

from sonha.testing.access.addresses import administration, api, maps, own, public, registers, workspace
from sonha.testing.access.rules import Address

PARTS = (public, own, workspace, administration, api, registers, maps)


def declared() -> dict[str, list[Address]]:
    """Addresses by route. One route may stand in several lines, each with other things."""
    found: dict[str, list[Address]] = {}
    for part in PARTS:
        for line in part.addresses():
            found.setdefault(line.route, []).append(line)
    return found
