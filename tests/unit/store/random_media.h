/*
 * random_media: members of entries about media, attestations, preflights, the
 * clock and exports.
 */
#ifndef HIKAE_TESTS_STORE_RANDOM_MEDIA_H
#define HIKAE_TESTS_STORE_RANDOM_MEDIA_H

#include "tests/unit/store/random_entry.h"

static json_t *
some_medium_state(void)
{
	json_t *entry = json_pack("{ss ss sb}", "medium",
	    ONE("nas1", "usb1", "usb1", "none"), "state",
	    ONE("mounted", "attached", "absent", "yanked"), "in_reach",
	    (int)below(2));

	if (below(2) == 0)
		(void)json_object_set_new(entry, "observed",
		    json_pack("{ss ss sb si}", "uuid", ONE("a-1", "b-2"),
			"disks", "8:0", "removable", (int)below(2), "free",
			(int)below(99)));
	return entry;
}

static json_t *
some_attestation(int64_t at)
{
	json_t *entry =
	    json_pack("{ss ss sI}", "requirement", ONE("FEE-R6-11", "BCP-1-2"),
		"by", "\u63a7", "until", (json_int_t)at + HOUR);

	if (below(2) == 0)
		(void)json_object_set_new(entry, "document",
		    json_pack("{ss ss si}", "kind", "bcp", "sha256", DIGEST_A,
			"bytes", 9));
	return entry;
}

static json_t *
some_content(uint64_t size)
{
	return json_pack("{sI sI ss si si si si"
			 " s[{ss si si si si si si ss s{si} s[{ss}]}]}",
	    "manifest", some_seq(size), "run", some_seq(size), "outcome",
	    ONE("done", "undetermined"), "files", 2, "other", (int)below(3),
	    "skipped", 0, "findings", 1, "formats", "format", "dicom", "files",
	    2, "bytes", 99, "note", 0, "warning", (int)below(2), "undetermined",
	    0, "broken", 1, "code", "truncated", "counts", "images", 2,
	    "samples", "subject", DIGEST_A);
}

static json_t *
some_record(enum entry_type type, uint64_t size, int64_t at)
{
	const char *medium = ONE("nas1", "usb1");

	if (type == ENTRY_CLOCK_BACK || type == ENTRY_CLOCK_AHEAD)
		return json_pack("{si}", "by_ms", (int)below(99));
	if (type == ENTRY_LOST)
		return json_pack("{ss sI ss si ss ss}", "origin", "hikae/x/y",
		    "size", (json_int_t)size, "root", DIGEST_A, "kept",
		    (int)below(99), "by", "Sato", "reason", "disk");
	if (type == ENTRY_MEDIUM_STATE)
		return some_medium_state();
	if (type == ENTRY_ACKNOWLEDGED)
		return json_pack("{ss ss si ss ss sI ss}", "code",
		    "copies-damaged", "severity", ONE("warning", "bad"),
		    "count", (int)below(9), "medium", medium, "by", "a",
		    "until", (json_int_t)at, "note", "b");
	if (type == ENTRY_MEDIUM_CHECKOUT)
		return json_pack("{ss ss ss ss}", "medium", medium, "by", "a",
		    "holder", ONE("b", "c"), "place", "safe");
	if (type == ENTRY_MEDIUM_CHECKIN || type == ENTRY_MEDIUM_RETIRED)
		return json_pack("{ss ss}", "medium", medium, "by", "a");
	if (type == ENTRY_MEDIUM_RECORD)
		return json_pack("{ss ss s{si}}", "medium", medium, "result",
		    "detached", "detail", "copies", (int)below(9));
	if (type == ENTRY_MEDIUM_WITNESS)
		return json_pack("{ss ss si ss}", "medium", medium, "result",
		    ONE("written", "extends"), "size", 7, "root", DIGEST_A);
	if (type == ENTRY_MEDIUM_PROTECTION)
		return json_pack("{ss ss ss}", "medium", medium, "method",
		    ONE("device-read-only", "probe"), "result",
		    ONE("refused", "accepted"));
	if (type == ENTRY_MEDIUM_MOUNT)
		return json_pack("{ss ss ss}", "medium", medium, "result",
		    ONE("mounted", "failed"), "reason", "busy");
	if (type == ENTRY_COPY_TRAIT)
		return json_pack("{sI si si ss}", "copy", some_seq(size),
		    "files", 2, "immutable", (int)below(3), "encrypted",
		    ONE("none", "medium"));
	if (type == ENTRY_CONTENT)
		return some_content(size);
	if (type == ENTRY_ATTESTATION_MADE)
		return some_attestation(at);
	if (type == ENTRY_ATTESTATION_WITHDRAWN)
		return json_pack(
		    "{sI ss}", "attestation", some_seq(size), "by", "a");
	if (type == ENTRY_SELF_CHECK)
		return json_pack("{si si si si si}", "entries", (int)below(99),
		    "manifests", (int)below(9), "digested", (int)below(9),
		    "upto", (int)below(99), "findings", (int)below(3));
	if (type == ENTRY_EXPORTED)
		return json_pack("{si ss si si ss si sb}", "uid",
		    (int)below(99), "by", "a", "from", (int)below(99), "to",
		    100, "sha256", DIGEST_A, "bytes", (int)below(99),
		    "with_paths", (int)below(2));
	return json_pack("{ss sI ss ss}", "system", ONE("ehr", "none"),
	    "max_age_ms", (json_int_t)HOUR, "by", "a", "outcome",
	    ONE("good", "bad"));
}

#endif
