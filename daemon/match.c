#include "daemon/match.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/ledger.h"
#include "lib/base/i18n.h"
#include "lib/store/query.h"

/* Copies of one generation that are compared. */
#define COPIES_MAX 64
#define CONTENT_BYTES (2 * DIGEST_SHA256_BYTES + 1)

struct match {
	struct {
		uint64_t id;
		char content[CONTENT_BYTES];
	} copies[COPIES_MAX]; /* by id, so the first is the oldest */
	size_t count;
};

/* Keep a copy whose content is known, in the order of the ids. */
static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct match *match = context;
	size_t at = match->count;

	(void)err;
	if (row->content == NULL || row->manifest == 0 ||
	    strlen(row->content) >= CONTENT_BYTES)
		return 0;
	if (match->count == COPIES_MAX)
		return 1;
	while (at > 0 && match->copies[at - 1].id > row->id) {
		match->copies[at] = match->copies[at - 1];
		at--;
	}
	match->copies[at].id = row->id;
	memcpy(
	    match->copies[at].content, row->content, strlen(row->content) + 1);
	match->count++;
	return 0;
}

static int
write_finding(struct service *service, const struct match *match, size_t i,
    bool is_same, struct error *err)
{
	struct ledger_finding finding = {
	    .code = FINDING_COPIES_DIFFER,
	    .copy = match->copies[i].id,
	    .slice = -1,
	};
	uint64_t id;

	if (is_same)
		return ledger_close_code(service, &finding, "resolved", err);
	finding.detail =
	    json_pack("{s:I}", "other", (json_int_t)match->copies[0].id);
	return ledger_finding(service, &finding, &id, err);
}

int
match_generation(
    struct service *service, const char *generation, struct error *err)
{
	struct query_copy_filter filter = {.generation = generation};
	struct match match = {.count = 0};
	bool is_all_same = true;
	json_t *copies;

	if (query_copies(service->catalog, CATALOG_NOW, &filter, take_copy,
		&match, err) != 0)
		return -1;
	if (match.count < 2)
		return 0;
	copies = json_array();
	for (size_t i = 0; i < match.count; i++) {
		bool is_same = strcmp(match.copies[i].content,
				   match.copies[0].content) == 0;

		is_all_same = is_all_same && is_same;
		(void)json_array_append_new(
		    copies, json_integer((json_int_t)match.copies[i].id));
		if (i > 0 &&
		    write_finding(service, &match, i, is_same, err) != 0) {
			json_decref(copies);
			return -1;
		}
	}
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:o, s:s}", "type", "match", "generation",
		generation, "copies", copies, "result",
		is_all_same ? "same" : "differ"),
	    NULL, err);
}
