/*
 * random_entry: entries for the hospital of entries.h, from random(3).
 */
#ifndef HIKAE_TESTS_STORE_RANDOM_ENTRY_H
#define HIKAE_TESTS_STORE_RANDOM_ENTRY_H

#include "lib/store/entry.h"
#include "tests/unit/store/entries.h"

static unsigned
below(unsigned limit)
{
	return (unsigned)random() % limit;
}

static json_int_t
some_seq(uint64_t size)
{
	return 1 + below((unsigned)size);
}

static const char *
one(const char *const *words, unsigned words_count)
{
	return words[below(words_count)];
}
#define ONE(...)                                \
	one((const char *const[]){__VA_ARGS__}, \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static json_t *
some_config(void)
{
	return json_pack("{ss s{ss si ss sI sI sI sI} s[{ss ss si si si}]"
			 " s[{ss ss sI}{ss ss ss sb}]"
			 " s[{ss ss ss ss}{ss ss ss ss}]}",
	    "sha256", DIGEST_A, "facility", "kind", "clinic", "beds",
	    (int)below(9), "fees", "record-management-1", "offline_verified_ms",
	    (json_int_t)HOUR, "offline_attested_ms", (json_int_t)HOUR,
	    "max_undetermined_ms", (json_int_t)HOUR, "clock_ahead_ms",
	    (json_int_t)0, "systems", "id", "ehr", "kind", "ehr", "interval_ms",
	    (int)below(2), "grace_ms", 0, "generations_min", (int)below(2),
	    "media", "id", "nas1", "kind", "nas", "coverage_ms",
	    (json_int_t)below(3), "id", ONE("usb1", "usb2"), "kind", "disk",
	    "offline", "detached", "offsite", (int)below(2), "sources", "id",
	    "ehr-nas", "system", "ehr", "medium", "nas1", "layout",
	    ONE("tree", "directory"), "id", "ehr-usb", "system", "ehr",
	    "medium", "usb1", "layout", "archive");
}

static json_t *
some_seen(void)
{
	bool nas = below(2) == 0;

	return json_pack("{ss ss ss ss ss sI ss ss}", "generation",
	    ONE("ehr@20261121T020000+0900", "ehr@20261122T020000+0900",
		"ehr@20261123T020000+0900.2"),
	    "system", "ehr", "medium", nas ? "nas1" : "usb1", "source",
	    nas ? "ehr-nas" : "ehr-usb", "layout", "directory", "taken_at",
	    DAY_ONE, "time_from", ONE("name", "mtime"), "subject", DIGEST_A);
}

static json_t *
some_captured(uint64_t size, int64_t at)
{
	json_t *entry = json_pack(
	    "{sI si ss si si si si ss sI ss si s[[iiii][iiii]]}", "copy",
	    some_seq(size), "version", (int)size, "manifest_sha256", DIGEST_A,
	    "entries", 3, "files", 2, "bytes", 30, "bytes_read", 30, "content",
	    DIGEST_A, "oldest_reading", at - (json_int_t)below(9) * HOUR,
	    "mode", ONE("direct-local", "dropped"), "problems", (int)below(2),
	    "slices", 1, 2, 3, 10, 4, 5, 6, 20);

	if (below(3) == 0)
		(void)json_object_set_new(entry, "members",
		    json_pack("{ss si}", "state", "partial", "files", 4));
	if (below(3) == 0)
		(void)json_object_set_new(entry, "foreign",
		    json_pack("{ss ss si si}", "kind", "sha256sums", "result",
			"good", "listed", 2, "mismatched", 0));
	if (below(2) == 0)
		(void)json_object_set_new(entry, "survey",
		    json_pack("{si si si si si si si si}", "files", 9,
			"carried", (int)below(3), "bytes", 99, "known", 8,
			"claimed", 7, "mismatched", (int)below(3), "noisy", 1,
			"notes", 0));
	if (below(2) == 0)
		(void)json_object_set_new(entry, "sealing",
		    json_pack("{si si si si si}", "sealed", (int)below(3),
			"plain", (int)below(3), "aside", 1, "unclear", 2,
			"unseen", (int)below(3)));
	if (below(3) == 0)
		(void)json_object_set_new(entry, "drift",
		    json_pack("{sI si si si si si}", "since", some_seq(size),
			"same", 1, "changed", 2, "vanished", (int)below(3),
			"appeared", 4, "extended", 3));
	if (below(3) == 0)
		(void)json_object_set_new(entry, "loss",
		    json_pack("{si si si si}", "gone", (int)below(9), "emptied",
			1, "older", (int)below(3), "expired", 4));
	return entry;
}

static json_t *
some_slice(uint64_t size, int64_t at)
{
	return json_pack("{sI si sI ss ss sI si si ss si}", "manifest",
	    some_seq(size), "slice", (int)below(2), "run", some_seq(size),
	    "verdict", ONE("intact", "intact", "damaged", "undetermined"),
	    "level", ONE("full", "full", "quick", "members"), "read_at",
	    at - 3 * HOUR + (json_int_t)below(5) * HOUR, "bytes", 20,
	    "bytes_read", (int)below(3) * 10, "mode", "direct-local",
	    "findings", (int)below(2));
}

static json_t *
some_finding(uint64_t size)
{
	json_t *entry =
	    json_pack("{ss ss}", "code", ONE("bit-rot", "suspicious-content"),
		"verdict", ONE("damaged", "undetermined", "none"));

	if (below(4) != 0)
		(void)json_object_set_new(
		    entry, "copy", json_integer(some_seq(size)));
	if (below(2) == 0)
		(void)json_object_set_new(
		    entry, "detail", json_pack("{si}", "files", below(9)));
	return entry;
}

/* A person's acceptance, mostly with name and reason. */
static json_t *
some_close(uint64_t size)
{
	json_t *entry = json_pack("{sI ss}", "finding", some_seq(size),
	    "reason", ONE("read-good", "accepted", "expired"));

	if (below(4) != 0) {
		(void)json_object_set_new(entry, "by", json_string("控"));
		(void)json_object_set_new(
		    entry, "note", json_string("as it should be"));
	}
	return entry;
}

#endif
