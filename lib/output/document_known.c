#include "lib/output/document_known.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/model/finding.h"
#include "lib/store/query.h"

#define SHOWN_BYTES 128

struct search {
	const char *id;
	bool is_found;
};

static int
note(struct search *search, const char *id)
{
	search->is_found = strcmp(search->id, id) == 0;
	return search->is_found ? 1 : 0;
}

static int
look_at_system(const struct query_system *row, void *context, struct error *err)
{
	(void)err;
	return note(context, row->id);
}

static int
look_at_medium(const struct query_medium *row, void *context, struct error *err)
{
	(void)err;
	return note(context, row->id);
}

static int
look_at_source(const struct query_source *row, void *context, struct error *err)
{
	(void)err;
	return note(context, row->id);
}

static int
look_at_copy(const struct query_copy *row, void *context, struct error *err)
{
	(void)err;
	return note(context, row->generation);
}

/* A name as an error may show it. */
struct shown {
	char text[SHOWN_BYTES];
};

static const char *
show(const char *name, struct shown *shown)
{
	return text_escape(
	    shown->text, sizeof(shown->text), name, strlen(name));
}

static int
check_generation(struct catalog *catalog, struct catalog_at at,
    const char *generation, struct error *err)
{
	const struct query_copy_filter filter = {.generation = generation};
	struct search search = {generation, false};
	struct shown shown;

	if (query_copies(catalog, at, &filter, look_at_copy, &search, err) != 0)
		return -1;
	return search.is_found
		   ? 0
		   : error_set(err, ERROR_NOT_FOUND,
			 _("there is no generation %s (hikae generations)"),
			 show(generation, &shown));
}

static int
check_place(struct catalog *catalog, struct catalog_at at,
    const struct document_names *names, struct error *err)
{
	struct search search = {names->medium, true};
	struct shown shown;

	if (names->medium != NULL) {
		search.is_found = false;
		if (query_media(catalog, at, look_at_medium, &search, err) != 0)
			return -1;
		if (!search.is_found)
			return error_set(err, ERROR_NOT_FOUND,
			    _("there is no medium %s in the configuration"),
			    show(names->medium, &shown));
	}
	if (names->source == NULL)
		return 0;
	search = (struct search){names->source, false};
	if (query_sources(catalog, at, look_at_source, &search, err) != 0)
		return -1;
	return search.is_found
		   ? 0
		   : error_set(err, ERROR_NOT_FOUND,
			 _("there is no source %s in the configuration"),
			 show(names->source, &shown));
}

int
document_known_check(struct catalog *catalog, struct catalog_at at,
    const struct document_names *names, struct error *err)
{
	struct search search = {names->system, true};
	struct shown shown;
	enum finding code;

	if (names->system != NULL) {
		search.is_found = false;
		if (query_systems(catalog, at, look_at_system, &search, err) !=
		    0)
			return -1;
	}
	if (!search.is_found)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no system %s in the configuration"),
		    show(names->system, &shown));
	if (names->code != NULL && finding_parse(names->code, &code) != 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no kind of finding %s"),
		    show(names->code, &shown));
	if (names->generation != NULL &&
	    check_generation(catalog, at, names->generation, err) != 0)
		return -1;
	return check_place(catalog, at, names, err);
}
