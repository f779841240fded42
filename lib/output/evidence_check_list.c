/* The lists of a bundle's files (RFC 8493 section 2.1.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/evidence_check.h"

#define HEX_DIGITS (2 * DIGEST_SHA256_BYTES)

void
evidence_check_fault(struct evidence_check *check, enum evidence_fault fault,
    const char *path, const char *detail)
{
	if (check->report->faults++ < EVIDENCE_FAULTS_MAX)
		check->question->tell(
		    fault, path, detail, check->question->context);
}

bool
evidence_check_is_full(const struct evidence_check *check)
{
	return check->report->faults >= EVIDENCE_FAULTS_MAX;
}

static struct evidence_listed *
add(struct evidence_check *check, struct error *err)
{
	if (check->count == check->capacity) {
		size_t capacity = check->capacity == 0 ? 64 : 2 * check->count;
		struct evidence_listed *listed =
		    reallocarray(check->listed, capacity, sizeof(*listed));

		if (listed == NULL) {
			(void)error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
			return NULL;
		}
		check->listed = listed;
		check->capacity = capacity;
	}
	check->listed[check->count] =
	    (struct evidence_listed){.is_seen = false};
	return &check->listed[check->count++];
}

/* Nothing else can stand in a bundle: no step up, nothing to be escaped. */
static bool
is_path(const char *path, size_t length, bool of_payload)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789./-";
	bool is_payload =
	    length > strlen(EVIDENCE_PAYLOAD) &&
	    strncmp(path, EVIDENCE_PAYLOAD, strlen(EVIDENCE_PAYLOAD)) == 0;

	for (size_t i = 0; i < length; i++)
		if (path[i] == '\0' || strchr(characters, path[i]) == NULL ||
		    (path[i] == '.' && i > 0 && path[i - 1] == '.'))
			return false;
	return length > 0 && length < EVIDENCE_PATH_BYTES &&
	       is_payload == of_payload &&
	       (of_payload || memchr(path, '/', length) == NULL);
}

/* One line: 1, 0 where it is malformed, -1. */
static int
take_line(struct evidence_check *check, const char *line, size_t length,
    bool of_payload, struct error *err)
{
	char hex[HEX_DIGITS + 1];
	struct evidence_listed *listed;
	const char *path = line + HEX_DIGITS + 2;

	if (length <= HEX_DIGITS + 2 || line[HEX_DIGITS] != ' ' ||
	    line[HEX_DIGITS + 1] != ' ' ||
	    !is_path(path, length - HEX_DIGITS - 2, of_payload) ||
	    check->count == EVIDENCE_CHECK_FILES_MAX)
		return 0;
	memcpy(hex, line, HEX_DIGITS);
	hex[HEX_DIGITS] = '\0';
	listed = add(check, err);
	if (listed == NULL)
		return -1;
	memcpy(listed->path, path, length - HEX_DIGITS - 2);
	if (bytes_parse_hex(hex, listed->sha256, sizeof(listed->sha256)) != 0)
		return 0;
	/* Ascending, so that none comes twice. */
	return listed == check->listed || (of_payload && check->lines == 0) ||
	       strcmp(listed[-1].path, listed->path) < 0;
}

int
evidence_check_take_list(struct evidence_check *check, const struct bytes *text,
    bool of_payload, struct error *err)
{
	const char *at = (const char *)text->data;
	size_t left = text->length;
	int rc = left == 0 ? 0 : 1;

	for (check->lines = 0; left > 0 && rc == 1; check->lines++) {
		const char *end = memchr(at, '\n', left);

		rc = end == NULL ? 0
				 : take_line(check, at, (size_t)(end - at),
				       of_payload, err);
		if (rc == 1) {
			left -= (size_t)(end - at) + 1;
			at = end + 1;
		}
	}
	if (rc == 0)
		evidence_check_fault(check, EVIDENCE_LIST,
		    of_payload ? EVIDENCE_MANIFEST : EVIDENCE_TAGMANIFEST, "");
	return rc < 0 ? -1 : 0;
}

const struct evidence_listed *
evidence_check_find(struct evidence_check *check, const char *path)
{
	size_t i = check->next;

	if (i == check->count || strcmp(check->listed[i].path, path) != 0)
		for (i = 0; i < check->count; i++)
			if (strcmp(check->listed[i].path, path) == 0)
				break;
	if (i == check->count || check->listed[i].is_seen) {
		evidence_check_fault(check, EVIDENCE_ADDED, path, "");
		return NULL;
	}
	/* What was passed over is missing, or comes later. */
	if (i < check->next)
		evidence_check_fault(check, EVIDENCE_ORDER, path, "");
	check->next = i + 1 > check->next ? i + 1 : check->next;
	check->listed[i].is_seen = true;
	return &check->listed[i];
}

static bool
is_listed(const struct evidence_check *check, const char *path)
{
	for (size_t i = 0; i < check->count; i++)
		if (strcmp(check->listed[i].path, path) == 0)
			return true;
	return false;
}

void
evidence_check_missing(struct evidence_check *check)
{
	static const char *const needed[] = {"README.txt", EVIDENCE_INFO,
	    "bagit.txt", EVIDENCE_MANIFEST, "data/attestations.jsonl",
	    "data/compliance.csv", "data/compliance.json", "data/copies.jsonl",
	    "data/drills.jsonl", "data/findings.jsonl",
	    "data/generations.jsonl", "data/journal/checkpoint-end.txt",
	    "data/journal/consistency.txt", "data/journal/entries.jsonl",
	    "data/journal/proofs.txt", "data/keys/daemon.pub",
	    "data/media.jsonl", "data/report.html", "data/requirements.txt",
	    "data/verifications.jsonl"};

	for (size_t i = 0; i < check->count; i++)
		if (!check->listed[i].is_seen)
			evidence_check_fault(
			    check, EVIDENCE_MISSING, check->listed[i].path, "");
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!is_listed(check, needed[i]))
			evidence_check_fault(
			    check, EVIDENCE_MISSING, needed[i], "");
}
