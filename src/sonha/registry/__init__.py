"""Engine 2: registers (CSDL chuyên ngành). One declaration of a register gives
pages, map, services, history, import, export, rules and feeds.

    declarations   the Register class: what a sector writes about one kind of record
    records        kept rows: two times (valid, recorded), the change behind every version, reading as of a day, writing with a basis
    grants         who may read, edit and download which register, in which areas, with which fields
    quality        numbered rules, findings, reports
    formats        files in and out: spreadsheets, GeoPackage, Shapefile, GeoJSON, GML, DXF …
    pages          pages for people
    api            REST, and the change feed for warehouses

Imports foundation only. Imported by geo, services, sectors and everything above.
"""
