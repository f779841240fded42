#include "lib/store/schema.h"

/*
 * Version 6: how many files of a manifest are encrypted.  Entries from before
 * it do not say, so there is no row for them.
 */
const char *const schema_sealing[] = {
    "CREATE TABLE sealing (\n"
    " manifest INTEGER PRIMARY KEY REFERENCES manifest,\n"
    " sealed INTEGER NOT NULL,\n"
    " plain INTEGER NOT NULL,\n"
    " aside INTEGER NOT NULL,\n"
    " unclear INTEGER NOT NULL,\n"
    " unseen INTEGER NOT NULL\n"
    ") STRICT",
    NULL,
};
