"""Files in and out of registers: spreadsheets, CSV, GeoPackage, Shapefile, GeoJSON, GML, DXF, DGN, GeoParquet.

    encodings   old Vietnamese fonts and code pages to Unicode
    reading     any of these files as layers, fields and rows; whatever is wrong with a file is said in one sentence
    loading     rows into a register: mapping of columns, conversion, checks, one change in one transaction
    ways        files that a register knows, read together by a way of their own
    writing     rows of a register as a file

    with reading.opened(path, name) as source:
        load(Parcels, source, source.layers[0], mapping, actor=…, basis=…)

Imports foundation and the rest of registry. Imported by sectors, operations and channels.
"""
