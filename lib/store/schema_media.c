#include "lib/store/schema.h"

/*
 * Version 2: media, custody, protection, attestations, preflights.  Rows as in
 * version 1: from_seq made it, to_seq ended it.
 */
const char *const schema_media[] = {
    "ALTER TABLE system ADD COLUMN recovery_order INTEGER",
    "ALTER TABLE system ADD COLUMN recovery_target_ms INTEGER",
    "ALTER TABLE medium ADD COLUMN offsite INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE medium ADD COLUMN location TEXT",
    "ALTER TABLE medium ADD COLUMN max_attached_ms INTEGER",
    /* What a judgement takes from [facility] and [policy]. */
    "CREATE TABLE facility (\n"
    " from_seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " kind TEXT NOT NULL,\n"
    " beds INTEGER,\n"
    " fees TEXT NOT NULL,\n"
    " offline_verified_ms INTEGER NOT NULL,\n"
    " offline_attested_ms INTEGER NOT NULL,\n"
    " max_undetermined_ms INTEGER NOT NULL,\n"
    " clock_ahead_ms INTEGER NOT NULL\n"
    ") STRICT",
    /*
     * How a medium stood from then on; attached_at: since when it is in reach
     * without a break, seen_at: when it was last (NULL: it never was).
     */
    "CREATE TABLE medium_state (\n"
    " medium TEXT NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " state TEXT NOT NULL,\n"
    " reason TEXT,\n"
    " in_reach INTEGER NOT NULL,\n"
    " attached_at INTEGER,\n"
    " seen_at INTEGER,\n"
    " filesystem TEXT,\n"
    " uuid TEXT,\n"
    " serial TEXT,\n"
    " disks TEXT,\n"
    " transport TEXT,\n"
    " reach TEXT,\n"
    " encrypted TEXT,\n"
    " read_only INTEGER NOT NULL DEFAULT 0,\n"
    " device_read_only INTEGER NOT NULL DEFAULT 0,\n"
    " removable INTEGER NOT NULL DEFAULT 0,\n"
    " rotational INTEGER NOT NULL DEFAULT 0,\n"
    " capacity INTEGER,\n"
    " free INTEGER,\n"
    " stamp TEXT,\n"
    " PRIMARY KEY (medium, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    /* Everything that happened to a medium, states excepted. */
    "CREATE TABLE medium_event (\n"
    " seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " at INTEGER NOT NULL,\n"
    " medium TEXT NOT NULL,\n"
    " event TEXT NOT NULL,\n"
    " \"by\" TEXT,\n"
    " holder TEXT,\n"
    " place TEXT,\n"
    " until INTEGER,\n"
    " note TEXT,\n"
    " result TEXT,\n"
    " detail TEXT\n"
    ") STRICT",
    "CREATE INDEX medium_event_of ON medium_event (medium, event, seq)",
    /* Who has a medium that was checked out. */
    "CREATE TABLE custody (\n"
    " medium TEXT NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " \"by\" TEXT NOT NULL,\n"
    " holder TEXT NOT NULL,\n"
    " place TEXT NOT NULL,\n"
    " until INTEGER,\n"
    " note TEXT,\n"
    " PRIMARY KEY (medium, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    /* What writing to a medium met; one row a method. */
    "CREATE TABLE protection (\n"
    " medium TEXT NOT NULL,\n"
    " method TEXT NOT NULL,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " result TEXT NOT NULL,\n"
    " reason TEXT,\n"
    " PRIMARY KEY (medium, method, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    /* What a copy is beside its bytes, as last looked at. */
    "CREATE TABLE copy_trait (\n"
    " copy INTEGER NOT NULL REFERENCES copy,\n"
    " from_seq INTEGER NOT NULL REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " files INTEGER NOT NULL,\n"
    " immutable INTEGER NOT NULL,\n"
    " encrypted TEXT NOT NULL,\n"
    " PRIMARY KEY (copy, from_seq)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE attestation (\n"
    " id INTEGER PRIMARY KEY REFERENCES journal,\n"
    " to_seq INTEGER NOT NULL,\n"
    " at INTEGER NOT NULL,\n"
    " requirement TEXT NOT NULL,\n"
    " \"by\" TEXT NOT NULL,\n"
    " until INTEGER NOT NULL,\n"
    " note TEXT,\n"
    " document_kind TEXT,\n"
    " document_sha256 TEXT,\n"
    " document_bytes INTEGER\n"
    ") STRICT",
    "CREATE INDEX attestation_of ON attestation (requirement, to_seq)",
    "CREATE TABLE preflight (\n"
    " seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " at INTEGER NOT NULL,\n"
    " system TEXT NOT NULL,\n"
    " max_age_ms INTEGER NOT NULL,\n"
    " \"by\" TEXT NOT NULL,\n"
    " note TEXT,\n"
    " outcome TEXT NOT NULL,\n"
    " reason TEXT,\n"
    " generation TEXT\n"
    ") STRICT",
    NULL,
};
