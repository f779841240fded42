#include "cli/answers.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/format/ini.h"

/* Sections and keys in one file. */
#define ITEMS_MAX 4000
#define SHOWN_BYTES 256

struct answers {
	char file[SHOWN_BYTES];
	struct answers_item *items;
	size_t count;
	struct error problem; /* the first one; code 0: none */
};

static void
note(void *context, const char *file, unsigned int line, const char *text)
{
	struct answers *answers = context;

	if (answers->problem.code == ERROR_NONE)
		(void)error_set(&answers->problem, ERROR_INPUT, "%s:%u: %s",
		    file, line, text);
}

static struct answers_item *
find(const struct answers *answers, const char *kind, const char *id,
    const char *key)
{
	for (size_t i = 0; i < answers->count; i++) {
		struct answers_item *item = &answers->items[i];

		if (item->key != NULL && strcmp(item->kind, kind) == 0 &&
		    strcmp(item->id, id) == 0 && strcmp(item->key, key) == 0)
			return item;
	}
	return NULL;
}

static char *
copy(struct answers *answers, const char *text)
{
	char *result = text == NULL ? NULL : strdup(text);

	if (text != NULL && result == NULL)
		(void)error_set(
		    &answers->problem, ERROR_INTERNAL, _("out of memory"));
	return result;
}

static void
add(void *context, const struct ini_item *item)
{
	struct answers *answers = context;

	if (answers->problem.code != ERROR_NONE)
		return;
	if (answers->count == ITEMS_MAX) {
		note(answers, item->file, item->line, _("too many answers"));
		return;
	}
	if (item->key != NULL &&
	    find(answers, item->kind, item->id, item->key) != NULL) {
		note(answers, item->file, item->line,
		    _("this was answered before"));
		return;
	}
	answers->items[answers->count++] = (struct answers_item){
	    .kind = copy(answers, item->kind),
	    .id = copy(answers, item->id),
	    .key = copy(answers, item->key),
	    .value = copy(answers, item->value),
	    .line = item->line,
	};
}

int
answers_open(const char *file, struct answers **ret_answers, struct error *err)
{
	struct answers *answers = calloc(1, sizeof(*answers));
	struct bytes text = BYTES_EMPTY;
	const struct ini_handler handler = {answers, add, note};
	int rc = -1;

	if (answers != NULL)
		answers->items = calloc(ITEMS_MAX, sizeof(answers->items[0]));
	if (answers == NULL || answers->items == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	(void)text_escape(
	    answers->file, sizeof(answers->file), file, strlen(file));
	if (cli_read_file(file, INI_FILE_MAX_BYTES, &text, err) != 0)
		goto out;
	ini_parse(answers->file, text.data, text.length, &handler);
	if (answers->problem.code != ERROR_NONE) {
		*err = answers->problem;
		goto out;
	}
	*ret_answers = answers;
	answers = NULL;
	rc = 0;
out:
	bytes_done(&text);
	answers_close(answers);
	return rc;
}

void
answers_close(struct answers *answers)
{
	if (answers == NULL)
		return;
	for (size_t i = 0; i < answers->count; i++) {
		free(answers->items[i].kind);
		free(answers->items[i].id);
		free(answers->items[i].key);
		free(answers->items[i].value);
	}
	free(answers->items);
	free(answers);
}

const char *
answers_file(const struct answers *answers)
{
	return answers->file;
}

struct answers_item *
answers_take(
    struct answers *answers, const char *kind, const char *id, const char *key)
{
	struct answers_item *item = find(answers, kind, id, key);

	if (item != NULL)
		item->is_taken = true;
	return item;
}

const char *
answers_section_at(
    const struct answers *answers, const char *kind, size_t index)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct answers_item *item = &answers->items[i];

		if (item->key == NULL && strcmp(item->kind, kind) == 0 &&
		    index-- == 0)
			return item->id;
	}
	return NULL;
}

int
answers_finish(const struct answers *answers, struct error *err)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct answers_item *item = &answers->items[i];

		if (item->key != NULL && !item->is_taken)
			return error_set(err, ERROR_INPUT,
			    _("%s:%u: no question asks for \"%s\" of "
			      "[%s%s%s]"),
			    answers->file, item->line, item->key, item->kind,
			    item->id[0] != '\0' ? " " : "", item->id);
	}
	return 0;
}
