/* What the files of a bundle hold, taken piece by piece. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/format/json.h"
#include "lib/output/evidence_check_packs.h"

#define JOURNAL EVIDENCE_PAYLOAD "journal/"
#define KEYS EVIDENCE_PAYLOAD "keys/"
/* A line of proofs.txt, and the first of a file of lines. */
#define LINE_BYTES_MAX ((size_t)64 * 1024)
/* An opening has a path. */
#define OPENING_BYTES_MAX ((size_t)512 * 1024)

static void
fault_once(
    struct evidence_check *check, enum evidence_fault fault, const char *detail)
{
	if (!check->is_faulty)
		evidence_check_fault(check, fault, check->path, detail);
	check->is_faulty = true;
}

/* ---- small files, kept whole ---- */

static int
keep(struct evidence_check *check, const uint8_t *data, size_t length,
    struct error *err)
{
	size_t limit = check->into == &check->kept[EVIDENCE_KEPT_MANIFEST]
			   ? EVIDENCE_CHECK_LIST_BYTES_MAX
			   : EVIDENCE_CHECK_SMALL_BYTES_MAX;

	if (check->into == &check->line)
		limit = EVIDENCE_JSON_BYTES_MAX;
	if (check->into->length + length > limit) {
		fault_once(check, EVIDENCE_FORMAT, _("it is too long"));
		return 0;
	}
	bytes_append(check->into, data, length);
	return bytes_check(check->into, err);
}

/* ---- lines ---- */

typedef void line_fn(struct evidence_check *check, const char *line);

/* Hand out whole lines; each is ended by a NUL in place of the line feed. */
static int
split(struct evidence_check *check, const uint8_t *data, size_t length,
    size_t limit, line_fn *each, struct error *err)
{
	while (length > 0 && !check->is_faulty) {
		const uint8_t *end = memchr(data, '\n', length);
		size_t part = end == NULL ? length : (size_t)(end - data);

		if (check->line.length + part > limit) {
			fault_once(check, EVIDENCE_FORMAT, _("it is too long"));
			return 0;
		}
		if (part > 0 && memchr(data, '\0', part) != NULL) {
			fault_once(check, EVIDENCE_FORMAT, _("a NUL in it"));
			return 0;
		}
		bytes_append(&check->line, data, part);
		if (end == NULL)
			return bytes_check(&check->line, err);
		bytes_append_u8(&check->line, 0);
		if (bytes_check(&check->line, err) != 0)
			return -1;
		each(check, (const char *)check->line.data);
		check->lines++;
		bytes_clear(&check->line);
		data += part + 1;
		length -= part + 1;
	}
	return 0;
}

/* {"checkpoint": {...}, ...}: of the one that bag-info.txt names? */
static void
check_claim(struct evidence_check *check, const json_t *document)
{
	const json_t *claim = json_object_get(document, "checkpoint");
	uint8_t root[MERKLE_HASH_BYTES];
	const char *origin = NULL;
	uint64_t size = 0;

	if (json_get_text(claim, "origin", &origin) != 0 ||
	    json_get_u64(claim, "size", &size) != 0 ||
	    json_get_hex(claim, "root", root, sizeof(root)) != 0 ||
	    size != check->info.size ||
	    strcmp(origin, check->info.origin) != 0 ||
	    memcmp(root, check->info.root, sizeof(root)) != 0)
		fault_once(check, EVIDENCE_DOCUMENT, "");
}

static json_t *
parse(struct evidence_check *check, const void *text, size_t length)
{
	json_t *value = json_parse(text, length, NULL);

	if (value == NULL)
		fault_once(check, EVIDENCE_FORMAT, _("this is not JSON"));
	return value;
}

/* The first line of a file of lines says what it is of. */
static void
check_first(struct evidence_check *check, const char *line)
{
	json_t *value = parse(check, line, strlen(line));

	if (value != NULL)
		check_claim(check, value);
	json_decref(value);
}

static int
take_lines(struct evidence_check *check, const uint8_t *data, size_t length,
    struct error *err)
{
	const uint8_t *end = memchr(data, '\n', length);

	/* Only the first: what follows rests on the file's digest. */
	if (check->lines > 0)
		return 0;
	return split(check, data,
	    end == NULL ? length : (size_t)(end - data) + 1, LINE_BYTES_MAX,
	    check_first, err);
}

