-- The rows of one large project, drawn by the database itself. dataset.py fills in %(project)s and the other names
-- and runs one statement after another. Sequence numbers of the log come in phases, one behind the other: uploads,
-- drawing, submissions, acceptance by policy, verdicts, deletions. So times grow with them, as in a real log.

-- Images. A hundredth part of the names has a word of its own, every hundredth image is large enough for tiles.
CREATE TEMP TABLE drawn_image AS
SELECT n, md5(%(project)s || ' image ' || n)::uuid AS id, %(seq)s + n + 1 AS seq,
    CASE WHEN mod(n, 101) = 3 THEN 'zebra' ELSE 'street' END || '-' || lpad(n::text, 6, '0') || '.jpg' AS name,
    CASE WHEN mod(n, 100) = 50 THEN 6000 ELSE 1280 END AS width,
    CASE WHEN mod(n, 100) = 50 THEN 4000 ELSE 960 END AS height,
    (now() - interval '200 days') + n * (interval '10 days' / %(images)s) AS created_at,
    CASE WHEN mod(n, 200) = 199 THEN now() - interval '30 minutes' END AS deleted_at,
    (%(annotators)s::uuid[])[1 + mod(n * 31, cardinality(%(annotators)s::uuid[]))] AS annotator,
    CASE WHEN mod(n * 37 + 50, 100) < 8 THEN 'unassigned' WHEN mod(n * 37 + 50, 100) < 18 THEN 'open'
         WHEN mod(n * 37 + 50, 100) < 38 THEN 'submitted' WHEN mod(n * 37 + 50, 100) < 42 THEN 'returned'
         WHEN mod(n * 37 + 50, 100) < 44 THEN 'skipped' ELSE 'done' END AS state
FROM generate_series(0, %(images)s - 1) AS n;

INSERT INTO images_image (id, project_id, name, sha256, media_type, derivative_type, bytes, width, height, notice,
    credit, created_by_id, created_at, deleted_at)
SELECT id, %(project)s, name, md5(%(project)s || n) || lpad(to_hex(n), 32, '0'), 'image/jpeg', '', 400000, width,
    height, '', '', %(manager)s, created_at, deleted_at
FROM drawn_image;

INSERT INTO images_word (project, word, image_id)
SELECT %(project)s, word, id FROM drawn_image
CROSS JOIN LATERAL (VALUES (split_part(name, '-', 1)), (lpad(n::text, 6, '0')), ('jpg')) AS words (word);

INSERT INTO events_event (project, seq, kind, actor, actor_name, object, image, data, at)
SELECT %(project)s, seq, 'image.created', %(manager)s, 'Manager', id, id, jsonb_build_object('name', name), created_at
FROM drawn_image;

-- A few hundred shapes that annotations share, with a worker's signals for each.
CREATE TEMP TABLE drawn_shape (n integer PRIMARY KEY, kind text, shape jsonb, bbox jsonb, area float, source text,
    signals jsonb);

INSERT INTO drawn_shape
SELECT n - 1, row->>'kind', row->'shape', row->'bbox', (row->>'area')::float, row->>'source', row->'signals'
FROM jsonb_array_elements(%(shapes)s::jsonb) WITH ORDINALITY AS rows (row, n);

-- Annotations: %(crowd)s on the first image, then ten on each. Few classes are frequent, most are rare.
CREATE TEMP TABLE drawn_annotation AS
SELECT drawn.n, md5(%(project)s || ' annotation ' || drawn.n)::uuid AS id, %(seq)s + %(images)s + drawn.n + 1 AS seq,
    mod(drawn.n * 17, %(kinds_of_shape)s) AS shape, image.id AS image, image.state AS image_state,
    image.annotator AS annotator, image.deleted_at AS image_deleted_at,
    (%(classes)s::uuid[])[1 + least(floor(-ln(1 - random()) * cardinality(%(classes)s::uuid[]) / 6)::int,
                                    cardinality(%(classes)s::uuid[]) - 1)] AS label_class,
    CASE WHEN random() < 0.95 THEN random() END AS confidence,
    (now() - interval '190 days') + drawn.n * (interval '80 days' / %(annotations)s) AS created_at,
    random() AS by_state, random() AS by_verdict, random() < 0.05 AS sampled, random() < 0.01 AS gone
FROM generate_series(0, %(annotations)s - 1) AS drawn (n)
JOIN drawn_image AS image ON image.n = CASE WHEN drawn.n < %(crowd)s THEN 0 ELSE drawn.n / 10 END;

