#include "lib/worker/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/sandbox.h"
#include "lib/os/spawn.h"
#include "lib/worker/answer.h"
#include "lib/worker/field.h"
#include "lib/worker/medium.h"
#include "lib/worker/witness_internal.h"

#define FOLDER_MODE 0755

/* Load now what the C library loads on first use. */
static void
warm_up(void)
{
	uint8_t ignored[DIGEST_SHA256_BYTES];

	digest_sha256_of("", 0, ignored);
	(void)strerror(ENOENT);
	(void)_("out of memory");
}

static int
restrict_itself(const struct job *job, int folder_fd, struct error *err)
{
	struct reply reply = {.kind = REPLY_BEGUN};
	struct sandbox_policy policy = {
	    .root_fd = job->witness.is_write ? -1 : folder_fd,
	    .write_fd = folder_fd,
	    .has_write_fd = job->witness.is_write,
	    .may_change_modes = job->witness.is_write,
	    .limits = job->limits,
	    .best_effort = job->best_effort,
	};

	warm_up();
	if (sandbox_enter(&policy, &reply.begun.sandbox, err) != 0)
		return -1;
	return answer_send(&reply, err);
}

/* Which medium is it?  Another one is told, and nothing more is done. */
static int
open_medium(const struct job *job, int *ret_fd, struct error *err)
{
	const struct examine_ignore nothing = {0};
	struct reply reply = {.kind = REPLY_BEGUN};

	reply.begun.place =
	    medium_open(job, &nothing, reply.begun.volume, ret_fd);
	if (reply.begun.place == REPLY_PLACE_OK)
		return 0;
	if (answer_send(&reply, err) != 0)
		return -1;
	return error_set(err, ERROR_UNAVAILABLE,
	    _("the medium is not there, or is another"));
}

/*
 * Of the medium's own file system: systemd mounts a folder that a service may
 * write upon itself, so another mount is no sign of another place.
 */
static int
check_place(int medium_fd, int folder_fd, struct error *err)
{
	struct stat medium, folder;

	if (fstat(medium_fd, &medium) != 0 || fstat(folder_fd, &folder) != 0)
		return error_set_errno(err, errno, JOB_WITNESS_FOLDER);
	if (medium.st_dev == folder.st_dev)
		return 0;
	return error_set(err, ERROR_DENIED,
	    _("the witness's folder lies on another file system"));
}

/* 1: the witness's folder; 0: there is none. */
static int
open_folder(const struct job *job, int *ret_fd, struct error *err)
{
	int medium_fd = -1, rc = -1;

	if (open_medium(job, &medium_fd, err) != 0)
		return -1;
	if (job->witness.is_write &&
	    file_make_folders(
		medium_fd, JOB_WITNESS_FOLDER, FOLDER_MODE, err) != 0)
		goto out;
	rc = 1;
	if (file_open_below(medium_fd, JOB_WITNESS_FOLDER,
		O_RDONLY | O_DIRECTORY, ret_fd, err) != 0) {
		rc = err->code == ERROR_NOT_FOUND ? 0 : -1;
	} else if (check_place(medium_fd, *ret_fd, err) != 0) {
		(void)close(*ret_fd);
		rc = -1;
	}
out:
	(void)close(medium_fd);
	return rc;
}

/* The text's digest, and whether there is one to be taken apart. */
static bool
is_text(const struct bytes *text, uint8_t ret_digest[DIGEST_SHA256_BYTES])
{
	const bool is_there = text->length > 0;

	digest_sha256_of(is_there ? text->data : (const uint8_t *)"",
	    text->length, ret_digest);
	return is_there;
}

static void
take_note(const struct bytes *text, struct reply_witness_note *note)
{
	struct error why = {0};

	if (!is_text(text, note->digest))
		return;
	note->text = REPLY_WITNESS_TEXT_MALFORMED;
	if (note_parts_take_checkpoint((const char *)text->data, text->length,
		&note->checkpoint, &note->signatures, &why) == 0 &&
	    note->checkpoint.size <= FIELD_TALLY_MAX)
		note->text = REPLY_WITNESS_TEXT_TAKEN;
}

static void
take_token(const struct bytes *text, struct reply_witness_token *token)
{
	struct error why = {0};

	if (!is_text(text, token->digest))
		return;
	token->text = REPLY_WITNESS_TEXT_MALFORMED;
	if (medium_token_take((const char *)text->data, text->length,
		&token->token, &token->signatures, &why) == 0)
		token->text = REPLY_WITNESS_TEXT_TAKEN;
}

static int
tell(const struct witness_found *found, struct error *err)
{
	struct reply reply = {.kind = REPLY_WITNESS};
	struct reply_witness *witness = &reply.witness;

	witness->state = found->state;
	witness->entries = found->entries;
	memcpy(witness->root, found->root, sizeof(witness->root));
	take_note(&found->note, &witness->note);
	take_token(&found->token, &witness->token);
	return answer_send(&reply, err);
}

static int
look(int folder_fd, const struct examine_events *events, struct error *err)
{
	struct journal_parts parts = {.count = 0};
	struct witness_found found = {.state = REPLY_WITNESS_NONE};
	int rc = witness_read(folder_fd, false, events, &parts, &found, err);

	if (rc == 0)
		rc = tell(&found, err);
	witness_found_done(&found);
	journal_parts_close(&parts);
	return rc;
}

static int
run(const struct job *job, struct error *err)
{
	const struct witness_found nothing = {.state = REPLY_WITNESS_NONE};
	const struct witness_found written = {.state = REPLY_WITNESS_WRITTEN};
	struct answer answer = {0};
	const struct examine_events events = answer_events(&answer);
	int folder_fd = -1, rc;

	if (job->kind != JOB_WITNESS ||
	    job->witness.is_write != (job->fds[JOB_FD_WITNESS] >= 0))
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	rc = open_folder(job, &folder_fd, err);
	if (rc == 0)
		return tell(&nothing, err);
	if (rc < 0)
		return -1;
	rc = restrict_itself(job, folder_fd, err);
	if (rc == 0 && !job->witness.is_write)
		rc = look(folder_fd, &events, err);
	else if (rc == 0) {
		rc = witness_write(folder_fd, job, &events, err);
		if (rc == 0)
			rc = tell(&written, err);
	}
	(void)close(folder_fd);
	return rc;
}

int
witness_main(void)
{
	struct job *job = calloc(1, sizeof(*job));
	struct error err = {0};
	bool is_done;
	int status = EXIT_SUCCESS;

	if (job == NULL)
		return EXIT_FAILURE;
	is_done =
	    job_receive(SPAWN_WIRE_FD, job, &err) == 0 && run(job, &err) == 0;
	if (answer_end(is_done ? NULL : &err) != 0)
		status = EXIT_FAILURE;
	job_done(job);
	free(job);
	return status;
}
