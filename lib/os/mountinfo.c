#include "lib/os/mountinfo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

struct mountinfo {
	struct mountinfo_mount *mounts;
	char **lines; /* what the mounts point into */
	size_t count, capacity;
};

static bool
is_octal(char c, char largest)
{
	return c >= '0' && c <= largest;
}

/* Undo the kernel's "\040" for blanks, backslashes and '#', in place. */
static void
decode_escapes(char *text)
{
	char *out = text;

	for (const char *in = text; *in != '\0';) {
		int value = 0;

		if (in[0] == '\\' && is_octal(in[1], '3') &&
		    is_octal(in[2], '7') && is_octal(in[3], '7'))
			value = (in[1] - '0') * 64 + (in[2] - '0') * 8 +
				(in[3] - '0');
		*out++ = value != 0 ? (char)value : *in;
		in += value != 0 ? 4 : 1;
	}
	*out = '\0';
}

/* Cut the next field off; fields may be empty.  NULL behind the last. */
static char *
take_field(char **rest)
{
	return *rest == NULL ? NULL : strsep(rest, " ");
}

/* Decimal digits up to `end`, and nothing else. */
static bool
parse_number(const char *text, char end, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (*text == end)
		return false;
	for (; *text != end; text++) {
		if (*text < '0' || *text > '9' || value > UINT32_MAX)
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
	}
	*ret = value;
	return value <= max;
}

static bool
parse_numbers(const char *id, const char *parent, const char *device,
    struct mountinfo_mount *mount)
{
	const char *colon = strchr(device, ':');
	uint64_t major, minor;

	if (colon == NULL || !parse_number(id, '\0', UINT64_MAX, &mount->id) ||
	    !parse_number(parent, '\0', UINT64_MAX, &mount->parent_id) ||
	    !parse_number(device, ':', UINT32_MAX, &major) ||
	    !parse_number(colon + 1, '\0', UINT32_MAX, &minor))
		return false;
	mount->major = (uint32_t)major;
	mount->minor = (uint32_t)minor;
	return true;
}

int
mountinfo_parse_line(char *line, struct mountinfo_mount *ret, struct error *err)
{
	enum {
		ID,
		PARENT,
		DEVICE,
		ROOT,
		POINT,
		OPTIONS,
		LEADING
	};
	enum {
		TYPE = LEADING,
		SOURCE,
		SUPER,
		FIELDS
	};
	struct mountinfo_mount mount = {0};
	char *fields[FIELDS], *rest = line, *tag;

	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < LEADING; i++)
		fields[i] = take_field(&rest);
	/* Propagation tags, any number, up to a dash. */
	do
		tag = take_field(&rest);
	while (tag != NULL && strcmp(tag, "-") != 0);
	fields[TYPE] = take_field(&rest);
	fields[SOURCE] = take_field(&rest);
	fields[SUPER] = rest; /* some file systems escape no blanks there */
	if (fields[SUPER] == NULL || fields[POINT][0] != '/' ||
	    !parse_numbers(fields[ID], fields[PARENT], fields[DEVICE], &mount))
		return error_set(err, ERROR_INPUT,
		    _("a line of the kernel's mount list is malformed"));
	for (size_t i = ROOT; i < FIELDS; i++)
		decode_escapes(fields[i]);
	mount.root = fields[ROOT];
	mount.mount_point = fields[POINT];
	mount.options = fields[OPTIONS];
	mount.filesystem = fields[TYPE];
	mount.source = fields[SOURCE];
	mount.super_options = fields[SUPER];
	*ret = mount;
	return 0;
}

bool
mountinfo_has_option(const char *options, const char *word)
{
	const size_t length = strlen(word);

	while (true) {
		const size_t span = strcspn(options, ",");

		if (span == length && memcmp(options, word, length) == 0)
			return true;
		if (options[span] == '\0')
			return false;
		options += span + 1;
	}
}

/* Make room for one more mount. */
static int
grow(struct mountinfo *table)
{
	const size_t capacity = table->capacity * 2 + 64;
	struct mountinfo_mount *mounts;
	char **lines;

	if (table->count < table->capacity)
		return 0;
	mounts = reallocarray(table->mounts, capacity, sizeof(*mounts));
	if (mounts == NULL)
		return -1;
	table->mounts = mounts;
	lines = reallocarray(table->lines, capacity, sizeof(*lines));
	if (lines == NULL)
		return -1;
	table->lines = lines;
	table->capacity = capacity;
	return 0;
}

