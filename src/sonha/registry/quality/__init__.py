"""Quality of registers: kinds of numbered rules, the runs that try them on whole registers, the findings, the report with its map.

    from sonha.registry.quality.rules import NoOverlap, Required, ValidGeometry
    rules = (Required(("number",), code="TD-01"), NoOverlap(tolerance_m2=1, within=("commune_code",), code="TD-07"))

A breach of an error refuses the save (`registry.records` tries the rules on every row that is written); all breaches are findings of the
next run. Imports foundation and the rest of registry. Imported by registry.formats, sectors and everything above; `rules` alone may be
imported by declarations of registers.
"""
