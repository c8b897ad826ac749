"""A report of pollution on a river, on one page: who discharges above, who drinks below, whose land lies on the banks - sự cố ô nhiễm.

    places       what a citizen wrote -> points on a river
    situation    what the registers hold around a point, in the order of the water
    drawing      the same as one map: GeoJSON for the screen, SVG for paper
    views        /can-bo/su-co-o-nhiem/ and its dossier for the inspectors

Everything is read through the rights of whoever looks. No models. Nothing imports it.
"""
