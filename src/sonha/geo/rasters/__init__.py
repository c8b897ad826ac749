"""Pictures of the ground (ảnh viễn thám, ảnh bay, mô hình số): uploaded and kept as GeoTIFF, served as tiles, by WMS and as windows.

    selectors.rasters(actor)              what the actor may see: the only way to them
    services.add(upload, …), remove(…)    by officials; converting is a job with progress
    reading.tile(raster, z, x, y, form)   one encoded tile; reading.view_of(…) pixels of any view, for WMS

Two files are kept of each: `data`, lossless in its own system, for downloads; `drawing`, 8-bit colours in EPSG:3857 with overviews, for
maps. Imported by geo.wms, geo.metadata and channels.
"""
