#include "lib/format/ini.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/os/file.h"

struct parser {
	const struct ini_handler *handler;
	const char *file;
	unsigned int line;
	bool in_section;
	char section[INI_LINE_MAX_BYTES + 1]; /* kind NUL id NUL */
	const char *id;
};

static void
report(const struct parser *p, const char *text)
{
	p->handler->problem(p->handler->context, p->file, p->line, text);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* Cut spaces from both ends of a text that may be written to. */
static char *
trim(char *text)
{
	size_t length;

	while (is_space(*text))
		text++;
	length = strlen(text);
	while (length > 0 && is_space(text[length - 1]))
		length--;
	text[length] = '\0';
	return text;
}

static void
hand_out(const struct parser *p, const char *key, const char *value)
{
	struct ini_item item = {
	    p->section, p->id, key, value, p->file, p->line};

	p->handler->item(p->handler->context, &item);
}

/* "[kind]" or "[kind id]", trimmed. */
static void
parse_section(struct parser *p, char *text)
{
	size_t length = strlen(text), kind;
	char *inside;

	p->in_section = false;
	if (text[length - 1] != ']') {
		report(p, _("a section's line ends with \"]\""));
		return;
	}
	text[length - 1] = '\0';
	inside = trim(text + 1);
	kind = strcspn(inside, " \t");
	if (kind == 0 || strpbrk(inside, "[]") != NULL) {
		report(
		    p, _("a section is [kind] or [kind id], such as [policy] "
			 "or [system ehr]"));
		return;
	}
	memcpy(p->section, inside, strlen(inside) + 1);
	p->id = p->section + kind;
	if (*p->id != '\0') {
		p->section[kind] = '\0';
		p->id = trim(p->section + kind + 1);
	}
	p->in_section = true;
	hand_out(p, NULL, NULL);
}

static void
parse_key(struct parser *p, char *text)
{
	char *equals = strchr(text, '=');
	char *key;

	if (equals == NULL) {
		report(
		    p, _("the line is neither \"key = value\" nor a [section] "
			 "nor a comment"));
		return;
	}
	*equals = '\0';
	key = trim(text);
	if (*key == '\0')
		report(p, _("there is no key before \"=\""));
	else if (p->in_section)
		hand_out(p, key, trim(equals + 1));
}

static bool
has_control(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (((unsigned char)text[i] < 0x20 && text[i] != '\t') ||
		    text[i] == 0x7F)
			return true;
	return false;
}

/* One line without its end. */
static void
parse_line(struct parser *p, const char *line, size_t length)
{
	char buffer[INI_LINE_MAX_BYTES + 1];
	char *text;

	if (length > 0 && line[length - 1] == '\r')
		length--;
	if (length > INI_LINE_MAX_BYTES) {
		snprintf(buffer, sizeof(buffer),
		    _("the line is longer than %d bytes"), INI_LINE_MAX_BYTES);
		report(p, buffer);
		return;
	}
	if (!text_is_utf8(line, length) || has_control(line, length)) {
		report(p, _("the line is not UTF-8 text"));
		return;
	}
	memcpy(buffer, line, length);
	buffer[length] = '\0';
	text = trim(buffer);
	if (*text == '\0' || *text == '#' || *text == ';')
		return;
	if (*text == '[')
		parse_section(p, text);
	else
		parse_key(p, text);
}

void
ini_parse(const char *file, const void *text, size_t length,
    const struct ini_handler *handler)
{
	struct parser p = {.handler = handler, .file = file};
	const char *at = text, *end = at + length;

	/* Keys before the first section are the handler's: kind "". */
	p.id = p.section;
	p.in_section = true;
	if (length >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	while (at < end) {
		size_t left = (size_t)(end - at);
		const char *newline = memchr(at, '\n', left);
		size_t line = newline != NULL ? (size_t)(newline - at) : left;

		p.line++;
		parse_line(&p, at, line);
		at += line + (newline != NULL ? 1 : 0);
	}
}

/* Hand a file's text, or why there is none, to who wants it. */
static void
read_file(int root_fd, const char *path, const struct ini_taker *taker)
{
	struct bytes text = BYTES_EMPTY;
	struct error err = {ERROR_NONE, 0, ""};
	int fd = -1;

	if (file_open_below(root_fd, path, O_RDONLY, &fd, &err) != 0 ||
	    file_read_whole(fd, INI_FILE_MAX_BYTES, &text, &err) != 0)
		taker->problem(taker->context, path, 0, err.text);
	else
		taker->text(taker->context, path, text.data, text.length);
	if (fd >= 0)
		(void)close(fd);
	bytes_done(&text);
}

static void
parse_text(void *context, const char *file, const void *text, size_t length)
{
	ini_parse(file, text, length, context);
}

static void
pass_problem(
    void *context, const char *file, unsigned int line, const char *text)
{
	const struct ini_handler *handler = context;

	handler->problem(handler->context, file, line, text);
}

void
ini_parse_file(int root_fd, const char *path, const struct ini_handler *handler)
{
	const struct ini_taker taker = {
	    (void *)(uintptr_t)handler, parse_text, pass_problem};

	read_file(root_fd, path, &taker);
}

static bool
is_wanted(int folder_fd, const char *name, const char *suffix)
{
	size_t length = strlen(name), suffix_length = strlen(suffix);
	struct stat st;

	return name[0] != '.' && length > suffix_length &&
	       strcmp(name + length - suffix_length, suffix) == 0 &&
	       fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       !S_ISDIR(st.st_mode);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char *items[INI_FILES_MAX];
	size_t count;
};

/* The wanted names of a folder, sorted.  Takes fd in any case. */
static int
list_names(int fd, const char *suffix, struct names *names, struct error *err)
{
	DIR *folder = fdopendir(fd);
	struct dirent *entry;
	int rc = -1;

	if (folder == NULL) {
		(void)close(fd);
		return error_set_errno(err, errno, _("cannot list the folder"));
	}
	for (errno = 0; (entry = readdir(folder)) != NULL; errno = 0) {
		if (!is_wanted(dirfd(folder), entry->d_name, suffix))
			continue;
		if (names->count == INI_FILES_MAX) {
			error_set(err, ERROR_LIMIT,
			    _("there are more than %d files"), INI_FILES_MAX);
			goto out;
		}
		names->items[names->count] = strdup(entry->d_name);
		if (names->items[names->count] == NULL) {
			error_set(err, ERROR_INTERNAL, _("out of memory"));
			goto out;
		}
		names->count++;
	}
	if (errno != 0) {
		error_set_errno(err, errno, _("cannot list the folder"));
		goto out;
	}
	qsort(
	    names->items, names->count, sizeof(names->items[0]), compare_names);
	rc = 0;
out:
	(void)closedir(folder);
	return rc;
}

void
ini_read_folder(int root_fd, const char *path, const char *suffix,
    const struct ini_taker *taker)
{
	struct names names = {.count = 0};
	struct error err = {ERROR_NONE, 0, ""};
	char file[4096];
	int fd;

	if (file_open_below(root_fd, path, O_RDONLY | O_DIRECTORY, &fd, &err) !=
	    0) {
		if (err.code != ERROR_NOT_FOUND)
			taker->problem(taker->context, path, 0, err.text);
		return;
	}
	if (list_names(fd, suffix, &names, &err) != 0)
		taker->problem(taker->context, path, 0, err.text);
	else
		for (size_t i = 0; i < names.count; i++) {
			(void)snprintf(
			    file, sizeof(file), "%s/%s", path, names.items[i]);
			read_file(root_fd, file, taker);
		}
	for (size_t i = 0; i < names.count; i++)
		free(names.items[i]);
}

void
ini_parse_folder(int root_fd, const char *path, const char *suffix,
    const struct ini_handler *handler)
{
	const struct ini_taker taker = {
	    (void *)(uintptr_t)handler, parse_text, pass_problem};

	ini_read_folder(root_fd, path, suffix, &taker);
}
