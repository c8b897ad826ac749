"""The statements that multiply lives of dossiers. Every copy is a life that the engine led, at another time and of another person.

A template is a dossier of the demonstration with everything that hangs on it. A *general* template never left the desk, the division and
the head of its agency: its copies go to any agency that has such a desk and division, under any procedure of the same flow and form. The
others (consultations between agencies) stay where they were. Ids are spread by strides, so that a batch needs nothing from the last one.
Left out: row histories (one insertion per copy is not what the engine writes), permits, invoices, messages.
"""

PEOPLE_PER_DOSSIER = 0.2
YEARS = 5
QUIET = ("case.started", "task.opened", "task.claimed", "task.escalated", "task.reminded")
"""Events that the copies leave out, which brings a life to about twelve."""

SCHEMA = """
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;

CREATE TABLE bench.progress AS SELECT 0::bigint AS done, %(count)s::bigint AS wanted, now() AS moment;

CREATE TABLE bench.cases AS
WITH RECURSIVE tree AS (
    SELECT id AS template, case_id AS id FROM dossiers_dossier
    UNION ALL
    SELECT tree.template, child.id FROM tree
    JOIN cases_task task ON task.case_id = tree.id JOIN cases_case child ON child.parent_task_id = task.id
)
SELECT template, id, row_number() OVER (PARTITION BY template ORDER BY id) AS ordinal FROM tree;
CREATE TABLE bench.tasks AS
SELECT c.template, c.ordinal AS case_ordinal, t.id, row_number() OVER (PARTITION BY c.template ORDER BY t.id) AS ordinal
FROM bench.cases c JOIN cases_task t ON t.case_id = c.id;
CREATE TABLE bench.scopes AS
SELECT c.template, c.ordinal AS case_ordinal, s.id, row_number() OVER (PARTITION BY c.template ORDER BY s.id) AS ordinal
FROM bench.cases c JOIN cases_parallelscope s ON s.case_id = c.id;

CREATE TABLE bench.agency AS
SELECT row_number() OVER (ORDER BY head.level = 'commune', head.id) AS n, head.id, desk.id AS desk, division.id AS division,
       coalesce(nullif(head.code_qd20, ''), head.code) AS prefix
FROM organisations_unit head
JOIN organisations_unit desk ON desk.code = head.code || '.MC'
JOIN organisations_unit division ON division.code = head.code || '.CM'
WHERE head.is_agency AND (head.valid_to IS NULL OR head.valid_to >= current_date);

CREATE TABLE bench.template AS
SELECT d.id, d.case_id, d.agency_id, d.procedure_id, d.version_id, d.submitted_at,
       d.applicant_id, c.flow_version_id, v.form_version_id,
       d.state IN ('granted', 'refused', 'withdrawn') AS ended, coalesce(d.closed_at, d.finished_at) AS ended_at,
       CASE WHEN d.state = 'granted' THEN 12 ELSE 1 END AS weight,
       EXISTS (SELECT 1 FROM bench.agency a WHERE a.id = d.agency_id)
       AND NOT EXISTS (
           SELECT 1 FROM bench.tasks s JOIN cases_task t ON t.id = s.id JOIN bench.agency a ON a.id = d.agency_id
           WHERE s.template = d.id AND t.unit_id IS NOT NULL AND t.unit_id NOT IN (a.id, a.desk, a.division)
       ) AS general
FROM dossiers_dossier d JOIN cases_case c ON c.id = d.case_id JOIN procedures_procedureversion v ON v.id = d.version_id
WHERE d.is_demo;
CREATE TABLE bench.choice AS
SELECT general, ended, row_number() OVER (PARTITION BY general, ended ORDER BY id, copy) AS n, id AS template,
       count(*) OVER (PARTITION BY general, ended) AS size
FROM bench.template, LATERAL generate_series(1, weight) AS copy;
CREATE INDEX ON bench.choice (general, ended, n);

CREATE TABLE bench.version AS
SELECT t.id AS template, v.id AS version_id, v.procedure_id, p.name, row_number() OVER (PARTITION BY t.id ORDER BY v.id) AS n,
       count(*) OVER (PARTITION BY t.id) AS size
FROM bench.template t
JOIN procedures_procedureversion v ON v.flow_version_id = t.flow_version_id AND v.form_version_id = t.form_version_id
    AND v.state = 'published' AND (t.general OR v.id = t.version_id)
JOIN procedures_procedure p ON p.id = v.procedure_id;
CREATE INDEX ON bench.version (template, n);

CREATE TABLE bench.moved AS
SELECT t.id AS template, a.id AS agency_id, pair.was AS from_unit, pair.becomes AS to_unit
FROM bench.template t JOIN bench.agency o ON o.id = t.agency_id CROSS JOIN bench.agency a,
     LATERAL (VALUES (o.id, a.id), (o.desk, a.desk), (o.division, a.division)) AS pair (was, becomes)
WHERE t.general;
CREATE INDEX ON bench.moved (template, agency_id, from_unit);
CREATE TABLE bench.actors AS
SELECT t.id AS template, a.id AS agency_id, jsonb_object_agg(actor.key, coalesce(to_jsonb(m.to_unit), actor.value)) AS actors
FROM bench.template t JOIN cases_case c ON c.id = t.case_id CROSS JOIN bench.agency a CROSS JOIN LATERAL jsonb_each(c.actors) AS actor
LEFT JOIN bench.moved m ON m.template = t.id AND m.agency_id = a.id AND m.from_unit = (actor.value #>> '{}')::bigint
WHERE t.general GROUP BY 1, 2;
CREATE INDEX ON bench.actors (template, agency_id);

CREATE TABLE bench.offset AS SELECT
    (SELECT max(id) FROM dossiers_dossier) AS dossier,
    (SELECT max(id) FROM cases_case) AS "case", (SELECT max(ordinal) FROM bench.cases) AS cases,
    (SELECT max(id) FROM cases_task) AS task, (SELECT max(ordinal) FROM bench.tasks) AS tasks,
    (SELECT coalesce(max(id), 0) FROM cases_parallelscope) AS scope, (SELECT coalesce(max(ordinal), 1) FROM bench.scopes) AS scopes,
    (SELECT max(id) FROM identity_party) AS party, greatest(100, (%(count)s * %(people)s)::bigint) AS parties,
    (SELECT max(id) FROM identity_user) AS account,
    (SELECT party_id FROM identity_user WHERE username = 'congdan') AS citizen,
    (SELECT party_id FROM identity_user WHERE username = 'doanhnghiep') AS business;

CREATE FUNCTION bench.share(k bigint, salt bigint) RETURNS double precision LANGUAGE sql IMMUTABLE AS
    'SELECT (hashint8extended(k, salt) & 2147483647) / 2147483648.0::double precision';
CREATE FUNCTION bench.linked(state text, rest text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN encode(sha256(convert_to('["' || coalesce(state, '') || '", ' || rest, 'UTF8')), 'hex');
END $$;
CREATE AGGREGATE bench.chain(text) (SFUNC = bench.linked, STYPE = text);

CREATE UNLOGGED TABLE bench.life (
    k bigint, template bigint, general boolean, dossier_id bigint, case_from bigint, task_from bigint, scope_from bigint, shift interval,
    agency_id bigint, version_id bigint, procedure_id bigint, title text, code text, owner_id bigint, owner_name text, user_id bigint,
    old_user bigint, submitted_at timestamptz
);
"""

