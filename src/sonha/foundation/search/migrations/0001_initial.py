"""Text search set-up. Apps with a search column depend on this migration."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

SQL = r"""
-- unaccent() is only STABLE because its dictionary could be replaced; ours is named and never is, so the result may stand in an index.
CREATE FUNCTION sonha_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT public.unaccent('public.unaccent'::regdictionary, normalize($1, NFC))
$$;

-- for comparing names: no marks, lower case, single spaces
CREATE FUNCTION sonha_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(lower(public.sonha_unaccent($1)), '\s+', ' ', 'g'))
$$;

-- for document, dossier, parcel and sheet numbers: no marks, capitals, no spaces: 473/QĐ-BTTTT -> 473/QD-BTTTT
CREATE FUNCTION sonha_number(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(upper(public.sonha_unaccent($1)), '\s+', '', 'g')
$$;

-- The parser takes m3/ngày for a file and 473/QĐ for a path: punctuation becomes spaces before it looks.
CREATE FUNCTION sonha_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(lower(normalize($1, NFC)), '/\_-.,;:()[]{}<>|+*&!?@#%"''–—…“”‘’°²³', repeat(' ', 35) || '23')
$$;

CREATE TEXT SEARCH CONFIGURATION sonha_vi (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION sonha_vi ALTER MAPPING FOR hword, hword_part, word, numword, numhword, hword_numpart WITH public.unaccent, pg_catalog.simple;

-- Both spellings of every word: with its marks (strong weight) and without (weak weight).
CREATE FUNCTION sonha_vector(text, strong "char", weak "char") RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('pg_catalog.simple'::regconfig, coalesce(public.sonha_plain($1), '')), strong)
        || setweight(to_tsvector('public.sonha_vi'::regconfig, coalesce(public.sonha_plain($1), '')), weak)
$$;

-- A word typed with marks asks for that word; typed without marks it asks for every word that so reads. "Quoted words" stand together,
-- -word excludes, or is or.
CREATE FUNCTION sonha_query(text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT websearch_to_tsquery('pg_catalog.simple'::regconfig, regexp_replace(
        translate(lower(normalize($1, NFC)), '/\_.,;:()[]{}<>|+*&!?@#%''–—…‘’°“”²³', repeat(' ', 31) || '""23'), '(\S)-', '\1 ', 'g'))
$$;

-- While typing: every word, the last one as the beginning of a word.
CREATE FUNCTION sonha_prefix_query(text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN words = '{}' THEN ''::tsquery
        ELSE (SELECT string_agg(quote_literal(word), ' & ' ORDER BY place) || ':*' FROM unnest(words) WITH ORDINALITY AS w(word, place))::tsquery END
    FROM (SELECT array_remove(regexp_split_to_array(public.sonha_plain($1), '\s+'), '') AS words) AS typed
$$;

CREATE COLLATION IF NOT EXISTS public.vi (provider = icu, locale = 'vi-VN');
"""

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
