"""Vector tiles: each layer under the caller's rights, as of a day, made by PostGIS in one statement.

    grid         where a tile lies; what is too small to be seen on it
    planes       from a layer's plane to the web's, cheaply
    burst        rights remembered while a page fetches its tiles
    statement    the SQL of a tile
    style        MapLibre layers drawn from the Look declarations, also for legends
    views        /tiles/<layer>/<z>/<x>/<y>, TileJSON, style

No models. Imported by the map page and by channels.
"""
