#include "lib/store/schema.h"

/*
 * Version 4: drills.  As with run, what the end says holds from end_seq on; a
 * signature and an improvement come once, from their seq on.
 */
const char *const schema_drill[] = {
    "CREATE TABLE drill (\n"
    " id INTEGER PRIMARY KEY REFERENCES journal,\n"
    " began_at INTEGER NOT NULL,\n"
    " copy INTEGER NOT NULL REFERENCES copy,\n"
    " manifest INTEGER NOT NULL REFERENCES manifest,\n"
    " generation TEXT NOT NULL,\n"
    " system TEXT NOT NULL,\n"
    " medium TEXT NOT NULL,\n"
    " operator TEXT NOT NULL,\n"
    " share_ppm INTEGER NOT NULL,\n"
    " files_total INTEGER NOT NULL,\n"
    " bytes_total INTEGER NOT NULL,\n"
    " end_seq INTEGER NOT NULL,\n"
    " ended_at INTEGER,\n"
    " outcome TEXT,\n"
    " reason TEXT,\n"
    " files INTEGER,\n"
    " bytes INTEGER,\n"
    " medium_ms INTEGER,\n"
    " restore_ms INTEGER,\n"
    " check_ms INTEGER\n"
    ") STRICT",
    "CREATE INDEX drill_of_system ON drill (system, id)",
    "CREATE TABLE drill_check (\n"
    " seq INTEGER PRIMARY KEY REFERENCES journal,\n"
    " drill INTEGER NOT NULL REFERENCES drill,\n"
    " kind TEXT NOT NULL,\n"
    " name TEXT NOT NULL,\n"
    " outcome TEXT NOT NULL,\n"
    " detail TEXT\n"
    ") STRICT",
    "CREATE INDEX check_of_drill ON drill_check (drill)",
    "CREATE TABLE drill_signature (\n"
    " drill INTEGER PRIMARY KEY REFERENCES drill,\n"
    " seq INTEGER NOT NULL REFERENCES journal,\n"
    " at INTEGER NOT NULL,\n"
    " \"by\" TEXT NOT NULL,\n"
    " witness TEXT,\n"
    " observation TEXT NOT NULL,\n"
    " improvement TEXT,\n"
    " due INTEGER\n"
    ") STRICT",
    "CREATE TABLE drill_improvement (\n"
    " drill INTEGER PRIMARY KEY REFERENCES drill_signature,\n"
    " seq INTEGER NOT NULL REFERENCES journal,\n"
    " at INTEGER NOT NULL,\n"
    " \"by\" TEXT NOT NULL,\n"
    " note TEXT\n"
    ") STRICT",
    NULL,
};