ALTER TABLE drawn_annotation ADD COLUMN state text, ADD COLUMN standing text, ADD COLUMN deleted_at timestamptz;

UPDATE drawn_annotation SET
    state = CASE
        WHEN image_state IN ('unassigned', 'open', 'skipped') THEN 'draft'
        WHEN image_state = 'done' THEN 'accepted'
        WHEN image_state = 'submitted' THEN CASE WHEN by_state < 0.7 THEN 'submitted' ELSE 'accepted' END
        WHEN by_state < 0.3 THEN 'rejected' WHEN by_state < 0.9 THEN 'accepted' ELSE 'draft' END,
    deleted_at = CASE WHEN image_deleted_at IS NOT NULL THEN image_deleted_at
        WHEN gone THEN now() - interval '20 minutes' END;

UPDATE drawn_annotation SET standing = CASE
    WHEN state = 'rejected' THEN 'rejected'
    WHEN by_verdict < 0.22 THEN 'policy' WHEN by_verdict < 0.26 THEN 'fixed' ELSE 'accepted' END
WHERE state IN ('accepted', 'rejected');

CREATE INDEX ON drawn_annotation (image);
ANALYZE drawn_annotation;

-- Submissions, one an image.
CREATE TEMP TABLE drawn_submission AS
SELECT image.*, md5(%(project)s || ' assignment ' || n)::uuid AS assignment,
    %(seq)s + %(images)s + %(annotations)s + row_number() OVER (ORDER BY n) AS submitted_seq,
    (now() - interval '109 days') + n * (interval '14 days' / %(images)s) AS submitted_at
FROM drawn_image AS image WHERE state IN ('submitted', 'returned', 'done');

INSERT INTO assignments_assignment (id, project_id, image_id, annotator_id, state, skip_reason, nothing_to_label,
    image_review, lease_until, created_by_id, created_at, updated_at)
SELECT md5(%(project)s || ' assignment ' || n)::uuid, %(project)s, id, annotator, state,
    CASE WHEN state = 'skipped' THEN 'Too dark.' ELSE '' END, false,
    CASE WHEN state = 'submitted' AND mod(n, 20) = 0 THEN 'deleted' ELSE '' END, NULL, %(manager)s, created_at, created_at
FROM drawn_image WHERE state <> 'unassigned';

INSERT INTO assignments_activetime (id, image_id, person_id, seconds)
SELECT md5(%(project)s || ' active time ' || n)::uuid, id, annotator, 20 + mod(n * 7919, 900)
FROM drawn_image WHERE state IN ('submitted', 'returned', 'done');

INSERT INTO events_event (project, seq, kind, actor, actor_name, object, image, data, at)
SELECT %(project)s, submitted_seq, 'assignment.changed', annotator, person.name, assignment, submission.id,
    jsonb_build_object('annotator', annotator, 'state', 'submitted', 'skip_reason', ''), submitted_at
FROM drawn_submission AS submission JOIN accounts_user AS person ON person.id = annotator;

-- Acceptance by policy, one event an image.
CREATE TEMP TABLE drawn_policy AS
SELECT image, (SELECT max(submitted_seq) FROM drawn_submission) + row_number() OVER (ORDER BY min(n)) AS seq,
    (now() - interval '95 days') + min(n) * (interval '5 days' / %(annotations)s) AS at, jsonb_agg(id) AS annotations
FROM drawn_annotation WHERE standing = 'policy' GROUP BY image;

INSERT INTO events_event (project, seq, kind, actor, actor_name, object, image, data, at)
SELECT %(project)s, seq, 'policy.accepted', NULL, '', image, image, jsonb_build_object('annotations', annotations), at
FROM drawn_policy;

-- Verdicts of the last eighty days, in random order. Two of a hundred waiting annotations had a verdict that was undone.
CREATE TEMP TABLE drawn_verdict AS
SELECT md5(%(project)s || ' verdict ' || n)::uuid AS verdict_id, drawn.*,
    coalesce(standing, 'rejected') AS choice, state = 'submitted' AS undone,
    greatest((SELECT max(seq) FROM drawn_policy), (SELECT max(submitted_seq) FROM drawn_submission))
        + row_number() OVER (ORDER BY id) AS given_seq,
    (now() - interval '80 days') + row_number() OVER (ORDER BY id) * (interval '79 days' / count(*) OVER ()) AS at,
    (%(reviewers)s::uuid[])[1 + least(floor(-ln(1 - random()) * 3)::int, cardinality(%(reviewers)s::uuid[]) - 1)] AS by,
    CASE WHEN random() < 0.9 THEN round((2 + 20 * random() * random())::numeric, 1)::float END AS seconds,
    random() < 0.06 AS again
