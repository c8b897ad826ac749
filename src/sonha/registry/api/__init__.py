"""REST for every register at /api/v1/registers/<code>, typed by its declaration, and the change feed for warehouses.

    api         the operations
    values      a record as JSON, and JSON as values of a record
    writing     new, amended, ended and withdrawn records, each with a basis; the same Idempotency-Key writes once
    feed        what changed, in an order that never changes, only when it is surely finished
    described   the OpenAPI document of each register, read off its declaration

Imports foundation and the rest of registry. Joined in sonha.api.
"""
