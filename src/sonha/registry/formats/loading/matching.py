"""Set-based checks of the rows on their way against the register: which record is meant, who may, what must not be."""

from django.contrib.gis.db.models import GeometryField
from django.db import connection, models
from django.db.models import UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.registry.declarations import Register
from sonha.registry.grants.rights import Rights
from sonha.registry.quality.rules.kinds import titles_of

from .mapping import COMMUNE
from .staging import TABLE, refuse

CLOSER = 0.001  # m: shapes that differ by less are the same, so that a file in another system changes nothing
CLOSER_DEGREES = 1e-8


def column(register: type[Register], name: str) -> str:
    return f'"{register.model._meta.get_field(name).column}"'  # type: ignore[union-attr]


def main(register: type[Register]) -> str:
    return f'"{register.model._meta.db_table}"'


def identify(register: type[Register], columns: list[str]) -> None:
    """Finds the record that each row means. Refuses rows without identity, twice in the file, of two records, of an ended one."""
    keys = [column(register, name) for name in register.identity]
    titles = titles_of(register, register.identity)
    blank = " OR ".join(f"nullif({each}::text, '') IS NULL" for each in keys)
    refuse(f"SELECT row_no, %s FROM {TABLE} WHERE {blank}", [_("Thiếu %(fields)s.") % {"fields": titles}])
    listed = ", ".join(keys)
    refuse(
        f"""SELECT row_no, replace(%s, '{{row}}', first::text) FROM (
                SELECT row_no, min(row_no) OVER (PARTITION BY {listed}) AS first FROM {TABLE}) AS numbered WHERE row_no > first""",
        [_("Trùng %(fields)s với dòng %(row)s của tệp.") % {"fields": titles, "row": "{row}"}],
    )
    same = " AND ".join(f"m.{each} = s.{each}" for each in keys)
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
        cursor.execute(
            f"""UPDATE {TABLE} s SET id = m.id, act = CASE WHEN m.times > 1 THEN 'many' ELSE 'known' END
                FROM (SELECT {listed}, min(id) AS id, count(*) AS times FROM {main(register)}
                      WHERE (valid_to IS NULL OR valid_to >= %s) AND ({listed}) IN (SELECT {listed} FROM {TABLE})
                      GROUP BY {listed}) m WHERE {same}""",
            [today],
        )
        cursor.execute(f"UPDATE {TABLE} SET act = 'new' WHERE act IS NULL")
    refuse(f"SELECT row_no, %s FROM {TABLE} WHERE act = 'many'", [_("Trong sổ có nhiều bản ghi cùng %(fields)s.") % {"fields": titles}])


def permit(register: type[Register], rights: Rights, columns: list[str]) -> None:
    """Refuses rows outside the areas in which the actor edits: as they are and as they would be."""
    if rights.edit_areas is None:
        return
    areas = sorted(rights.edit_areas)
    sentence = _("Không thuộc địa bàn ông/bà được giao cập nhật.")
    if COMMUNE in columns:
        refuse(f"SELECT row_no, %s FROM {TABLE} WHERE NOT coalesce(commune_code, '') = ANY(%s)", [sentence, areas])
    else:
        refuse(f"SELECT row_no, %s FROM {TABLE} WHERE act = 'new'", [sentence])
    refuse(f"SELECT s.row_no, %s FROM {TABLE} s JOIN {main(register)} m USING (id) WHERE NOT m.commune_code = ANY(%s)", [sentence, areas])


def complete(register: type[Register], columns: list[str]) -> None:
    """Refuses rows that lack what a record must have."""
    for each in register.model._meta.local_concrete_fields:
        name = each.name
        if (
            each.primary_key
            or each.generated
            or each.blank
            or name in ("uid", "valid_from", "recorded_at", "change")
            or name in register.computed
        ):
            continue
        sentence = _("Thiếu %(fields)s.") % {"fields": titles_of(register, [name])}
        if name in columns:
            empty = f"{column(register, name)} IS NULL"
            if isinstance(each, (models.CharField, models.TextField)):
                empty += f" OR {column(register, name)} = ''"
            refuse(f"SELECT row_no, %s FROM {TABLE} WHERE {empty}", [sentence])
        elif not (each.has_default() or each.null or each.has_db_default()):
            refuse(
                f"SELECT row_no, %s FROM {TABLE} WHERE act = 'new'",
                [_("Bản ghi mới mà tệp không có %(fields)s.") % {"fields": titles_of(register, [name])}],
            )


