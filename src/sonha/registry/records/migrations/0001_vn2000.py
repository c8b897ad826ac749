"""Coordinate systems VN-2000 / TM-3 that PostGIS of Debian 12 does not know (EPSG:9205-9218; Lạng Sơn is 9215, central meridian 107°15').

The seven parameters are EPSG:6960, VN-2000 to WGS 84, in the coordinate-frame convention of EPSG; `+towgs84` wants the rotations with the
opposite sign (position vector).
"""

from django.db import migrations

MERIDIANS = {
    9205: ("103-00", 103.0), 9206: ("104-00", 104.0), 9207: ("104-30", 104.5), 9208: ("104-45", 104.75), 9209: ("105-30", 105.5),
    9210: ("105-45", 105.75), 9211: ("106-00", 106.0), 9212: ("106-15", 106.25), 9213: ("106-30", 106.5), 9214: ("107-00", 107.0),
    9215: ("107-15", 107.25), 9216: ("107-30", 107.5), 9217: ("108-15", 108.25), 9218: ("108-30", 108.5),
}  # fmt: skip
SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"


def insert(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for srid, (name, meridian) in MERIDIANS.items():
            wkt = (
                f'PROJCS["VN-2000 / TM-3 {name}",GEOGCS["VN-2000",DATUM["Vietnam_2000",SPHEROID["WGS 84",6378137,298.257223563,'
                f'AUTHORITY["EPSG","7030"]],TOWGS84[{SHIFT}],AUTHORITY["EPSG","6756"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
                f'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4756"]],PROJECTION["Transverse_Mercator"],'
                f'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{meridian}],PARAMETER["scale_factor",0.9999],'
                f'PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],'
                f'AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","{srid}"]]'
            )
            proj = (
                f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84={SHIFT} +units=m +no_defs"
            )
            cursor.execute(
                "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) VALUES (%s, 'EPSG', %s, %s, %s)"
                " ON CONFLICT (srid) DO NOTHING",
                [srid, srid, wkt, proj],
            )


class Migration(migrations.Migration):
    atomic = False  # fourteen rows, each of them alone
    dependencies = [("search", "0001_initial"), ("organisations", "0001_initial")]
    operations = [migrations.RunPython(insert, migrations.RunPython.noop)]
