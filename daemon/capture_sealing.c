#include "daemon/capture_sealing.h"

#include "daemon/capture_internal.h"
#include "lib/model/sealing.h"

static uint64_t
beyond(uint64_t files, uint64_t seen)
{
	return files > seen ? files - seen : 0;
}

/*
 * Files that nobody looked at: they are carried from a reading of which nobody
 * said what it was, could not be read, or are members that nobody came to.
 * Where not all members are known, there may be more.
 */
static uint64_t
count_unseen(const struct capture *capture, uint64_t seen)
{
	const struct parse_result *members = &capture->members.result;
	uint64_t unseen;

	if (!capture->has_members)
		return beyond(capture->captured.manifest.totals.files, seen);
	if (members->has_manifest)
		return beyond(members->manifest.totals.files, seen);
	if (members->state == PARSE_OPAQUE && members->files == 0)
		return beyond(1, seen);
	unseen = beyond(members->files, seen);
	return unseen > 0 ? unseen : 1;
}

/* What was carried was looked at when it was read. */
static void
add_carried(const struct sealing *carried, struct sealing *sealing)
{
	sealing->sealed += carried->sealed;
	sealing->plain += carried->plain;
	sealing->aside += carried->aside;
	sealing->unclear += carried->unclear;
}

void
capture_sealing_add(const struct capture *capture, json_t *entry)
{
	struct sealing sealing = capture->survey.survey.sealing;

	if (!capture->survey.is_told)
		return;
	sealing.unseen = 0;
	if (!capture->has_members) {
		add_carried(&capture->captured.carried_sealing, &sealing);
		/* Nobody can have seen more than there are. */
		if (sealing_files(&sealing) >
		    capture->captured.manifest.totals.files)
			return;
	}
	sealing.unseen = count_unseen(capture, sealing_files(&sealing));
	(void)json_object_set_new(entry, "sealing",
	    json_pack("{s:I, s:I, s:I, s:I, s:I}", "sealed",
		(json_int_t)sealing.sealed, "plain", (json_int_t)sealing.plain,
		"aside", (json_int_t)sealing.aside, "unclear",
		(json_int_t)sealing.unclear, "unseen",
		(json_int_t)sealing.unseen));
}
