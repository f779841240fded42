#include "cli/setup_guess.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/text.h"
#include "lib/os/file.h"

#define DEPTH_MAX 3
/* Names looked at in one folder, and folders on one medium. */
#define NAMES_MAX 2000
#define FOLDERS_MAX 300
/* Forms of names told apart in one folder. */
#define FORMS_MAX 16

struct search {
	void (*found)(void *context, const struct setup_guess *guess);
	void *context;
	size_t folders_left, guesses_left;
};

static bool
is_digits(const char *text, size_t count)
{
	return strspn(text, "0123456789") >= count;
}

static int
number(const char *text, size_t count)
{
	int value = 0;

	for (size_t i = 0; i < count; i++)
		value = 10 * value + (text[i] - '0');
	return value;
}

static bool
is_between(const char *text, int min, int max)
{
	return is_digits(text, 2) && number(text, 2) >= min &&
	       number(text, 2) <= max;
}

/* Bytes of a date at the text, with its conversions; 0: none. */
static size_t
take_date(const char *text, char conversions[16])
{
	char between = '\0';
	const char *rest = text + 4;

	if (!is_digits(text, 4) || number(text, 4) < 1990 ||
	    number(text, 4) > 2099)
		return 0;
	if (strchr("-_.", *rest) != NULL && *rest != '\0')
		between = *rest++;
	if (!is_between(rest, 1, 12))
		return 0;
	rest += 2;
	if (between != '\0' && *rest++ != between)
		return 0;
	if (!is_between(rest, 1, 31))
		return 0;
	if (between == '\0')
		(void)snprintf(conversions, 16, "%%Y%%m%%d");
	else
		(void)snprintf(
		    conversions, 16, "%%Y%c%%m%c%%d", between, between);
	return (size_t)(rest + 2 - text);
}

/* Bytes of a time behind a date: [T_-]HH[:-]MM[SS]; 0: none. */
static size_t
take_time(const char *text, char conversions[16])
{
	const char *rest = text;
	char lead[2] = "", between[2] = "";

	if (*rest != '\0' && strchr("T_-. ", *rest) != NULL)
		lead[0] = *rest++;
	if (!is_between(rest, 0, 23))
		return 0;
	rest += 2;
	if (*rest != '\0' && strchr("-_.:", *rest) != NULL)
		between[0] = *rest++;
	if (!is_between(rest, 0, 59))
		return 0;
	rest += 2;
	if (between[0] != '\0' && *rest == between[0] &&
	    is_between(rest + 1, 0, 59) && !is_digits(rest + 1, 3))
		(void)snprintf(
		    conversions, 16, "%s%%H%s%%M%s%%S", lead, between, between);
	else if (between[0] == '\0' && is_between(rest, 0, 59) &&
		 !is_digits(rest, 3))
		(void)snprintf(conversions, 16, "%s%%H%%M%%S", lead);
	else if (!is_digits(rest, 1))
		(void)snprintf(conversions, 16, "%s%%H%s%%M", lead, between);
	else
		return 0;
	if (strstr(conversions, "%S") != NULL)
		rest += 2 + strlen(between);
	return (size_t)(rest - text);
}

/* Append; false when it does not fit. */
static bool
put(char pattern[PATTERN_MAX_BYTES + 1], const char *text)
{
	size_t length = strlen(pattern);

	if (length + strlen(text) > PATTERN_MAX_BYTES)
		return false;
	memcpy(pattern + length, text, strlen(text) + 1);
	return true;
}

/* One character, or a run of digits, that is no date. */
static bool
put_other(char pattern[PATTERN_MAX_BYTES + 1], const char **name)
{
	size_t digits = strspn(*name, "0123456789");
	char one[2] = {**name, '\0'};

	/* A short number of a kind of its own: "ehr2", "disk1". */
	if (digits > 2) {
		*name += digits;
		return put(pattern, "*");
	}
	(*name)++;
	return put(pattern, one[0] == '%' ? "%%" : one);
}