PEOPLE = """
SET LOCAL session_replication_role = replica;
WITH words AS (SELECT
    string_to_array('Nguyễn Hoàng Nông Lý Vi Lương Triệu Hứa Lộc Chu Đàm Bế Lâm Phạm Trần Lê Dương Mã Đinh Vũ', ' ') AS families,
    string_to_array('Văn Thị Minh Thu Đức Hồng Ngọc Quang Thanh Kim Xuân Bích', ' ') AS middles,
    string_to_array('An Bình Chi Dũng Đạt Giang Hà Hải Hạnh Hiếu Hoa Hòa Huệ Hùng Hương Khánh Lan Linh Loan Long Mai Nam Nga Nhung Phong '
        'Phúc Quân Quyên Sơn Thảo Thắng Thủy Toàn Trang Trung Tuấn Tuyết Vân Việt Yến', ' ') AS givens,
    (SELECT array_agg(code ORDER BY code) FROM organisations_adminunit WHERE length(code) = 5) AS communes
)
INSERT INTO identity_party (id, kind, name, personal_id, tax_code, birth_date, address, commune_code, phone, email, is_demo, created_at)
OVERRIDING SYSTEM VALUE
SELECT o.party + n, 'person',
       concat_ws(' ', families[1 + (bench.share(n, 1) * cardinality(families))::int %% cardinality(families)],
           middles[1 + (bench.share(n, 2) * cardinality(middles))::int %% cardinality(middles)],
           givens[1 + (bench.share(n, 3) * cardinality(givens))::int %% cardinality(givens)]),
       '0209' || lpad(n::text, 8, '0'), '', date '1950-01-01' + (bench.share(n, 4) * 19000)::int, 'Thôn ' || (1 + n %% 12),
       coalesce(communes[1 + (bench.share(n, 5) * cardinality(communes))::int %% cardinality(communes)], ''),
       '09' || lpad((n %% 100000000)::text, 8, '0'), '', false, now() - interval '5 years'
FROM bench.offset o, words, generate_series(1, o.parties) AS n;

INSERT INTO identity_user (id, password, username, email, full_name, phone, kind, language, is_active, is_demo, date_joined, party_id)
OVERRIDING SYSTEM VALUE
SELECT o.account + n, '!', 'nd' || lpad(n::text, 8, '0'), '', p.name, p.phone, 'citizen', 'vi', true, false, now() - interval '5 years',
       p.id
FROM bench.offset o, generate_series(1, o.parties / 2) AS n JOIN identity_party p ON p.id = (SELECT party FROM bench.offset) + n;
"""

