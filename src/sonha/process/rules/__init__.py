"""Conditions and decision tables: one small rule language for forms, fees, routing and transitions. Pure; imported by process and above."""
