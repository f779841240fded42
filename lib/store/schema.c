#include "lib/store/schema.h"

#include <stdio.h>

#include "lib/base/i18n.h"

/*
 * Version 1.
 *
 * A row that holds for a time has from_seq, the entry that made it, and
 * to_seq, the entry that ended it, or SCHEMA_OPEN: it is visible at seq S where
 * from_seq <= S < to_seq.  What an entry created has that entry's seq as id.
 *
 * Everything from `origin` on is a projection of the journal.  Counters in
 * copy_state are those of the current manifest's slice_verdicts and of open
 * findings, so that status need not add up slices.
 */
static const char *const version_1[] = {
    "CREATE TABLE journal (\n"
    " seq INTEGER PRIMARY KEY,\n"
    " at INTEGER NOT NULL,\n"
    " leaf BLOB NOT NULL\n"
    ") STRICT",
    "CREATE TABLE journal_node (\n"
    " level INTEGER NOT NULL,\n"
    " idx INTEGER NOT NULL,\n"
    " hash BLOB NOT NULL CHECK (length(hash) = 32),\n"
    " PRIMARY KEY (level, idx)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE TRIGGER journal_keep BEFORE DELETE ON journal BEGIN\n"
    " SELECT RAISE(ABORT, 'the journal never shrinks'); END",
    "CREATE TRIGGER journal_same BEFORE UPDATE ON journal BEGIN\n"
    " SELECT RAISE(ABORT, 'the journal never changes'); END",
    "CREATE TRIGGER node_keep BEFORE DELETE ON journal_node BEGIN\n"
    " SELECT RAISE(ABORT, 'the journal never shrinks'); END",
    "CREATE TRIGGER node_same BEFORE UPDATE ON journal_node BEGIN\n"
    " SELECT RAISE(ABORT, 'the journal never changes'); END",
    "CREATE TABLE checkpoint (\n"
    " size INTEGER PRIMARY KEY,\n"
    " root BLOB NOT NULL CHECK (length(root) = 32),\n"
    " note BLOB NOT NULL,\n"
    " at INTEGER NOT NULL\n"
    ") STRICT",
    "CREATE TABLE opening (\n"
    " subject TEXT PRIMARY KEY CHECK (length(subject) = 64),\n"
    " nonce BLOB NOT NULL,\n"
    " path BLOB NOT NULL UNIQUE\n"
    ") STRICT, WITHOUT ROWID",
    /* Who and with what. */
    "CREATE TABLE origin (\n"
    " from_seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " facility TEXT NOT NULL,\n"
    " origin TEXT NOT NULL,\n"
    " daemon_key TEXT NOT NULL,\n"
    " facility_key TEXT\n"
    ") STRICT",
    "CREATE TABLE key_change (\n"
    " seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " at INTEGER NOT NULL,\n"
    " kind TEXT NOT NULL,\n"
    " old TEXT,\n"
    " new TEXT NOT NULL,\n"
    " statement_sha256 TEXT NOT NULL\n"
    ") STRICT",
    "CREATE TABLE service (\n"
    " from_seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " started_at INTEGER NOT NULL,\n"
    " stopped_at INTEGER,\n"
    " software TEXT NOT NULL,\n"
    " sandbox TEXT NOT NULL,\n"
    " reason TEXT\n"
    ") STRICT",
    "CREATE TABLE clock_event (\n"
    " seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " at INTEGER NOT NULL,\n"
    " event TEXT NOT NULL,\n"
    " by_ms INTEGER NOT NULL\n"
    ") STRICT",
    /* What is configured. */
    "CREATE TABLE config_version (\n"
    " from_seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " sha256 TEXT NOT NULL\n"
    ") STRICT",
    "CREATE TABLE system (\n"
    " id TEXT NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " kind TEXT NOT NULL,\n"
    " interval_ms INTEGER NOT NULL,\n"
    " grace_ms INTEGER NOT NULL,\n"
    " generations_min INTEGER NOT NULL,\n"
    " PRIMARY KEY (id, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE medium (\n"
    " id TEXT NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " kind TEXT NOT NULL,\n"
    " coverage_ms INTEGER,\n"
    " offline TEXT,\n"
    " PRIMARY KEY (id, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE source (\n"
    " id TEXT NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " system TEXT NOT NULL,\n"
    " medium TEXT NOT NULL,\n"
    " layout TEXT NOT NULL,\n"
    " PRIMARY KEY (id, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    /* good_at: the last scan with result ok, this one included. */
    "CREATE TABLE source_scan (\n"
    " source TEXT NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " result TEXT NOT NULL,\n"
    " candidates INTEGER NOT NULL,\n"
    " good_at INTEGER,\n"
    " PRIMARY KEY (source, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    /* What was found, and read. */
    "CREATE TABLE generation (\n"
    " id TEXT NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " system TEXT NOT NULL,\n"
    " taken_at INTEGER NOT NULL,\n"
    " time_from TEXT NOT NULL,\n"
    " PRIMARY KEY (id, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE copy (\n"
    " id INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " generation TEXT NOT NULL,\n"
    " system TEXT NOT NULL,\n"
    " medium TEXT NOT NULL,\n"
    " source TEXT NOT NULL,\n"
    " layout TEXT NOT NULL,\n"
    " taken_at INTEGER NOT NULL,\n"
    " time_from TEXT NOT NULL,\n"
    " subject TEXT NOT NULL\n"
    ") STRICT",
    "CREATE UNIQUE INDEX copy_once ON copy (generation, medium)\n"
    " WHERE to_seq = " SCHEMA_OPEN "",
    "CREATE INDEX copy_of_generation ON copy (generation, to_seq)",
    "CREATE INDEX copy_of_system ON copy (system, to_seq)",
    "CREATE INDEX copy_of_medium ON copy (medium, to_seq)",
    "CREATE INDEX copy_live ON copy (to_seq)",
    "CREATE TABLE run (\n"
    " id INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " began_at INTEGER NOT NULL,\n"
    " trigger TEXT NOT NULL,\n"
    " level TEXT NOT NULL,\n"
    " system TEXT,\n"
    " medium TEXT,\n"
    " source TEXT,\n"
    " generation TEXT,\n"
    " copy INTEGER REFERENCES copy,\n"
    " ended_at INTEGER,\n"
    " outcome TEXT,\n"
    " canary TEXT,\n"
    " bytes INTEGER,\n"
    " bytes_read INTEGER,\n"
    " intact INTEGER,\n"
    " damaged INTEGER,\n"
    " undetermined INTEGER\n"
    ") STRICT",
    "CREATE INDEX run_live ON run (to_seq)",
    "CREATE TABLE manifest (\n"
    " id INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " copy INTEGER NOT NULL REFERENCES copy,\n"
    " version INTEGER NOT NULL,\n"
    " run INTEGER REFERENCES run,\n"
    " at INTEGER NOT NULL,\n"
    " sha256 TEXT NOT NULL,\n"
    " entries INTEGER NOT NULL,\n"
    " files INTEGER NOT NULL,\n"
    " bytes INTEGER NOT NULL,\n"
    " bytes_read INTEGER NOT NULL,\n"
    " content TEXT,\n"
    " oldest_reading INTEGER NOT NULL,\n"
    " newest_file_at INTEGER,\n"
    " mode TEXT NOT NULL,\n"
    " problems INTEGER NOT NULL,\n"
    " members_state TEXT,\n"
    " members_sha256 TEXT,\n"
    " members_content TEXT,\n"
    " members_files INTEGER,\n"
    " members_bytes INTEGER,\n"
    " foreign_kind TEXT,\n"
    " foreign_result TEXT,\n"
    " foreign_listed INTEGER,\n"
    " foreign_mismatched INTEGER,\n"
    " UNIQUE (copy, version)\n"
    ") STRICT",
    "CREATE TABLE slice (\n"
    " manifest INTEGER NOT NULL REFERENCES manifest,\n"
    " slice INTEGER NOT NULL,\n"
    " frame_offset INTEGER NOT NULL,\n"
    " frame_length INTEGER NOT NULL,\n"
    " entries INTEGER NOT NULL,\n"
    " bytes INTEGER NOT NULL,\n"
    " PRIMARY KEY (manifest, slice)\n"
    ") STRICT, WITHOUT ROWID",
    /* turn: 0 failed, 1 never read again, 2 the rest (query_slice.h). */
    "CREATE TABLE slice_verdict (\n"
    " manifest INTEGER NOT NULL,\n"
    " slice INTEGER NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " medium TEXT NOT NULL,\n"
    " turn INTEGER NOT NULL,\n"
    " verdict TEXT NOT NULL,\n"
    " outcome TEXT NOT NULL,\n"
    " basis TEXT NOT NULL,\n"
    " level TEXT NOT NULL,\n"
    " run INTEGER REFERENCES run,\n"
    " read_at INTEGER NOT NULL,\n"
    " tried_at INTEGER NOT NULL,\n"
    " bytes INTEGER NOT NULL,\n"
    " bytes_read INTEGER NOT NULL,\n"
    " mode TEXT NOT NULL,\n"
    " findings INTEGER NOT NULL,\n"
    " PRIMARY KEY (manifest, slice, from_seq),\n"
    " FOREIGN KEY (manifest, slice) REFERENCES slice\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE INDEX verdict_next ON slice_verdict\n"
    " (medium, turn, read_at, bytes) WHERE to_seq = " SCHEMA_OPEN "",
    "CREATE INDEX verdict_oldest ON slice_verdict\n"
    " (manifest, read_at) WHERE to_seq = " SCHEMA_OPEN "",
    "CREATE TABLE copy_state (\n"
    " copy INTEGER NOT NULL REFERENCES copy,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " state TEXT NOT NULL,\n"
    " reason TEXT,\n"
    " manifest INTEGER REFERENCES manifest,\n"
    " slices INTEGER NOT NULL,\n"
    " intact INTEGER NOT NULL,\n"
    " damaged INTEGER NOT NULL,\n"
    " undetermined INTEGER NOT NULL,\n"
    " unconfirmed_bytes INTEGER NOT NULL,\n"
    " oldest_read_at INTEGER,\n"
    " findings_damaged INTEGER NOT NULL,\n"
    " findings_undetermined INTEGER NOT NULL,\n"
    " PRIMARY KEY (copy, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE finding (\n"
    " id INTEGER PRIMARY KEY REFERENCES journal,\n"
    " at INTEGER NOT NULL,\n"
    " code TEXT NOT NULL,\n"
    " system TEXT,\n"
    " generation TEXT,\n"
    " medium TEXT,\n"
    " source TEXT,\n"
    " copy INTEGER REFERENCES copy,\n"
    " manifest INTEGER REFERENCES manifest,\n"
    " slice INTEGER,\n"
    " subject TEXT\n"
    ") STRICT",
    "CREATE INDEX finding_of_copy ON finding (copy)",
    "CREATE INDEX finding_of_subject ON finding (subject)",
    "CREATE TABLE finding_state (\n"
    " finding INTEGER NOT NULL REFERENCES finding,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " state TEXT NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " times INTEGER NOT NULL,\n"
    " verdict TEXT NOT NULL,\n"
    " severity TEXT,\n"
    " detail TEXT,\n"
    " reason TEXT,\n"
    " PRIMARY KEY (finding, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE INDEX finding_open ON finding_state (to_seq)\n"
    " WHERE state = 'open'",
    "CREATE TABLE copy_match (\n"
    " seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " generation TEXT NOT NULL,\n"
    " result TEXT NOT NULL\n"
    ") STRICT",
    "CREATE INDEX match_of_generation ON copy_match (generation, to_seq)",
    "CREATE TABLE copy_match_member (\n"
    " match INTEGER NOT NULL REFERENCES copy_match,\n"
    " copy INTEGER NOT NULL REFERENCES copy,\n"
    " PRIMARY KEY (match, copy)\n"
    ") STRICT, WITHOUT ROWID",
    NULL,
};

