"""Who may see and act on what, written by hand. The code under test is not asked.

The dossiers of the small province (things.py):

    permitted   STT 860 at the department, commune A was consulted; ended with a permit. Owner: lan
    consulting  STT 860 at the department, commune B is being consulted.                 Owner: applying_official
    waiting     STT 860 at the department, lies at the desk; commune B is not asked yet. Owner: the company
    elsewhere   a procedure of another department, with its specialist.                  Owner: the company
    commune_a   a procedure of commune A, lies at its desk.                              Owner: pao
    commune_b   a procedure of commune B, lies at its desk.                              Owner: lan
"""

OWNS: dict[str, set[str]] = {
    "lan": {"permitted", "commune_b"},
    "pao": {"commune_a"},
    "proxy": {"waiting", "elsewhere"},
    "applying_official": {"consulting"},
}
"""The applicant's side: the owner, and whoever represents the owner today. Everybody else: nothing."""

HANDLES: dict[str, set[str]] = {
    "receptionist": {"permitted", "consulting", "waiting"},
    "specialist": {"permitted", "consulting"},
    "head": {"permitted", "consulting"},
    "leader": {"permitted", "consulting", "waiting"},
    "province_leader": {"permitted"},
    "clerk": {"permitted"},
    "officer_a": {"permitted", "commune_a"},
    "officer_b": {"consulting", "commune_b"},
    "other_specialist": {"elsewhere"},
    "other_receptionist": {"elsewhere"},
    "substitute": {"permitted", "consulting"},
    "auditor": {"permitted", "consulting", "waiting"},
}
"""The officials' side: the unit had, or has, a task on it (a consulted unit goes on reading what it gave its opinion on), or the actor
heads, leads or audits a unit above, up to the agency. Everybody else: nothing."""

WORKS_ON: dict[str, set[str]] = {
    "receptionist": {"waiting"},
    "officer_a": {"commune_a"},
    "officer_b": {"consulting", "commune_b"},
    "other_specialist": {"elsewhere"},
    "specialist": {"consulting"},
    "substitute": {"consulting"},
}
"""Whose own work list shows the dossier. Reading is more than that."""

KEEPS_PERMIT: set[str] = {
    "receptionist",
    "specialist",
    "head",
    "leader",
    "auditor",
    "applying_official",
    "substitute",
    "former_substitute",
    "clerk",
    "province_leader",
}
"""Officials of the agency that keeps the permit of `permitted`, and of the one that issued it."""

OFFICIALS: set[str] = {*HANDLES, "applying_official", "former_substitute", "administrator"}
"""Who holds a post today."""

EVERYBODY: tuple[str, ...] = (
    "anonymous", "lan", "pao", "proxy", "former_proxy", "former_official", *sorted(OFFICIALS),
)  # fmt: skip

READ_ONLY: set[str] = {"auditor"}
"""Nobody here may change anything of anybody's."""

ROLES: dict[str, set[str]] = {
    "receptionist": {"receptionist", "other_receptionist", "officer_a", "officer_b"},
    "head": {"head"},
    "leader": {"leader", "province_leader"},
    "clerk": {"clerk"},
    "administrator": {"administrator"},
    "auditor": {"auditor"},
}


def holders(*roles: str) -> set[str]:
    return set().union(*(ROLES[role] for role in roles))
