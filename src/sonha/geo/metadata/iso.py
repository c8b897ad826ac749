"""A record as gmd:MD_Metadata (ISO 19139)."""

from sonha.geo.ows.writing import element, escaped

from .records import MetadataRecord

GMD = "http://www.isotc211.org/2005/gmd"
CODES = "http://standards.iso.org/ittf/PubliclyAvailableStandards/ISO_19139_Schemas/resources/Codelist/gmxCodelists.xml"
NAMESPACES = (
    f'xmlns:gmd="{GMD}" xmlns:gco="http://www.isotc211.org/2005/gco" xmlns:gml="http://www.opengis.net/gml/3.2"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def metadata(record: MetadataRecord, root: str) -> str:
    """The element, with its namespaces; `root` is the address of the site, ending in a slash."""
    system = _system(record.layer.srid) if record.layer else ""
    level = _coded("gmd:hierarchyLevel", "MD_ScopeCode", "dataset")
    return (
        f"<gmd:MD_Metadata {NAMESPACES}>"
        f"{_text('gmd:fileIdentifier', record.id)}{_coded('gmd:language', 'LanguageCode', 'vie')}"
        f"{_coded('gmd:characterSet', 'MD_CharacterSetCode', 'utf8')}{level}"
        f"<gmd:contact>{_party(record)}</gmd:contact>"
        f"<gmd:dateStamp><gco:Date>{record.modified.isoformat()}</gco:Date></gmd:dateStamp>"
        f"{_text('gmd:metadataStandardName', 'ISO 19115:2003/19139')}{_text('gmd:metadataStandardVersion', '1.0')}"
        f"{system}<gmd:identificationInfo>{_identification(record)}</gmd:identificationInfo>"
        f"<gmd:distributionInfo>{_distribution(record, root)}</gmd:distributionInfo>"
        f"<gmd:dataQualityInfo>{_quality(record)}</gmd:dataQualityInfo></gmd:MD_Metadata>"
    )


def _text(name: str, value: object) -> str:
    return f"<{name}>{element('gco:CharacterString', value)}</{name}>" if value not in (None, "") else ""


def _coded(name: str, kind: str, value: str) -> str:
    code = f'<gmd:{kind} codeList="{CODES}#{kind}" codeListValue="{escaped(value)}">{escaped(value)}</gmd:{kind}>'
    return f"<{name}>{code}</{name}>"


def _party(record: MetadataRecord) -> str:
    said = record.description
    phone = (
        f"<gmd:phone><gmd:CI_Telephone>{_text('gmd:voice', said.contact_phone)}</gmd:CI_Telephone></gmd:phone>"
        if said.contact_phone
        else ""
    )
    mail = _text("gmd:electronicMailAddress", said.contact_email)
    address = f"<gmd:address><gmd:CI_Address>{mail}</gmd:CI_Address></gmd:address>" if mail else ""
    info = f"<gmd:contactInfo><gmd:CI_Contact>{phone}{address}</gmd:CI_Contact></gmd:contactInfo>" if phone or address else ""
    role = _coded("gmd:role", "CI_RoleCode", "pointOfContact")
    return f"<gmd:CI_ResponsibleParty>{_text('gmd:organisationName', record.contact)}{info}{role}</gmd:CI_ResponsibleParty>"


def _system(srid: int) -> str:
    name = _text("gmd:code", f"urn:ogc:def:crs:EPSG::{srid}")
    return (
        "<gmd:referenceSystemInfo><gmd:MD_ReferenceSystem><gmd:referenceSystemIdentifier>"
        f"<gmd:RS_Identifier>{name}</gmd:RS_Identifier>"
        "</gmd:referenceSystemIdentifier></gmd:MD_ReferenceSystem></gmd:referenceSystemInfo>"
    )


def _identification(record: MetadataRecord) -> str:
    dated = (
        f"<gmd:date><gmd:CI_Date><gmd:date><gco:Date>{record.modified.isoformat()}</gco:Date></gmd:date>"
        f"{_coded('gmd:dateType', 'CI_DateTypeCode', 'revision')}</gmd:CI_Date></gmd:date>"
    )
    words = "".join(_text("gmd:keyword", each) for each in record.keywords)
    west, south, east, north = record.box
    corners = (("westBoundLongitude", west), ("eastBoundLongitude", east), ("southBoundLatitude", south), ("northBoundLatitude", north))
    box = "".join(f"<gmd:{name}><gco:Decimal>{value}</gco:Decimal></gmd:{name}>" for name, value in corners)
    frequency = _coded("gmd:maintenanceAndUpdateFrequency", "MD_MaintenanceFrequencyCode", record.description.frequency)
    kind = _coded("gmd:spatialRepresentationType", "MD_SpatialRepresentationTypeCode", "vector" if record.layer else "textTable")
    access = _coded("gmd:accessConstraints", "MD_RestrictionCode", "otherRestrictions")
    return (
        "<gmd:MD_DataIdentification>"
        f"<gmd:citation><gmd:CI_Citation>{_text('gmd:title', record.title)}{dated}</gmd:CI_Citation></gmd:citation>"
        f"{_text('gmd:abstract', record.abstract)}<gmd:pointOfContact>{_party(record)}</gmd:pointOfContact>"
        f"<gmd:resourceMaintenance><gmd:MD_MaintenanceInformation>{frequency}</gmd:MD_MaintenanceInformation></gmd:resourceMaintenance>"
        f"<gmd:descriptiveKeywords><gmd:MD_Keywords>{words}</gmd:MD_Keywords></gmd:descriptiveKeywords>"
        f"<gmd:resourceConstraints><gmd:MD_LegalConstraints>{access}{_text('gmd:otherConstraints', record.restrictions)}"
        f"</gmd:MD_LegalConstraints></gmd:resourceConstraints>{kind}"
        f"{_coded('gmd:language', 'LanguageCode', 'vie')}{_coded('gmd:characterSet', 'MD_CharacterSetCode', 'utf8')}"
        "<gmd:topicCategory><gmd:MD_TopicCategoryCode>environment</gmd:MD_TopicCategoryCode></gmd:topicCategory>"
        f"<gmd:extent><gmd:EX_Extent><gmd:geographicElement><gmd:EX_GeographicBoundingBox>{box}"
        "</gmd:EX_GeographicBoundingBox></gmd:geographicElement></gmd:EX_Extent></gmd:extent></gmd:MD_DataIdentification>"
    )


def links(record: MetadataRecord, root: str) -> list[tuple[str, str, str]]:
    """(protocol, address, what it is) of the services that give the data."""
    found = [("WWW:LINK-1.0-http--link", f"{root}sieu-du-lieu/{record.id}/", record.title)]
    if record.layer:
        name = record.layer.name
        found += [
            ("OGC:WFS-1.1.0-http-get-feature", f"{root}ows/wfs?service=WFS&version=1.1.0&request=GetFeature&typename=sonha:{name}", name),
            ("OGC:WMS-1.3.0-http-get-map", f"{root}ows/wms?service=WMS&version=1.3.0&request=GetCapabilities", name),
            ("OGC API - Features", f"{root}ogc/collections/{name}", name),
        ]
    return found


def _distribution(record: MetadataRecord, root: str) -> str:
    online = "".join(
        f"<gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>{escaped(address)}</gmd:URL></gmd:linkage>"
        f"{_text('gmd:protocol', protocol)}{_text('gmd:name', name)}</gmd:CI_OnlineResource></gmd:onLine>"
        for protocol, address, name in links(record, root)
    )
    options = f"<gmd:transferOptions><gmd:MD_DigitalTransferOptions>{online}</gmd:MD_DigitalTransferOptions></gmd:transferOptions>"
    return f"<gmd:MD_Distribution>{options}</gmd:MD_Distribution>"


def _quality(record: MetadataRecord) -> str:
    scope = f"<gmd:scope><gmd:DQ_Scope>{_coded('gmd:level', 'MD_ScopeCode', 'dataset')}</gmd:DQ_Scope></gmd:scope>"
    lineage = f"<gmd:lineage><gmd:LI_Lineage>{_text('gmd:statement', record.lineage)}</gmd:LI_Lineage></gmd:lineage>"
    return f"<gmd:DQ_DataQuality>{scope}{lineage}</gmd:DQ_DataQuality>"
