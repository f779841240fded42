#include "lib/judge/basis.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/crypto/digest.h"
#include "lib/store/pack.h"

/* What a file is called whose name went with its text. */
#define NAMELESS "?"

struct reading {
	struct basis *basis;
	const struct requirement_texts *today;
};

/* What is kept under a digest must have it. */
static bool
is_whole(const struct pack *row)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	if (row->sha256 == NULL || row->text == NULL)
		return false;
	digest_sha256_of(row->text, row->length, digest);
	bytes_format_hex(digest, sizeof(digest), hex);
	return strcmp(hex, row->sha256) == 0;
}

/* Two files of one text have one name: the later one is told apart. */
static void
name_file(const struct requirement_texts *texts, const char *file, char *name,
    size_t size)
{
	unsigned again = 1;

	(void)snprintf(name, size, "%s", file);
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->items[i].file, name) == 0)
			(void)snprintf(name, size, "%s (%u)", file, ++again);
}

static int
take_pack(const struct pack *row, void *context, struct error *err)
{
	const struct reading *reading = context;
	struct requirement_texts *texts = &reading->basis->texts;
	const struct requirement_text *known = NULL;
	char name[512];
	struct requirement_text item = {.file = name, .is_site = row->is_site};

	(void)snprintf(item.sha256, sizeof(item.sha256), "%s",
	    row->sha256 == NULL ? "" : row->sha256);
	name_file(texts, row->file == NULL ? NAMELESS : row->file, name,
	    sizeof(name));
	if (is_whole(row))
		return requirement_texts_add(
		    texts, &item, row->text, row->length, err);
	if (row->sha256 != NULL)
		known = requirement_texts_find(reading->today, row->sha256);
	if (known != NULL) {
		name_file(texts, known->file, name, sizeof(name));
		return requirement_texts_add(texts, &item,
		    known->text.length == 0 ? (const void *)""
					    : known->text.data,
		    known->text.length, err);
	}
	reading->basis->gone++;
	return requirement_texts_add(texts, &item, NULL, 0, err);
}

static int
copy_texts(const struct requirement_texts *from, struct requirement_texts *to,
    struct error *err)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct requirement_text *item = &from->items[i];
		const void *text =
		    item->text.length == 0 ? (const void *)"" : item->text.data;

		if (requirement_texts_add(to, item,
			item->fault == NULL ? text : NULL, item->text.length,
			err) != 0)
			return -1;
	}
	return 0;
}

static int
load(struct basis *basis, bool is_strict, struct error *err)
{
	int rc = basis->is_of_today && is_strict
		     ? requirement_load_texts(
			   &basis->texts, &basis->set, &basis->left_out)
		     : requirement_load_sound(
			   &basis->texts, &basis->set, &basis->left_out);

	if (rc == 0)
		return 0;
	return error_set(err, ERROR_CONFIG, "%s",
	    basis->left_out.count > 0 ? basis->left_out.texts[0] : "");
}

int
basis_read(struct catalog *catalog, struct catalog_at at,
    const struct requirement_texts *today, bool is_strict,
    struct basis *ret_basis, struct error *err)
{
	struct basis basis = {.set = NULL};
	struct reading reading = {&basis, today};

	if (pack_each(catalog, at, take_pack, &reading, err) != 0)
		goto out;
	basis.is_of_today = basis.texts.count == 0;
	if (basis.is_of_today && copy_texts(today, &basis.texts, err) != 0)
		goto out;
	if (load(&basis, is_strict, err) != 0)
		goto out;
	*ret_basis = basis;
	return 0;
out:
	basis_done(&basis);
	return -1;
}

void
basis_compare(struct basis *basis, const struct requirement_texts *today)
{
	struct requirement_set *set = NULL;
	struct config_problems problems;

	if (basis->is_of_today || requirement_texts_same(&basis->texts, today))
		return;
	basis->is_changed = true;
	if (requirement_load_sound(today, &set, &problems) == 0)
		requirement_set_free(set);
	/* Sentences begin with their place, which is theirs already. */
	for (size_t i = 0; i < problems.count; i++)
		config_problems_add(
		    &basis->left_out, NULL, 0, problems.texts[i]);
	config_problems_done(&problems);
}

enum verdict_exit
basis_exit(const struct basis *basis, enum verdict_exit exit)
{
	if (basis->is_changed)
		exit = verdict_exit_worse(exit, VERDICT_EXIT_WARNING);
	if (basis->gone > 0)
		exit = verdict_exit_worse(exit, VERDICT_EXIT_UNDETERMINED);
	if (basis->left_out.count > 0)
		exit = verdict_exit_worse(exit, VERDICT_EXIT_BAD);
	return exit;
}

bool
basis_has(const struct basis *basis, enum basis_remark remark)
{
	switch (remark) {
	case BASIS_OF_TODAY:
		return basis->is_of_today;
	case BASIS_CHANGED:
		return basis->is_changed;
	case BASIS_GONE:
		return basis->gone > 0;
	case BASIS_LEFT_OUT:
		return basis->left_out.count > 0;
	}
	return false;
}

const char *
basis_sentence(enum basis_remark remark)
{
	static const char *const sentences[BASIS_REMARKS] = {
	    [BASIS_OF_TODAY] = N_("The journal does not say which "
				  "requirements were in force then: today's "
				  "are used."),
	    [BASIS_CHANGED] = N_("Files of requirements were changed; they are "
				 "in force after `hikae reload`."),
	    [BASIS_GONE] = N_("The text of requirements that were in force is "
			      "gone: they are not judged."),
	    [BASIS_LEFT_OUT] = N_("a file of requirements is faulty"),
	};

	return _(sentences[remark]);
}

void
basis_done(struct basis *basis)
{
	if (basis == NULL)
		return;
	requirement_set_free(basis->set);
	requirement_texts_done(&basis->texts);
	config_problems_done(&basis->left_out);
	*basis = (struct basis){.set = NULL};
}