STAFF = """
SET LOCAL session_replication_role = replica;
CREATE TABLE bench.hired AS
SELECT row_number() OVER () AS n, unit_id, role FROM (
    SELECT desk AS unit_id, 'receptionist' AS role, copy FROM bench.agency, generate_series(1, 2) AS copy
    UNION ALL SELECT division, 'specialist', copy FROM bench.agency, generate_series(1, 3) AS copy
    UNION ALL SELECT division, 'head', 1 FROM bench.agency
    UNION ALL SELECT id, 'leader', 1 FROM bench.agency
    UNION ALL SELECT id, 'clerk', 1 FROM bench.agency
    UNION ALL SELECT unit_id, role, copy FROM organisations_position, generate_series(1, 7) AS copy
    WHERE role = 'specialist' AND unit_id NOT IN (SELECT division FROM bench.agency)
) AS wanted;
INSERT INTO identity_user (id, password, username, email, full_name, phone, kind, language, is_active, is_demo, date_joined)
OVERRIDING SYSTEM VALUE
SELECT o.account + o.parties + h.n, '!', 'cb' || lpad(h.n::text, 6, '0'), '', p.name, '', 'official', 'vi', true, false, now()
FROM bench.offset o, bench.hired h JOIN identity_party p ON p.id = (SELECT party + 1 FROM bench.offset) + (h.n * 7919)
    %% (SELECT parties FROM bench.offset);
INSERT INTO organisations_position (role, title, valid_from, user_id, unit_id)
SELECT h.role, '', current_date - 2000, o.account + o.parties + h.n, h.unit_id FROM bench.offset o, bench.hired h
WHERE EXISTS (SELECT 1 FROM identity_user u WHERE u.id = o.account + o.parties + h.n);
CREATE TABLE bench.staff AS
SELECT unit_id, role, array_agg(DISTINCT user_id) AS users FROM organisations_position
WHERE valid_from <= current_date AND (valid_to IS NULL OR valid_to >= current_date) GROUP BY 1, 2;
CREATE INDEX ON bench.staff (unit_id, role);
CREATE TABLE bench.speaker AS
SELECT DISTINCT ON (unit_id) unit_id, u.id AS user_id, u.full_name AS label
FROM organisations_position p JOIN identity_user u ON u.id = p.user_id ORDER BY unit_id, p.id;
CREATE INDEX ON bench.speaker (unit_id);
"""

