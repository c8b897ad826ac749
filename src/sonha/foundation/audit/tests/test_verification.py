"""Someone with every right in the database changes the log or a row; verification names the place."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from sonha.foundation.audit import history, seals, selectors, services, timestamps, verbs
from sonha.foundation.audit.models import Event, Seal
from sonha.foundation.audit.tasks import seal_the_day
from sonha.foundation.audit.verification import Broken, verify
from sonha.foundation.calendar.models import Holiday

pytestmark = pytest.mark.django_db

verbs.register("test.counted", "{actor} đếm {n}", n=int)


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def _keys(settings, data_folder: Path) -> None:
    settings.SONHA_DATA = data_folder


@pytest.fixture
def log() -> list[Event]:
    """Two chains of three events, and two tracked rows of which one was changed."""
    Holiday.objects.create(date=date(2018, 1, 1), name="Tết Dương lịch", source="BLLĐ")
    row = Holiday.objects.create(date=date(2018, 4, 30), name="Ngày Chiến thắng", source="BLLĐ")
    row.name = "Ngày Chiến thắng 30/4"
    row.save()
    return [services.record("test.counted", subject=("thing", thing), actor=None, payload={"n": n}) for n in range(3) for thing in "ab"]


def tamper(table: str, *statements: str) -> None:
    """As the database's superuser, with the table's triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def places() -> list[tuple[str, str, int | None]]:
    return [(broken.what, broken.name, broken.number) for broken in verify().broken]


def test_an_untouched_log_is_whole(log) -> None:
    seals.seal()
    result = verify()
    assert result.ok and result.first_broken is None
    assert (result.links, result.seals) == (6, 1)
    assert result.rows >= 2 and result.tables >= 1


@pytest.mark.parametrize(
    "change",
    [
        "payload = '{\"n\": 7}'",
        "actor_label = 'someone else'",
        "at = at - interval '1 day'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "verb = 'test.other'",
        "unit_id = 5",
        "hash = repeat('0', 64)",
    ],
)
def test_a_changed_event_is_named(log, change: str) -> None:
    tamper("audit_event", f"UPDATE audit_event SET {change} WHERE id = {log[2].pk}")
    assert verify().first_broken == Broken("event_changed", "thing:a", 2, str(log[2].pk))


def test_a_removed_event_is_named_by_its_gap(log) -> None:
    tamper("audit_event", f"DELETE FROM audit_event WHERE id = {log[2].pk}")
    assert places() == [("event_missing", "thing:a", 3)]


def test_a_removed_last_event_is_named_by_its_head(log) -> None:
    tamper("audit_event", f"DELETE FROM audit_event WHERE id = {log[4].pk}")
    assert places() == [("head_wrong", "thing:a", 2)]


def test_a_removed_chain_is_named(log) -> None:
    tamper("audit_event", "DELETE FROM audit_event WHERE subject_ref = 'b'")
    assert places() == [("head_missing", "thing:b", 3)]


def test_an_event_put_in_behind_the_triggers_is_named(log) -> None:
    tamper(
        "audit_event",
        """INSERT INTO audit_event (at, recorded_at, actor_label, verb, subject_kind, subject_ref, payload, seq, prev_hash, hash)
           VALUES (now(), now(), '', 'test.counted', 'thing', 'a', '{"n": 9}', 4, '', repeat('1', 64))""",
    )
    assert ("event_changed", "thing:a", 4) in places()


def rewrite_chain_a() -> None:
    """A perfect forgery: the whole chain and its head computed anew."""
    tamper(
        "audit_event",
        "UPDATE audit_event SET payload = '{\"n\": 7}' WHERE subject_ref = 'a' AND seq = 1",
        *(
            f"""UPDATE audit_event SET prev_hash = coalesce((SELECT hash FROM audit_event WHERE subject_ref = 'a' AND seq = {seq} - 1), '')
                WHERE subject_ref = 'a' AND seq = {seq};
                UPDATE audit_event e SET hash = audit_event_hash(e) WHERE subject_ref = 'a' AND seq = {seq}"""
            for seq in (1, 2, 3)
        ),
    )
    tamper(
        "audit_chainhead",
        "UPDATE audit_chainhead SET hash = (SELECT hash FROM audit_event WHERE subject_ref = 'a' AND seq = 3) WHERE chain = 'thing:a'",
    )


