/* Openings: what the subjects in journal entries stand for. */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/crypto/digest.h"
#include "lib/store/catalog.h"
#include "lib/store/store.h"

#define NONCE_BYTES 32

static int
add(struct catalog *catalog, const void *path, size_t length,
    char ret_subject[CATALOG_SUBJECT_BYTES], struct error *err)
{
	uint8_t nonce[NONCE_BYTES], hmac[DIGEST_SHA256_BYTES];

	bytes_random(nonce, sizeof(nonce));
	digest_hmac_sha256(nonce, sizeof(nonce), path, length, hmac);
	bytes_format_hex(hmac, sizeof(hmac), ret_subject);
	return sql_run(catalog->queries[STATEMENT_OPENING_ADD], err, "tbb",
	    (const char *)ret_subject, (const void *)nonce, sizeof(nonce), path,
	    length);
}

int
catalog_adopt_name(struct catalog *catalog, const char *subject,
    const void *path, size_t length, struct error *err)
{
	struct sql_query *query = catalog->queries[STATEMENT_OPENING_OF_PATH];
	const char *known;
	bool is_same = false;
	int rc;

	if (catalog_check_transaction(catalog, err) != 0 ||
	    sql_bind(query, err, "b", path, length) != 0)
		return -1;
	rc = sql_step(query, err);
	if (rc > 0 && (known = sql_text(query, 0)) != NULL)
		is_same = strcmp(known, subject) == 0;
	sql_reset(query);
	if (rc < 0)
		return -1;
	if (rc > 0)
		return is_same ? 0
			       : error_set(err, ERROR_EXISTS,
				     _("this name stands for another subject"));
	return sql_run(catalog->queries[STATEMENT_OPENING_ADD], err, "tbb",
	    subject, (const void *)"", (size_t)0, path, length);
}

int
catalog_put_name(struct catalog *catalog, const void *path, size_t length,
    char ret_subject[CATALOG_SUBJECT_BYTES], struct error *err)
{
	struct sql_query *query = catalog->queries[STATEMENT_OPENING_OF_PATH];
	const char *known;
	int rc;

	if (catalog_check_transaction(catalog, err) != 0 ||
	    sql_bind(query, err, "b", path, length) != 0)
		return -1;
	rc = sql_step(query, err);
	if (rc > 0 && (known = sql_text(query, 0)) != NULL)
		(void)snprintf(ret_subject, CATALOG_SUBJECT_BYTES, "%s", known);
	sql_reset(query);
	if (rc == 0)
		return add(catalog, path, length, ret_subject, err);
	return rc > 0 ? 0 : -1;
}

static int
get(struct catalog *catalog, const char *subject, unsigned column,
    struct bytes *out, struct error *err)
{
	struct sql_query *query =
	    catalog->queries[STATEMENT_OPENING_OF_SUBJECT];
	const uint8_t *data;
	size_t length;
	int rc = -1;

	if (sql_bind(query, err, "t", subject) != 0)
		return -1;
	switch (sql_step(query, err)) {
	case 1:
		data = sql_blob(query, column, &length);
		bytes_append(out, data, length);
		rc = bytes_check(out, err);
		break;
	case 0:
		(void)error_set(
		    err, ERROR_NOT_FOUND, _("no such name is in the catalog"));
		break;
	}
	sql_reset(query);
	return rc;
}

int
catalog_get_name(struct catalog *catalog, const char *subject,
    struct bytes *out, struct error *err)
{
	return get(catalog, subject, 1, out, err);
}

int
catalog_get_nonce(struct catalog *catalog, const char *subject,
    struct bytes *out, struct error *err)
{
	return get(catalog, subject, 0, out, err);
}