bool
setup_guess_pattern(const char *name, char ret_pattern[PATTERN_MAX_BYTES + 1])
{
	char conversions[16];
	bool has_date = false;
	size_t length;

	ret_pattern[0] = '\0';
	while (*name != '\0') {
		length = has_date ? 0 : take_date(name, conversions);
		if (length > 0 && is_digits(name + length, 1) &&
		    take_time(name + length, conversions) == 0)
			length = 0;
		if (length == 0) {
			/* Digits of one run belong together. */
			if (!put_other(ret_pattern, &name))
				return false;
			continue;
		}
		(void)take_date(name, conversions);
		if (!put(ret_pattern, conversions))
			return false;
		name += length;
		has_date = true;
		length = take_time(name, conversions);
		if (length > 0 && !put(ret_pattern, conversions))
			return false;
		name += length;
	}
	return has_date;
}

static bool
ends_in(const char *name, const char *const *endings)
{
	size_t length = strlen(name);

	for (size_t i = 0; endings[i] != NULL; i++) {
		size_t end = strlen(endings[i]);

		if (length > end &&
		    strcasecmp(name + length - end, endings[i]) == 0)
			return true;
	}
	return false;
}

/* NULL: what lies beside backups. */
static const char *
layout_of(const char *name, bool is_folder)
{
	static const char *const beside[] = {".md5", ".sha1", ".sha256",
	    ".minisig", ".sig", ".log", ".txt", ".ok", ".done", ".tmp", NULL};
	static const char *const archives[] = {".tar", ".tar.gz", ".tgz",
	    ".tar.bz2", ".tar.xz", ".tar.zst", ".tar.lz4", ".zip", ".7z",
	    ".cpio", ".iso", NULL};

	if (is_folder)
		return "directory";
	if (ends_in(name, beside))
		return NULL;
	return ends_in(name, archives) ? "archive" : "file";
}

