"""Where procedures meet registers. Services say what happened; sectors, which services do not know, say what follows.

    on_issued("parcel_split_merge", split_parcels)         # in a sector: a signed, granted result of that procedure takes effect
    on_asked("mineral_exploration", overlaps_of_area)      # what the registers say of an application, for whoever appraises it

Both are functions of an `Application`. An outcome runs in the transaction that issues the result: when it raises, nothing is issued.
No models. Imported by services (which call) and sectors (which register).
"""

from .outcomes import Application, Finding, OutcomeRefused, findings, issued, on_asked, on_issued

__all__ = ["Application", "Finding", "OutcomeRefused", "findings", "issued", "on_asked", "on_issued"]
