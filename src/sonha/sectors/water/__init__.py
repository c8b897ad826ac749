"""Water resources: rivers, works, wells, discharges, licences, corridors, bans - tài nguyên nước (S24 survey, S25 supervision).

Declarations only; what a signed licence does to them is in outcomes.py, who lies up and down a river in river.py. Imports foundation,
process.outcomes, registry and geo.
"""
