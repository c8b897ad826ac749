"""What the older OGC services (WFS, CSW) have in common.

    reading   XML of strangers: no entities, no DTD, no network, neither deep nor large
    reports   ows:ExceptionReport 1.0.0: every mistake with the standard's code, its place, one sentence
    filters   Filter Encoding 1.1 as a small tree, which WFS writes as SQL and the catalogue tries on its records
    shapes    GML geometries inside filters
    writing   XML as text: names, escapes, namespaces

No models. Imported by geo.wfs and geo.metadata.
"""
