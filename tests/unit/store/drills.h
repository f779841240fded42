/*
 * drills: random entries about drills, and what query_drill says, as text.
 */
#ifndef HIKAE_TESTS_STORE_DRILLS_H
#define HIKAE_TESTS_STORE_DRILLS_H

#include "lib/store/query_drill.h"
#include "tests/unit/store/dump.h"
#include "tests/unit/store/random_entry.h"

static json_t *
some_drill(enum entry_type type, uint64_t size)
{
	json_int_t drill = some_seq(size);

	if (type == ENTRY_DRILL_BEGIN)
		return json_pack("{sI ss si si si}", "copy", drill, "operator",
		    "a", "share_ppm", (int)below(9), "files_total", 2,
		    "bytes_total", 3);
	if (type == ENTRY_DRILL_CHECK)
		return json_pack("{sI ss ss ss s{sisi}}", "drill", drill,
		    "kind", ONE("inspect", "restore"), "name",
		    ONE("dicom", "bytes"), "outcome", ONE("passed", "failed"),
		    "detail", "of_files", (int)below(9), "of_bytes",
		    (int)below(9));
	if (type == ENTRY_DRILL_END)
		return json_pack("{sI ss si si si si si}", "drill", drill,
		    "outcome", ONE("passed", "lost"), "files", 1, "bytes", 2,
		    "medium_ms", 3, "restore_ms", 4, "check_ms", 5);
	if (type == ENTRY_DRILL_SIGNED)
		return json_pack("{sI ss ss ss sI}", "drill", drill, "by", "b",
		    "observation", "ok\nfine", "improvement", "faster", "due",
		    (json_int_t)DAY_ONE);
	return json_pack("{sI ss}", "drill", drill, "by", "c");
}

ROW_OF(drill_check)
{
	ROW_BEGIN("check");
	COUNT(seq), COUNT(drill), SAY(kind), SAY(name), SAY(outcome);
	SAY(detail);
	return 0;
}

ROW_OF(drill)
{
	ROW_BEGIN("drill");
	COUNT(id), COUNT(began_at), COUNT(copy), COUNT(manifest);
	SAY(generation), SAY(system), SAY(medium), SAY(operator);
	COUNT(share_ppm), COUNT(files_total), COUNT(bytes_total);
	COUNT(is_ended), COUNT(end_seq), COUNT(ended_at), SAY(outcome);
	SAY(reason), COUNT(files), COUNT(bytes), COUNT(medium_ms);
	COUNT(restore_ms), COUNT(check_ms), COUNT(of_files), COUNT(of_bytes);
	COUNT(signature_seq);
	COUNT(signed_at), SAY(signed_by), SAY(witness), SAY(observation);
	SAY(improvement), COUNT(due), COUNT(improvement_seq);
	COUNT(improved_at), SAY(improved_by), SAY(improvement_note);
	return query_drill_checks(
	    dump->catalog, dump->at, row->id, dump_drill_check, dump, &err);
}

static void
dump_drills(struct dump *d)
{
	static const struct query_drill_filter all = {0};

	assert_int_equal(
	    query_drills(d->catalog, d->at, &all, dump_drill, d, &err), 0);
}

#endif
