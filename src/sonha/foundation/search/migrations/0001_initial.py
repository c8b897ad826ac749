"""Text search set-up. Apps with a search column depend on this migration."""

from pathlib import Path

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "search.sql").read_text(encoding="utf-8")

UNDO = """
DROP COLLATION IF EXISTS public.vi;
DROP FUNCTION sonha_prefix_query(text);
DROP FUNCTION sonha_query(text);
DROP FUNCTION sonha_vector(text, "char", "char");
DROP TEXT SEARCH CONFIGURATION sonha_vi;
DROP FUNCTION sonha_plain(text);
DROP FUNCTION sonha_number(text);
DROP FUNCTION sonha_fold(text);
DROP FUNCTION sonha_unaccent(text);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [UnaccentExtension(), TrigramExtension(), migrations.RunSQL(SQL, UNDO)]
