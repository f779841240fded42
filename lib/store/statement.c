#include "lib/store/statement.h"

#include "lib/store/schema.h"

#define OPEN SCHEMA_OPEN

/* A row of a table that holds for a time is visible at ?1. */
#define VISIBLE(table, from) table "." from " <= ?1 AND " table ".to_seq > ?1"

/* The row of a chain that is visible at ?1, found by one look-up. */
#define CHAIN(table, alias, key, value)                                      \
	alias "." key " = " value " AND " alias ".from_seq ="                \
	      " (SELECT max(from_seq) FROM " table " WHERE " key " = " value \
	      " AND from_seq <= ?1)"

#define LIMIT(n) " LIMIT iif(" n " = 0, -1, " n ")"

/* Columns and tables of query_copy.c. */
#define COPIES(where)                                                         \
	"SELECT c.id, c.generation, c.system, c.medium, c.source, c.layout,"  \
	" c.subject, c.taken_at, c.time_from, s.state, s.reason, s.from_seq," \
	" s.manifest, m.version, m.entries, m.files, m.bytes, m.problems,"    \
	" m.content, m.members_state, m.foreign_result, s.slices, s.intact,"  \
	" s.damaged, s.undetermined, s.unconfirmed_bytes, m.at,"              \
	" s.oldest_read_at, s.findings_damaged, s.findings_undetermined,"     \
	" m.newest_file_at, z.sealed, z.plain, z.aside, z.unclear, z.unseen," \
	" m.members_files, m.members_bytes"                                   \
	" FROM copy c CROSS JOIN copy_state s ON " CHAIN("copy_state", "s",   \
	    "copy", "c.id") " LEFT JOIN manifest m ON m.id = s.manifest"      \
			    " LEFT JOIN sealing z ON z.manifest = s.manifest" \
			    " WHERE " where " AND " VISIBLE("c", "id")

#define COPIES_SORTED(where) \
	COPIES(where)        \
	" ORDER BY c.system, c.taken_at DESC, c.generation DESC, c.medium"

/* Columns and filters of query_finding.c: ?2 to ?9. */
#define FINDINGS(from)                                                         \
	"SELECT f.id, f.code, t.verdict, t.severity, t.state = 'open',"        \
	" f.copy, f.manifest, f.slice, f.generation, f.system, f.medium,"      \
	" f.source, f.subject, t.detail, t.reason, t.times, t.from_seq, f.at," \
	" t.at, (SELECT \"by\" FROM acceptance WHERE finding = f.id"           \
	" AND seq <= ?1), (SELECT note FROM acceptance WHERE finding = f.id"   \
	" AND seq <= ?1) FROM " from " AND (?2 = 0 OR f.id = ?2)"              \
	" AND (?3 = 0 OR f.copy = ?3) AND (?4 IS NULL OR f.code = ?4)"         \
	" AND (?5 IS NULL OR f.system = ?5)"                                   \
	" AND (?6 IS NULL OR f.generation = ?6)"                               \
	" AND (?7 IS NULL OR f.medium = ?7)"                                   \
	" AND (?8 IS NULL OR f.source = ?8)"                                   \
	" AND (?9 IS NULL OR f.subject = ?9)"                                  \
	" ORDER BY f.id DESC" LIMIT("?10")

/* Whether a finding of suspicious content about this copy is so. */
#define SUSPICION(is_so)                                          \
	"EXISTS (SELECT 1 FROM finding f JOIN finding_state t"    \
	" ON t.finding = f.id WHERE f.copy = c.id"                \
	" AND f.code = 'suspicious-content' AND t.from_seq <= ?1" \
	" AND t.to_seq > ?1 AND " is_so ")"
#define HINTED                                                 \
	SUSPICION("(t.state = 'open' OR t.reason = 'expired')" \
		  " AND f.manifest <= m.id")
#define ACCEPTED SUSPICION("t.reason = 'accepted' AND f.manifest = m.id")

