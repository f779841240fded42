#include "daemon/match.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ledger.h"
#include "lib/base/i18n.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"

static void
fill_copy(struct match_copy *copy, const struct query_copy *row)
{
	struct manifest_header *header = &copy->header;

	*copy = (struct match_copy){
	    .id = row->id, .manifest = row->manifest, .version = row->version};
	manifest_header_name(
	    header, row->system, row->generation, row->medium, "");
	(void)snprintf(
	    copy->content, sizeof(copy->content), "%s", row->content);
	/* What an archive contains, where all of that is known. */
	header->is_members =
	    row->members != NULL && strcmp(row->members, "complete") == 0;
}

/* Keep a copy whose content is known, in the order of the ids. */
static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct match *match = context;
	size_t at = match->count;

	(void)err;
	if (row->content == NULL || row->manifest == 0)
		return 0;
	if (match->count == MATCH_COPIES_MAX)
		return 1;
	while (at > 0 && match->copies[at - 1].id > row->id) {
		match->copies[at] = match->copies[at - 1];
		at--;
	}
	fill_copy(&match->copies[at], row);
	match->count++;
	return 0;
}

int
match_load(struct service *service, const char *generation,
    struct match *ret_match, struct error *err)
{
	struct query_copy_filter filter = {.generation = generation};

	ret_match->count = 0;
	return query_copies(
	    service->catalog, CATALOG_NOW, &filter, take_copy, ret_match, err);
}

bool
match_is_same(const struct match *match, size_t i)
{
	return strcmp(match->copies[i].content, match->copies[0].content) == 0;
}

static int
close_findings(struct service *service, uint64_t copy, struct error *err)
{
	struct ledger_finding finding = {
	    .code = FINDING_COPIES_DIFFER, .copy = copy, .slice = -1};

	if (ledger_close_code(service, &finding, "resolved", err) != 0)
		return -1;
	finding.code = FINDING_NAMES_DIFFER;
	return ledger_close_code(service, &finding, "resolved", err);
}

static int
note_open(const struct query_finding *row, void *context, struct error *err)
{
	(void)row;
	(void)err;
	*(bool *)context = true;
	return 1;
}

/* Whether an earlier comparison found that only names of the copy differ. */
static int
has_other_names(
    struct service *service, uint64_t copy, bool *ret_has, struct error *err)
{
	struct query_finding_filter filter = {.only_open = true,
	    .copy = copy,
	    .code = finding_name(FINDING_NAMES_DIFFER)};

	*ret_has = false;
	return query_findings(
	    service->catalog, CATALOG_NOW, &filter, note_open, ret_has, err);
}

/*
 * "same", "names-differ" or "differ", the worst of all copies.  What the
 * captured copy (0: none) is one of has still to be compared.
 */
static int
judge(struct service *service, const struct match *match, uint64_t captured,
    const char **ret_result, struct error *err)
{
	const char *result = "same";

	for (size_t i = 1; i < match->count; i++) {
		uint64_t copy = match->copies[i].id;
		bool has_names = false;

		if (match_is_same(match, i))
			continue;
		if (copy != captured && match->copies[0].id != captured &&
		    has_other_names(service, copy, &has_names, err) != 0)
			return -1;
		if (!has_names) {
			*ret_result = "differ";
			return 0;
		}
		result = "names-differ";
	}
	*ret_result = result;
	return 0;
}

static int
write_result(struct service *service, const struct match *match,
    const char *result, struct error *err)
{
	json_t *copies = json_array();

	for (size_t i = 0; i < match->count; i++)
		(void)json_array_append_new(
		    copies, json_integer((json_int_t)match->copies[i].id));
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:o, s:s}", "type", "match", "generation",
		match->copies[0].header.generation, "copies", copies, "result",
		result),
	    NULL, err);
}

int
match_generation(struct service *service, const char *generation, uint64_t copy,
    struct error *err)
{
	struct match match;
	const char *result;

	if (match_load(service, generation, &match, err) != 0)
		return -1;
	if (match.count < 2)
		return 0;
	for (size_t i = 1; i < match.count; i++)
		if (match_is_same(&match, i) &&
		    close_findings(service, match.copies[i].id, err) != 0)
			return -1;
	if (judge(service, &match, copy, &result, err) != 0)
		return -1;
	return write_result(service, &match, result, err);
}

int
match_expired(
    struct service *service, const char *generation, struct error *err)
{
	struct match match;
	bool is_alone = true;

	if (match_load(service, generation, &match, err) != 0)
		return -1;
	for (size_t i = 1; i < match.count; i++)
		if (match_is_same(&match, i))
			is_alone = false;
	/* The oldest one was compared with one that was older. */
	if (!is_alone && close_findings(service, match.copies[0].id, err) != 0)
		return -1;
	return match_generation(service, generation, 0, err);
}

int
match_names(
    struct service *service, const struct match *match, struct error *err)
{
	const char *result;

	if (judge(service, match, 0, &result, err) != 0)
		return -1;
	if (strcmp(result, "names-differ") != 0)
		return 0;
	return write_result(service, match, result, err);
}
