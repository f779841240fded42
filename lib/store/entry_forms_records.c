/*
 * The members of entries about media, what people stated, and drills.
 */
#include "lib/store/entry_forms.h"

#define WORDS_MEDIUM "mounted attached absent yanked hung wrong-medium unknown"

MEMBERS medium_observed[] = {
    MAY("filesystem", ENTRY_NAME),
    MAY("uuid", ENTRY_NAME),
    MAY("serial", ENTRY_NAME),
    MAY("disks", ENTRY_NAME),
    MAY("transport", ENTRY_WORD),
    MAY("reach", ENTRY_WORD),
    MAY("encrypted", ENTRY_WORD),
    MAY("read_only", ENTRY_FLAG),
    MAY("device_read_only", ENTRY_FLAG),
    MAY("removable", ENTRY_FLAG),
    MAY("rotational", ENTRY_FLAG),
    MAY("capacity", ENTRY_COUNT),
    MAY("free", ENTRY_COUNT),
    MAY("stamp", ENTRY_NAME),
    END,
};

const struct entry_member entry_forms_medium_state[] = {
    NEEDS("medium", ENTRY_ID),
    {.name = "state", .form = ENTRY_ONE_OF, .words = WORDS_MEDIUM},
    MAY("reason", ENTRY_WORD),
    NEEDS("in_reach", ENTRY_FLAG),
    {.name = "observed",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = medium_observed},
    END,
};

const struct entry_member entry_forms_medium_checkout[] = {
    NEEDS("medium", ENTRY_ID),
    NEEDS("by", ENTRY_NAME),
    NEEDS("holder", ENTRY_NAME),
    NEEDS("place", ENTRY_NAME),
    MAY("until", ENTRY_INTEGER),
    MAY("note", ENTRY_NAME),
    END,
};

const struct entry_member entry_forms_medium_checkin[] = {
    NEEDS("medium", ENTRY_ID),
    NEEDS("by", ENTRY_NAME),
    MAY("place", ENTRY_NAME),
    MAY("note", ENTRY_NAME),
    END,
};

const struct entry_member entry_forms_medium_record[] = {
    NEEDS("medium", ENTRY_ID),
    {.name = "result",
	.form = ENTRY_ONE_OF,
	.words = "detached released release-ended"},
    NEEDS("detail", ENTRY_DETAIL),
    END,
};

const struct entry_member entry_forms_medium_witness[] = {
    NEEDS("medium", ENTRY_ID),
    {.name = "result",
	.form = ENTRY_ONE_OF,
	.words = "written extends rewritten rolled-back foreign unreadable "
		 "unknown-key none failed"},
    NEEDS("size", ENTRY_COUNT),
    MAY("root", ENTRY_DIGEST),
    MAY("token", ENTRY_DIGEST),
    MAY("reason", ENTRY_WORD),
    END,
};

const struct entry_member entry_forms_medium_protection[] = {
    NEEDS("medium", ENTRY_ID),
    {.name = "method", .form = ENTRY_ONE_OF, .words = "device-read-only probe"},
    {.name = "result",
	.form = ENTRY_ONE_OF,
	.words = "refused accepted undetermined open"},
    MAY("reason", ENTRY_WORD),
    END,
};

const struct entry_member entry_forms_medium_mount[] = {
    NEEDS("medium", ENTRY_ID),
    {.name = "result",
	.form = ENTRY_ONE_OF,
	.words = "mounted unmounted failed"},
    MAY("reason", ENTRY_WORD),
    END,
};

const struct entry_member entry_forms_copy_trait[] = {
    NEEDS("copy", ENTRY_SEQ),
    NEEDS("files", ENTRY_COUNT),
    NEEDS("immutable", ENTRY_COUNT),
    {.name = "encrypted",
	.form = ENTRY_ONE_OF,
	.words = "none file files archive medium unknown"},
    END,
};

MEMBERS content_samples[] = {
    NEEDS("subject", ENTRY_DIGEST),
    END,
};

MEMBERS content_formats[] = {
    NEEDS("format", ENTRY_WORD),
    NEEDS("files", ENTRY_COUNT),
    NEEDS("bytes", ENTRY_COUNT),
    NEEDS("note", ENTRY_COUNT),
    NEEDS("warning", ENTRY_COUNT),
    NEEDS("undetermined", ENTRY_COUNT),
    NEEDS("broken", ENTRY_COUNT),
    MAY("code", ENTRY_WORD),
    NEEDS("counts", ENTRY_DETAIL),
    {.name = "samples", .form = ENTRY_OBJECTS, .members = content_samples},
    END,
};

const struct entry_member entry_forms_content[] = {
    NEEDS("manifest", ENTRY_SEQ),
    NEEDS("run", ENTRY_SEQ),
    {.name = "outcome", .form = ENTRY_ONE_OF, .words = "done undetermined"},
    NEEDS("files", ENTRY_COUNT),
    NEEDS("other", ENTRY_COUNT),
    NEEDS("skipped", ENTRY_COUNT),
    NEEDS("findings", ENTRY_COUNT),
    {.name = "formats", .form = ENTRY_OBJECTS, .members = content_formats},
    END,
};