const char *const *const schema_migrations[SCHEMA_VERSION] = {version_1,
    schema_media, schema_survey, schema_drill, schema_content, schema_sealing,
    schema_pack, schema_loss};

static int
read_header(struct sql *sql, int64_t *ret_id, int64_t *ret_version,
    int64_t *ret_tables, struct error *err)
{
	if (sql_ask_int(sql, "PRAGMA application_id", ret_id, err) != 0 ||
	    sql_ask_int(sql, "PRAGMA user_version", ret_version, err) != 0 ||
	    sql_ask_int(sql, "SELECT count(*) FROM sqlite_schema", ret_tables,
		err) != 0)
		return -1;
	return 0;
}

static int
check_header(int64_t id, int64_t version, unsigned count, struct error *err)
{
	if (id != SCHEMA_APPLICATION_ID || version < 0)
		return error_set(
		    err, ERROR_INPUT, _("the file is not a hikae catalog"));
	if (version > (int64_t)count)
		return error_set(err, ERROR_VERSION,
		    _("the catalog was written by a newer hikae"));
	return 0;
}

static int
migrate(struct sql *sql, const char *const *const *migrations, unsigned count,
    struct error *err)
{
	int64_t id, version, tables;
	char header[96];

	if (read_header(sql, &id, &version, &tables, err) != 0)
		return -1;
	if (id == 0 && version == 0 && tables == 0)
		id = SCHEMA_APPLICATION_ID;
	if (check_header(id, version, count, err) != 0)
		return -1;
	for (unsigned i = (unsigned)version; i < count; i++)
		for (const char *const *text = migrations[i]; *text != NULL;
		     text++)
			if (sql_execute(sql, *text, err) != 0)
				return -1;
	(void)snprintf(header, sizeof(header),
	    "PRAGMA application_id = %d; PRAGMA user_version = %u;",
	    SCHEMA_APPLICATION_ID, count);
	return version == (int64_t)count ? 0 : sql_execute(sql, header, err);
}

int
schema_migrate(struct sql *sql, const char *const *const *migrations,
    unsigned count, struct error *err)
{
	if (sql_execute(sql, "BEGIN IMMEDIATE", err) != 0)
		return -1;
	if (migrate(sql, migrations, count, err) != 0 ||
	    sql_execute(sql, "COMMIT", err) != 0) {
		struct error ignored;

		if (sql_in_transaction(sql) &&
		    sql_execute(sql, "ROLLBACK", &ignored) != 0)
			return -1;
		return -1;
	}
	return 0;
}

int
schema_check_writable(struct sql *sql, struct error *err)
{
	int64_t id, version, tables;

	if (read_header(sql, &id, &version, &tables, err) != 0)
		return -1;
	if (id == 0 && version == 0 && tables == 0)
		return 0;
	return check_header(id, version, SCHEMA_VERSION, err);
}

int
schema_check(struct sql *sql, struct error *err)
{
	int64_t id, version, tables;

	if (read_header(sql, &id, &version, &tables, err) != 0 ||
	    check_header(id, version, SCHEMA_VERSION, err) != 0)
		return -1;
	if (version < SCHEMA_VERSION)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("the catalog is of an older hikae; hikaed updates it "
		      "when it starts"));
	return 0;
}