/* A subject is the HMAC of nonce and path. */
static void
check_opening(struct evidence_check *check, const char *line)
{
	uint8_t subject[DIGEST_SHA256_BYTES], real[DIGEST_SHA256_BYTES];
	uint8_t nonce[DIGEST_SHA256_BYTES];
	struct bytes path = BYTES_EMPTY;
	json_t *value;

	if (check->lines == 0) {
		check_first(check, line);
		return;
	}
	value = parse(check, line, strlen(line));
	if (value != NULL) {
		bool is_whole =
		    json_get_hex(value, "subject", subject, sizeof(subject)) ==
			0 &&
		    json_get_hex(value, "nonce", nonce, sizeof(nonce)) == 0 &&
		    json_get_bytes(value, "path", &path) == 0;

		if (is_whole)
			digest_hmac_sha256(
			    nonce, sizeof(nonce), path.data, path.length, real);
		if (!is_whole || memcmp(real, subject, sizeof(real)) != 0)
			fault_once(check, EVIDENCE_OPENING, "");
	}
	bytes_done(&path);
	json_decref(value);
}

static int
take_openings(struct evidence_check *check, const uint8_t *data, size_t length,
    struct error *err)
{
	return split(
	    check, data, length, OPENING_BYTES_MAX, check_opening, err);
}

/* ---- the journal ---- */