/* Columns and tables of query_survey.c. */
#define SURVEY_COLUMNS                                                    \
	"SELECT m.id, c.id, m.version, c.generation, c.system, c.medium," \
	" c.source, m.at, m.to_seq > ?1, m.members_state IS 'complete',"  \
	" iif(m.members_state IS 'complete', m.members_files, m.files),"  \
	" iif(m.members_state IS 'complete', m.members_bytes, m.bytes),"  \
	" m.problems, " HINTED ", " ACCEPTED ","
#define SURVEYS                                                           \
	SURVEY_COLUMNS                                                    \
	" s.files, s.carried, s.bytes, s.known, s.claimed, s.mismatched," \
	" s.noisy, s.notes, d.since, d.same, d.changed, d.vanished,"      \
	" d.appeared, d.extended, l.gone, l.emptied, l.older, l.expired"  \
	" FROM manifest m JOIN copy c ON c.id = m.copy"                   \
	" LEFT JOIN survey s ON s.manifest = m.id"                        \
	" LEFT JOIN drift d ON d.manifest = m.id"                         \
	" LEFT JOIN loss l ON l.manifest = m.id"

/* ... of the source of the copy ?2, which is o. */
#define SURVEYS_BESIDE(where)       \
	SURVEYS                     \
	" JOIN copy o ON o.id = ?2" \
	" WHERE c.source = o.source AND m.id <= ?1 AND " where

#define RUNS(where)                                                            \
	"SELECT id, trigger, level, system, medium, source, generation, copy," \
	" began_at, to_seq <= ?1, to_seq, ended_at, outcome, canary, bytes,"   \
	" bytes_read, intact, damaged, undetermined FROM run WHERE id <= "     \
	"?1" where " ORDER BY id DESC" LIMIT("?2")

/* Columns of query_media.c. */
#define MEDIUM_STATES(where, order)                                          \
	"SELECT medium, from_seq, to_seq > ?1, at, state, reason, in_reach," \
	" attached_at, seen_at, filesystem, uuid, serial, disks, transport," \
	" reach, encrypted, stamp, read_only, device_read_only, removable,"  \
	" rotational, coalesce(capacity, -1), coalesce(free, -1)"            \
	" FROM medium_state WHERE " where " ORDER BY " order

