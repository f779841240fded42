#include "daemon/attestation.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ledger.h"
#include "daemon/words.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/crypto/digest.h"
#include "lib/judge/offline.h"
#include "lib/model/requirement.h"
#include "lib/os/file.h"
#include "lib/store/query_record.h"

/* What is being received; it gets its name when it is whole. */
#define UPLOAD ATTESTATION_FOLDER "/.upload"

/* Append to what was received; the file must be as long as is remembered. */
static int
append_piece(struct service *service, int fd, const struct bytes *piece,
    struct error *err)
{
	struct attestation_upload *upload = &service->upload;
	struct stat st;

	if (fstat(fd, &st) != 0 || lseek(fd, 0, SEEK_END) < 0)
		return error_set_errno(
		    err, errno, _("cannot keep the document"));
	if ((uint64_t)st.st_size != upload->bytes)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("another document is being received; try again"));
	if (file_write_all(fd, piece->data, piece->length, err) != 0)
		return -1;
	digest_sha256_update(&upload->digest, piece->data, piece->length);
	upload->bytes += piece->length;
	/* On its way to the disk, so that the sync at the end has little. */
	(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return 0;
}

int
attestation_receive(struct service *service, uint64_t offset,
    const struct bytes *piece, struct error *err)
{
	struct attestation_upload *upload = &service->upload;
	int flags = O_WRONLY | O_CREAT | (offset == 0 ? O_TRUNC : 0);
	int fd = -1, rc = -1;

	if (piece->length == 0 ||
	    piece->length > ATTESTATION_DOCUMENT_BYTES_MAX ||
	    offset > ATTESTATION_DOCUMENT_BYTES_MAX - piece->length)
		return error_set(err, ERROR_LIMIT,
		    _("a document has 1 to %zu bytes"),
		    ATTESTATION_DOCUMENT_BYTES_MAX);
	if (offset == 0) {
		digest_sha256_init(&upload->digest);
		upload->bytes = 0;
	}
	if (offset != upload->bytes)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("another document is being received; try again"));
	if (file_make_folders(
		service->state_fd, ATTESTATION_FOLDER, 0750, err) == 0 &&
	    file_open_below(service->state_fd, UPLOAD, flags, &fd, err) == 0)
		rc = append_piece(service, fd, piece, err);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* Whether what was received is that document; it was hashed as it came. */
static bool
is_received(const struct service *service, const char *sha256)
{
	struct digest_sha256 state = service->upload.digest;
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	if (service->upload.bytes == 0)
		return false;
	digest_sha256_final(&state, digest);
	bytes_format_hex(digest, sizeof(digest), hex);
	return strcmp(hex, sha256) == 0;
}

/* Give what was received its name, durable. */
static int
name_document(struct service *service, int folder_fd, const char *sha256,
    struct error *err)
{
	int fd = -1, rc = -1;

	if (file_open_below(folder_fd, ".upload", O_RDONLY, &fd, err) != 0)
		return -1;
	if (fchmod(fd, 0440) != 0 || fsync(fd) != 0 ||
	    renameat(folder_fd, ".upload", folder_fd, sha256) != 0) {
		(void)error_set_errno(
		    err, errno, _("cannot keep the document"));
		goto out;
	}
	service->upload.bytes = 0;
	rc = file_sync_folder(folder_fd, err);
out:
	(void)close(fd);
	return rc;
}

/* One that was kept before, when it was hashed, and since. */
static int
find_document(
    int folder_fd, const char *sha256, uint64_t *ret_bytes, struct error *err)
{
	struct stat st;

	if (fstatat(folder_fd, sha256, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode) || st.st_size == 0)
		return error_set(err, ERROR_SIGNATURE,
		    _("what was received is not the document that was named"));
	*ret_bytes = (uint64_t)st.st_size;
	return 0;
}

/* The document is there under its digest, now or already. */
static int
keep_document(struct service *service, const char *sha256, uint64_t *ret_bytes,
    struct error *err)
{
	int folder_fd = -1, rc = -1;

	if (strlen(sha256) != 2 * DIGEST_SHA256_BYTES ||
	    strspn(sha256, "0123456789abcdef") != strlen(sha256))
		return error_set(err, ERROR_INPUT, "document_sha256");
	if (file_make_folders(
		service->state_fd, ATTESTATION_FOLDER, 0750, err) != 0 ||
	    file_open_below(service->state_fd, ATTESTATION_FOLDER,
		O_RDONLY | O_DIRECTORY, &folder_fd, err) != 0)
		return -1;
	if (!is_received(service, sha256) ||
	    name_document(service, folder_fd, sha256, err) == 0)
		rc = find_document(folder_fd, sha256, ret_bytes, err);
	(void)close(folder_fd);
	return rc;
}

static int
check_kind(
    const struct requirement *requirement, const char *kind, struct error *err)
{
	enum requirement_document document;
	char known[256] = "";

	if (requirement_document_parse(kind, &document) == 0 &&
	    (requirement->documents & 1u << document) != 0)
		return 0;
	for (unsigned int i = 0; i < REQUIREMENT_DOCUMENTS; i++)
		if ((requirement->documents & 1u << i) != 0)
			(void)snprintf(known + strlen(known),
			    sizeof(known) - strlen(known), "%s%s",
			    known[0] == '\0' ? "" : ", ",
			    requirement_document_name(
				(enum requirement_document)i));
	if (known[0] == '\0')
		return error_set(err, ERROR_INPUT, _("%s asks for no document"),
		    requirement->id);
	return error_set(err, ERROR_INPUT,
	    _("%s asks for a document of kind: %s"), requirement->id, known);
}