static int
end_leaf(struct evidence_check *check, struct error *err)
{
	if (check->leaf_count == EVIDENCE_ENTRIES_MAX) {
		fault_once(check, EVIDENCE_FORMAT, _("it is too long"));
		return 0;
	}
	if (check->leaf_count == check->leaf_capacity) {
		size_t capacity =
		    check->leaf_capacity == 0 ? 1024 : 2 * check->leaf_capacity;
		uint8_t(*leaves)[MERKLE_HASH_BYTES] =
		    reallocarray(check->leaves, capacity, sizeof(*leaves));

		if (leaves == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		check->leaves = leaves;
		check->leaf_capacity = capacity;
	}
	digest_sha256_final(&check->leaf, check->leaves[check->leaf_count++]);
	check->is_in_leaf = false;
	evidence_check_packs_end_leaf(check);
	return 0;
}

/* RFC 6962 section 2.1: SHA-256 of 0x00 and the leaf. */
static int
take_entries(struct evidence_check *check, const uint8_t *data, size_t length,
    struct error *err)
{
	while (length > 0 && !check->is_faulty) {
		const uint8_t *end = memchr(data, '\n', length);
		size_t part = end == NULL ? length : (size_t)(end - data);

		if (!check->is_in_leaf) {
			digest_sha256_init(&check->leaf);
			digest_sha256_update(&check->leaf, "\0", 1);
			check->is_in_leaf = true;
		}
		digest_sha256_update(&check->leaf, data, part);
		evidence_check_packs_leaf(check, data, part);
		if (end == NULL)
			return 0;
		if (end_leaf(check, err) != 0)
			return -1;
		data += part + 1;
		length -= part + 1;
	}
	return 0;
}

static bool
parse_hash(const char *text, size_t length, uint8_t hash[MERKLE_HASH_BYTES])
{
	struct bytes raw = BYTES_EMPTY;
	bool is_good = bytes_parse_base64(text, length, &raw) == 0 &&
		       raw.length == MERKLE_HASH_BYTES;

	if (is_good)
		memcpy(hash, raw.data, MERKLE_HASH_BYTES);
	bytes_done(&raw);
	return is_good;
}

/* "SEQ HASH HASH ...": the entry with that number is in the journal. */
static void
check_inclusion(struct evidence_check *check, const char *line)
{
	uint64_t seq = check->report->first + check->lines;
	struct merkle_proof proof = {.count = 0};
	char expected[32], detail[64];
	const char *at = line;
	bool is_good;

	(void)snprintf(
	    expected, sizeof(expected), "%llu", (unsigned long long)seq);
	is_good = strncmp(line, expected, strlen(expected)) == 0 &&
		  check->lines < check->leaf_count;
	at += is_good ? strlen(expected) : 0;
	while (is_good && *at == ' ' && proof.count < MERKLE_PROOF_MAX) {
		size_t length = strcspn(at + 1, " ");

		is_good = parse_hash(at + 1, length, proof.hash[proof.count++]);
		at += length + 1;
	}
	if (!is_good || *at != '\0' ||
	    !merkle_verify_inclusion(check->leaves[check->lines], seq,
		check->info.size, &proof, check->info.root)) {
		(void)snprintf(detail, sizeof(detail), _("entry %llu"),
		    (unsigned long long)seq);
		fault_once(check, EVIDENCE_INCLUSION, detail);
		return;
	}
	check->proven++;
}

static int
take_inclusions(struct evidence_check *check, const uint8_t *data,
    size_t length, struct error *err)
{
	return split(check, data, length, LINE_BYTES_MAX, check_inclusion, err);
}

/* ---- which file is what ---- */

static const struct {
	const char *path;
	enum evidence_kept kept;
	evidence_content_fn *content;
} kinds[] = {
    {EVIDENCE_INFO, EVIDENCE_KEPT_INFO, keep},
    {EVIDENCE_MANIFEST, EVIDENCE_KEPT_MANIFEST, keep},
    {JOURNAL "checkpoint-start.txt", EVIDENCE_KEPT_START, keep},
    {JOURNAL "checkpoint-end.txt", EVIDENCE_KEPT_END, keep},
    {JOURNAL "checkpoint-start.txt.minisig", EVIDENCE_KEPT_START_SIGNATURE,
	keep},
    {JOURNAL "checkpoint-end.txt.minisig", EVIDENCE_KEPT_END_SIGNATURE, keep},
    {JOURNAL "consistency.txt", EVIDENCE_KEPT_CONSISTENCY, keep},
    {KEYS "daemon.pub", EVIDENCE_KEPT_DAEMON_KEY, keep},
    {JOURNAL "entries.jsonl", EVIDENCE_KEPT_NONE, take_entries},
    {JOURNAL "proofs.txt", EVIDENCE_KEPT_NONE, take_inclusions},
    {EVIDENCE_PAYLOAD "openings.jsonl", EVIDENCE_KEPT_NONE, take_openings},
    {EVIDENCE_PAYLOAD "attestations.jsonl", EVIDENCE_KEPT_NONE, take_lines},
    {EVIDENCE_PAYLOAD "copies.jsonl", EVIDENCE_KEPT_NONE, take_lines},
    {EVIDENCE_PAYLOAD "drills.jsonl", EVIDENCE_KEPT_NONE, take_lines},
    {EVIDENCE_PAYLOAD "findings.jsonl", EVIDENCE_KEPT_NONE, take_lines},
    {EVIDENCE_PAYLOAD "generations.jsonl", EVIDENCE_KEPT_NONE, take_lines},
    {EVIDENCE_PAYLOAD "media.jsonl", EVIDENCE_KEPT_NONE, take_lines},
    {EVIDENCE_PAYLOAD "verifications.jsonl", EVIDENCE_KEPT_NONE, take_lines},
};

/* data/keys/NNN.ENDING: where its content goes; NULL: it is none of these. */
static struct bytes *
statement_of(struct evidence_check *check, const char *path)
{
	unsigned int number = 0;
	const char *name = path + strlen(KEYS);
	struct keyring_proof *proof;

	if (strncmp(path, KEYS, strlen(KEYS)) != 0 || strlen(name) < 5 ||
	    strspn(name, "0123456789") != 3 || name[3] != '.')
		return NULL;
	for (int i = 0; i < 3; i++)
		number = 10 * number + (unsigned int)(name[i] - '0');
	if (number == 0 || number > KEYRING_STATEMENTS_MAX)
		return NULL;
	proof = &check->proofs[number - 1];
	if (strcmp(name + 4, "txt") == 0)
		return &proof->text;
	if (strcmp(name + 4, "authority.minisig") == 0)
		return &proof->authority;
	return strcmp(name + 4, "new.minisig") == 0 ? &proof->new : NULL;
}

void
evidence_check_begin_file(struct evidence_check *check, const char *path)
{
	(void)snprintf(check->path, sizeof(check->path), "%s", path);
	bytes_clear(&check->line);
	check->lines = 0;
	check->is_faulty = false;
	check->is_in_leaf = false;
	check->content = NULL;
	check->into = NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].path, path) == 0) {
			check->content = kinds[i].content;
			if (kinds[i].kept != EVIDENCE_KEPT_NONE)
				check->into = &check->kept[kinds[i].kept];
		}
	if (strcmp(path, EVIDENCE_PAYLOAD "compliance.json") == 0)
		check->into = &check->line;
	if (check->into == NULL)
		check->into = statement_of(check, path);
	if (check->into != NULL)
		check->content = keep;
}

void
evidence_check_keep(struct evidence_check *check, enum evidence_kept kept)
{
	check->into = &check->kept[kept];
	check->content = keep;
}

/* ---- bag-info.txt ---- */

