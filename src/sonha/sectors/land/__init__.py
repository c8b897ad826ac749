"""The cadastre - CSDL địa chính: parcels, who has which right to them, certificates, restrictions, and the acts that change all this.

    split, merge, transfer, mortgage, release, correct_parcel, renew_certificate     (services)  one transaction each, one registration

Imports registry, process.outcomes and sectors.areas.
"""
