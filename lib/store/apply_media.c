/* What entries about media, attestations and preflights mean for the rows. */
#include "lib/store/apply_steps.h"

/* The medium that the entry names must be configured. */
#define THE_MEDIUM "medium WHERE id = ?3 ->> 'medium' AND to_seq = " OPEN

#define MEDIUM_EVENT(by, holder, place, until, note, result, detail)     \
	{                                                                \
		"INSERT INTO medium_event SELECT ?1, ?2, id,"            \
		" ?3 ->> 'event', " by ", " holder ", " place ", " until \
		", " note ", " result ", " detail " FROM " THE_MEDIUM,   \
		    APPLY_ROWS_ONE                                       \
	}

#define END_CUSTODY                                                   \
	{                                                             \
		"UPDATE custody SET to_seq = ?1"                      \
		" WHERE medium = ?3 ->> 'medium' AND to_seq = " OPEN, \
		    APPLY_ROWS_ANY                                    \
	}

/*
 * What was not observed stands as it did while the medium is out of reach:
 * that is how one finds it again.
 */
#define OBSERVED(member)                                                  \
	"coalesce(?3 ->> '$.observed." member "', iif(?3 ->> 'in_reach'," \
	" NULL, p." member "))"
#define OBSERVED_FLAG(member)                                             \
	"coalesce(?3 ->> '$.observed." member "', iif(?3 ->> 'in_reach'," \
	" 0, p." member "), 0)"

/* clang-format takes a long row of texts to pieces. */
/* clang-format off */
static const char insert_medium_state[] =
	"INSERT INTO medium_state SELECT m.id, ?1, " OPEN
	", ?2, ?3 ->> 'state', ?3 ->> 'reason', ?3 ->> 'in_reach',"
	" iif(?3 ->> 'in_reach', iif(p.in_reach, p.attached_at, ?2), NULL),"
	" iif(?3 ->> 'in_reach' OR p.in_reach, ?2, p.seen_at), "
	OBSERVED("filesystem") ", "
	OBSERVED("uuid") ", "
	OBSERVED("serial") ", "
	OBSERVED("disks") ", "
	OBSERVED("transport") ", "
	OBSERVED("reach") ", "
	OBSERVED("encrypted") ", "
	OBSERVED_FLAG("read_only") ", "
	OBSERVED_FLAG("device_read_only") ", "
	OBSERVED_FLAG("removable") ", "
	OBSERVED_FLAG("rotational") ", "
	OBSERVED("capacity") ", "
	OBSERVED("free") ", "
	OBSERVED("stamp")
	" FROM medium m LEFT JOIN medium_state p"
	" ON p.medium = m.id AND p.to_seq = ?1"
	" WHERE m.id = ?3 ->> 'medium' AND m.to_seq = " OPEN;
/* clang-format on */