def test_a_chain_rewritten_without_fault_is_betrayed_by_the_seal(log) -> None:
    rewrite_chain_a()
    assert verify().ok  # within one day, before the seal, a perfect forgery cannot be told
    seals.seal()
    rewrite_chain_a()
    assert verify().ok  # the same content: nothing changed
    tamper("audit_event", "UPDATE audit_event SET payload = '{\"n\": 8}' WHERE subject_ref = 'a' AND seq = 2")
    tamper("audit_event", "UPDATE audit_event e SET hash = audit_event_hash(e) WHERE subject_ref = 'a' AND seq = 2")
    assert ("seal_events", "seal", 1) in places()


def test_sealed_events_that_vanish_with_their_chain_are_missed(log) -> None:
    seals.seal()
    tamper("audit_event", "DELETE FROM audit_event WHERE subject_ref = 'b'")
    tamper("audit_chainhead", "DELETE FROM audit_chainhead WHERE chain = 'thing:b'")
    assert places() == [("seal_events", "seal", 1)]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE audit_seal SET body = replace(body, 'events', 'evented') WHERE number = 1", "seal_changed"),
        ("UPDATE audit_seal SET signature = 'x'::bytea WHERE number = 1", "signature_bad"),
        ("UPDATE audit_seal SET signer = 'ed25519:00' WHERE number = 1", "key_unknown"),
        ("UPDATE audit_seal SET timestamp = 'x'::bytea WHERE number = 1", "timestamp_bad"),
        ("UPDATE audit_seal SET timestamp = (SELECT timestamp FROM audit_seal WHERE number = 2) WHERE number = 1", "timestamp_bad"),
        ("UPDATE audit_seal SET number = 9 WHERE number = 1", "seal_missing"),
        ("DELETE FROM audit_seal WHERE number = 1", "seal_missing"),
    ],
)
def test_a_changed_seal_is_named(log, change: str, what: str) -> None:
    seals.seal()
    services.record("test.counted", subject=("thing", "a"), actor=None, payload={"n": 4})
    seals.seal()
    tamper("audit_seal", change)
    found = places()
    assert (what in {place[0] for place in found}) or (what == "seal_missing" and found[0][0] in {"seal_changed", "seal_missing"})


def test_a_seal_rehashed_by_a_forger_without_the_key_is_named(log) -> None:
    seal = seals.seal()
    body = json.loads(seal.body) | {"at": "2018-01-01T00:00:00+00:00"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_seal SET body = %s, hash = encode(sha256(convert_to(%s, 'UTF8')), 'hex')", [text, text])
        cursor.execute("ALTER TABLE audit_seal ENABLE TRIGGER USER")
    assert places()[0] == ("signature_bad", "seal", 1)


def test_seals_cover_everything_once(log) -> None:
    seal = seals.seal()
    assert abs(timestamps.check(bytes(seal.timestamp), seal.hash.encode()) - seal.at) < timedelta(minutes=5)
    first = json.loads(seal.body)
    services.record("test.counted", subject=("thing", "a"), actor=None, payload={"n": 4})
    second = json.loads(seals.seal().body)
    assert second["events"]["from"] == first["events"]["to"] and second["events"]["count"] == 1
    table = Holiday.pgh_event_model._meta.db_table
    assert first["history"][table]["count"] == 3 and second["history"][table]["count"] == 0
    assert second["previous"] == Seal.objects.get(number=1).hash
    assert verify().ok


def test_changed_row_history_is_named(log) -> None:
    table = Holiday.pgh_event_model._meta.db_table
    seals.seal()
    tamper(
        table,
        f"UPDATE {table} SET name = 'x' WHERE pgh_id = (SELECT min(pgh_id) FROM {table} WHERE pgh_label = 'insert' AND name LIKE 'Ngày%%')",
    )
    assert places() == [("seal_history", table, 1)]
    assert "niêm phong" in verify().first_broken.words("vi") and table in verify().first_broken.words("en")


def test_a_history_table_that_lost_a_sealed_column_is_named(log) -> None:
    table = Holiday.pgh_event_model._meta.db_table
    seals.seal()
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} RENAME COLUMN pgh_label TO pgh_word")
        with pytest.raises(LookupError, match="pgh_label"):
            history.digest(table, ["pgh_id", "pgh_label"], 0, 9)
        cursor.execute(f"ALTER TABLE {table} RENAME COLUMN pgh_word TO pgh_label")


