"""OGC API Features at /ogc/: parts 1 (core), 2 (coordinate systems) and 3 (filtering with CQL2), over the layers of geo.layers.

    /ogc/collections/<layer>/items?bbox=…&datetime=2024-06-01&filter=depth>40 AND use='farm'&crs=…

    queries     what a request asks for, checked; every mistake is a sentence (400)
    items       one SQL statement that builds the whole answer
    describing  collections, queryables, schemas, conformance
    openapi     the API definition
    cql2        the filter language: text and JSON, to SQL with parameters

No models. Imports geo.layers, registry and foundation. docs/adr/0034-ogc-api-features.md.
"""
