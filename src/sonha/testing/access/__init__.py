"""The proof of access (DESIGN 3.5): who asks, for what, at which address, and what must come of it.

`people` and `things` make a small province with actors and objects; `expected` says in tables who may see and act on what; `addresses`
lists every address of the product with its rule (`rules`); `checking` asks all of them as everybody and reports what does not fit.
Imported by tests only.
"""
