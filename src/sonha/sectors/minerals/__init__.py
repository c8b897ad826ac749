"""Minerals (S20): areas, licences, reserves, fees for the right, closures, forbidden areas - khoáng sản.

Declarations only; what a signed licence does to them is in outcomes.py. Imports foundation, process.outcomes, registry and geo.
"""
