/*
 * inspect_set_internal: what those who name and those who are named share.
 *
 * Layer 3, internal to inspect.
 */
#ifndef HIKAE_INSPECT_INSPECT_SET_INTERNAL_H
#define HIKAE_INSPECT_INSPECT_SET_INTERNAL_H

#include "lib/inspect/inspect_set.h"

/* How a file is named. */
enum inspect_link {
	INSPECT_LINK_PART,  /* of a dump: as it is, less a compression */
	INSPECT_LINK_IMAGE, /* of a DICOMDIR: as ISO 9660 has it */
};

/* Who names files; nobody yet. */
#define INSPECT_SET_NOBODY UINT32_MAX

/* A new one who names, INSPECT_SET_NOBODY where there is no room. */
uint32_t inspect_set_enter(struct inspect_set *set, const char *path);
/* It names a file, by a path from its own folder. */
void inspect_set_name(struct inspect_set *set, uint32_t who,
    enum inspect_link link, const char *name, size_t length);
/* It is whole: what it named counts.  format: INSPECT_FORMATS for a part,
 * which counts as long as somebody names it. */
void inspect_set_settle(struct inspect_set *set, uint32_t who, unsigned format,
    enum inspect_severity severity);

/* A part is there, and this is what is wrong with it. */
void inspect_set_add_part(struct inspect_set *set, const char *path,
    enum inspect_severity severity, enum inspect_code code);

/* The bytes of a path that are its name without a compression's suffix. */
size_t inspect_part_stem(const char *path, size_t length);

#endif