/* What stands behind "LABEL: " in bag-info.txt; false where it is not there. */
static bool
find_label(
    const struct bytes *text, const char *label, char *value, size_t size)
{
	const char *at = (const char *)text->data;
	size_t left = text->length, length = strlen(label);

	while (left > 0) {
		const char *end = memchr(at, '\n', left);
		size_t line = end == NULL ? left : (size_t)(end - at);

		if (line > length + 2 && memcmp(at, label, length) == 0 &&
		    at[length] == ':' && at[length + 1] == ' ' &&
		    line - length - 2 < size) {
			memcpy(value, at + length + 2, line - length - 2);
			value[line - length - 2] = '\0';
			return strlen(value) == line - length - 2;
		}
		at += line + (end != NULL);
		left -= line + (end != NULL);
	}
	return false;
}

/* Two numbers, or a number and a root; `second` NULL: one number alone. */
static bool
parse_number(const char *text, uint64_t *number, const char **rest)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	*number = strtoull(text, &end, 10);
	*rest = *end == ' ' ? end + 1 : end;
	return *number <= (uint64_t)JSON_INTEGER_MAX &&
	       (*end == ' ' || *end == '\0');
}

static bool
read_checkpoint(const struct bytes *text, const char *label, uint64_t *size,
    uint8_t root[MERKLE_HASH_BYTES])
{
	char value[128];
	const char *rest;

	if (!find_label(text, label, value, sizeof(value)) ||
	    !parse_number(value, size, &rest))
		return false;
	if (*size == 0) {
		merkle_empty_root(root);
		return *rest == '\0';
	}
	return bytes_parse_hex(rest, root, MERKLE_HASH_BYTES) == 0;
}

static bool
read_info(struct evidence_check *check, const struct bytes *text)
{
	struct evidence_statement *info = &check->info;
	struct evidence_report *report = check->report;
	char entries[64], documents[32], word[8];
	const char *rest;

	if (!find_label(text, "External-Identifier", info->origin,
		sizeof(info->origin)) ||
	    !find_label(
		text, "Hikae-From", report->from, sizeof(report->from)) ||
	    !find_label(text, "Hikae-To", report->to, sizeof(report->to)) ||
	    date_parse(report->from, &info->from, NULL) != 0 ||
	    date_parse(report->to, &info->to, NULL) != 0 ||
	    !find_label(text, "Hikae-Entries", entries, sizeof(entries)) ||
	    !parse_number(entries, &report->first, &rest) ||
	    !parse_number(rest, &report->last, &rest) || *rest != '\0' ||
	    !read_checkpoint(
		text, "Hikae-Checkpoint-End", &info->size, info->root) ||
	    !read_checkpoint(text, "Hikae-Checkpoint-Start", &check->start_size,
		check->start_root) ||
	    !find_label(text, "Hikae-Documents-Missing", documents,
		sizeof(documents)) ||
	    !parse_number(documents, &report->documents_missing, &rest) ||
	    !find_label(text, "Hikae-Paths", word, sizeof(word)))
		return false;
	report->has_paths = strcmp(word, "yes") == 0;
	(void)find_label(
	    text, "Hikae-System", report->system, sizeof(report->system));
	(void)find_label(
	    text, "Hikae-Pack", report->pack, sizeof(report->pack));
	check->says_signed =
	    !find_label(text, "Hikae-Signed", word, sizeof(word)) ||
	    strcmp(word, "no") != 0;
	return report->first <= report->last && report->last < info->size &&
	       check->start_size <= report->first;
}

int
evidence_check_end_file(struct evidence_check *check, struct error *err)
{
	json_t *value;

	if (check->is_faulty)
		return 0;
	if (strcmp(check->path, EVIDENCE_INFO) == 0) {
		check->has_info =
		    read_info(check, &check->kept[EVIDENCE_KEPT_INFO]);
		check->report->statement = check->info;
		if (!check->has_info)
			fault_once(check, EVIDENCE_FACTS, "");
		return 0;
	}
	if (strcmp(check->path, EVIDENCE_MANIFEST) == 0)
		return evidence_check_take_list(
		    check, &check->kept[EVIDENCE_KEPT_MANIFEST], true, err);
	if (check->into == &check->line) {
		value = parse(check, check->line.data, check->line.length);
		if (value != NULL) {
			check_claim(check, value);
			evidence_check_packs_claim(check, value);
		}
		json_decref(value);
		return 0;
	}
	/* Every line of what is made of lines is ended. */
	if (check->is_in_leaf ||
	    (check->content != keep && check->line.length > 0))
		fault_once(check, EVIDENCE_FORMAT, _("it was cut off"));
	return 0;
}
