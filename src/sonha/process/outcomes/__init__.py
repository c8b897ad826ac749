"""Where procedures meet registers. Services say what happened; sectors, which services do not know, say what follows.

    on_issued("parcel_split_merge", split_parcels)         # in a sector: a signed, granted result of that procedure takes effect
    on_asked("mineral_exploration", overlaps_of_area)      # what the registers say of an application, for whoever appraises it
    on_permit_changed("mineral_extraction", follow)        # a permit of that type was suspended, extended, transferred, revoked …

The first two are functions of an `Application`, the last of a `PermitChange`. An outcome runs in the transaction that issues the result,
what follows from an act in the transaction of the act: when it raises OutcomeRefused, nothing is issued and nothing has happened.
No models. Imported by services (which call) and sectors (which register).
"""

from .life_cycle import PermitChange, on_permit_changed, permit_changed
from .outcomes import Application, Finding, OutcomeRefused, findings, issued, on_asked, on_issued

__all__ = [
    "Application",
    "Finding",
    "OutcomeRefused",
    "PermitChange",
    "findings",
    "issued",
    "on_asked",
    "on_issued",
    "on_permit_changed",
    "permit_changed",
]
