/*
 * random_run: members of entries about scans, keys, runs, findings and matches.
 */
#ifndef HIKAE_TESTS_STORE_RANDOM_RUN_H
#define HIKAE_TESTS_STORE_RANDOM_RUN_H

#include "tests/unit/store/random_entry.h"

static json_t *
some_scan(void)
{
	return json_pack("{ss ss si}", "source",
	    ONE("ehr-nas", "ehr-usb", "none"), "result",
	    ONE("ok", "absent", "empty"), "candidates", 1);
}

static json_t *
some_key(void)
{
	return json_pack("{ss ss ss ss}", "kind", "facility", "old",
	    ONE(KEY_LINE, KEY_LINE_2), "new", ONE(KEY_LINE, KEY_LINE_2),
	    "statement_sha256", DIGEST_A);
}

static json_t *
some_run_end(uint64_t size)
{
	return json_pack("{sI ss ss si si s{si si si}}", "run", some_seq(size),
	    "outcome", ONE("done", "lost"), "canary", "not-run", "bytes", 1,
	    "bytes_read", 1, "slices", "intact", 1, "damaged", 0,
	    "undetermined", 0);
}

static json_t *
some_run(void)
{
	return json_pack("{ss ss ss}", "trigger", "manual", "level", "full",
	    "system", "ehr");
}

static json_t *
some_again(uint64_t size)
{
	return json_pack("{sI ss}", "finding", some_seq(size), "verdict",
	    ONE("damaged", "undetermined", "none"));
}

static json_t *
some_life(enum entry_type type)
{
	if (type == ENTRY_STOP)
		return json_pack("{ss}", "reason", "signal");
	return json_pack("{ss s{sb}}", "software", "hikae", "sandbox",
	    "seccomp", (int)below(2));
}

static json_t *
some_match(uint64_t size)
{
	json_int_t a = some_seq(size), b = some_seq(size);

	return json_pack("{ss s[II] ss}", "generation",
	    ONE("ehr@20261121T020000+0900", "ehr@20261122T020000+0900"),
	    "copies", a < b ? a : b, a < b ? b : a, "result",
	    ONE("same", "differ"));
}

#endif
