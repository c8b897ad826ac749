"""Rows of a file into a register: what each column means, values as the register writes them, checks, one change in one transaction.

    mapping = guess(Parcels, layer)
    outcome = load(Parcels, source, layer, mapping, actor=actor, basis=Basis("import", number="BB 12"), dry=True)
    outcome.new, outcome.changed, outcome.same, outcome.refused, outcome.refusals

Everything or, when something breaks, nothing. The same file again changes nothing.
"""

from .applying import load
from .mapping import Mapping, guess, targets
from .outcome import Outcome, Refusal, Stopped

__all__ = ["Mapping", "Outcome", "Refusal", "Stopped", "guess", "load", "targets"]
