/* What entries about drills mean for the rows. */
#include "lib/store/apply_steps.h"

#define THE_DRILL "?3 ->> 'drill'"

const struct apply_step
    apply_drill_steps[APPLY_DRILL_TYPES][APPLY_STEPS_OF_TYPE_MAX] = {
	[ENTRY_DRILL_BEGIN - APPLY_DRILL_FIRST] =
	    {
		{"INSERT INTO drill (id, began_at, copy, manifest, generation,"
		 " system, medium, operator, share_ppm, files_total,"
		 " bytes_total, end_seq) SELECT ?1, ?2, c.id, s.manifest,"
		 " c.generation, c.system, c.medium, ?3 ->> 'operator',"
		 " ?3 ->> 'share_ppm', ?3 ->> 'files_total',"
		 " ?3 ->> 'bytes_total', " OPEN
		 " FROM copy c JOIN copy_state s ON s.copy = c.id"
		 "  AND s.to_seq = " OPEN
		 " WHERE c.id = ?3 ->> 'copy' AND c.to_seq = " OPEN
		 " AND s.manifest IS NOT NULL",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_DRILL_CHECK - APPLY_DRILL_FIRST] =
	    {
		{"INSERT INTO drill_check SELECT ?1, id, ?3 ->> 'kind',"
		 " ?3 ->> 'name', ?3 ->> 'outcome', ?3 -> 'detail'"
		 " FROM drill WHERE id = " THE_DRILL " AND end_seq = " OPEN,
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_DRILL_END - APPLY_DRILL_FIRST] =
	    {
		{"UPDATE drill SET end_seq = ?1, ended_at = ?2,"
		 " outcome = ?3 ->> 'outcome', reason = ?3 ->> 'reason',"
		 " files = ?3 ->> 'files', bytes = ?3 ->> 'bytes',"
		 " medium_ms = ?3 ->> 'medium_ms',"
		 " restore_ms = ?3 ->> 'restore_ms',"
		 " check_ms = ?3 ->> 'check_ms'"
		 " WHERE id = " THE_DRILL " AND end_seq = " OPEN,
		    APPLY_ROWS_ONE},
	    },
	/* Once, and only what is over. */
	[ENTRY_DRILL_SIGNED - APPLY_DRILL_FIRST] =
	    {
		{"INSERT INTO drill_signature SELECT id, ?1, ?2, ?3 ->> 'by',"
		 " ?3 ->> 'witness', ?3 ->> 'observation',"
		 " ?3 ->> 'improvement', ?3 ->> 'due' FROM drill"
		 " WHERE id = " THE_DRILL " AND end_seq < ?1"
		 " AND NOT EXISTS (SELECT 1 FROM drill_signature"
		 "  WHERE drill = drill.id)",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_DRILL_IMPROVED - APPLY_DRILL_FIRST] =
	    {
		{"INSERT INTO drill_improvement SELECT drill, ?1, ?2,"
		 " ?3 ->> 'by', ?3 ->> 'note' FROM drill_signature g"
		 " WHERE drill = " THE_DRILL " AND improvement IS NOT NULL"
		 " AND NOT EXISTS (SELECT 1 FROM drill_improvement"
		 "  WHERE drill = g.drill)",
		    APPLY_ROWS_ONE},
	    },
};
