#include "daemon/acceptance.h"

#include "daemon/ledger.h"
#include "daemon/media.h"
#include "daemon/words.h"
#include "lib/base/i18n.h"
#include "lib/store/query_finding.h"

struct asking {
	bool is_known, is_open, is_hint;
};

static int
look_at_finding(
    const struct query_finding *row, void *context, struct error *err)
{
	struct asking *asking = context;
	enum finding code;

	(void)err;
	asking->is_known = true;
	asking->is_open = row->is_open;
	asking->is_hint =
	    finding_parse(row->code, &code) == 0 && finding_is_acceptable(code);
	return 1;
}

static int
check(struct service *service, uint64_t finding, struct error *err)
{
	const struct query_finding_filter filter = {.finding = finding};
	struct asking asking = {false, false, false};

	if (query_findings(service->catalog, CATALOG_NOW, &filter,
		look_at_finding, &asking, err) != 0)
		return -1;
	if (finding == 0 || !asking.is_known)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such finding"));
	if (!asking.is_open)
		return error_set(
		    err, ERROR_EXISTS, _("the finding is closed already"));
	if (!asking.is_hint)
		return error_set(err, ERROR_DENIED,
		    _("this finding is no hint: it closes when what it is "
		      "about was examined again and is good"));
	return 0;
}

int
acceptance_declare(struct service *service, uint64_t finding, const char *by,
    const char *note, struct error *err)
{
	if (words_check(by, "by", err) != 0 ||
	    words_check(note, "note", err) != 0 ||
	    check(service, finding, err) != 0 ||
	    ledger_append_alone(service,
		json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "type", "finding",
		    "event", "close", "finding", (json_int_t)finding, "reason",
		    "accepted", "by", by, "note", note),
		NULL, err) != 0)
		return -1;
	media_accepted(service->media);
	return 0;
}
