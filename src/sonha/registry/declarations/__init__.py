"""What a register is: the `Register` class that sectors subclass, its layers, fields and rules, and the list of those that are known.

    @declare
    class Wells(Register):
        code, slug, model = "wells", "gieng-khoan", Well
        ...

No models and no queries of its own. Imported by the rest of registry, by geo, sectors and everything above.
"""

from .known import database, databases, declare, of_model, register, registers
from .layers import Layer, Look
from .register import Database, Register, Statistic
from .rules import Problem, Rule, Severity

__all__ = [
    "Database",
    "Layer",
    "Look",
    "Problem",
    "Register",
    "Rule",
    "Severity",
    "Statistic",
    "database",
    "databases",
    "declare",
    "of_model",
    "register",
    "registers",
]
