"""Web Feature Service 1.1.0 (OGC 04-094), Basic, with paging, at /ows/wfs.

    requests      what a GET or POST asks for, checked: every mistake is a `Refused` with the standard's code
    capabilities  what the caller may see, kept ready per set of layers
    schema        DescribeFeatureType: the GML 3.1.1 schema of the fields that the caller sees
    conditions    Filter Encoding as SQL with parameters, under the caller's rights
    features      GetFeature: one SQL statement per type builds the members
    outputs       the same as GeoJSON, shapefile and CSV
    views         the address

No models; nothing can be written. Imports geo.ows, geo.layers, registry and foundation. docs/adr/0033-wfs-and-catalogue.md.
"""
