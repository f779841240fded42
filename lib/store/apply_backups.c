/* What entries about backups, keys and the service mean for the rows. */
#include "lib/store/apply_steps.h"

/* Rows of a configured thing that the entry no longer lists like this. */
#define END_UNLISTED(table, list, same)                                   \
	"UPDATE " table " SET to_seq = ?1 WHERE to_seq = " OPEN           \
	" AND NOT EXISTS (SELECT 1 FROM json_each(?3, '$." list "') AS n" \
	" WHERE n.value ->> 'id' = " table ".id AND " same ")"

/* ... and new rows for those that have none now. */
#define BEGIN_LISTED(table, list, columns)                         \
	"INSERT INTO " table " SELECT n.value ->> 'id', ?1, " OPEN \
	", " columns " FROM json_each(?3, '$." list "') AS n"      \
	" WHERE n.value ->> 'id' NOT IN (SELECT id FROM " table    \
	" WHERE to_seq = " OPEN ")"

/* The newest state of a copy, by the primary key: years of states come before
 * it. */
#define NEWEST_STATE(alias, copy)                       \
	alias "copy = " copy " AND " alias "from_seq =" \
	      " (SELECT max(from_seq) FROM copy_state WHERE copy = " copy ")"

/* ... which the entry has just ended. */
#define ENDED_STATE(alias, copy) \
	NEWEST_STATE(alias, copy) " AND " alias "to_seq = ?1"

/* The state of a copy that an entry changes; `copy` says which. */
#define END_COPY_STATE(copy)                                     \
	"UPDATE copy_state SET to_seq = ?1 WHERE " NEWEST_STATE( \
	    "", copy) " AND to_seq = " OPEN

#define COPY_OF_MANIFEST \
	"(SELECT copy FROM manifest WHERE id = ?3 ->> 'manifest')"

#define COPY_OF_FINDING \
	"(SELECT copy FROM finding WHERE id = coalesce(?3 ->> 'finding', ?1))"

/* By how much the entry changes a copy's open findings of this verdict. */
#define THE_FINDING "t.finding = coalesce(?3 ->> 'finding', ?1)"
#define IS_OPEN_AND(verdict) \
	" AND t.state = 'open' AND t.verdict = '" verdict "')"
#define FINDINGS_CHANGE(verdict)                                      \
	" + (SELECT count(*) FROM finding_state t WHERE " THE_FINDING \
	" AND t.from_seq = ?1" IS_OPEN_AND(                           \
	    verdict) " - (SELECT count(*) FROM finding_state t "      \
		     "WHERE " THE_FINDING                             \
		     " AND t.to_seq = ?1" IS_OPEN_AND(verdict)

/* The same state, with what became of the finding counted in. */
#define FINDINGS_OF_COPY                                                     \
	{END_COPY_STATE(COPY_OF_FINDING), APPLY_ROWS_ANY},                   \
	{                                                                    \
		"INSERT INTO copy_state SELECT copy, ?1, " OPEN              \
		", state, reason, manifest, slices, intact, damaged,"        \
		" undetermined, unconfirmed_bytes, oldest_read_at,"          \
		" findings_damaged" FINDINGS_CHANGE(                         \
		    "damaged") ","                                           \
			       " findings_undetermined" FINDINGS_CHANGE(     \
				   "undetermined") " FROM copy_state "       \
						   "WHERE " ENDED_STATE(     \
						       "", COPY_OF_FINDING), \
		    APPLY_ROWS_ANY                                           \
	}

#define END_FINDING_STATE                                              \
	{                                                              \
		"UPDATE finding_state SET to_seq = ?1"                 \
		" WHERE finding = ?3 ->> 'finding' AND to_seq = " OPEN \
		" AND state = 'open'"                                  \
		" AND (?3 ->> 'reason' IS NOT 'accepted'"              \
		"  OR verdict = 'none')",                              \
		    APPLY_ROWS_ONE                                     \
	}

