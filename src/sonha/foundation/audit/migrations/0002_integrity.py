"""Hash chain in the database: links are computed, and changes refused, by triggers that the application cannot pass by."""

from django.db import migrations

SQL = """
-- Canonical text of an event: a JSON array of its columns in this order, instants in microseconds since 1970. A new column that must be
-- protected is added at the end, and only for events recorded after it exists.
CREATE FUNCTION audit_event_hash(e audit_event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        e.prev_hash, e.subject_kind, e.subject_ref, e.seq, e.id,
        (extract(epoch FROM e.at) * 1000000)::bigint, (extract(epoch FROM e.recorded_at) * 1000000)::bigint,
        e.actor_user_id, e.actor_label, e.unit_id, e.verb, e.payload
    )::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION audit_event_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := NEW.subject_kind || ':' || NEW.subject_ref;
    head audit_chainhead;
BEGIN
    INSERT INTO audit_chainhead (chain, seq, hash) VALUES (key, 0, '') ON CONFLICT (chain) DO NOTHING;
    SELECT * INTO STRICT head FROM audit_chainhead WHERE chain = key FOR UPDATE;
    NEW.recorded_at := clock_timestamp();
    NEW.seq := head.seq + 1;
    NEW.prev_hash := head.hash;
    NEW.hash := audit_event_hash(NEW);
    UPDATE audit_chainhead SET seq = NEW.seq, hash = NEW.hash WHERE chain = key;
    RETURN NEW;
END
$$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- the head of a chain is moved by the trigger above, one level deeper than any statement of a person or the application
    IF TG_TABLE_NAME = 'audit_chainhead' AND TG_OP IN ('INSERT', 'UPDATE') AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log is never changed (% on %)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER audit_event_link BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_link();
CREATE TRIGGER audit_event_keep BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_keep_all BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_chainhead_keep BEFORE INSERT OR UPDATE OR DELETE ON audit_chainhead FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_chainhead_keep_all BEFORE TRUNCATE ON audit_chainhead FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_keep BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_keep_all BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- every event moves its head: leave room on the page so that the update stays off the index
ALTER TABLE audit_chainhead SET (fillfactor = 70);
"""

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
