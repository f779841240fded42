#include "lib/store/schema.h"

/* Version 5: what files say of themselves; formats is the entry's list. */
const char *const schema_content[] = {
    "CREATE TABLE content (\n"
    " id INTEGER PRIMARY KEY REFERENCES journal,\n"
    " manifest INTEGER NOT NULL REFERENCES manifest,\n"
    " run INTEGER NOT NULL REFERENCES run,\n"
    " at INTEGER NOT NULL,\n"
    " outcome TEXT NOT NULL,\n"
    " files INTEGER NOT NULL,\n"
    " other INTEGER NOT NULL,\n"
    " skipped INTEGER NOT NULL,\n"
    " findings INTEGER NOT NULL,\n"
    " formats TEXT NOT NULL\n"
    ") STRICT",
    "CREATE INDEX content_of_manifest ON content (manifest, id)",
    NULL,
};
