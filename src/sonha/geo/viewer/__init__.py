"""The map page: layers of all databases on one map, what lies at a place, measuring, printing, and ready questions of officials.

    tree        layers by database with their legends, as far as the reader may see them
    asking      the places, days and layers of a request
    finding     search across all registers
    lying       records at a point, in an area, near a line
    overlaps    a proposed area against every register
    rivers      along the river from a place
    printing    a map on paper, true to scale
    overlays    a file of one's own laid over the map, never stored

No models. Imports geo, registry and foundation. The page works from what is declared: a register more is a layer more.
"""
