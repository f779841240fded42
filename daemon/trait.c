#include "daemon/trait.h"

#include <string.h>

#include "daemon/ledger.h"
#include "lib/store/query_media.h"

struct trait {
	const char *encrypted; /* of the medium; static, or "medium" */
	bool is_opaque;	       /* an archive that could not be looked into */
	char medium[CONFIG_ID_BYTES];
	bool is_same;
	uint64_t files, immutable;
};

static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct trait *trait = context;
	size_t length = strnlen(row->medium, sizeof(trait->medium) - 1);

	(void)err;
	memcpy(trait->medium, row->medium, length);
	trait->medium[length] = '\0';
	trait->is_opaque =
	    row->members != NULL && strcmp(row->members, "opaque") == 0;
	return 0;
}

static int
take_medium(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct trait *trait = context;

	(void)err;
	if (row->encrypted == NULL || strcmp(row->encrypted, "unknown") == 0)
		return 0;
	if (strcmp(row->encrypted, "none") != 0)
		trait->encrypted = "medium";
	/* It may be the archive that is encrypted, or only unknown here. */
	else if (!trait->is_opaque)
		trait->encrypted = "none";
	return 0;
}

static int
compare(const struct query_trait *row, void *context, struct error *err)
{
	struct trait *trait = context;

	(void)err;
	trait->is_same = row->files == trait->files &&
			 row->immutable == trait->immutable &&
			 strcmp(row->encrypted, trait->encrypted) == 0;
	return 0;
}

int
trait_write(struct service *service, uint64_t copy,
    const struct examine_slice *names, struct error *err)
{
	struct query_copy_filter filter = {.copy = copy};
	struct trait trait = {.encrypted = "unknown",
	    .files = names->files,
	    .immutable = names->immutable};

	if (query_copies(service->catalog, CATALOG_NOW, &filter, take_copy,
		&trait, err) != 0 ||
	    query_medium_states(service->catalog, CATALOG_NOW, trait.medium,
		take_medium, &trait, err) != 0 ||
	    query_traits(
		service->catalog, CATALOG_NOW, copy, compare, &trait, err) != 0)
		return -1;
	if (trait.is_same || trait.medium[0] == '\0')
		return 0;
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:I, s:I, s:I, s:s}", "type", "copy", "event",
		"trait", "copy", (json_int_t)copy, "files",
		(json_int_t)trait.files, "immutable",
		(json_int_t)trait.immutable, "encrypted", trait.encrypted),
	    NULL, err);
}
