"""Accounts, positions of officials in units, and who stands in for whom."""
