"""Conditions and decision tables: one small rule language for forms, papers, fees, routing and transitions.

Pure functions over JSON; nothing here touches the database. The process engine, the forms and everything above may import it.
The browser's twin is `forms/static/forms/rules.js`; both run the vectors in `tests/conditions.json`.
"""
