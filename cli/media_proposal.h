/*
 * media_proposal: [medium] sections for what is mounted or attached and not
 * configured yet.
 *
 * Uses: os/identity, os/mountinfo, model/config.
 *
 * Looks at /proc, /sys and udev's database only; nothing is opened or mounted.
 */
#ifndef HIKAE_CLI_MEDIA_PROPOSAL_H
#define HIKAE_CLI_MEDIA_PROPOSAL_H

#include "lib/base/bytes.h"
#include "lib/model/config.h"

#define MEDIA_PROPOSAL_MAX 128

struct media_proposal {
	char id[CONFIG_ID_BYTES];
	const char *kind; /* static: disk, nas, removable, optical, cloud */
	char path[4096];
	bool is_mounted;
	char uuid[64], serial[128], label[128];
	char address[320]; /* HOST:PORT, or "" */
	char filesystem[32];
	uint64_t size_bytes; /* 0: not known */
};

struct media_proposals {
	size_t count;
	struct media_proposal items[MEDIA_PROPOSAL_MAX];
};

/* config may be NULL: nothing is configured. */
int media_proposal_find(const struct config *config,
    struct media_proposals *ret, struct error *err) ERROR_CHECKED;

/* One as configuration, with comments for the reader. */
void media_proposal_print(
    const struct media_proposal *proposal, struct bytes *out);

/* The same without what a reader is asked to correct. */
void media_proposal_print_section(
    const struct media_proposal *proposal, struct bytes *out);

#endif
