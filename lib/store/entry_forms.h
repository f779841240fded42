/*
 * entry_forms: how a type's members are written down, and those that stand in a
 * file of their own.
 *
 * Layer 5, internal to store.  Uses: entry.
 */
#ifndef HIKAE_STORE_ENTRY_FORMS_H
#define HIKAE_STORE_ENTRY_FORMS_H

#include "lib/store/entry.h"

#define NEEDS(member, of)                      \
	{                                      \
		.name = (member), .form = (of) \
	}
#define MAY(member, of)                                             \
	{                                                           \
		.name = (member), .form = (of), .is_optional = true \
	}
#define MEMBERS static const struct entry_member
#define END                  \
	{                    \
		.name = NULL \
	}

extern const struct entry_member entry_forms_medium_state[],
    entry_forms_medium_checkout[], entry_forms_medium_checkin[],
    entry_forms_medium_record[], entry_forms_medium_witness[],
    entry_forms_medium_protection[], entry_forms_medium_mount[],
    entry_forms_copy_trait[], entry_forms_content[],
    entry_forms_attestation_made[], entry_forms_attestation_withdrawn[],
    entry_forms_preflight[], entry_forms_exported[], entry_forms_acknowledged[],
    entry_forms_self_check[], entry_forms_drill_begin[],
    entry_forms_drill_check[], entry_forms_drill_end[],
    entry_forms_drill_signed[], entry_forms_drill_improved[];

#endif