def test_a_history_table_that_is_gone_is_named(log) -> None:
    table = Holiday.pgh_event_model._meta.db_table
    seals.seal()
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} RENAME TO aside")
    assert {("seal_columns", table, 1), ("table_missing", table, None)} <= set(places())
    assert table not in json.loads(seals.seal().body)["history"]


def test_a_row_changed_with_triggers_off_is_named_with_its_columns(log) -> None:
    tamper("calendar_holiday", "UPDATE calendar_holiday SET date = '2018-05-02', source = 'x' WHERE date = '2018-04-30'")
    row = Holiday.objects.get(source="x")
    assert verify().broken == (Broken("row_changed", "calendar_holiday", None, str(row.pk), ("date", "source")),)


def test_rows_added_or_removed_with_triggers_off_are_named(log) -> None:
    kept = Holiday.objects.get(date="2018-01-01").pk
    tamper(
        "calendar_holiday",
        "DELETE FROM calendar_holiday WHERE date = '2018-01-01'",
        "INSERT INTO calendar_holiday (date, kind, name, source, assumption) VALUES ('2018-09-02', 'holiday', 'x', 'y', false)",
    )
    added = Holiday.objects.get(name="x").pk
    assert {(broken.what, broken.id) for broken in verify().broken} == {("row_removed", str(kept)), ("row_unrecorded", str(added))}


def test_rows_deleted_by_the_application_are_no_fault(log) -> None:
    Holiday.objects.all().delete()
    assert verify().ok


def change_directly() -> int:
    """As with psql: triggers work, but nobody said who or why."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', '', true), set_config('pghistory.context_metadata', '', true)")
        cursor.execute("UPDATE calendar_holiday SET name = 'x' WHERE date = '2018-04-30'")
    return Holiday.pgh_event_model.objects.latest("pgh_id").pk


def test_a_direct_change_is_named_and_can_be_answered_for(log) -> None:
    number = change_directly()
    row = Holiday.objects.get(name="x")
    assert verify().broken == (Broken("row_outside", "calendar_holiday", number, str(row.pk), ("name",)),)
    table = Holiday.pgh_event_model._meta.db_table
    with pytest.raises(LookupError):
        services.accept_change(None, table, number - 1, document="12/CV-STTTT")
    services.accept_change(None, table, number, document="12/CV-STTTT")
    assert verify().ok


def test_the_command_exits_1_and_names_the_place_in_both_languages(log, capsys) -> None:
    call_command("seal_audit")
    call_command("verify_audit")
    assert "Nhật ký nguyên vẹn.\nThe audit log is whole." in capsys.readouterr().out
    number = change_directly()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit")
    assert stopped.value.code == 1
    out = capsys.readouterr().out
    assert (
        "sửa trực tiếp trong cơ sở dữ liệu" in out and "changed directly in the database" in out and f"calendar_holiday no. {number}" in out
    )
    call_command("verify_audit", accept=f"{Holiday.pgh_event_model._meta.db_table}:{number}", document="12/CV-STTTT")


def test_the_nightly_job_keeps_its_result(log) -> None:
    change_directly()
    seal_the_day(timestamp=0)
    check = selectors.last_check()
    assert not check.ok and check.links == 6 and "calendar_holiday" in check.broken[0]