static bool
is_folder(int fd, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

static DIR *
open_listing(int fd)
{
	int again = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	DIR *folder = again < 0 ? NULL : fdopendir(again);

	if (folder == NULL && again >= 0)
		(void)close(again);
	else if (folder != NULL)
		rewinddir(folder);
	return folder;
}

/* Count a name with the others of its form. */
static void
count_form(const char *name, const char *layout, struct setup_guess *forms,
    size_t *count)
{
	char pattern[PATTERN_MAX_BYTES + 1];
	struct pattern *compiled = NULL;

	if (!setup_guess_pattern(name, pattern))
		return;
	for (size_t i = 0; i < *count; i++)
		if (strcmp(forms[i].pattern, pattern) == 0 &&
		    strcmp(forms[i].layout, layout) == 0) {
			forms[i].count++;
			return;
		}
	if (*count == FORMS_MAX ||
	    pattern_compile(pattern, &compiled, NULL) != 0)
		return;
	pattern_free(compiled);
	forms[*count].layout = layout;
	forms[*count].count = 1;
	memcpy(forms[(*count)++].pattern, pattern, sizeof(pattern));
}

/* The most frequent form of the names in a folder; false: none. */
static bool
guess_form(int fd, struct setup_guess *ret)
{
	struct setup_guess forms[FORMS_MAX];
	size_t count = 0, best = 0;
	struct dirent *entry;
	DIR *folder = open_listing(fd);

	if (folder == NULL)
		return false;
	for (size_t i = 0; i < NAMES_MAX && (entry = readdir(folder)) != NULL;
	     i++) {
		const char *layout =
		    layout_of(entry->d_name, is_folder(fd, entry));

		if (layout != NULL && entry->d_name[0] != '.' &&
		    text_is_utf8(entry->d_name, strlen(entry->d_name)))
			count_form(entry->d_name, layout, forms, &count);
	}
	(void)closedir(folder);
	for (size_t i = 1; i < count; i++)
		if (forms[i].count > forms[best].count)
			best = i;
	if (count == 0)
		return false;
	memcpy(ret->pattern, forms[best].pattern, sizeof(ret->pattern));
	ret->layout = forms[best].layout;
	ret->count = forms[best].count;
	return true;
}

static bool
open_in(const char *medium, const char *path, int *ret_fd)
{
	struct error why;
	int medium_fd, rc;

	if (file_open_folder(medium, &medium_fd, &why) != 0)
		return false;
	rc = file_open_below(
	    medium_fd, path, O_RDONLY | O_DIRECTORY, ret_fd, &why);
	(void)close(medium_fd);
	return rc == 0;
}

bool
setup_guess_exists(const char *medium, const char *path)
{
	int fd;

	if (!open_in(medium, path, &fd))
		return false;
	(void)close(fd);
	return true;
}

bool
setup_guess_folder(
    const char *medium, const char *path, struct setup_guess *ret)
{
	bool is_found;
	int fd;

	if (!open_in(medium, path, &fd))
		return false;
	is_found = guess_form(fd, ret);
	(void)close(fd);
	(void)snprintf(ret->path, sizeof(ret->path), "%s", path);
	return is_found;
}

const char *
setup_guess_layout(const char *medium, const char *path)
{
	static const char *const layouts[] = {"directory", "archive", "file"};
	size_t counts[3] = {0, 0, 0}, best = 0;
	struct dirent *entry;
	DIR *folder;
	int fd;

	if (!open_in(medium, path, &fd))
		return NULL;
	folder = open_listing(fd);
	for (size_t i = 0; folder != NULL && i < NAMES_MAX &&
			   (entry = readdir(folder)) != NULL;
	     i++) {
		const char *layout =
		    layout_of(entry->d_name, is_folder(fd, entry));

		for (size_t l = 0; l < 3; l++)
			if (entry->d_name[0] != '.' && layout != NULL &&
			    strcmp(layout, layouts[l]) == 0)
				counts[l]++;
	}
	if (folder != NULL)
		(void)closedir(folder);
	(void)close(fd);
	for (size_t l = 1; l < 3; l++)
		if (counts[l] > counts[best])
			best = l;
	return counts[best] > 0 ? layouts[best] : NULL;
}

static void search_folder(
    struct search *search, int fd, const char *path, int depth);

/* A configuration can hold the path as it is. */
static bool
is_plain(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7F')
			return false;
	return name[0] != '.' && name[0] != '#' && name[0] != ' ' &&
	       text_is_utf8(name, strlen(name));
}

/* What has a date for its name is a backup, no folder of them. */
static void
search_below(struct search *search, int fd, const char *path, int depth)
{
	char below[SETUP_GUESS_PATH_BYTES], pattern[PATTERN_MAX_BYTES + 1];
	struct dirent *entry;
	struct error why;
	DIR *folder = open_listing(fd);
	int inner, length;

	if (folder == NULL)
		return;
	for (size_t i = 0; i < NAMES_MAX && (entry = readdir(folder)) != NULL;
	     i++) {
		if (!is_plain(entry->d_name) || !is_folder(fd, entry) ||
		    setup_guess_pattern(entry->d_name, pattern))
			continue;
		length = snprintf(below, sizeof(below), "%s%s%s",
		    strcmp(path, ".") == 0 ? "" : path,
		    strcmp(path, ".") == 0 ? "" : "/", entry->d_name);
		if (length < 0 || (size_t)length >= sizeof(below) ||
		    file_open_below(fd, entry->d_name,
			O_RDONLY | O_DIRECTORY | FILE_SAME_MOUNT, &inner,
			&why) != 0)
			continue;
		search_folder(search, inner, below, depth + 1);
		(void)close(inner);
	}
	(void)closedir(folder);
}

static void
search_folder(struct search *search, int fd, const char *path, int depth)
{
	struct setup_guess guess = {.count = 0};

	if (search->folders_left == 0 || search->guesses_left == 0)
		return;
	search->folders_left--;
	if (guess_form(fd, &guess)) {
		(void)snprintf(guess.path, sizeof(guess.path), "%s", path);
		search->guesses_left--;
		search->found(search->context, &guess);
	}
	if (depth < DEPTH_MAX)
		search_below(search, fd, path, depth);
}

void
setup_guess_medium(const char *medium,
    void (*found)(void *context, const struct setup_guess *guess),
    void *context)
{
	struct search search = {found, context, FOLDERS_MAX, SETUP_GUESS_MAX};
	struct error why;
	int fd;

	if (file_open_folder(medium, &fd, &why) != 0)
		return;
	search_folder(&search, fd, ".", 0);
	(void)close(fd);
}

bool
setup_guess_has_content(const char *path)
{
	struct dirent *entry;
	bool has_content = false;
	DIR *folder = opendir(path);

	if (folder == NULL)
		return false;
	while (!has_content && (entry = readdir(folder)) != NULL)
		has_content = strcmp(entry->d_name, ".") != 0 &&
			      strcmp(entry->d_name, "..") != 0;
	(void)closedir(folder);
	return has_content;
}