FROM drawn_annotation AS drawn
WHERE standing IN ('accepted', 'fixed', 'rejected') OR (state = 'submitted' AND by_verdict < 0.02);

ALTER TABLE drawn_verdict ADD COLUMN said jsonb;

UPDATE drawn_verdict SET said = jsonb_build_object('verdict', choice, 'reason',
    CASE WHEN choice = 'rejected' THEN 'Rough edge' ELSE '' END, 'comment', '', 'by',
    jsonb_build_object('id', by, 'name', person.name), 'at', to_jsonb(at), 'version', 1)
FROM accounts_user AS person WHERE person.id = by;

CREATE INDEX ON drawn_verdict (id);
ANALYZE drawn_verdict;

INSERT INTO annotations_annotation (id, project_id, image_id, label_class_id, kind, shape, content_bytes, bbox, area,
    attributes, z, source, prompts, model, chosen_rank, predicted_iou, stability_score, confidence, signals, assessed, edits,
    provisional, state, review, verdict, commented, sampled, approved_by_id, version, created_by_id, updated_by_id,
    created_at, updated_at, deleted_at)
SELECT drawn.id, %(project)s, drawn.image, drawn.label_class, kind, shape.shape, length(shape.shape::text),
    bbox, area, '{}', 0, source,
    CASE WHEN source = 'sam' THEN '[{"box": null, "mask": false, "points": [{"x": 40, "y": 60, "label": 1}]}]'
         ELSE '[]' END::jsonb,
    CASE WHEN source = 'sam' THEN 'mobile_sam' ELSE '' END, CASE WHEN source = 'sam' THEN 0 END,
    CASE WHEN source = 'sam' AND drawn.confidence IS NOT NULL THEN 0.9 END,
    CASE WHEN source = 'sam' AND drawn.confidence IS NOT NULL THEN 0.95 END, drawn.confidence,
    CASE WHEN drawn.confidence IS NOT NULL THEN shape.signals END,
    CASE WHEN drawn.confidence IS NOT NULL AND shape.signals IS NOT NULL THEN 1 END, CASE WHEN source = 'sam' THEN 0 END, false,
    drawn.state, CASE
        WHEN drawn.standing = 'policy' THEN jsonb_build_object('verdict', 'policy', 'reason', '', 'comment', '',
            'by', NULL, 'at', to_jsonb(policy.at), 'version', 1)
        WHEN NOT given.undone THEN given.said END,
    drawn.standing, mod(drawn.n, 200) = 5 AND drawn.state <> 'draft', drawn.sampled, NULL, 1, drawn.annotator,
    drawn.annotator, drawn.created_at, coalesce(given.at, drawn.created_at), drawn.deleted_at
FROM drawn_annotation AS drawn
JOIN drawn_shape AS shape ON shape.n = drawn.shape
LEFT JOIN drawn_verdict AS given ON given.id = drawn.id
LEFT JOIN drawn_policy AS policy ON policy.image = drawn.image;

INSERT INTO events_event (project, seq, kind, actor, actor_name, object, image, data, at)
SELECT %(project)s, seq, 'annotation.created', annotator, person.name, drawn.id, image,
    '{"version": 1, "state": "draft"}', created_at
FROM drawn_annotation AS drawn JOIN accounts_user AS person ON person.id = annotator;

INSERT INTO events_event (project, seq, kind, actor, actor_name, object, image, data, at)
SELECT %(project)s, given_seq, 'verdict.given', by, said->'by'->>'name', id, image,
    said || jsonb_build_object('state', CASE choice WHEN 'rejected' THEN 'rejected' ELSE 'accepted' END), at
FROM drawn_verdict;

-- Versions: as drawn, as submitted, as judged.
INSERT INTO annotations_annotationversion (annotation_id, version, event_seq, change, state, content_bytes, content,
    review, by_id, at)
SELECT row.id, 1, moment.seq, moment.change, moment.state, row.content_bytes,
    jsonb_build_object('label_class_id', label_class_id, 'kind', kind, 'shape', row.shape, 'bbox', bbox, 'area', area,
        'attributes', attributes, 'z', z, 'source', source, 'prompts', prompts, 'model', model, 'chosen_rank',
        chosen_rank, 'predicted_iou', predicted_iou, 'stability_score', stability_score, 'confidence', row.confidence),
    CASE WHEN moment.state IN ('accepted', 'rejected') THEN row.review END, moment.by, moment.at
