#include "lib/model/requirement_texts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/i18n.h"
#include "lib/crypto/digest.h"
#include "lib/format/ini.h"
#include "lib/model/requirement.h"
#include "lib/model/requirement_shipped.h"

static void
free_item(struct requirement_text *item)
{
	free(item->file);
	free(item->fault);
	bytes_done(&item->text);
}

int
requirement_texts_add(struct requirement_texts *texts,
    const struct requirement_text *item, const void *text, size_t length,
    struct error *err)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	struct requirement_text *added;

	if (array_grow(
		&texts->items, texts->count, sizeof(*texts->items), err) != 0)
		return -1;
	added = &texts->items[texts->count];
	*added = *item;
	added->text = (struct bytes)BYTES_EMPTY;
	added->file = strdup(item->file);
	added->fault = item->fault == NULL ? NULL : strdup(item->fault);
	added->is_gone = text == NULL && item->fault == NULL;
	if (text != NULL) {
		bytes_append(&added->text, text, length);
		digest_sha256_of(text, length, digest);
		bytes_format_hex(digest, sizeof(digest), added->sha256);
	}
	if (added->file != NULL && !added->text.failed &&
	    (item->fault == NULL || added->fault != NULL)) {
		texts->count++;
		return 0;
	}
	free_item(added);
	return error_set(err, ERROR_INTERNAL, _("out of memory"));
}

struct reading {
	struct requirement_texts *texts;
	struct error *err;
	int rc;
};

static void
take_text(void *context, const char *file, const void *text, size_t length)
{
	struct reading *reading = context;
	const struct requirement_text item = {
	    .file = (char *)(uintptr_t)file, .is_site = true};

	if (reading->rc == 0)
		reading->rc = requirement_texts_add(reading->texts, &item,
		    length == 0 ? "" : text, length, reading->err);
}

static void
take_problem(
    void *context, const char *file, unsigned int line, const char *text)
{
	struct reading *reading = context;
	const struct requirement_text item = {
	    .file = (char *)(uintptr_t)file,
	    .is_site = true,
	    .fault = (char *)(uintptr_t)text,
	};

	(void)line;
	if (reading->rc == 0)
		reading->rc = requirement_texts_add(
		    reading->texts, &item, NULL, 0, reading->err);
}

int
requirement_texts_read(
    int root_fd, struct requirement_texts *ret_texts, struct error *err)
{
	struct requirement_texts texts = REQUIREMENT_TEXTS_EMPTY;
	struct reading reading = {&texts, err, 0};
	const struct ini_taker taker = {&reading, take_text, take_problem};
	const struct requirement_shipped *pack = requirement_shipped_packs;

	for (; reading.rc == 0 && pack->file != NULL; pack++) {
		const struct requirement_text item = {
		    .file = (char *)(uintptr_t)pack->file};

		reading.rc = requirement_texts_add(
		    &texts, &item, pack->text, pack->length, err);
	}
	if (reading.rc == 0 && root_fd >= 0)
		ini_read_folder(root_fd, REQUIREMENT_FOLDER, ".conf", &taker);
	if (reading.rc == 0)
		*ret_texts = texts;
	else
		requirement_texts_done(&texts);
	return reading.rc;
}

const struct requirement_text *
requirement_texts_find(
    const struct requirement_texts *texts, const char *sha256)
{
	for (size_t i = 0; texts != NULL && i < texts->count; i++)
		if (!texts->items[i].is_gone && texts->items[i].fault == NULL &&
		    strcmp(texts->items[i].sha256, sha256) == 0)
			return &texts->items[i];
	return NULL;
}

bool
requirement_texts_same(
    const struct requirement_texts *a, const struct requirement_texts *b)
{
	bool is_same = a->count == b->count;

	for (size_t i = 0; is_same && i < a->count; i++)
		is_same = a->items[i].is_site == b->items[i].is_site &&
			  strcmp(a->items[i].sha256, b->items[i].sha256) == 0;
	return is_same;
}

void
requirement_texts_done(struct requirement_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free_item(&texts->items[i]);
	free(texts->items);
	*texts = REQUIREMENT_TEXTS_EMPTY;
}
