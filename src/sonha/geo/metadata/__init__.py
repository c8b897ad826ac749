"""What data there is: metadata records generated from declarations, as pages, as ISO 19139, and through CSW 2.0.2.

    records     the records that an actor may know of: one for each layer, and for each register without a layer
    iso         a record as gmd:MD_Metadata (ISO 19139)
    dublin      a record as csw:Record, brief, summary or full
    asking      what a CSW request asks for, checked
    matching    filters tried on records
    catalogue   the answers of CSW
    views       /csw and the pages at /sieu-du-lieu/, where administrators complete what a declaration cannot know

Imports geo.ows, geo.layers, registry and foundation. docs/adr/0033-wfs-and-catalogue.md says why this is not pycsw.
"""
