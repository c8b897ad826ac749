"""Drawn maps: WMS 1.3.0 and 1.1.1 at /ows/wms, with legends and questions to a point, under the rights of whoever asks.

    renderer.picture(...)      shapes of layers drawn with cairo; everything of the protocol is around it
    mapserver.mapfile(...)     the same layers for MapServer, as the peer in tests and benchmarks

No models. Imported by `sonha.urls` and by benchmarks; imports geo.layers, geo.rasters and what is below.
"""
