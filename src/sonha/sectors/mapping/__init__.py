"""Surveying activity: organisations, licences, practising certificates, survey marks, requests for data - đo đạc và bản đồ (S02).

Declarations only; what a signed result does to them is in outcomes.py. Imports foundation, process.outcomes, registry and geo.
"""
