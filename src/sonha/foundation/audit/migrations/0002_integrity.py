"""Hash chain in the database: links are computed, and changes refused, by triggers that the application cannot pass by."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "integrity.sql").read_text(encoding="utf-8")

UNDO = """
DROP TRIGGER audit_event_link ON audit_event;
DROP TRIGGER audit_event_keep ON audit_event;
DROP TRIGGER audit_event_keep_all ON audit_event;
DROP TRIGGER audit_chainhead_keep ON audit_chainhead;
DROP TRIGGER audit_chainhead_keep_all ON audit_chainhead;
DROP TRIGGER audit_seal_keep ON audit_seal;
DROP TRIGGER audit_seal_keep_all ON audit_seal;
DROP FUNCTION audit_event_link();
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_event_hash(audit_event);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
