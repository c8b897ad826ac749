"""Who may read, download and edit which register, where, and with which fields. Rows, never code: declarations only give the first rows.

    rights(actor, Facilities)  -> Rights: what the actor may do with that register
    all_rights(actor)          -> the same for every register at once, for capabilities and menus

Imports foundation and registry.declarations. Imported by registry.records and everything above.
"""
