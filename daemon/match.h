/*
 * match: are the copies of one generation the same?
 *
 * Uses: ledger, store.
 *
 * The oldest copy is what the others are compared with.  Content digests say
 * whether two copies are the same; which files differ is what comparison finds
 * out.
 */
#ifndef HIKAE_DAEMON_MATCH_H
#define HIKAE_DAEMON_MATCH_H

#include "daemon/service.h"
#include "lib/model/manifest.h"

/* Copies of one generation that are compared. */
#define MATCH_COPIES_MAX 64

/* A copy whose content is known, and the manifest that tells it by file. */
struct match_copy {
	uint64_t id, manifest, version;
	struct manifest_header header; /* system to medium, is_members */
	char content[2 * DIGEST_SHA256_BYTES + 1];
};

struct match {
	struct match_copy copies[MATCH_COPIES_MAX]; /* the oldest first */
	size_t count;
};

/* The copies of a generation whose content is known. */
int match_load(struct service *service, const char *generation,
    struct match *ret_match, struct error *err) ERROR_CHECKED;

/* Whether the content of copy i is that of the oldest. */
bool match_is_same(const struct match *match, size_t i);

/*
 * Write the result after a copy was captured: findings about copies that are
 * the same now are closed.  Findings about those that differ are left to
 * comparison_order, which belongs behind the commit.  Within a transaction.
 */
int match_generation(struct service *service, const char *generation,
    uint64_t copy, struct error *err) ERROR_CHECKED;

/*
 * Write the result again after a copy of the generation expired, which may have
 * been the one that the others were compared with.  Those that are the same are
 * no longer told to differ; of a single one it stays open, since nobody found
 * out which of the two was wrong.  Within a transaction.
 */
int match_expired(struct service *service, const char *generation,
    struct error *err) ERROR_CHECKED;

/*
 * Write the result again where it turned out that only names differ.  Within a
 * transaction.
 */
int match_names(struct service *service, const struct match *match,
    struct error *err) ERROR_CHECKED;

#endif