def unrepeated(register: type[Register], columns: list[str]) -> None:
    """Refuses rows that would break a uniqueness of the table, against the register (ended records too) and within the file."""
    for names in unique_sets(register):
        if not set(names) <= set(columns):
            continue
        keys = [column(register, name) for name in names]
        same = " AND ".join(f"m.{each} = s.{each}" for each in keys)
        titles = titles_of(register, names)
        refuse(
            f"SELECT DISTINCT s.row_no, %s FROM {TABLE} s JOIN {main(register)} m ON {same} WHERE m.id IS DISTINCT FROM s.id",
            [_("%(fields)s đã có ở một bản ghi khác, có thể đã chấm dứt.") % {"fields": titles}],
        )
        listed = ", ".join(keys)
        refuse(
            f"""SELECT row_no, %s FROM (SELECT row_no, row_number() OVER (PARTITION BY {listed} ORDER BY row_no) AS nth FROM {TABLE}
                WHERE {" AND ".join(f"{each} IS NOT NULL" for each in keys)}) AS numbered WHERE nth > 1""",
            [_("Trùng %(fields)s với một dòng khác của tệp.") % {"fields": titles}],
        )


def unique_sets(register: type[Register]) -> list[tuple[str, ...]]:
    meta = register.model._meta
    alone = [(each.name,) for each in meta.local_concrete_fields if each.unique and not each.primary_key and each.name != "uid"]
    together = [
        tuple(each.fields) for each in meta.constraints if isinstance(each, UniqueConstraint) and each.fields and not each.condition
    ]
    return [*alone, *together]


def within_limits(register: type[Register], columns: list[str]) -> None:
    """Refuses rows that break a check of the table, by the table's own words."""
    present = {register.model._meta.get_field(name).column for name in columns}  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname, pg_get_expr(conbin, conrelid), ARRAY(SELECT attname::text FROM pg_attribute
                   WHERE attrelid = conrelid AND attnum = ANY(conkey)) FROM pg_constraint
               WHERE contype = 'c' AND conrelid = %s::regclass""",
            [main(register)],
        )
        checks = cursor.fetchall()
    sentences = {each.name: str(each.violation_error_message) for each in register.model._meta.constraints if each.violation_error_message}
    for name, expression, names in checks:
        if set(names) <= present:
            titles = titles_of(register, [each for each in columns if column(register, each).strip('"') in names])
            said = sentences.get(name) if name in sentences and name not in str(sentences[name]) else None
            sentence = said or _("%(fields)s ngoài giới hạn cho phép.") % {"fields": titles}
            refuse(f"SELECT row_no, %s FROM {TABLE} WHERE NOT ({expression})", [sentence])


def compare(register: type[Register], columns: list[str]) -> None:
    """Tells known rows that change something from those that do not."""
    same = " AND ".join(_same(register, name) for name in columns if name not in register.identity) or "true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} s SET act = CASE WHEN {same} THEN 'same' ELSE 'changed' END FROM {main(register)} m WHERE m.id = s.id"
        )


def _same(register: type[Register], name: str) -> str:
    field, own = register.model._meta.get_field(name), column(register, name)
    if not isinstance(field, GeometryField):
        return f"s.{own} IS NOT DISTINCT FROM m.{own}"
    most = CLOSER_DEGREES if field.srid in (4326, 4756) else CLOSER
    return (
        f"CASE WHEN s.{own} IS NULL OR m.{own} IS NULL THEN s.{own} IS NULL AND m.{own} IS NULL"
        f" WHEN s.{own}::bytea = m.{own}::bytea THEN true"
        f" ELSE ST_NPoints(s.{own}) = ST_NPoints(m.{own}) AND ST_HausdorffDistance(s.{own}, m.{own}) < {most} END"
    )
