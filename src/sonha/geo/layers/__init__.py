"""What the map services may serve to a caller, and how it is asked of the database.

    served(actor)                     layers by name, as far as the actor may read them: the only way into data for every service
    served(actor)["parcels"].select(…)   one SQL statement under the actor's rights, as of a day
    system("urn:ogc:def:crs:EPSG::9215")   a coordinate system as clients name it, with its axis order
    @map_service                      guards a view: who asks, refused tokens, no cookies, limits

No models. Imported by the services of geo and by channels.
"""
