/* The page for people, as of the end of the period. */
#include "lib/base/i18n.h"
#include "lib/output/evidence_internal.h"
#include "lib/output/report.h"

int
evidence_put_report(struct evidence_making *making, struct error *err)
{
	const struct report_request request = {
	    .catalog = making->request->catalog,
	    .at = making->context.at,
	    .now = making->context.now,
	    .from = making->request->from,
	    .basis = &making->basis,
	    .note = &making->end.text,
	};
	struct i18n_reader reader;
	struct bytes page = BYTES_EMPTY;
	bool is_empty;
	int rc;

	/* In the language of who asks, the bytes would depend on that. */
	i18n_speak("ja", &reader);
	rc = report_write(&request, &page, &is_empty, err);
	i18n_return(&reader);
	if (rc == 0)
		rc = evidence_bag_put(
		    &making->bag, EVIDENCE_PAYLOAD "report.html", &page, err);
	bytes_done(&page);
	return rc;
}
