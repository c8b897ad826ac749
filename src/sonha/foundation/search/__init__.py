"""Vietnamese text search in PostgreSQL: folding, search vectors with accented and plain words, number columns, sorting.

Use `expressions` in models and selectors, `folding.fold` in Python. May be imported by every layer. Imports nothing of Sơn Hà.
"""