/* A state and its reason, with all else as it was. */
#define COPY_STATE(state)                                                  \
	{                                                                  \
		"INSERT INTO copy_state SELECT copy, ?1, " OPEN ", " state \
		", ?3 ->> 'reason', manifest, slices, intact, damaged,"    \
		" undetermined, unconfirmed_bytes, oldest_read_at,"        \
		" findings_damaged, findings_undetermined FROM copy_state" \
		" WHERE " ENDED_STATE("", "?3 ->> 'copy'"),                \
		    APPLY_ROWS_ONE                                         \
	}

/* The slices of a manifest that a copy no longer has are nobody's turn. */
#define END_MANIFEST                                                 \
	{"UPDATE slice_verdict SET to_seq = ?1 WHERE to_seq = " OPEN \
	 " AND manifest = (SELECT id FROM manifest"                  \
	 " WHERE copy = ?3 ->> 'copy' AND to_seq = " OPEN ")",       \
	    APPLY_ROWS_ANY},                                         \
	{                                                            \
		"UPDATE manifest SET to_seq = ?1"                    \
		" WHERE copy = ?3 ->> 'copy' AND to_seq = " OPEN,    \
		    APPLY_ROWS_ANY                                   \
	}

#define CLOCK_EVENT                                                      \
	{                                                                \
		"INSERT INTO clock_event SELECT ?1, ?2, ?3 ->> 'event'," \
		" ?3 ->> 'by_ms'",                                       \
		    APPLY_ROWS_ONE                                       \
	}

/*
 * A slice's new verdict.  p is the row before, e what the entry says.
 *
 * An intact outcome counts as read when it read the bytes (level quick does
 * not), and lifts a failure only when it read them after the failure.  An
 * undetermined outcome never lifts "damaged", and no failed attempt makes the
 * oldest reading younger.  An instant later than the entry's own is taken as
 * the entry's.
 */
static const char insert_verdict[] =
    "WITH e AS (SELECT p.*, ?3 ->> 'verdict' AS said,"
    "  ?3 ->> 'level' AS said_level, ?3 ->> 'bytes_read' AS said_bytes_read,"
    "  min(?3 ->> 'read_at', ?2) AS said_read_at"
    "  FROM slice_verdict p WHERE p.manifest = ?3 ->> 'manifest'"
    "  AND p.slice = ?3 ->> 'slice' AND p.to_seq = ?1),"
    " j AS (SELECT e.*, said = 'intact' AND said_level <> 'quick'"
    "  AND (turn <> 0 OR said_bytes_read >= bytes"
    "   OR said_read_at > tried_at) AS good FROM e),"
    " v AS (SELECT j.*,"
    "  CASE WHEN said = 'damaged' THEN 'damaged'"
    "   WHEN said = 'undetermined' THEN"
    "    iif(verdict = 'damaged', 'damaged', 'undetermined')"
    "   WHEN good THEN 'intact' ELSE verdict END AS new_verdict,"
    "  iif(good OR said = 'damaged', 'verification', basis) AS new_basis"
    "  FROM j)"
    " INSERT INTO slice_verdict SELECT manifest, slice, ?1, " OPEN ", medium,"
    "  CASE WHEN new_verdict <> 'intact' THEN 0"
    "   WHEN new_basis = 'capture' THEN 1 ELSE 2 END,"
    "  new_verdict, said, new_basis, said_level, ?3 ->> 'run',"
    "  CASE WHEN good THEN said_read_at"
    "   WHEN said = 'damaged' AND said_level <> 'quick'"
    "    THEN coalesce(said_read_at, read_at) ELSE read_at END,"
    "  ?2, bytes, said_bytes_read, ?3 ->> 'mode', ?3 ->> 'findings' FROM v";

