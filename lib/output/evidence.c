#include "lib/output/evidence.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/output/evidence_internal.h"

/* What a bundle holds. */
static evidence_part_fn *const parts[] = {
    evidence_put_report,
    evidence_put_compliance,
    evidence_put_requirements,
    evidence_put_copies,
    evidence_put_verifications,
    evidence_put_findings,
    evidence_put_media,
    evidence_put_drills,
    evidence_put_attestations,
    evidence_put_journal,
    evidence_put_keys,
    evidence_put_openings,
};

/* "hikae-FACILITY-20260901-20260930" */
static void
name_folder(const struct evidence_making *making, char *text, size_t size)
{
	const char *origin = making->result.statement.origin;
	const char *id = strchr(origin, '/');
	struct date from, to;

	id = id == NULL ? origin : id + 1;
	date_local(making->request->from, &from);
	date_local(making->request->to, &to);
	(void)snprintf(text, size, "hikae-%.*s-%04d%02d%02d-%04d%02d%02d",
	    (int)strcspn(id, "/"), id, from.year, from.month, from.day, to.year,
	    to.month, to.day);
}

/* Faults are told in the bundle, in the language that it has. */
static int
find_requirements(struct evidence_making *making, struct error *err)
{
	struct i18n_reader reader;
	int rc;

	i18n_speak("ja", &reader);
	rc = basis_read(making->request->catalog, making->context.at,
	    making->request->today, true, &making->basis, err);
	i18n_return(&reader);
	making->result.is_of_today = making->basis.is_of_today;
	return rc;
}

static int
fill(struct evidence_making *making, struct error *err)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i](making, err) != 0)
			return -1;
	if (evidence_put_tags(making, err) != 0)
		return -1;
	return evidence_bag_put_manifest(&making->bag, err);
}

static int
seal(struct evidence_making *making, enum archive_pack_kind kind, int fd,
    struct error *err)
{
	const struct evidence_request *request = making->request;
	struct bytes tagmanifest = BYTES_EMPTY, signature = BYTES_EMPTY;
	struct evidence_head heads[] = {{EVIDENCE_SEAL, &signature},
	    {EVIDENCE_TAGMANIFEST, &tagmanifest}, {NULL, NULL}};
	struct archive_pack *pack = NULL;
	char name[EVIDENCE_PATH_BYTES];
	int rc = -1;

	evidence_bag_append_tagmanifest(&making->bag, &tagmanifest);
	if (bytes_check(&tagmanifest, err) != 0)
		goto out;
	if (request->sign != NULL &&
	    request->sign(request->context, &making->result.statement,
		&tagmanifest, &signature, err) != 0)
		goto out;
	name_folder(making, name, sizeof(name));
	if (archive_pack_new(
		kind, fd, making->context.now / 1000, &pack, err) == 0)
		rc = evidence_bag_pack(&making->bag, name,
		    request->sign == NULL ? &heads[1] : heads, pack, err);
out:
	archive_pack_free(pack);
	bytes_done(&tagmanifest);
	bytes_done(&signature);
	return rc;
}

int
evidence_export(const struct evidence_request *request,
    enum archive_pack_kind kind, int fd, struct evidence_result *ret_result,
    struct error *err)
{
	struct evidence_making making = {.request = request, .bag = {.fd = -1}};
	struct error own;
	int rc = -1;

	if (err == NULL)
		err = &own;
	/* One view, while others write. */
	if (catalog_begin(request->catalog, err) != 0)
		return -1;
	evidence_bag_begin(&making.bag, request->spill_fd);
	if (evidence_period_find(&making, err) == 0 &&
	    find_requirements(&making, err) == 0)
		rc = fill(&making, err);
	catalog_rollback(request->catalog);
	if (rc == 0)
		rc = seal(&making, kind, fd, err);
	if (rc == 0) {
		making.result.is_signed = request->sign != NULL;
		*ret_result = making.result;
	}
	evidence_bag_done(&making.bag);
	basis_done(&making.basis);
	bytes_done(&making.start.text);
	bytes_done(&making.end.text);
	return rc;
}
