#include "lib/store/schema.h"

/*
 * Version 7: the requirements in force with each configuration.  Entries from
 * before it do not name them, so there are no rows for them.
 *
 * pack_text is no projection: the journal has a text's digest alone.
 */
const char *const schema_pack[] = {
    "CREATE TABLE pack (\n"
    " config INTEGER NOT NULL REFERENCES config_version,\n"
    " place INTEGER NOT NULL,\n"
    " sha256 TEXT,\n"
    " is_site INTEGER NOT NULL,\n"
    " PRIMARY KEY (config, place)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE pack_text (\n"
    " sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),\n"
    " file TEXT NOT NULL,\n"
    " text BLOB NOT NULL\n"
    ") STRICT, WITHOUT ROWID",
    NULL,
};