/* The copy's counters: p is the slice's verdict before, n the new one. */
static const char insert_state_after_verdict[] =
    "INSERT INTO copy_state SELECT s.copy, ?1, " OPEN ", s.state, s.reason,"
    " s.manifest, s.slices,"
    " s.intact - (p.verdict = 'intact') + (n.verdict = 'intact'),"
    " s.damaged - (p.verdict = 'damaged') + (n.verdict = 'damaged'),"
    " s.undetermined - (p.verdict = 'undetermined')"
    "  + (n.verdict = 'undetermined'),"
    " s.unconfirmed_bytes - iif(p.basis = 'capture', p.bytes, 0)"
    "  + iif(n.basis = 'capture', n.bytes, 0),"
    " (SELECT min(read_at) FROM slice_verdict"
    "  WHERE manifest = s.manifest AND to_seq = " OPEN "),"
    " s.findings_damaged, s.findings_undetermined"
    " FROM copy_state s"
    " JOIN slice_verdict n ON n.manifest = s.manifest"
    "  AND n.slice = ?3 ->> 'slice' AND n.from_seq = ?1"
    " JOIN slice_verdict p ON p.manifest = n.manifest"
    "  AND p.slice = n.slice AND p.to_seq = ?1"
    " WHERE " ENDED_STATE("s.", COPY_OF_MANIFEST);

