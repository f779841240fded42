#include "lib/store/schema.h"

/*
 * Version 3: what a capture saw of the content, and hints that a person
 * settled.  A row of survey or drift belongs to its manifest, and holds as
 * long as that is known.
 */
const char *const schema_survey[] = {
    "CREATE TABLE survey (\n"
    " manifest INTEGER PRIMARY KEY REFERENCES manifest,\n"
    " files INTEGER NOT NULL,\n"
    " carried INTEGER NOT NULL,\n"
    " bytes INTEGER NOT NULL,\n"
    " known INTEGER NOT NULL,\n"
    " claimed INTEGER NOT NULL,\n"
    " mismatched INTEGER NOT NULL,\n"
    " noisy INTEGER NOT NULL,\n"
    " notes INTEGER NOT NULL\n"
    ") STRICT",
    /* since: the earlier manifest. */
    "CREATE TABLE drift (\n"
    " manifest INTEGER PRIMARY KEY REFERENCES manifest,\n"
    " since INTEGER NOT NULL REFERENCES manifest,\n"
    " same INTEGER NOT NULL,\n"
    " changed INTEGER NOT NULL,\n"
    " vanished INTEGER NOT NULL,\n"
    " appeared INTEGER NOT NULL,\n"
    " extended INTEGER NOT NULL\n"
    ") STRICT",
    "CREATE TABLE acceptance (\n"
    " finding INTEGER PRIMARY KEY REFERENCES finding,\n"
    " seq INTEGER NOT NULL REFERENCES journal,\n"
    " at INTEGER NOT NULL,\n"
    " \"by\" TEXT NOT NULL,\n"
    " note TEXT NOT NULL\n"
    ") STRICT",
    "CREATE INDEX finding_suspicious ON finding (copy)\n"
    " WHERE code = 'suspicious-content'",
    "CREATE INDEX copy_of_source ON copy (source, taken_at)",
    NULL,
};
