#include "daemon/target_entry.h"

#include "daemon/ledger.h"

int
target_entry_slice(const struct target *target, uint64_t run,
    const struct examine_slice *slice, enum reply_mode mode, struct error *err)
{
	json_t *entry =
	    json_pack("{s:s, s:I, s:I, s:I, s:s, s:s, s:I, s:I, s:s, s:I}",
		"type", "slice", "manifest", (json_int_t)target->manifest,
		"slice", (json_int_t)slice->slice, "run", (json_int_t)run,
		"verdict", verdict_name(slice->verdict), "level", "full",
		"bytes", (json_int_t)slice->bytes, "bytes_read",
		(json_int_t)slice->bytes_read, "mode", reply_mode_name(mode),
		"findings", (json_int_t)slice->findings);

	if (slice->verdict == VERDICT_INTACT)
		(void)json_object_set_new(
		    entry, "read_at", json_integer(slice->read_at));
	return ledger_append(target->service, entry, NULL, err);
}
