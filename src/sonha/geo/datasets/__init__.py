"""Open data (dữ liệu mở): every register that its declaration opens to the public, as files to download and as a DCAT catalogue.

    selecting   which registers and fields: open fields only, never secret or personal ones, whatever was granted besides
    preparing   the files of a data set: csv, json, geojson, GeoPackage; made at night and when asked for first
    catalogue   DCAT-AP as JSON-LD and Turtle

Pages at /du-lieu-mo/. Imports registry and foundation.
"""