LIVES = """
TRUNCATE bench.life;
WITH numbered AS (
    SELECT k, moment - make_interval(secs => (%(years)s * 365 * 86400.0 * (1 - k::float8 / wanted))) AS wished, moment
    FROM bench.progress, generate_series(%(first)s::bigint, %(last)s::bigint) AS k
), chosen AS (
    SELECT numbered.*, bench.share(k, 11) >= 0.2 AS general,
           bench.share(k, 12) >= CASE WHEN wished > moment - interval '45 days' THEN 0.5 ELSE 0.002 END AS ended
    FROM numbered
), templated AS (
    SELECT chosen.k, chosen.wished, chosen.moment, t.*,
           CASE WHEN t.ended THEN least(wished - t.submitted_at, moment - t.ended_at - interval '2 hours')
                ELSE make_interval(days => -(28 * bench.share(k, 13) ^ 3)::int) END AS wanted_shift
    FROM chosen
    JOIN bench.choice c ON c.general = chosen.general AND c.ended = chosen.ended
         AND c.n = 1 + floor(bench.share(k, 14) * (
             SELECT max(size) FROM bench.choice x WHERE x.general = chosen.general AND x.ended = chosen.ended))
    JOIN bench.template t ON t.id = c.template
), placed AS (
    SELECT templated.*, o.*, a.id AS new_agency, a.prefix,
           CASE WHEN templated.ended THEN make_interval(days => 7 * floor(extract(epoch FROM wanted_shift) / 604800)::int)
                ELSE wanted_shift END AS shift,
           CASE WHEN k %% greatest(1, wanted / 30) = 7 AND citizen IS NOT NULL THEN citizen
                WHEN k %% greatest(1, wanted / 300) = 3 AND business IS NOT NULL THEN business
                ELSE party + 1 + floor(parties * bench.share(k, 15) ^ 1.4)::bigint END AS who
    FROM templated CROSS JOIN bench.offset o CROSS JOIN (SELECT wanted FROM bench.progress) w
    LEFT JOIN bench.agency a ON templated.general
         AND a.n = 1 + floor((SELECT count(*) FROM bench.agency) * bench.share(k, 16) ^ 1.5)
)
INSERT INTO bench.life
SELECT k, p.id, p.general, dossier + k, "case" + k * cases, task + k * tasks, scope + k * scopes, shift,
       coalesce(new_agency, p.agency_id), v.version_id, v.procedure_id, v.name,
       coalesce(prefix, (SELECT coalesce(nullif(code_qd20, ''), code) FROM organisations_unit WHERE id = p.agency_id))
           || '-' || to_char((p.submitted_at + shift) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYMMDD') || '-' || (10000000 + k),
       who, owner.name, account_of.id, p.applicant_id, p.submitted_at + shift
FROM placed p
JOIN bench.version v ON v.template = p.id
     AND v.n = 1 + floor(bench.share(k, 17) * (SELECT max(size) FROM bench.version x WHERE x.template = p.id))
JOIN identity_party owner ON owner.id = who
LEFT JOIN identity_user account_of ON account_of.party_id = who;
ANALYZE bench.life;
"""

