#include "lib/store/schema.h"

/*
 * Version 8: files of a living tree that were lost since the earlier manifest
 * of its drift.  Entries from before it do not say, so there is no row for
 * them.
 */
const char *const schema_loss[] = {
    "CREATE TABLE loss (\n"
    " manifest INTEGER PRIMARY KEY REFERENCES manifest,\n"
    " gone INTEGER NOT NULL,\n"
    " emptied INTEGER NOT NULL,\n"
    " older INTEGER NOT NULL,\n"
    " expired INTEGER NOT NULL\n"
    ") STRICT",
    NULL,
};
