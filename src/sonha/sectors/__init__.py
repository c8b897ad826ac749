"""Specialised databases of the sector, each a declaration upon the engines: models, a `Register` per kind of record, code lists, rules.

    land         cadastre
    mapping      surveying activity
    minerals     mineral areas and licences
    water        water resources
    environment  pollution sources

A sector meets public services through `process.outcomes` alone: what an issued result means for its registers, and what its registers
say of an application. Imports registry, geo, process and foundation; imported by provinces, channels and operations.
"""
