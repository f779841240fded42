#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/crypto/digest.h"
#include "lib/inspect/inspect_internal.h"
#include "lib/inspect/inspect_set_internal.h"

/* Of each at most so many, 16 bytes each. */
#define NAMED_MAX (1u << 20)
#define IMAGES_MAX (1u << 21)
/* Parts have room beyond that: files of any kind never crowd them out. */
#define THERE_MAX (IMAGES_MAX + (1u << 18))
#define WHO_MAX 4096
/* Longer names are named by no DICOMDIR: a CS has 16 bytes, but there are
 * programs that write more, and 144 are looked at; ".;1" may follow. */
#define IMAGE_NAME_BYTES 152
#define KEY_PATH_BYTES 4352

/* A file that somebody names; of those with one key, the first knows whether
 * it is there, and the worst that is to be said of it. */
struct named {
	uint64_t key;
	uint32_t who;
	bool is_there;
	uint8_t severity, code;
};

/* A file that is there. */
struct there {
	uint64_t key;
	uint8_t severity, code;
};

struct who {
	char *path;
	bool is_settled;
	unsigned format;
	enum inspect_severity severity;
	bool is_short; /* not all that it names could be noted */
	/* What became of what it names. */
	uint64_t named, missing;
	struct inspect_finding worst; /* of its parts */
};

struct inspect_set {
	struct named *named;
	struct there *there;
	struct who *who;
	size_t named_count, there_count, who_count;
	bool is_full[2]; /* by link: not all files that are there are noted */
};

struct inspect_set *
inspect_set_new(void)
{
	return calloc(1, sizeof(struct inspect_set));
}

void
inspect_set_free(struct inspect_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->who_count; i++)
		free(set->who[i].path);
	free(set->who);
	free(set->named);
	free(set->there);
	free(set);
}

/* Room for one more of at most so many. */
static bool
has_room(void *items, size_t count, size_t size, size_t most)
{
	struct error ignored = {0};

	return count < most && array_grow(items, count, size, &ignored) == 0;
}

/* ---- keys ---- */

static size_t
folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash + 1 - path);
}

/* As ISO 9660 has it: capitals, without a version and a last '.'. */
static size_t
fold_image(char *path, size_t length)
{
	char *version = memrchr(path, ';', length);

	if (version != NULL && strspn(version + 1, "0123456789") ==
				   (size_t)(path + length - version) - 1)
		length = (size_t)(version - path);
	if (length > 0 && path[length - 1] == '.')
		length--;
	for (size_t i = 0; i < length; i++) {
		if (path[i] >= 'a' && path[i] <= 'z')
			path[i] = (char)(path[i] - 'a' + 'A');
		if (path[i] == '\\')
			path[i] = '/';
	}
	return length;
}

/* Folder and name as one number; false where they are too long for one. */
static bool
make_key(enum inspect_link link, const char *folder, size_t folder_bytes,
    const char *name, size_t length, uint64_t *ret_key)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char path[KEY_PATH_BYTES];

	if (folder_bytes + length + 2 > sizeof(path) || length == 0)
		return false;
	path[0] = link == INSPECT_LINK_PART ? 'p' : 'i';
	if (folder_bytes > 0)
		memcpy(path + 1, folder, folder_bytes);
	memcpy(path + 1 + folder_bytes, name, length);
	length += folder_bytes;
	path[1 + length] = '\0';
	if (link == INSPECT_LINK_PART)
		length = inspect_part_stem(path + 1, length);
	else
		length = fold_image(path + 1, length);
	digest_sha256_of(path, 1 + length, digest);
	memcpy(ret_key, digest, sizeof(*ret_key));
	return true;
}

/* ---- what is there ---- */

static void
add(struct inspect_set *set, enum inspect_link link, const char *path,
    enum inspect_severity severity, enum inspect_code code)
{
	struct there *there;
	uint64_t key;

	if (!make_key(link, "", 0, path, strlen(path), &key))
		return;
	if (!has_room(&set->there, set->there_count, sizeof(*set->there),
		link == INSPECT_LINK_IMAGE ? IMAGES_MAX : THERE_MAX)) {
		set->is_full[link] = true;
		return;
	}
	there = &set->there[set->there_count++];
	*there = (struct there){
	    .key = key, .severity = (uint8_t)severity, .code = (uint8_t)code};
}

void
inspect_set_add(struct inspect_set *set, const char *path)
{
	if (strlen(path) - folder_length(path) <= IMAGE_NAME_BYTES)
		add(set, INSPECT_LINK_IMAGE, path, INSPECT_SOUND,
		    INSPECT_TRUNCATED);
	if (inspect_part_is(path))
		add(set, INSPECT_LINK_PART, path, INSPECT_UNDETERMINED,
		    INSPECT_NOT_READ);
}

void
inspect_set_add_part(struct inspect_set *set, const char *path,
    enum inspect_severity severity, enum inspect_code code)
{
	if (strlen(path) - folder_length(path) <= IMAGE_NAME_BYTES)
		add(set, INSPECT_LINK_IMAGE, path, INSPECT_SOUND,
		    INSPECT_TRUNCATED);
	add(set, INSPECT_LINK_PART, path, severity, code);
}

/* ---- what is named ---- */

