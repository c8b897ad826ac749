"""Every change of a day, also by plain SQL, gives the calendar a new version, so that no process keeps an old one in memory."""

from django.db import migrations

SQL = """
CREATE FUNCTION calendar_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
    INSERT INTO calendar_calendarversion (id, number) VALUES (1, moment)
        ON CONFLICT (id) DO UPDATE SET number = greatest(calendar_calendarversion.number + 1, moment);
    RETURN NULL;
END
$$;
CREATE TRIGGER calendar_new_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON calendar_holiday
    FOR EACH STATEMENT EXECUTE FUNCTION calendar_new_version();
"""

UNDO = "DROP TRIGGER calendar_new_version ON calendar_holiday; DROP FUNCTION calendar_new_version();"


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
