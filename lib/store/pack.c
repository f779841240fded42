#include "lib/store/pack.h"

#include "lib/store/store.h"

int
pack_each(struct catalog *catalog, struct catalog_at at, pack_fn *each,
    void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_PACKS];
	int rc;

	if (sql_bind(q, err, "u", at.seq) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		struct pack row = {
		    .sha256 = sql_text(q, 0),
		    .is_site = sql_int(q, 1) != 0,
		    .file = sql_text(q, 2),
		};

		/* An empty blob has no address. */
		if (row.file != NULL)
			row.text = sql_blob(q, 3, &row.length);
		if (row.file != NULL && row.text == NULL)
			row.text = (const uint8_t *)"";
		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
pack_keep(struct catalog *catalog, const struct pack *pack, struct error *err)
{
	if (catalog_check_transaction(catalog, err) != 0)
		return -1;
	return sql_run(catalog->queries[STATEMENT_PACK_TEXT_ADD], err, "ttb",
	    pack->sha256, pack->file, (const void *)pack->text, pack->length);
}

int
pack_copy(struct catalog *from, struct catalog *to, struct error *err)
{
	struct sql_query *q = from->queries[STATEMENT_PACK_TEXT_EACH];
	int rc;

	if (sql_bind(q, err, "") != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		struct pack pack = {
		    .sha256 = sql_text(q, 0), .file = sql_text(q, 1)};

		pack.text = sql_blob(q, 2, &pack.length);
		if (pack.text == NULL)
			pack.text = (const uint8_t *)"";
		if (pack_keep(to, &pack, err) != 0) {
			rc = -1;
			break;
		}
	}
	sql_reset(q);
	return rc;
}
