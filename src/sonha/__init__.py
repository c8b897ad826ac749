"""Sơn Hà: an open e-government platform for a Vietnamese province. Imports go downwards only; see docs/architecture.md."""
