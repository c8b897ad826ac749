"""Pollution sources: facilities, waste streams, permits, hazardous-waste books, EIA decisions, stacks - CSDL nguồn thải (S12).

Declarations only; what a signed result does to them is in outcomes.py. Imports foundation, process.outcomes, registry and geo.
"""