FROM drawn_annotation AS drawn
JOIN annotations_annotation AS row ON row.id = drawn.id
JOIN (
    SELECT id, seq, 'created' AS change, 'draft' AS state, annotator AS by, created_at AS at FROM drawn_annotation
    UNION ALL
    SELECT drawn.id, submission.submitted_seq, 'state', 'submitted', drawn.annotator, submission.submitted_at
    FROM drawn_annotation AS drawn JOIN drawn_submission AS submission ON submission.id = drawn.image
    WHERE drawn.state <> 'draft' AND drawn.standing IS DISTINCT FROM 'policy'
    UNION ALL
    SELECT drawn.id, policy.seq, 'state', 'accepted', drawn.annotator, policy.at
    FROM drawn_annotation AS drawn JOIN drawn_policy AS policy ON policy.image = drawn.image
    WHERE drawn.standing = 'policy'
    UNION ALL
    SELECT id, given_seq, 'state', CASE choice WHEN 'rejected' THEN 'rejected' ELSE 'accepted' END, by, at
    FROM drawn_verdict
) AS moment ON moment.id = drawn.id;

INSERT INTO review_verdict (id, annotation_id, project, label_class, annotator, verdict, version, confidence, evidence,
    evidence_at, sampled, again, seconds, reason, comment, by_id, at, undone_at)
SELECT verdict_id, id, %(project)s, label_class, annotator, choice, 1, confidence,
    CASE WHEN confidence IS NULL THEN '{}' ELSE jsonb_build_object('start', round((4 * confidence - 1)::numeric, 3),
        'image', image, 'learned', '{}'::jsonb) END,
    CASE WHEN confidence IS NOT NULL THEN at END, sampled, again, seconds,
    said->>'reason', '', by, at, CASE WHEN undone THEN at + interval '5 seconds' END
FROM drawn_verdict ORDER BY at;

-- Deletions come last: images first, then annotations.
INSERT INTO events_event (project, seq, kind, actor, actor_name, object, image, data, at)
SELECT %(project)s, (SELECT max(given_seq) FROM drawn_verdict) + row_number() OVER (ORDER BY n), 'image.deleted',
    %(manager)s, 'Manager', id, id, '{}', deleted_at
FROM drawn_image WHERE deleted_at IS NOT NULL;

CREATE TEMP TABLE drawn_deletion AS
SELECT drawn.id, image, annotator, state, drawn.deleted_at,
    (SELECT max(seq) FROM events_event WHERE project = %(project)s) + row_number() OVER (ORDER BY n) AS seq
FROM drawn_annotation AS drawn WHERE gone AND image_deleted_at IS NULL;

INSERT INTO events_event (project, seq, kind, actor, actor_name, object, image, data, at)
SELECT %(project)s, seq, 'annotation.deleted', annotator, person.name, drawn.id, image,
    jsonb_build_object('version', 2, 'state', state), deleted_at
FROM drawn_deletion AS drawn JOIN accounts_user AS person ON person.id = annotator;

INSERT INTO annotations_annotationversion (annotation_id, version, event_seq, change, state, content_bytes, content,
    review, by_id, at)
SELECT DISTINCT ON (drawn.id) drawn.id, 2, drawn.seq, 'deleted', drawn.state, version.content_bytes, version.content,
    version.review,
    drawn.annotator, drawn.deleted_at
FROM drawn_deletion AS drawn JOIN annotations_annotationversion AS version ON version.annotation_id = drawn.id
ORDER BY drawn.id, version.event_seq DESC;

UPDATE annotations_annotation SET version = 2 WHERE id IN (SELECT id FROM drawn_deletion);

UPDATE events_stream SET last_seq = (SELECT max(seq) FROM events_event WHERE project = %(project)s)
WHERE project = %(project)s;

-- Comments: open ones on annotations, resolved ones, some on whole images, missing objects on half of what came back.
INSERT INTO review_comment (id, project, image_id, annotation_id, kind, text, by_id, at)
SELECT md5('comment ' || row.id)::uuid, %(project)s, image_id, row.id, 'comment', 'The left ear is missing here.',
    (%(reviewers)s::uuid[])[1], updated_at + interval '1 minute'
FROM annotations_annotation AS row WHERE project_id = %(project)s AND commented;

INSERT INTO review_comment (id, project, image_id, annotation_id, kind, text, by_id, at, resolved_by_id, resolved_at)
SELECT md5('resolved ' || row.id)::uuid, %(project)s, image_id, row.id, 'comment', 'Mind the shadow.',
    (%(reviewers)s::uuid[])[1], updated_at, (%(reviewers)s::uuid[])[1], updated_at + interval '2 minutes'
