/*
 * capture_members: what an archive contains, for the capture of its file.
 *
 * Part of capture.  Uses: gathering, jobs, place, vault, examine/parse.
 *
 * Everything that a parser says is an opinion, and its end never fails the
 * capture: an archive whose parser crashed is one whose members are not known.
 */
#ifndef HIKAE_DAEMON_CAPTURE_MEMBERS_H
#define HIKAE_DAEMON_CAPTURE_MEMBERS_H

#include "daemon/gathering.h"
#include "daemon/jobs.h"
#include "lib/store/vault.h"

struct capture_members {
	struct vault_draft draft;
	struct manifest_header header; /* with is_members */
	bool is_told;		       /* the parser gave a result */
	struct parse_result result;
	const struct reply_digest
	    *digest; /* of the draft, by a reader; or NULL */
	struct gathering findings;
};

#define CAPTURE_MEMBERS_NONE            \
	{                               \
		.draft = VAULT_NO_DRAFT \
	}

void capture_members_done(struct capture_members *members);

/*
 * Fill the parser's job.  members->header is that of the archive, version the
 * manifest's.
 */
int capture_members_prepare(struct capture_members *members,
    const struct service *service, const struct config_source *source,
    uint64_t version, struct job *job, struct error *err) ERROR_CHECKED;

/* A finding of the parser. */
int capture_members_take_finding(struct capture_members *members,
    const struct reply *reply, struct error *err) ERROR_CHECKED;

/* What the parser made of the archive. */
int capture_members_take_result(struct capture_members *members,
    const struct reply *reply, struct error *err) ERROR_CHECKED;

/* Whether the parser wrote a manifest that counts, once both ended. */
bool capture_members_is_signable(
    const struct capture_members *members, const struct jobs_end *end);

/*
 * Decide what is known of the members, once both children ended, and make
 * their manifest durable.  is_whole: the reader could read the file.  Without
 * an error afterwards, result and findings hold what is to be recorded.
 */
int capture_members_settle(struct capture_members *members,
    const struct service *service, const struct jobs_end *end, bool is_whole,
    struct error *err) ERROR_CHECKED;

/* The object `members` of the journal's entry (FORMATS section 4.1). */
json_t *capture_members_entry(const struct capture_members *members);

#endif
