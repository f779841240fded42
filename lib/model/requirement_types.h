/*
 * requirement_types: what a requirement consists of (model/requirement).
 *
 * Layer 3.  Uses: model (config, measure).
 */
#ifndef HIKAE_MODEL_REQUIREMENT_TYPES_H
#define HIKAE_MODEL_REQUIREMENT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/model/config_types.h"
#include "lib/model/measure.h"

#define REQUIREMENT_PACKS_MAX 64
#define REQUIREMENTS_MAX 1000
#define REQUIREMENT_CHECKS_MAX 16
/* Bytes of an id, with the NUL: [A-Za-z0-9][A-Za-z0-9.-]*. */
#define REQUIREMENT_ID_BYTES 49

/* Where a rule comes from; printed beside every result (DESIGN law 9). */
enum requirement_kind {
	REQUIREMENT_LAW, /* an act, an ordinance, a notice under it */
	REQUIREMENT_FEE, /* a condition of a reimbursement */
	REQUIREMENT_GUIDELINE,
	REQUIREMENT_QA_EXAMPLE, /* an example in official questions, answers */
	REQUIREMENT_CHECKLIST,
	REQUIREMENT_BCP,
	REQUIREMENT_BEST_PRACTICE,
	REQUIREMENT_INTERNATIONAL,
	REQUIREMENT_PRODUCT_DEFAULT, /* hikae's own; nobody requires it */
};
#define REQUIREMENT_KINDS (REQUIREMENT_PRODUCT_DEFAULT + 1)

/* How far the exact wording was seen. */
enum requirement_text_status {
	REQUIREMENT_VERBATIM_FINAL, /* in the final document */
	REQUIREMENT_VERBATIM_DRAFT, /* in an official draft */
	REQUIREMENT_CUT,	    /* a part of it; the cut is marked */
	REQUIREMENT_QUOTED,	    /* quoted in another official text */
	REQUIREMENT_MEMORY,	    /* known in substance, no wording to cite */
	REQUIREMENT_UNSEEN,	    /* not seen: never more than undetermined */
};
#define REQUIREMENT_TEXT_STATUSES (REQUIREMENT_UNSEEN + 1)

enum requirement_operator {
	REQUIREMENT_EQUAL,
	REQUIREMENT_UNEQUAL,
	REQUIREMENT_LESS,
	REQUIREMENT_AT_MOST,
	REQUIREMENT_MORE,
	REQUIREMENT_AT_LEAST,
};
#define REQUIREMENT_OPERATORS (REQUIREMENT_AT_LEAST + 1)

/* What a document attached to an attestation is. */
enum requirement_document {
	REQUIREMENT_CONTRACT_EXCERPT,
	REQUIREMENT_IN_HOUSE_RULE,
	REQUIREMENT_RESTORE_PROCEDURE,
	REQUIREMENT_BCP_DOCUMENT,
	REQUIREMENT_CONTACT_CHART,
	REQUIREMENT_SDS, /* a vendor's security disclosure */
};
#define REQUIREMENT_DOCUMENTS (REQUIREMENT_SDS + 1)

enum requirement_applies {
	REQUIREMENT_ALWAYS,
	REQUIREMENT_ATTESTED,
};

struct requirement_check {
	enum measure measure;
	enum requirement_operator operator;
	int64_t number; /* in the measure's unit */
};

struct requirement_pack {
	char *id, *name, *name_en;
};

/* Texts may be NULL where nothing is said about them below. */
struct requirement {
	char *id;			     /* never NULL */
	const struct requirement_pack *pack; /* never NULL */
	bool is_site;			     /* written by the facility */
	enum requirement_kind kind;
	enum requirement_text_status text_status;
	/* Days as 20260629, both included; a month as 20260600 where it begins
	 * and 20260699 where it ends; 0: without end. */
	int64_t valid_from, valid_to;
	char *title, *title_en; /* a few words; never NULL */
	char *source;		/* the document; never NULL */
	char *source_en;	/* where that is no title of a document */
	char *edition, *section, *url;
	char *text, *text_en; /* exact wording; NULL unless it was seen */
	char *meaning_en;     /* what `text` says: our words, not official */
	char *nearest;	      /* id of the nearest known rule */
	char *superseded_by;  /* id */
	char *note, *note_en;
	/* Only where the facility states so: an attestation is in force. */
	enum requirement_applies applies;
	/* What it applies to: sets of bits 1 << enum; 0: not limited, and for
	 * systems: the facility as a whole. */
	unsigned int systems;  /* of config_system_kind */
	unsigned int facility; /* of config_facility_kind */
	unsigned int offline;  /* of config_offline, of a medium of a system */
	int64_t beds_min;      /* 0: any */
	struct config_list fees; /* any of these was notified; none: all */
	/* What must be there: all checks, the statement, one document. */
	struct requirement_check checks[REQUIREMENT_CHECKS_MAX];
	size_t check_count;
	char *attestation, *attestation_en; /* what a person must state */
	unsigned int documents; /* of requirement_document, any of them */
	/* Measures that are told beside, whatever they are. */
	enum measure shows[REQUIREMENT_CHECKS_MAX];
	size_t show_count;
};

#endif