const struct apply_step
    apply_media_steps[APPLY_MEDIA_TYPES][APPLY_STEPS_OF_TYPE_MAX] = {
	[ENTRY_MEDIUM_STATE - APPLY_BACKUP_TYPES] =
	    {
		{"UPDATE medium_state SET to_seq = ?1"
		 " WHERE medium = ?3 ->> 'medium' AND to_seq = " OPEN,
		    APPLY_ROWS_ANY},
		{insert_medium_state, APPLY_ROWS_ONE},
	    },
	[ENTRY_MEDIUM_CHECKOUT - APPLY_BACKUP_TYPES] =
	    {
		MEDIUM_EVENT("?3 ->> 'by'", "?3 ->> 'holder'", "?3 ->> 'place'",
		    "?3 ->> 'until'", "?3 ->> 'note'", "NULL", "NULL"),
		END_CUSTODY,
		{"INSERT INTO custody SELECT ?3 ->> 'medium', ?1, " OPEN
		 ", ?2, ?3 ->> 'by', ?3 ->> 'holder', ?3 ->> 'place',"
		 " ?3 ->> 'until', ?3 ->> 'note'",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_MEDIUM_CHECKIN - APPLY_BACKUP_TYPES] =
	    {
		MEDIUM_EVENT("?3 ->> 'by'", "NULL", "?3 ->> 'place'", "NULL",
		    "?3 ->> 'note'", "NULL", "NULL"),
		END_CUSTODY,
	    },
	[ENTRY_MEDIUM_RETIRED - APPLY_BACKUP_TYPES] =
	    {
		MEDIUM_EVENT("?3 ->> 'by'", "NULL", "?3 ->> 'place'", "NULL",
		    "?3 ->> 'note'", "NULL", "NULL"),
		END_CUSTODY,
	    },
	[ENTRY_MEDIUM_RECORD - APPLY_BACKUP_TYPES] =
	    {
		MEDIUM_EVENT("NULL", "NULL", "NULL", "NULL", "NULL",
		    "?3 ->> 'result'", "?3 -> 'detail'"),
	    },
	[ENTRY_MEDIUM_WITNESS - APPLY_BACKUP_TYPES] =
	    {
		MEDIUM_EVENT("NULL", "NULL", "NULL", "NULL", "NULL",
		    "?3 ->> 'result'",
		    "json_object('size', ?3 ->> 'size', 'root',"
		    " ?3 ->> 'root', 'token', ?3 ->> 'token', 'reason',"
		    " ?3 ->> 'reason')"),
	    },
	[ENTRY_MEDIUM_PROTECTION - APPLY_BACKUP_TYPES] =
	    {
		{"UPDATE protection SET to_seq = ?1"
		 " WHERE medium = ?3 ->> 'medium'"
		 " AND method = ?3 ->> 'method' AND to_seq = " OPEN,
		    APPLY_ROWS_ANY},
		{"INSERT INTO protection SELECT id, ?3 ->> 'method', ?1, " OPEN
		 ", ?2, ?3 ->> 'result', ?3 ->> 'reason' FROM " THE_MEDIUM,
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_MEDIUM_MOUNT - APPLY_BACKUP_TYPES] =
	    {
		/* It may be unmounted after it was taken away. */
		{"INSERT INTO medium_event SELECT ?1, ?2, id, ?3 ->> 'event',"
		 " NULL, NULL, NULL, NULL, NULL, ?3 ->> 'result',"
		 " iif(?3 ->> 'reason' IS NULL, NULL,"
		 " json_object('reason', ?3 ->> 'reason'))"
		 " FROM medium WHERE id = ?3 ->> 'medium'"
		 " ORDER BY from_seq DESC LIMIT 1",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_COPY_TRAIT - APPLY_BACKUP_TYPES] =
	    {
		{"UPDATE copy_trait SET to_seq = ?1"
		 " WHERE copy = ?3 ->> 'copy' AND to_seq = " OPEN,
		    APPLY_ROWS_ANY},
		{"INSERT INTO copy_trait SELECT id, ?1, " OPEN
		 ", ?2, ?3 ->> 'files', ?3 ->> 'immutable',"
		 " ?3 ->> 'encrypted' FROM copy"
		 " WHERE id = ?3 ->> 'copy' AND to_seq = " OPEN,
		    APPLY_ROWS_ONE},
	    },
	/* What was looked into in a run; of a copy that holds now. */
	[ENTRY_CONTENT - APPLY_BACKUP_TYPES] =
	    {
		{"INSERT INTO content SELECT ?1, m.id, r.id, ?2,"
		 " ?3 ->> 'outcome', ?3 ->> 'files', ?3 ->> 'other',"
		 " ?3 ->> 'skipped', ?3 ->> 'findings', ?3 -> 'formats'"
		 " FROM manifest m JOIN copy c ON c.id = m.copy"
		 " AND c.to_seq = " OPEN " JOIN run r ON r.id = ?3 ->> 'run'"
		 " WHERE m.id = ?3 ->> 'manifest'",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_ATTESTATION_MADE - APPLY_BACKUP_TYPES] =
	    {
		{"INSERT INTO attestation SELECT ?1, " OPEN
		 ", ?2, ?3 ->> 'requirement', ?3 ->> 'by', ?3 ->> 'until',"
		 " ?3 ->> 'note', ?3 ->> '$.document.kind',"
		 " ?3 ->> '$.document.sha256', ?3 ->> '$.document.bytes'",
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_ATTESTATION_WITHDRAWN - APPLY_BACKUP_TYPES] =
	    {
		{"UPDATE attestation SET to_seq = ?1"
		 " WHERE id = ?3 ->> 'attestation' AND to_seq = " OPEN,
		    APPLY_ROWS_ONE},
	    },
	[ENTRY_PREFLIGHT - APPLY_BACKUP_TYPES] =
	    {
		{"INSERT INTO preflight SELECT ?1, ?2, id,"
		 " ?3 ->> 'max_age_ms', ?3 ->> 'by', ?3 ->> 'note',"
		 " ?3 ->> 'outcome', ?3 ->> 'reason', ?3 ->> 'generation'"
		 " FROM system WHERE id = ?3 ->> 'system' AND to_seq = " OPEN,
		    APPLY_ROWS_ONE},
	    },
	/* The journal alone has it: nothing is judged by it. */
	[ENTRY_EXPORTED - APPLY_BACKUP_TYPES] = {{NULL, APPLY_ROWS_ONE}},
};