/* Takes the line over. */
static int
add_line(struct mountinfo *table, char *line, struct error *err)
{
	struct mountinfo_mount mount;

	if (table->count == MOUNTINFO_MOUNTS_MAX) {
		free(line);
		return error_set(err, ERROR_LIMIT,
		    _("more than %d file systems are mounted"),
		    MOUNTINFO_MOUNTS_MAX);
	}
	if (mountinfo_parse_line(line, &mount, err) < 0) {
		free(line);
		return -1;
	}
	if (grow(table) < 0) {
		free(line);
		return error_set_errno(
		    err, ENOMEM, _("cannot read the kernel's mount list"));
	}
	table->mounts[table->count] = mount;
	table->lines[table->count++] = line;
	return 0;
}

/* The kernel makes a line of a few pages at most. */
static int
read_lines(struct mountinfo *table, FILE *file, struct error *err)
{
	while (true) {
		char *line = NULL;
		size_t room = 0;

		errno = 0;
		if (getline(&line, &room, file) < 0) {
			free(line);
			break;
		}
		if (add_line(table, line, err) < 0)
			return -1;
	}
	if (ferror(file))
		return error_set_errno(err, errno != 0 ? errno : EIO,
		    _("cannot read the kernel's mount list"));
	if (table->count == 0)
		return error_set(
		    err, ERROR_INPUT, _("the kernel's mount list is empty"));
	return 0;
}

struct mountinfo *
mountinfo_read(const char *path, struct error *err)
{
	FILE *file = fopen(path, "re");
	struct mountinfo *table = NULL;
	int rc = -1;

	if (file == NULL) {
		(void)error_set_errno(
		    err, errno, _("cannot open the kernel's mount list"));
		goto out;
	}
	table = calloc(1, sizeof(*table));
	if (table == NULL) {
		(void)error_set_errno(
		    err, ENOMEM, _("cannot read the kernel's mount list"));
		goto out;
	}
	rc = read_lines(table, file, err);
out:
	if (file != NULL)
		(void)fclose(file);
	if (rc < 0) {
		mountinfo_free(table);
		table = NULL;
	}
	return table;
}

void
mountinfo_free(struct mountinfo *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->count; i++)
		free(table->lines[i]);
	free(table->lines);
	free(table->mounts);
	free(table);
}

size_t
mountinfo_count(const struct mountinfo *table)
{
	return table->count;
}

const struct mountinfo_mount *
mountinfo_at(const struct mountinfo *table, size_t index)
{
	return &table->mounts[index];
}

const struct mountinfo_mount *
mountinfo_find_id(const struct mountinfo *table, uint64_t id)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->mounts[i].id == id)
			return &table->mounts[i];
	return NULL;
}

/* Is path the folder, or below it? */
static bool
is_below(const char *path, const char *folder)
{
	const size_t length = strlen(folder);

	if (strcmp(folder, "/") == 0)
		return path[0] == '/';
	return strncmp(path, folder, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

/* The first mount that a walk along path meets after having come to `at`. */
static const struct mountinfo_mount *
find_next(const struct mountinfo *table, const struct mountinfo_mount *at,
    const char *path)
{
	const struct mountinfo_mount *best = NULL;

	for (size_t i = 0; i < table->count; i++) {
		const struct mountinfo_mount *mount = &table->mounts[i];

		if (mount == at || mount->parent_id != at->id ||
		    !is_below(path, mount->mount_point) ||
		    !is_below(mount->mount_point, at->mount_point))
			continue;
		if (best == NULL ||
		    strlen(mount->mount_point) < strlen(best->mount_point))
			best = mount;
	}
	return best;
}

/* The root: its parent is itself or lies outside what this process sees. */
static const struct mountinfo_mount *
find_root(const struct mountinfo *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct mountinfo_mount *mount = &table->mounts[i];
		const struct mountinfo_mount *parent =
		    mountinfo_find_id(table, mount->parent_id);

		if (strcmp(mount->mount_point, "/") == 0 &&
		    (parent == NULL || parent == mount))
			return mount;
	}
	return NULL;
}

const struct mountinfo_mount *
mountinfo_find_path(const struct mountinfo *table, const char *path)
{
	const struct mountinfo_mount *at = find_root(table);
	const struct mountinfo_mount *next = at;

	/* Every step goes one mount further, so a damaged list ends, too. */
	for (size_t i = 0; next != NULL && i <= table->count; i++) {
		at = next;
		next = path[0] == '/' ? find_next(table, at, path) : NULL;
	}
	return path[0] == '/' ? at : NULL;
}
