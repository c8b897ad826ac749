"""Map services: they serve what registers declare, each caller seeing what its rights allow.

    layers     what may be served: layers of registers and rasters, with coordinate systems, as SQL under an actor's rights
    wfs        Web Feature Service 1.1.0
    wms        Web Map Service 1.3.0
    features   OGC API Features
    tiles      vector tiles
    rasters    GeoTIFF and COG
    metadata   ISO 19139 records, CSW 2.0.2, DCAT
    tracing    up and down a network of river reaches
    viewer     the map page

Imports registry and foundation. Imported by channels and operations.
"""