ROWS = (
    """
INSERT INTO cases_case (id, subject_kind, title, state, outcome, reason, actors, data, "limit", started_at, clock_from, due_at, ended_at,
                        flow_version_id, parent_task_id) OVERRIDING SYSTEM VALUE
SELECT l.case_from + s.ordinal, c.subject_kind, CASE WHEN s.ordinal = 1 THEN left(l.title, 300) ELSE c.title END, c.state, c.outcome,
       c.reason, coalesce(a.actors, c.actors), c.data, c."limit", c.started_at + l.shift, c.clock_from + l.shift, c.due_at + l.shift,
       c.ended_at + l.shift, c.flow_version_id, l.task_from + parent.ordinal
FROM bench.life l JOIN bench.cases s ON s.template = l.template JOIN cases_case c ON c.id = s.id
LEFT JOIN bench.actors a ON l.general AND a.template = l.template AND a.agency_id = l.agency_id
LEFT JOIN bench.tasks parent ON parent.template = l.template AND parent.id = c.parent_task_id
ORDER BY 1""",
    """
INSERT INTO cases_parallelscope (id, split, branches, arrived, closed_at, case_id, parent_id) OVERRIDING SYSTEM VALUE
SELECT l.scope_from + s.ordinal, x.split, x.branches, x.arrived, x.closed_at + l.shift, l.case_from + s.case_ordinal,
       l.scope_from + parent.ordinal
FROM bench.life l JOIN bench.scopes s ON s.template = l.template JOIN cases_parallelscope x ON x.id = s.id
LEFT JOIN bench.scopes parent ON parent.template = l.template AND parent.id = x.parent_id""",
    """
INSERT INTO cases_task (id, step, kind, title, title_en, role, state, "limit", opened_at, due_at, closed_at, action, comment, data,
                        assignee_id, case_id, closed_by_id, on_behalf_of_id, scope_id, unit_id) OVERRIDING SYSTEM VALUE
SELECT l.task_from + s.ordinal, t.step, t.kind, t.title, t.title_en, t.role, t.state, t."limit", t.opened_at + l.shift, t.due_at + l.shift,
       t.closed_at + l.shift, t.action, t.comment, t.data,
       CASE WHEN t.assignee_id IS NOT NULL THEN coalesce(held.person, t.assignee_id) END, l.case_from + s.case_ordinal,
       CASE WHEN t.closed_by_id = l.old_user THEN coalesce(l.user_id, t.closed_by_id)
            WHEN t.closed_by_id IS NOT NULL THEN coalesce(held.person, t.closed_by_id) END,
       t.on_behalf_of_id, l.scope_from + scope.ordinal, coalesce(m.to_unit, t.unit_id)
FROM bench.life l JOIN bench.tasks s ON s.template = l.template JOIN cases_task t ON t.id = s.id
LEFT JOIN bench.scopes scope ON scope.template = l.template AND scope.id = t.scope_id
LEFT JOIN bench.moved m ON l.general AND m.template = l.template AND m.agency_id = l.agency_id AND m.from_unit = t.unit_id
LEFT JOIN bench.staff staff ON staff.unit_id = coalesce(m.to_unit, t.unit_id) AND staff.role = t.role
LEFT JOIN LATERAL (
    SELECT staff.users[1 + ((l.k + coalesce(m.to_unit, t.unit_id)) %% cardinality(staff.users))::int] AS person
) AS held ON true
ORDER BY 1""",
    """
INSERT INTO cases_caseaccess (level, cause, started_at, ended_at, case_id, party_id, unit_id, user_id)
SELECT x.level, x.cause, x.started_at + l.shift, x.ended_at + l.shift, l.case_from + s.ordinal,
       CASE WHEN x.party_id IS NOT NULL THEN l.owner_id END, coalesce(m.to_unit, x.unit_id),
       CASE WHEN x.user_id = l.old_user THEN l.user_id ELSE x.user_id END
FROM bench.life l JOIN bench.cases s ON s.template = l.template JOIN cases_caseaccess x ON x.case_id = s.id
LEFT JOIN bench.moved m ON l.general AND m.template = l.template AND m.agency_id = l.agency_id AND m.from_unit = x.unit_id
WHERE x.user_id IS NULL OR x.user_id <> l.old_user OR l.user_id IS NOT NULL""",
    """
INSERT INTO cases_suspension (reason, started_at, ended_at, case_id, task_id)
SELECT x.reason, x.started_at + l.shift, x.ended_at + l.shift, l.case_from + s.ordinal, l.task_from + task.ordinal
FROM bench.life l JOIN bench.cases s ON s.template = l.template JOIN cases_suspension x ON x.case_id = s.id
LEFT JOIN bench.tasks task ON task.template = l.template AND task.id = x.task_id""",
    """
INSERT INTO dossiers_dossier (id, code, channel, state, applicant_name, owner_name, contact_phone, contact_email, return_channel,
                              return_address, answers, summary, submitted_at, accepted_at, due_at, finished_at, closed_at, is_demo,
                              agency_id, applicant_id, case_id, filed_by_official_id, owner_id, procedure_id, version_id)
OVERRIDING SYSTEM VALUE
SELECT l.dossier_id, l.code, CASE WHEN l.user_id IS NULL THEN 'desk' ELSE 'online' END, d.state, l.owner_name, l.owner_name,
       d.contact_phone, '', d.return_channel, d.return_address, d.answers, d.summary, l.submitted_at, d.accepted_at + l.shift,
       d.due_at + l.shift, d.finished_at + l.shift, d.closed_at + l.shift, false, l.agency_id, l.user_id, l.case_from + 1,
       CASE WHEN l.user_id IS NULL THEN desk.users[1] END, l.owner_id, l.procedure_id, l.version_id
FROM bench.life l JOIN dossiers_dossier d ON d.id = l.template
LEFT JOIN bench.agency a ON a.id = l.agency_id LEFT JOIN bench.staff desk ON desk.unit_id = a.desk AND desk.role = 'receptionist'
ORDER BY 1""",
    """
INSERT INTO dossiers_paper (requirement, title, kind, on_paper, handed_in_at, replaced_at, dossier_id, file_id)
SELECT x.requirement, x.title, x.kind, x.on_paper, x.handed_in_at + l.shift, x.replaced_at + l.shift, l.dossier_id, x.file_id
FROM bench.life l JOIN dossiers_paper x ON x.dossier_id = l.template""",
    """
INSERT INTO dossiers_supplementrequest (items, note, requested_at, due_at, answered_at, answer, dossier_id, requested_by_id)
SELECT x.items, x.note, x.requested_at + l.shift, x.due_at + l.shift, x.answered_at + l.shift, x.answer, l.dossier_id, x.requested_by_id
FROM bench.life l JOIN dossiers_supplementrequest x ON x.dossier_id = l.template""",
    """
INSERT INTO dossiers_officialpaper (kind, number, title, body, created_at, public, created_by_id, dossier_id, file_id, printable_id,
                                    source_id)
SELECT x.kind, x.number, x.title, x.body, x.created_at + l.shift, x.public, x.created_by_id, l.dossier_id, x.file_id, x.printable_id,
       x.source_id
FROM bench.life l JOIN dossiers_officialpaper x ON x.dossier_id = l.template""",
    """
INSERT INTO dossiers_result (outcome, title, document_number, issued_on, signed_at, sealed_at, check_code, issued_at, handed_over_at,
                             handed_over_how, dossier_id, file_id, signed_by_id, handed_over_details, handed_over_to)
SELECT x.outcome, x.title, x.document_number, (x.issued_on + l.shift)::date, x.signed_at + l.shift, x.sealed_at + l.shift, '',
       x.issued_at + l.shift, x.handed_over_at + l.shift, x.handed_over_how, l.dossier_id, x.file_id, x.signed_by_id, '{}',
       CASE WHEN x.handed_over_to = '' THEN '' ELSE l.owner_name END
FROM bench.life l JOIN dossiers_result x ON x.dossier_id = l.template""",
    """
WITH told AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('audit_event', 'id')) AS id, chosen.* FROM (
        SELECT l.k, e.at + l.shift AS at, e.recorded_at + l.shift AS recorded_at,
               CASE WHEN e.actor_user_id = l.old_user THEN '' WHEN m.to_unit IS NOT NULL THEN coalesce(s.label, e.actor_label)
                    ELSE e.actor_label END AS actor_label,
               coalesce(m.to_unit, e.unit_id) AS unit_id, e.verb, e.subject_kind, (l.case_from + 1)::text AS subject_ref,
               e.payload || CASE WHEN e.payload ? 'dossier' THEN jsonb_build_object('dossier', l.code) ELSE '{}' END
                         || CASE WHEN e.payload ? 'task' THEN jsonb_build_object('task', l.task_from + t.ordinal) ELSE '{}' END
                         || CASE WHEN e.payload ? 'case' THEN jsonb_build_object('case', l.case_from + c.ordinal) ELSE '{}' END AS payload,
               row_number() OVER (PARTITION BY l.k ORDER BY e.seq) AS seq,
               CASE WHEN e.actor_user_id = l.old_user THEN l.user_id WHEN m.to_unit IS NOT NULL THEN coalesce(s.user_id, e.actor_user_id)
                    ELSE e.actor_user_id END AS actor_user_id
        FROM bench.life l JOIN bench.template o ON o.id = l.template
        JOIN audit_event e ON e.subject_kind = 'case' AND e.subject_ref = o.case_id::text AND e.verb <> ALL(%(quiet)s)
        LEFT JOIN bench.moved m ON l.general AND m.template = l.template AND m.agency_id = l.agency_id AND m.from_unit = e.unit_id
        LEFT JOIN bench.speaker s ON s.unit_id = m.to_unit
        LEFT JOIN bench.tasks t ON t.template = l.template AND t.id = (e.payload ->> 'task')::bigint
        LEFT JOIN bench.cases c ON c.template = l.template AND c.id = (e.payload ->> 'case')::bigint
        ORDER BY l.k, seq
    ) AS chosen
), linked AS MATERIALIZED (
    SELECT told.*, bench.chain(substr(jsonb_build_array(
        subject_kind, subject_ref, seq, id, (extract(epoch FROM at) * 1000000)::bigint, (extract(epoch FROM recorded_at) * 1000000)::bigint,
        actor_user_id, actor_label, unit_id, verb, payload
    )::text, 2)) OVER (PARTITION BY subject_ref ORDER BY seq) AS hash
    FROM told
), headed AS (
    INSERT INTO audit_chainhead (chain, seq, hash)
    SELECT DISTINCT ON (subject_ref) subject_kind || ':' || subject_ref, seq, hash FROM linked ORDER BY subject_ref, seq DESC
)
INSERT INTO audit_event (id, at, recorded_at, actor_label, unit_id, verb, subject_kind, subject_ref, payload, seq, prev_hash, hash,
                         actor_user_id) OVERRIDING SYSTEM VALUE
SELECT id, at, recorded_at, actor_label, unit_id, verb, subject_kind, subject_ref, payload, seq,
       coalesce(lag(hash) OVER (PARTITION BY subject_ref ORDER BY seq), ''), hash, actor_user_id
FROM linked ORDER BY id""",
)

IDENTITIES = ("dossiers_dossier", "cases_case", "cases_task", "cases_parallelscope", "identity_party", "identity_user")