uint32_t
inspect_set_enter(struct inspect_set *set, const char *path)
{
	struct who *who;

	if (!has_room(&set->who, set->who_count, sizeof(*set->who), WHO_MAX))
		return INSPECT_SET_NOBODY;
	who = &set->who[set->who_count];
	*who = (struct who){.path = strdup(path)};
	if (who->path == NULL)
		return INSPECT_SET_NOBODY;
	return (uint32_t)set->who_count++;
}

void
inspect_set_name(struct inspect_set *set, uint32_t who, enum inspect_link link,
    const char *name, size_t length)
{
	const char *path = set->who[who].path;
	struct named *named;
	uint64_t key;

	if (!make_key(link, path, folder_length(path), name, length, &key) ||
	    !has_room(&set->named, set->named_count, sizeof(*set->named),
		NAMED_MAX)) {
		set->who[who].is_short = true;
		return;
	}
	named = &set->named[set->named_count++];
	*named = (struct named){.key = key, .who = who};
}

void
inspect_set_settle(struct inspect_set *set, uint32_t who, unsigned format,
    enum inspect_severity severity)
{
	set->who[who].is_settled = true;
	set->who[who].format = format;
	set->who[who].severity = severity;
}

/* ---- the end ---- */

static int
compare_named(const void *a, const void *b)
{
	const struct named *one = a, *other = b;

	return one->key < other->key ? -1 : one->key > other->key;
}

/* The first with that key, NULL where nobody names it. */
static struct named *
find_named(const struct inspect_set *set, uint64_t key)
{
	size_t low = 0, high = set->named_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->named[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < set->named_count && set->named[low].key == key
		   ? &set->named[low]
		   : NULL;
}

/* A part that names others counts where somebody else names it. */
static bool
is_called(const struct inspect_set *set, const struct who *who)
{
	uint64_t key;

	if (who->format < INSPECT_FORMATS)
		return true;
	return make_key(INSPECT_LINK_PART, "", 0, who->path, strlen(who->path),
		   &key) &&
	       find_named(set, key) != NULL;
}

static void
meet(struct inspect_set *set, const struct there *there)
{
	struct named *named = find_named(set, there->key);

	if (named == NULL)
		return;
	named->is_there = true;
	if (there->severity > named->severity) {
		named->severity = there->severity;
		named->code = there->code;
	}
}

/* What the first with its key met is so for whoever else names it. */
static void
look_up(struct inspect_set *set, const struct named *first, uint32_t by)
{
	struct who *who = &set->who[by];

	who->named++;
	if (!first->is_there)
		who->missing++;
	else if (first->severity > who->worst.severity)
		who->worst = (struct inspect_finding){
		    .code = (enum inspect_code)first->code,
		    .severity = (enum inspect_severity)first->severity};
}

/*
 * Names are sorted, not files: these are as many as there are, and sorting
 * would take as much memory again (qsort(3) of the GNU C library).
 */
static void
look_all_up(struct inspect_set *set)
{
	const struct named *first = set->named;

	if (set->named_count == 0)
		return;
	qsort(set->named, set->named_count, sizeof(*set->named), compare_named);
	for (size_t i = 0; i < set->there_count; i++)
		meet(set, &set->there[i]);
	for (size_t i = 0; i < set->named_count; i++) {
		if (set->named[i].key != first->key)
			first = &set->named[i];
		look_up(set, first, set->named[i].who);
	}
}

/* What is to be said of it; false: all is well. */
static bool
judge(const struct inspect_set *set, const struct who *who,
    struct inspect_finding *ret_finding)
{
	struct inspect_finding finding = who->worst;
	enum inspect_link link = who->format == INSPECT_DICOM
				     ? INSPECT_LINK_IMAGE
				     : INSPECT_LINK_PART;

	if ((set->is_full[link] && who->missing > 0) || who->is_short) {
		if (finding.severity < INSPECT_UNDETERMINED)
			finding = (struct inspect_finding){
			    .severity = INSPECT_UNDETERMINED,
			    .code = INSPECT_TOO_LARGE};
	} else if (who->missing > 0) {
		finding = (struct inspect_finding){.severity = INSPECT_BROKEN,
		    .code = INSPECT_MISSING_PART,
		    .expected = who->named,
		    .actual = who->named - who->missing};
	}
	*ret_finding = finding;
	return finding.severity > INSPECT_SOUND;
}

/* A part speaks for the dump in its folder. */
static struct who *
speaker_of(const struct inspect_set *set, struct who *who)
{
	size_t folder = folder_length(who->path);

	for (size_t i = 0; who->format == INSPECT_FORMATS && i < set->who_count;
	     i++)
		if (set->who[i].is_settled &&
		    set->who[i].format == INSPECT_PGDUMP &&
		    folder_length(set->who[i].path) == folder &&
		    memcmp(set->who[i].path, who->path, folder) == 0)
			return &set->who[i];
	return who;
}

void
inspect_set_conclude(
    struct inspect_set *set, inspect_set_fn *each, void *context)
{
	struct inspect_set_result result;

	look_all_up(set);
	for (size_t i = 0; i < set->who_count; i++) {
		struct who *who = &set->who[i];
		struct who *speaker;

		if (!who->is_settled || !is_called(set, who) ||
		    !judge(set, who, &result.finding))
			continue;
		speaker = speaker_of(set, who);
		if (speaker->format >= INSPECT_FORMATS)
			continue;
		result.path = speaker->path;
		result.format = (enum inspect_format)speaker->format;
		result.severity = speaker->severity;
		each(context, &result);
		if (result.finding.severity > speaker->severity)
			speaker->severity = result.finding.severity;
	}
}