const struct apply_step
    apply_backup_steps[APPLY_BACKUP_TYPES][APPLY_STEPS_OF_TYPE_MAX] = {
	[ENTRY_ORIGIN] =
	    {
		{"INSERT INTO origin SELECT ?1, " OPEN ", ?3 ->> 'facility',"
		 " ?3 ->> 'origin', ?3 ->> 'daemon_key', ?3 ->> 'facility_key'",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_KEY] =
	    {
		{"UPDATE origin SET to_seq = ?1 WHERE to_seq = " OPEN
		 " AND ?3 ->> 'old' IS iif(?3 ->> 'kind' = 'daemon', "
		 "daemon_key,"
		 " facility_key)",
		    APPLY_ROWS_ONE},
		{"INSERT INTO origin SELECT ?1, " OPEN ", facility, origin,"
		 " iif(?3 ->> 'kind' = 'daemon', ?3 ->> 'new', daemon_key),"
		 " iif(?3 ->> 'kind' = 'facility', ?3 ->> 'new', facility_key)"
		 " FROM origin WHERE to_seq = ?1",
		    APPLY_ROWS_ONE},
		{"INSERT INTO key_change SELECT ?1, ?2, ?3 ->> 'kind',"
		 " ?3 ->> 'old', ?3 ->> 'new', ?3 ->> 'statement_sha256'",
		    APPLY_ROWS_ONE},
	    },
	/* Who did not stop was killed: stopped_at stays NULL. */
	[ENTRY_START] =
	    {
		{"UPDATE service SET to_seq = ?1 WHERE to_seq = " OPEN,
		    APPLY_ROWS_ANY},
		{"INSERT INTO service SELECT ?1, " OPEN ", ?2, NULL,"
		 " ?3 ->> 'software', ?3 -> 'sandbox', NULL",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_STOP] =
	    {
		{"UPDATE service SET to_seq = ?1, stopped_at = ?2,"
		 " reason = ?3 ->> 'reason' WHERE to_seq = " OPEN,
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_CONFIG] =
	    {
		{"UPDATE config_version SET to_seq = ?1 WHERE to_seq = " OPEN,
		    APPLY_ROWS_ANY},
		{"INSERT INTO config_version SELECT ?1, " OPEN ", ?2,"
		 " ?3 ->> 'sha256'",
		    APPLY_ROWS_ONE},
		{END_UNLISTED("system", "systems",
		     "n.value ->> 'kind' = kind"
		     " AND n.value ->> 'interval_ms' = interval_ms"
		     " AND n.value ->> 'grace_ms' = grace_ms"
		     " AND n.value ->> 'generations_min' = generations_min"
		     " AND n.value ->> 'recovery_order' IS recovery_order"
		     " AND n.value ->> 'recovery_target_ms' IS "
		     "recovery_target_ms"),
		    APPLY_ROWS_ANY},
		{BEGIN_LISTED("system", "systems",
		     "n.value ->> 'kind', n.value ->> 'interval_ms',"
		     " n.value ->> 'grace_ms', n.value ->> 'generations_min',"
		     " n.value ->> 'recovery_order',"
		     " n.value ->> 'recovery_target_ms'"),
		    APPLY_ROWS_ANY},
		{END_UNLISTED("medium", "media",
		     "n.value ->> 'kind' = kind"
		     " AND n.value ->> 'coverage_ms' IS coverage_ms"
		     " AND n.value ->> 'offline' IS offline"
		     " AND coalesce(n.value ->> 'offsite', 0) = offsite"
		     " AND n.value ->> 'location' IS location"
		     " AND n.value ->> 'max_attached_ms' IS max_attached_ms"),
		    APPLY_ROWS_ANY},
		{BEGIN_LISTED("medium", "media",
		     "n.value ->> 'kind', n.value ->> 'coverage_ms',"
		     " n.value ->> 'offline', coalesce(n.value ->> 'offsite', "
		     "0),"
		     " n.value ->> 'location', n.value ->> 'max_attached_ms'"),
		    APPLY_ROWS_ANY},
		{END_UNLISTED("source", "sources",
		     "n.value ->> 'system' = system"
		     " AND n.value ->> 'medium' = medium"
		     " AND n.value ->> 'layout' = layout"),
		    APPLY_ROWS_ANY},
		{BEGIN_LISTED("source", "sources",
		     "n.value ->> 'system', n.value ->> 'medium',"
		     " n.value ->> 'layout'"),
		    APPLY_ROWS_ANY},
		{"UPDATE facility SET to_seq = ?1 WHERE to_seq = " OPEN,
		    APPLY_ROWS_ANY},
		{"INSERT INTO facility SELECT ?1, " OPEN
		 ", ?3 ->> '$.facility.kind', ?3 ->> '$.facility.beds',"
		 " coalesce(?3 ->> '$.facility.fees', ''),"
		 " ?3 ->> '$.facility.offline_verified_ms',"
		 " ?3 ->> '$.facility.offline_attested_ms',"
		 " ?3 ->> '$.facility.max_undetermined_ms',"
		 " ?3 ->> '$.facility.clock_ahead_ms'"
		 " WHERE ?3 -> '$.facility' IS NOT NULL",
		    APPLY_ROWS_ANY},
		{"INSERT INTO pack SELECT ?1, n.key, n.value ->> 'sha256',"
		 " coalesce(n.value ->> 'site', 0)"
		 " FROM json_each(?3, '$.packs') AS n",
		    APPLY_ROWS_ANY},
	    },
	[ENTRY_SCAN] =
	    {
		{"UPDATE source_scan SET to_seq = ?1"
		 " WHERE source = ?3 ->> 'source' AND to_seq = " OPEN,
		    APPLY_ROWS_ANY},
		{"INSERT INTO source_scan SELECT id, ?1, " OPEN ", ?2,"
		 " ?3 ->> 'result', ?3 ->> 'candidates',"
		 " iif(?3 ->> 'result' = 'ok', ?2, (SELECT good_at"
		 "  FROM source_scan WHERE source = source.id AND to_seq = ?1))"
		 " FROM source WHERE id = ?3 ->> 'source' AND to_seq = " OPEN,
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_SEEN] =
	    {
		{"INSERT INTO generation SELECT ?3 ->> 'generation', ?1, " OPEN
		 ", ?3 ->> 'system', ?3 ->> 'taken_at', ?3 ->> 'time_from'"
		 " WHERE NOT EXISTS (SELECT 1 FROM generation"
		 "  WHERE id = ?3 ->> 'generation' AND to_seq = " OPEN ")",
		    APPLY_ROWS_ANY},
		{"INSERT INTO copy SELECT ?1, " OPEN
		 ", g.id, g.system, s.medium,"
		 " s.id, ?3 ->> 'layout', ?3 ->> 'taken_at', ?3 ->> "
		 "'time_from',"
		 " ?3 ->> 'subject' FROM generation g, source s"
		 " WHERE g.id = ?3 ->> 'generation' AND g.to_seq = " OPEN
		 " AND s.id = ?3 ->> 'source' AND s.to_seq = " OPEN
		 " AND s.medium = ?3 ->> 'medium'"
		 " AND s.system = ?3 ->> 'system' AND g.system = s.system"
		 " AND g.id LIKE g.system || '@%'",
		    APPLY_ROWS_ONE},
		{"INSERT INTO copy_state VALUES (?1, ?1, " OPEN ", 'settling',"
		 " NULL, NULL, 0, 0, 0, 0, 0, NULL, 0, 0)",
		    APPLY_ROWS_ONE},
	    },
	/*
	 * A new capture takes the damage of the one before as the new truth, so
	 * there must be a finding that keeps it in view.
	 */
	[ENTRY_CAPTURED] =
	    {
		{END_COPY_STATE("?3 ->> 'copy'") " AND (damaged = 0 OR "
						 "findings_damaged > 0)",
		    APPLY_ROWS_ONE},
		END_MANIFEST,
		{"INSERT INTO manifest SELECT ?1, " OPEN ", ?3 ->> 'copy',"
		 " ?3 ->> 'version', ?3 ->> 'run', ?2,"
		 " ?3 ->> 'manifest_sha256', ?3 ->> 'entries', ?3 ->> 'files',"
		 " ?3 ->> 'bytes', ?3 ->> 'bytes_read', ?3 ->> 'content',"
		 " min(?3 ->> 'oldest_reading', ?2), ?3 ->> 'newest_file_at',"
		 " ?3 ->> 'mode',"
		 " ?3 ->> 'problems', ?3 ->> '$.members.state',"
		 " ?3 ->> '$.members.manifest_sha256',"
		 " ?3 ->> '$.members.content', ?3 ->> '$.members.files',"
		 " ?3 ->> '$.members.bytes', ?3 ->> '$.foreign.kind',"
		 " ?3 ->> '$.foreign.result', ?3 ->> '$.foreign.listed',"
		 " ?3 ->> '$.foreign.mismatched'",
		    APPLY_ROWS_ONE},
		{"INSERT INTO slice SELECT ?1, key, value ->> 0, value ->> 1,"
		 " value ->> 2, value ->> 3 FROM json_each(?3, '$.slices')",
		    APPLY_ROWS_ANY},
		{"INSERT INTO slice_verdict SELECT ?1, s.slice, ?1, " OPEN
		 ", c.medium, 1, 'intact', 'intact', 'capture', 'full', m.run,"
		 " m.oldest_reading, ?2, s.bytes, s.bytes, m.mode, 0"
		 " FROM manifest m JOIN copy c ON c.id = m.copy"
		 " JOIN slice s ON s.manifest = m.id WHERE m.id = ?1",
		    APPLY_ROWS_ANY},
		{"INSERT INTO survey SELECT ?1, ?3 ->> '$.survey.files',"
		 " ?3 ->> '$.survey.carried', ?3 ->> '$.survey.bytes',"
		 " ?3 ->> '$.survey.known', ?3 ->> '$.survey.claimed',"
		 " ?3 ->> '$.survey.mismatched', ?3 ->> '$.survey.noisy',"
		 " ?3 ->> '$.survey.notes' WHERE ?3 -> 'survey' IS NOT NULL",
		    APPLY_ROWS_ANY},
		{"INSERT INTO sealing SELECT ?1, ?3 ->> '$.sealing.sealed',"
		 " ?3 ->> '$.sealing.plain', ?3 ->> '$.sealing.aside',"
		 " ?3 ->> '$.sealing.unclear', ?3 ->> '$.sealing.unseen'"
		 " WHERE ?3 -> 'sealing' IS NOT NULL",
		    APPLY_ROWS_ANY},
		{"INSERT INTO drift SELECT ?1, ?3 ->> '$.drift.since',"
		 " ?3 ->> '$.drift.same', ?3 ->> '$.drift.changed',"
		 " ?3 ->> '$.drift.vanished', ?3 ->> '$.drift.appeared',"
		 " ?3 ->> '$.drift.extended' WHERE ?3 -> 'drift' IS NOT NULL",
		    APPLY_ROWS_ANY},
		{"INSERT INTO loss SELECT ?1, ?3 ->> '$.loss.gone',"
		 " ?3 ->> '$.loss.emptied', ?3 ->> '$.loss.older',"
		 " ?3 ->> '$.loss.expired' WHERE ?3 -> 'loss' IS NOT NULL",
		    APPLY_ROWS_ANY},
		{"INSERT INTO copy_state SELECT p.copy, ?1, " OPEN
		 ", 'captured',"
		 " NULL, m.id, t.slices, t.slices, 0, 0, t.bytes,"
		 " m.oldest_reading, p.findings_damaged, "
		 "p.findings_undetermined"
		 " FROM copy_state p JOIN manifest m ON m.id = ?1,"
		 " (SELECT count(*) AS slices, sum(bytes) AS bytes FROM slice"
		 "  WHERE manifest = ?1) t"
		 " WHERE " ENDED_STATE("p.", "m.copy"),
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_SLICE] =
	    {
		{"UPDATE slice_verdict SET to_seq = ?1"
		 " WHERE manifest = ?3 ->> 'manifest'"
		 " AND slice = ?3 ->> 'slice' AND to_seq = " OPEN,
		    APPLY_ROWS_ONE},
		{insert_verdict, APPLY_ROWS_ONE},
		{END_COPY_STATE(COPY_OF_MANIFEST), APPLY_ROWS_ONE},
		{insert_state_after_verdict, APPLY_ROWS_ONE},
	    },
	[ENTRY_RUN_BEGIN] =
	    {
		{"INSERT INTO run (id, to_seq, began_at, trigger, level, "
		 "system,"
		 " medium, source, generation, copy) SELECT ?1, " OPEN ", ?2,"
		 " ?3 ->> 'trigger', ?3 ->> 'level', ?3 ->> 'system',"
		 " ?3 ->> 'medium', ?3 ->> 'source', ?3 ->> 'generation',"
		 " ?3 ->> 'copy'",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_RUN_END] =
	    {
		{"UPDATE run SET to_seq = ?1, ended_at = ?2,"
		 " outcome = ?3 ->> 'outcome', canary = ?3 ->> 'canary',"
		 " bytes = ?3 ->> 'bytes', bytes_read = ?3 ->> 'bytes_read',"
		 " intact = ?3 ->> '$.slices.intact',"
		 " damaged = ?3 ->> '$.slices.damaged',"
		 " undetermined = ?3 ->> '$.slices.undetermined'"
		 " WHERE id = ?3 ->> 'run' AND to_seq = " OPEN,
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_FINDING_OPEN] =
	    {
		{"INSERT INTO finding SELECT ?1, ?2, ?3 ->> 'code',"
		 " coalesce(?3 ->> 'system', c.system),"
		 " coalesce(?3 ->> 'generation', c.generation),"
		 " coalesce(?3 ->> 'medium', c.medium),"
		 " coalesce(?3 ->> 'source', c.source), ?3 ->> 'copy',"
		 " ?3 ->> 'manifest', ?3 ->> 'slice', ?3 ->> 'subject'"
		 " FROM (SELECT 1) LEFT JOIN copy c ON c.id = ?3 ->> 'copy'",
		    APPLY_ROWS_ONE},
		{"INSERT INTO finding_state SELECT ?1, ?1, " OPEN
		 ", 'open', ?2, 1,"
		 " ?3 ->> 'verdict', ?3 ->> 'severity', ?3 -> 'detail', NULL",
		    APPLY_ROWS_ONE},
		FINDINGS_OF_COPY,
	    },
	[ENTRY_FINDING_AGAIN] =
	    {
		END_FINDING_STATE,
		{"INSERT INTO finding_state SELECT finding, ?1, " OPEN
		 ", state,"
		 " ?2, times + 1, iif(verdict = 'damaged', verdict,"
		 " coalesce(?3 ->> 'verdict', verdict)),"
		 " coalesce(?3 ->> 'severity', severity),"
		 " coalesce(?3 -> 'detail', detail), NULL FROM finding_state"
		 " WHERE finding = ?3 ->> 'finding' AND to_seq = ?1",
		    APPLY_ROWS_ONE},
		FINDINGS_OF_COPY,
	    },
	[ENTRY_FINDING_CLOSE] =
	    {
		END_FINDING_STATE,
		{"INSERT INTO finding_state SELECT finding, ?1, " OPEN
		 ", 'closed', ?2, times, verdict, severity, detail,"
		 " ?3 ->> 'reason' FROM finding_state"
		 " WHERE finding = ?3 ->> 'finding' AND to_seq = ?1",
		    APPLY_ROWS_ONE},
		/* Without name and reason nobody accepts anything. */
		{"INSERT INTO acceptance SELECT ?3 ->> 'finding', ?1, ?2,"
		 " ?3 ->> 'by', ?3 ->> 'note'"
		 " WHERE ?3 ->> 'reason' = 'accepted'",
		    APPLY_ROWS_ANY},
		FINDINGS_OF_COPY,
	    },
	[ENTRY_COPY_MISSING] =
	    {
		{END_COPY_STATE("?3 ->> 'copy'") " AND state <> 'missing'",
		    APPLY_ROWS_ONE},
		COPY_STATE("'missing'"),
	    },
	[ENTRY_COPY_RETURNED] =
	    {
		{END_COPY_STATE("?3 ->> 'copy'") " AND state = 'missing'",
		    APPLY_ROWS_ONE},
		COPY_STATE("iif(manifest IS NULL, 'settling', 'captured')"),
	    },
	[ENTRY_COPY_EXPIRED] =
	    {
		{END_COPY_STATE("?3 ->> 'copy'"), APPLY_ROWS_ONE},
		END_MANIFEST,
		{"UPDATE copy SET to_seq = ?1 WHERE id = ?3 ->> 'copy'",
		    APPLY_ROWS_ONE},
		{"UPDATE generation SET to_seq = ?1 WHERE to_seq = " OPEN
		 " AND id = (SELECT generation FROM copy WHERE id = ?3 ->> "
		 "'copy')"
		 " AND NOT EXISTS (SELECT 1 FROM copy WHERE generation ="
		 "  generation.id AND to_seq = " OPEN ")",
		    APPLY_ROWS_ANY},
	    },
	[ENTRY_MATCH] =
	    {
		{"UPDATE copy_match SET to_seq = ?1 WHERE to_seq = " OPEN
		 " AND generation = ?3 ->> 'generation'",
		    APPLY_ROWS_ANY},
		{"INSERT INTO copy_match SELECT ?1, " OPEN ", ?2, id,"
		 " ?3 ->> 'result' FROM generation"
		 " WHERE id = ?3 ->> 'generation' AND to_seq = " OPEN,
		    APPLY_ROWS_ONE},
		{"INSERT INTO copy_match_member SELECT ?1, value"
		 " FROM json_each(?3, '$.copies')",
		    APPLY_ROWS_ANY},
	    },
	[ENTRY_CLOCK_BACK] = {CLOCK_EVENT},
	[ENTRY_CLOCK_AHEAD] = {CLOCK_EVENT},
};