FROM drawn_annotation AS drawn JOIN annotations_annotation AS row ON row.id = drawn.id WHERE mod(drawn.n, 100) = 7;

INSERT INTO review_comment (id, project, image_id, kind, x, y, text, by_id, at)
SELECT md5('of image ' || id)::uuid, %(project)s, id, CASE WHEN state = 'returned' THEN 'missing' ELSE 'comment' END,
    400, 300, 'There is one more behind the tree.', (%(reviewers)s::uuid[])[1], now() - interval '3 days'
FROM drawn_image WHERE mod(n, 50) = 4;

INSERT INTO review_comment (id, project, image_id, thread_id, kind, text, by_id, at)
SELECT md5('reply ' || id)::uuid, %(project)s, image_id, id, 'comment', 'Mended.', by_id, at + interval '1 hour'
FROM review_comment WHERE project = %(project)s AND thread_id IS NULL AND mod(extract(second FROM at)::int, 2) = 0;

INSERT INTO review_commentword (project, word, annotation_id)
SELECT %(project)s, word, id FROM annotations_annotation
CROSS JOIN LATERAL (VALUES ('the'), ('left'), ('ear'), ('is'), ('missing'), ('here')) AS words (word)
WHERE project_id = %(project)s AND commented;

-- Jobs: most are done, some wait, a few hundred were finished in the last five minutes.
INSERT INTO jobs_job (id, kind, target, project, payload, priority, state, attempt, failures, stale, progress, worker,
    result, error, created_at, sent_at, finished_at)
SELECT md5(%(project)s || kind || n)::uuid, kind, id, %(project)s, jsonb_build_object('image', jsonb_build_object(
        'key', 'originals/none', 'sha256', md5(%(project)s || n)), 'model', 'mobile_sam'), 0,
    CASE WHEN mod(n, 500) = 1 THEN 'failed' WHEN mod(n, 100) < waiting THEN 'queued' ELSE 'done' END,
    1, 0, false, 1, 'worker', CASE WHEN mod(n, 500) <> 1 AND mod(n, 100) >= waiting THEN '{"key": "none"}'::jsonb END,
    CASE WHEN mod(n, 500) = 1 THEN 'The file cannot be read.' ELSE '' END, created_at,
    CASE WHEN mod(n, 300) = 2 THEN now() - interval '4 minutes' ELSE created_at + interval '1 minute' END,
    CASE WHEN mod(n, 300) = 2 THEN now() - interval '3 minutes' ELSE created_at + interval '2 minutes' END
FROM drawn_image CROSS JOIN (VALUES ('embed', 1), ('propose', 10), ('assess', 2), ('tile', 1)) AS kinds (kind, waiting)
WHERE deleted_at IS NULL AND (kind <> 'tile' OR width > 4096);

-- Exports and calibrations.
INSERT INTO exchange_export (id, project_id, format, include, name, as_of, key, sha256, bytes, image_count,
    annotation_count, event_seq, created_by_id, created_at)
SELECT md5(%(project)s || ' export ' || n)::uuid, %(project)s, 'coco', 'all', 'Release ' || n, moment, '',
    repeat('0', 64), 1, %(images)s, %(annotations)s, %(seq)s, %(manager)s, moment
FROM generate_series(1, 300) AS n CROSS JOIN LATERAL (SELECT now() - n * interval '6 hours') AS moments (moment);

INSERT INTO jobs_job (id, kind, target, project, payload, priority, state, attempt, failures, stale, progress, worker,
    result, error, created_at, sent_at, finished_at)
SELECT md5('export ' || id)::uuid, 'export', id, %(project)s, '{}', 0, 'done', 1, 0, false, 1, 'worker', '{}', '',
    created_at, created_at, created_at
FROM exchange_export WHERE project_id = %(project)s;

INSERT INTO calibration_calibration (project_id, version, fitted_at, verdicts, coefficients, report)
SELECT %(project)s, n, now() - (61 - n) * interval '1 day', 20000, '{}', '{"ece": 0.02, "ece_low": 0.01, "ece_high":
    0.03, "auroc": 0.8, "start_ece": 0.05, "start_auroc": 0.7, "bins": [{"confidence": 0.5, "accepted": 0.5, "n": 9}]}'
FROM generate_series(1, 60) AS n;

DROP TABLE drawn_image, drawn_shape, drawn_annotation, drawn_submission, drawn_policy, drawn_verdict, drawn_deletion;