const char *const statement_texts[STATEMENTS] = {
    [STATEMENT_SAVEPOINT] = "SAVEPOINT entry",
    [STATEMENT_RELEASE] = "RELEASE entry",
    [STATEMENT_ROLLBACK_TO] = "ROLLBACK TO entry",
    [STATEMENT_JOURNAL_SIZE] = "SELECT max(seq) + 1 FROM journal",
    [STATEMENT_JOURNAL_ADD] =
	"INSERT INTO journal (seq, at, leaf) VALUES (?1, ?2, ?3)",
    [STATEMENT_JOURNAL_EACH] = "SELECT seq, leaf, at FROM journal"
			       " WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
    [STATEMENT_JOURNAL_SEQ_AT] =
	"SELECT seq FROM journal WHERE at <= ?1 ORDER BY seq DESC LIMIT 1",
    [STATEMENT_NODE_GET] =
	"SELECT hash FROM journal_node WHERE level = ?1 AND idx = ?2",
    [STATEMENT_NODE_ADD] =
	"INSERT INTO journal_node (level, idx, hash) VALUES (?1, ?2, ?3)",
    [STATEMENT_NODE_COUNT] = "SELECT count(*) FROM journal_node",
    [STATEMENT_CHECKPOINT_PUT] =
	"INSERT OR REPLACE INTO checkpoint (size, root, note, at)"
	" VALUES (?1, ?2, ?3, ?4)",
    [STATEMENT_CHECKPOINT_LAST] =
	"SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1",
    [STATEMENT_CHECKPOINT_FROM] = "SELECT size, root, note, at FROM checkpoint"
				  " WHERE size >= ?1 ORDER BY size",
    [STATEMENT_CHECKPOINT_UPTO] =
	"SELECT size, root, note, at FROM checkpoint"
	" WHERE size <= ?1 ORDER BY size DESC LIMIT 1",
    [STATEMENT_OPENING_OF_PATH] = "SELECT subject FROM opening WHERE path = ?1",
    [STATEMENT_OPENING_OF_SUBJECT] =
	"SELECT nonce, path FROM opening WHERE subject = ?1",
    [STATEMENT_OPENING_ADD] =
	"INSERT INTO opening (subject, nonce, path) VALUES (?1, ?2, ?3)",
    [STATEMENT_OPENING_EACH] =
	"SELECT subject, nonce, path FROM opening ORDER BY subject",
    [STATEMENT_PACKS] =
	"SELECT p.sha256, p.is_site, t.file, t.text FROM pack p"
	" LEFT JOIN pack_text t ON t.sha256 = p.sha256"
	" WHERE p.config = (SELECT max(from_seq) FROM config_version"
	" WHERE from_seq <= ?1) ORDER BY p.place",
    [STATEMENT_PACK_TEXT_ADD] =
	"INSERT OR IGNORE INTO pack_text (sha256, file, text)"
	" VALUES (?1, ?2, ?3)",
    [STATEMENT_PACK_TEXT_EACH] =
	"SELECT sha256, file, text FROM pack_text ORDER BY sha256",
    [STATEMENT_ORIGIN] =
	"SELECT from_seq, facility, origin, daemon_key, facility_key"
	" FROM origin WHERE " VISIBLE("origin", "from_seq"),
    [STATEMENT_CONFIG_IS] = "SELECT 1 FROM config_version"
			    " WHERE to_seq = " OPEN " AND sha256 = ?1",
    [STATEMENT_KEY_IS] = "SELECT 1 FROM key_change WHERE statement_sha256 = ?1",
    [STATEMENT_SYSTEMS] =
	"SELECT id, kind, from_seq, interval_ms, grace_ms, generations_min,"
	" coalesce(recovery_order, 0), coalesce(recovery_target_ms, 0)"
	" FROM system WHERE " VISIBLE("system", "from_seq") " ORDER BY id",
    [STATEMENT_SYSTEMS_SINCE] =
	"SELECT s.id, j.at FROM (SELECT id, min(from_seq) AS seq FROM system"
	" WHERE from_seq <= ?1 GROUP BY id) s JOIN journal j ON j.seq = s.seq",
    [STATEMENT_MEDIA_SINCE] =
	"SELECT m.id, j.at FROM (SELECT id, min(from_seq) AS seq FROM medium"
	" WHERE from_seq <= ?1 GROUP BY id) m JOIN journal j ON j.seq = m.seq",
    [STATEMENT_MEDIA] =
	"SELECT id, kind, offline, from_seq, coverage_ms, offsite, location,"
	" coalesce(max_attached_ms, 0)"
	" FROM medium WHERE " VISIBLE("medium", "from_seq") " ORDER BY id",
    [STATEMENT_SOURCES] =
	"SELECT o.id, o.system, o.medium, o.layout, o.from_seq, n.from_seq,"
	" n.at, n.result, n.candidates, n.good_at FROM source o"
	" LEFT JOIN source_scan n ON " CHAIN("source_scan", "n", "source",
	    "o.id") " WHERE " VISIBLE("o", "from_seq") " ORDER BY o.id",
    [STATEMENT_COPIES] = COPIES_SORTED("?2 IS NULL"),
    [STATEMENT_COPIES_OF_SYSTEM] = COPIES_SORTED("c.system = ?2"),
    [STATEMENT_COPIES_OF_GENERATION] = COPIES_SORTED("c.generation = ?2"),
    [STATEMENT_COPIES_ON_MEDIUM] = COPIES_SORTED("c.medium = ?2"),
    [STATEMENT_COPY] = COPIES("c.id = ?2"),
    [STATEMENT_MATCH_OF_GENERATION] =
	"SELECT result FROM copy_match"
	" WHERE generation = ?2 AND to_seq > ?1 AND seq <= ?1",
    [STATEMENT_HELD] =
	"SELECT c.id, c.taken_at, s.state = 'settling', m.content FROM copy c"
	" JOIN copy_state s ON " CHAIN("copy_state", "s", "copy",
	    "c.id") " LEFT JOIN manifest m ON m.id = s.manifest"
		    " WHERE c.system = ?2 AND c.source = ?3 AND c.id <= ?1"
		    " ORDER BY c.taken_at DESC, c.id DESC",
    [STATEMENT_MANIFESTS] =
	"SELECT id, copy, version, run, iif(to_seq <= ?1, to_seq, 0), sha256,"
	" content, mode, (SELECT count(*) FROM slice WHERE manifest = id),"
	" entries, files, bytes, bytes_read, problems, at, oldest_reading,"
	" members_state, members_sha256, members_content, members_files,"
	" members_bytes, foreign_kind, foreign_result, foreign_listed,"
	" foreign_mismatched FROM manifest WHERE copy = ?2 AND id <= ?1"
	" ORDER BY version DESC",
    [STATEMENT_MANIFEST_DIGEST] =
	"SELECT m.sha256, m.members_sha256 FROM copy c JOIN manifest m"
	" ON m.copy = c.id WHERE c.generation = ?1 AND c.medium = ?2"
	" AND m.version = ?3 ORDER BY m.id DESC LIMIT 1",
    [STATEMENT_MANIFEST_END] =
	"SELECT max(frame_offset + frame_length) FROM slice"
	" WHERE manifest = ?1",
    [STATEMENT_MANIFEST_VOLUME] =
	"SELECT CAST(j.leaf AS TEXT) ->> 'volume' FROM copy c"
	" JOIN manifest m ON m.copy = c.id JOIN journal j ON j.seq = m.id"
	" WHERE c.generation = ?1 AND c.medium = ?2 AND m.version = ?3"
	" ORDER BY m.id DESC LIMIT 1",
    [STATEMENT_SLICES] =
	"SELECT l.manifest, l.slice, l.frame_offset, l.frame_length,"
	" l.entries, l.bytes, v.verdict, v.outcome, v.basis, v.level, v.mode,"
	" v.from_seq, v.run, v.tried_at, v.read_at, v.bytes_read, v.findings"
	" FROM slice l JOIN slice_verdict v ON v.manifest = l.manifest"
	" AND v.slice = l.slice AND v.from_seq = (SELECT max(from_seq)"
	" FROM slice_verdict WHERE manifest = l.manifest AND slice = l.slice"
	" AND from_seq <= ?1) WHERE l.manifest = ?2 ORDER BY l.slice",
    /* CROSS JOIN: in the order of verdict_next, so that LIMIT saves work. */
    [STATEMENT_NEXT_SLICES] =
	"SELECT c.id, v.manifest, v.slice, c.generation, c.source, v.turn,"
	" l.frame_offset, l.frame_length, l.entries, l.bytes, v.read_at,"
	" v.tried_at FROM slice_verdict v"
	" CROSS JOIN slice l ON l.manifest = v.manifest AND l.slice = v.slice"
	" CROSS JOIN manifest m ON m.id = v.manifest"
	" CROSS JOIN copy c ON c.id = m.copy"
	" CROSS JOIN copy_state s ON s.copy = c.id AND s.from_seq ="
	"  (SELECT max(from_seq) FROM copy_state WHERE copy = c.id)"
	" WHERE v.medium = ?1 AND v.to_seq = " OPEN
	" AND v.tried_at < ?2 AND s.state = 'captured'"
	" ORDER BY v.turn, v.read_at, v.manifest, v.slice" LIMIT("?3"),
    [STATEMENT_COVERAGE] =
	"SELECT count(*), sum(s.state = 'missing'), sum(s.state = 'settling'),"
	" sum(s.slices), sum(s.damaged), sum(s.undetermined), sum(m.bytes),"
	" sum(s.unconfirmed_bytes), min(s.oldest_read_at),"
	" sum(c.layout = 'directory' AND m.version = 1"
	"  AND m.bytes_read < m.bytes), sum(c.layout = 'archive'"
	"  AND m.bytes > 0 AND m.bytes_read >= 2 * m.bytes)"
	" FROM copy c CROSS JOIN copy_state s ON " CHAIN("copy_state", "s",
	    "copy", "c.id") " LEFT JOIN manifest m ON m.id = s.manifest"
			    " WHERE c.medium = ?2 AND " VISIBLE("c", "id"),
    [STATEMENT_DUE] =
	"SELECT count(*), sum(bytes) FROM slice_verdict WHERE medium = ?1"
	" AND to_seq = " OPEN " AND (turn < 2 OR read_at < ?2)",
    [STATEMENT_FINDINGS_EVER] =
	FINDINGS("finding f CROSS JOIN finding_state t ON " CHAIN(
	    "finding_state", "t", "finding", "f.id") " WHERE f.id <= ?1"),
    [STATEMENT_FINDINGS_OPEN] =
	FINDINGS("finding_state t CROSS JOIN finding f ON f.id = t.finding"
		 " WHERE t.state = 'open' AND " VISIBLE("t", "from_seq")),
    [STATEMENT_FINDINGS_OF_COPY] =
	FINDINGS("finding f CROSS JOIN finding_state t ON t.finding = f.id"
		 " WHERE f.copy = ?3 AND t.state = 'open' AND " VISIBLE(
		     "t", "from_seq")),
    [STATEMENT_FINDINGS_OF_SUBJECT] =
	FINDINGS("finding f CROSS JOIN finding_state t ON t.finding = f.id"
		 " WHERE f.subject = ?9 AND t.state = 'open' AND " VISIBLE(
		     "t", "from_seq")),
    /* They stand in the journal alone: in the last entry that found it. */
    [STATEMENT_FINDING_FILES] =
	"SELECT n.value ->> 'kind', n.value ->> 'subject' FROM journal j,"
	" json_each(CAST(j.leaf AS TEXT), '$.files') AS n WHERE j.seq ="
	" (SELECT max(from_seq) FROM finding_state WHERE finding = ?2"
	" AND from_seq <= ?1 AND state = 'open') ORDER BY n.key",
    [STATEMENT_RUNS] = RUNS(""),
    [STATEMENT_RUNS_OPEN] = RUNS(" AND to_seq > ?1"),
    [STATEMENT_MATCHES] =
	"SELECT m.seq, m.generation, m.result, b.copy, m.at FROM copy_match m"
	" JOIN copy_match_member b ON b.match = m.seq"
	" WHERE m.generation = ?2 AND m.to_seq > ?1 AND m.seq <= ?1"
	" ORDER BY b.copy",
    [STATEMENT_SERVICES] =
	"SELECT from_seq, iif(to_seq <= ?1 AND stopped_at IS NOT NULL,"
	" to_seq, 0), software, sandbox, iif(to_seq <= ?1, reason, NULL),"
	" started_at, iif(to_seq <= ?1, stopped_at, NULL) FROM service"
	" WHERE from_seq <= ?1 ORDER BY from_seq DESC" LIMIT("?2"),
    [STATEMENT_CLOCK_EVENTS] = "SELECT seq, event, by_ms, at FROM clock_event"
			       " WHERE seq <= ?1 ORDER BY seq DESC" LIMIT("?2"),
    [STATEMENT_FACILITY] =
	"SELECT from_seq, kind, coalesce(beds, -1), fees, offline_verified_ms,"
	" offline_attested_ms, max_undetermined_ms, clock_ahead_ms"
	" FROM facility WHERE " VISIBLE("facility", "from_seq"),
    [STATEMENT_MEDIUM_STATES] = MEDIUM_STATES(
	"(?2 IS NULL OR medium = ?2) AND " VISIBLE("medium_state", "from_seq"),
	"medium"),
    [STATEMENT_MEDIUM_HISTORY] =
	MEDIUM_STATES("medium = ?2 AND from_seq <= ?1 AND (to_seq > ?1"
		      " OR (SELECT n.at FROM medium_state n WHERE n.medium ="
		      "  medium_state.medium"
		      "  AND n.from_seq = medium_state.to_seq) > ?3)",
	    "from_seq"),
    [STATEMENT_MEDIUM_EVENTS] =
	"SELECT seq, at, medium, event, \"by\", holder, place, note, result,"
	" detail, until FROM medium_event WHERE seq <= ?1"
	" AND (?2 IS NULL OR medium = ?2) AND (?3 IS NULL OR event = ?3)"
	" ORDER BY seq DESC" LIMIT("?4"),
    [STATEMENT_CUSTODY] =
	"SELECT medium, from_seq, \"by\", holder, place, note, at, until"
	" FROM custody WHERE (?2 IS NULL OR medium = ?2)"
	" AND " VISIBLE("custody", "from_seq") " ORDER BY medium",
    [STATEMENT_PROTECTIONS] =
	"SELECT medium, method, from_seq, at, result, reason"
	" FROM protection WHERE (?2 IS NULL OR medium = ?2)"
	" AND " VISIBLE("protection", "from_seq") " ORDER BY medium, method",
    [STATEMENT_TRAITS] =
	"SELECT copy, from_seq, at, files, immutable, encrypted"
	" FROM copy_trait WHERE " VISIBLE(
	    "copy_trait", "from_seq") " ORDER BY copy",
    [STATEMENT_TRAIT_OF_COPY] =
	"SELECT copy, from_seq, at, files, immutable, encrypted"
	" FROM copy_trait WHERE copy = ?2"
	" AND " VISIBLE("copy_trait", "from_seq"),
    [STATEMENT_ATTESTATIONS] =
	"SELECT id, at, until, requirement, \"by\", note, document_kind,"
	" document_sha256, coalesce(document_bytes, 0) FROM attestation"
	" WHERE (?2 IS NULL OR requirement = ?2)"
	" AND " VISIBLE("attestation", "id") " ORDER BY requirement, id DESC",
    [STATEMENT_PREFLIGHTS] =
	"SELECT seq, at, max_age_ms, system, \"by\", note, outcome, reason,"
	" generation FROM preflight WHERE seq <= ?1"
	" AND (?2 IS NULL OR system = ?2) ORDER BY seq DESC" LIMIT("?3"),
    [STATEMENT_SURVEY] = SURVEYS " WHERE m.id = ?2 AND m.id <= ?1",
    [STATEMENT_SURVEYS_BEFORE] =
	SURVEYS_BESIDE("(c.taken_at < o.taken_at OR (c.id = o.id"
		       " AND m.id < ?3)) ORDER BY c.taken_at DESC, m.id DESC"),
    [STATEMENT_SURVEYS_AFTER] =
	SURVEYS_BESIDE("c.taken_at > o.taken_at AND m.to_seq > ?1"
		       " AND c.to_seq > ?1 ORDER BY c.taken_at, m.id"),
    [STATEMENT_CONTENTS] =
	"SELECT id, manifest, run, at, outcome, files, other, skipped,"
	" findings, formats FROM content WHERE manifest = ?2 AND id <= ?1"
	" ORDER BY id DESC",
    [STATEMENT_DRILLS] =
	"SELECT d.id, d.began_at, d.copy, d.manifest, d.generation, d.system,"
	" d.medium, d.operator, d.share_ppm, d.files_total, d.bytes_total,"
	" d.end_seq <= ?1, d.end_seq, d.ended_at, d.outcome, d.reason,"
	" d.files, d.bytes, d.medium_ms, d.restore_ms, d.check_ms,"
	" coalesce(g.seq, 0), g.at, g.\"by\", g.witness, g.observation,"
	" g.improvement, g.due, coalesce(i.seq, 0), i.at, i.\"by\", i.note,"
	" coalesce(k.detail ->> 'of_files', 0),"
	" coalesce(k.detail ->> 'of_bytes', 0)"
	" FROM drill d"
	" LEFT JOIN drill_check k ON k.seq = (SELECT max(seq)"
	"  FROM drill_check WHERE drill = d.id AND seq <= ?1"
	"  AND kind = 'restore' AND name = 'bytes')"
	" LEFT JOIN drill_signature g ON g.drill = d.id AND g.seq <= ?1"
	" LEFT JOIN drill_improvement i ON i.drill = d.id AND i.seq <= ?1"
	" WHERE d.id <= ?1 AND (?2 = 0 OR d.id = ?2)"
	" AND (?3 IS NULL OR d.system = ?3) ORDER BY d.id DESC" LIMIT("?4"),
    [STATEMENT_DRILL_CHECKS] =
	"SELECT seq, drill, kind, name, outcome, detail FROM drill_check"
	" WHERE seq <= ?1 AND drill = ?2 ORDER BY seq",
};
