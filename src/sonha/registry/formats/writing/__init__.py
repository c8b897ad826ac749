"""Rows of a register as a file: spreadsheets with titles in Vietnamese, maps with names of fields.

make(asked, parameters, "gpkg", 9215, path)      # the page's own filter; only what the actor may see, row by row
"""
