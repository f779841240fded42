#include "daemon/capture_loss.h"

#include "daemon/ledger.h"
#include "lib/base/clock.h"
#include "lib/examine/loss.h"
#include "lib/judge/lost.h"

int64_t
capture_loss_expires(int64_t retention_ms, int64_t newest_ms)
{
	int64_t now = clock_wall_ms();

	if (retention_ms == CONFIG_NONE || newest_ms == INT64_MIN)
		return LOSS_EXPIRES_NONE;
	/* Both are far above INT64_MIN. */
	return (newest_ms < now ? newest_ms : now) - retention_ms;
}

void
capture_loss_add(const struct loss *loss, json_t *entry)
{
	(void)json_object_set_new(entry, "loss",
	    json_pack("{s:I, s:I, s:I, s:I}", "gone", (json_int_t)loss->gone,
		"emptied", (json_int_t)loss->emptied, "older",
		(json_int_t)loss->older, "expired", (json_int_t)loss->expired));
}

int
capture_loss_judge(
    struct service *service, uint64_t manifest, struct error *err)
{
	struct lost_judgement judgement;
	struct ledger_finding finding = {
	    .code = FINDING_LOST_SINCE_CAPTURE,
	    .manifest = manifest,
	    .slice = -1,
	    .is_another = true,
	};
	uint64_t id;

	if (lost_judge(
		service->catalog, CATALOG_NOW, manifest, &judgement, err) != 0)
		return -1;
	if (!judgement.is_unusual)
		return 0;
	finding.copy = judgement.copy;
	finding.detail = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
	    "version", (json_int_t)judgement.version, "since_version",
	    (json_int_t)judgement.since_version, "gone",
	    (json_int_t)judgement.loss.gone, "emptied",
	    (json_int_t)judgement.loss.emptied, "older",
	    (json_int_t)judgement.loss.older, "expired",
	    (json_int_t)judgement.loss.expired, "lost",
	    (json_int_t)judgement.files, "lost_usual",
	    (json_int_t)judgement.usual);
	return ledger_finding(service, &finding, &id, err);
}
