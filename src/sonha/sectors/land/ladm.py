"""The cadastral registers in the terms of ISO 19152:2012 (LADM), for exchange and for readers who come from other countries.

Own reading, after the FIG study on LADM for Viet Nam (2012). There is no direct class for LA_BAUnit: it is the set of rights that one
certificate or registration covers. Land is owned by the whole people: a land user's LA_Right is a right to use, never ownership.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sonha.sectors.land import models


@dataclass(frozen=True)
class Entity:
    """`attributes`: our field -> attribute of the class. Every class is a VersionedObject by the two times of the record."""

    model: type
    classes: tuple[str, ...]
    attributes: Mapping[str, str]


VERSIONED = {"valid_from": "beginLifespanVersion", "valid_to": "endLifespanVersion", "origin": "source"}

ENTITIES = (
    Entity(models.LandUser, ("LA_Party", "LA_GroupParty"), {"uid": "pID", "name": "name", "kind": "type", "id_number": "extPID"}),
    Entity(
        models.LandRight,
        ("LA_Right",),
        {"uid": "rID", "kind": "type", "share_numerator": "share.numerator", "share_denominator": "share.denominator"},
    ),
    Entity(
        models.LandRestriction,
        ("LA_Restriction", "LA_Mortgage", "LA_Responsibility"),
        {"uid": "rID", "kind": "type", "content": "description", "until": "timeSpec", "priority": "ranking"},
    ),
    Entity(
        models.Parcel,
        ("LA_SpatialUnit",),
        {"uid": "suID", "area": "area", "code": "label", "address": "extAddressID", "geometry": "createArea"},
    ),
    Entity(models.LandAsset, ("LA_LegalSpaceBuildingUnit",), {"uid": "suID", "floor_area": "area", "kind": "type", "name": "label"}),
    Entity(models.LandCertificate, ("LA_AdministrativeSource", "LA_BAUnit"), {"uid": "uID", "serial": "sID", "issued_on": "acceptance"}),
    Entity(models.LandRegistration, ("LA_AdministrativeSource",), {"uid": "sID", "kind": "type", "registered_on": "recordation"}),
    Entity(models.MapSheet, ("LA_SpatialSource",), {"uid": "sID", "number": "label", "measured_on": "acceptance"}),
    Entity(models.LandUse, ("ExtLandUse",), {"uid": "suID", "land_type": "type", "area": "area"}),
)
"""ExtLandUse is an external class of LADM: a parcel here has several purposes, each with its area, term and origin."""