MEMBERS attestation_document[] = {
    NEEDS("kind", ENTRY_WORD),
    NEEDS("sha256", ENTRY_DIGEST),
    NEEDS("bytes", ENTRY_COUNT),
    END,
};

const struct entry_member entry_forms_attestation_made[] = {
    NEEDS("requirement", ENTRY_NAME),
    NEEDS("by", ENTRY_NAME),
    NEEDS("until", ENTRY_INTEGER),
    MAY("note", ENTRY_NAME),
    {.name = "document",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = attestation_document},
    END,
};

const struct entry_member entry_forms_attestation_withdrawn[] = {
    NEEDS("attestation", ENTRY_SEQ),
    NEEDS("by", ENTRY_NAME),
    MAY("note", ENTRY_NAME),
    END,
};

const struct entry_member entry_forms_preflight[] = {
    NEEDS("system", ENTRY_ID),
    NEEDS("max_age_ms", ENTRY_COUNT),
    NEEDS("by", ENTRY_NAME),
    MAY("note", ENTRY_NAME),
    {.name = "outcome",
	.form = ENTRY_ONE_OF,
	.words = "good warning bad undetermined"},
    MAY("reason", ENTRY_WORD),
    MAY("generation", ENTRY_GENERATION),
    END,
};

const struct entry_member entry_forms_exported[] = {
    NEEDS("uid", ENTRY_COUNT),
    MAY("by", ENTRY_NAME),
    NEEDS("from", ENTRY_INTEGER),
    NEEDS("to", ENTRY_INTEGER),
    NEEDS("sha256", ENTRY_DIGEST),
    NEEDS("bytes", ENTRY_COUNT),
    NEEDS("with_paths", ENTRY_FLAG),
    END,
};

const struct entry_member entry_forms_acknowledged[] = {
    NEEDS("code", ENTRY_WORD),
    {.name = "severity",
	.form = ENTRY_ONE_OF,
	.words = "warning bad undetermined"},
    NEEDS("count", ENTRY_COUNT),
    MAY("system", ENTRY_ID),
    MAY("medium", ENTRY_ID),
    MAY("source", ENTRY_ID),
    NEEDS("by", ENTRY_NAME),
    NEEDS("until", ENTRY_INTEGER),
    NEEDS("note", ENTRY_NAME),
    END,
};

const struct entry_member entry_forms_self_check[] = {
    NEEDS("entries", ENTRY_COUNT),
    NEEDS("manifests", ENTRY_COUNT),
    NEEDS("digested", ENTRY_COUNT),
    NEEDS("upto", ENTRY_COUNT),
    NEEDS("findings", ENTRY_COUNT),
    END,
};

#define WORDS_CHECKED "passed warning failed undetermined"

const struct entry_member entry_forms_drill_begin[] = {
    NEEDS("copy", ENTRY_SEQ),
    NEEDS("operator", ENTRY_NAME),
    NEEDS("share_ppm", ENTRY_COUNT),
    NEEDS("files_total", ENTRY_COUNT),
    NEEDS("bytes_total", ENTRY_COUNT),
    END,
};

const struct entry_member entry_forms_drill_check[] = {
    NEEDS("drill", ENTRY_SEQ),
    {.name = "kind", .form = ENTRY_ONE_OF, .words = "restore inspect program"},
    NEEDS("name", ENTRY_WORD),
    {.name = "outcome", .form = ENTRY_ONE_OF, .words = WORDS_CHECKED},
    MAY("detail", ENTRY_DETAIL),
    END,
};

const struct entry_member entry_forms_drill_end[] = {
    NEEDS("drill", ENTRY_SEQ),
    {.name = "outcome",
	.form = ENTRY_ONE_OF,
	.words = WORDS_CHECKED " aborted lost"},
    MAY("reason", ENTRY_WORD),
    NEEDS("files", ENTRY_COUNT),
    NEEDS("bytes", ENTRY_COUNT),
    NEEDS("medium_ms", ENTRY_COUNT),
    NEEDS("restore_ms", ENTRY_COUNT),
    NEEDS("check_ms", ENTRY_COUNT),
    END,
};

const struct entry_member entry_forms_drill_signed[] = {
    NEEDS("drill", ENTRY_SEQ),
    NEEDS("by", ENTRY_NAME),
    MAY("witness", ENTRY_NAME),
    NEEDS("observation", ENTRY_TEXT),
    MAY("improvement", ENTRY_TEXT),
    MAY("due", ENTRY_INTEGER),
    END,
};

const struct entry_member entry_forms_drill_improved[] = {
    NEEDS("drill", ENTRY_SEQ),
    NEEDS("by", ENTRY_NAME),
    MAY("note", ENTRY_TEXT),
    END,
};