/*
 * A statement that an offline medium still is where it belongs, or with the
 * document that says who keeps it apart: named by the medium, since no
 * requirement knows it (judge/offline).
 */
static bool
is_of_medium(const struct service *service, const char *name)
{
	const size_t prefix = strlen(OFFLINE_STATEMENT);
	const struct config_medium *medium =
	    strncmp(name, OFFLINE_STATEMENT, prefix) == 0
		? config_find_medium(service->config, name + prefix)
		: NULL;

	return medium != NULL && medium->offline != CONFIG_OFFLINE_NONE;
}

/*
 * By what is in force, not by what lies in the files by now: the journal would
 * have a statement about a rule that it does not know, or none could be made
 * about one that it judges by.
 */
static int
check_requirement(struct service *service,
    const struct attestation *attestation, struct error *err)
{
	struct requirement_set *set = NULL;
	const struct requirement *requirement = NULL;
	struct config_problems problems;
	int rc = -1;

	if (requirement_load_sound(&service->packs, &set, &problems) == 0)
		requirement = requirement_find(set, attestation->requirement);
	if (requirement == NULL && problems.count > 0)
		(void)error_set(err, ERROR_CONFIG, "%s", problems.texts[0]);
	else if (requirement == NULL)
		(void)error_set(err, ERROR_NOT_FOUND,
		    _("no such requirement is in force (after an edit: "
		      "hikae reload)"));
	else if (requirement->attestation == NULL &&
		 requirement->documents == 0)
		(void)error_set(err, ERROR_INPUT,
		    requirement->text_status == REQUIREMENT_UNSEEN
			? _("the text of %s has not been seen: nothing can be "
			    "stated about it")
			: _("%s asks for no statement: it is measured"),
		    requirement->id);
	else if (attestation->document_kind == NULL ||
		 check_kind(requirement, attestation->document_kind, err) == 0)
		rc = 0;
	requirement_set_free(set);
	config_problems_done(&problems);
	return rc;
}

static int
check_attestation(struct service *service,
    const struct attestation *attestation, struct error *err)
{
	int64_t now = clock_wall_ms();

	if (attestation->until <= now)
		return error_set(err, ERROR_INPUT,
		    _("the last day of the statement is over already"));
	if (attestation->until > now + ATTESTATION_UNTIL_MAX_MS)
		return error_set(err, ERROR_INPUT,
		    _("a statement holds for 5 years at most"));
	if (words_check(attestation->by, "by", err) != 0 ||
	    words_check_optional(attestation->note, "note", err) != 0)
		return -1;
	if (!is_of_medium(service, attestation->requirement))
		return check_requirement(service, attestation, err);
	if (attestation->document_kind != NULL &&
	    !offline_is_document(attestation->document_kind))
		return error_set(err, ERROR_INPUT,
		    _("%s asks for a document of kind: %s"),
		    attestation->requirement,
		    "contract-excerpt, in-house-rule");
	return 0;
}

static json_t *
entry_of(const struct attestation *attestation, uint64_t bytes)
{
	json_t *entry =
	    json_pack("{s:s, s:s, s:s, s:s, s:I}", "type", "attestation",
		"event", "made", "requirement", attestation->requirement, "by",
		attestation->by, "until", (json_int_t)attestation->until);

	if (entry == NULL)
		return NULL;
	if ((attestation->note != NULL &&
		json_object_set_new(
		    entry, "note", json_string(attestation->note)) != 0) ||
	    (attestation->document_kind != NULL &&
		json_object_set_new(entry, "document",
		    json_pack("{s:s, s:s, s:I}", "kind",
			attestation->document_kind, "sha256",
			attestation->document_sha256, "bytes",
			(json_int_t)bytes)) != 0)) {
		json_decref(entry);
		return NULL;
	}
	return entry;
}

int
attestation_make(struct service *service, const struct attestation *attestation,
    uint64_t *ret_seq, struct error *err)
{
	uint64_t bytes = 0;

	if ((attestation->document_kind == NULL) !=
	    (attestation->document_sha256 == NULL))
		return error_set(err, ERROR_USAGE, "document_kind");
	if (check_attestation(service, attestation, err) != 0 ||
	    (attestation->document_kind != NULL &&
		keep_document(
		    service, attestation->document_sha256, &bytes, err) != 0))
		return -1;
	return ledger_append_alone(
	    service, entry_of(attestation, bytes), ret_seq, err);
}

struct looking {
	uint64_t id;
	bool is_there;
};

static int
look(const struct query_attestation *row, void *context, struct error *err)
{
	struct looking *looking = context;

	(void)err;
	looking->is_there = looking->is_there || row->id == looking->id;
	return 0;
}

int
attestation_withdraw(struct service *service, uint64_t id, const char *by,
    const char *note, struct error *err)
{
	struct looking looking = {.id = id};
	json_t *entry;

	if (query_attestations(service->catalog, CATALOG_NOW, NULL, look,
		&looking, err) != 0 ||
	    words_check(by, "by", err) != 0 ||
	    words_check_optional(note, "note", err) != 0)
		return -1;
	if (!looking.is_there)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no such statement in force"));
	entry = json_pack("{s:s, s:s, s:I, s:s, s:s*}", "type", "attestation",
	    "event", "withdrawn", "attestation", (json_int_t)id, "by", by,
	    "note", note);
	return ledger_append_alone(service, entry, NULL, err);
}
