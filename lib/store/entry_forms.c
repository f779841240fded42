/* The members of each type of entry: FORMATS section 4.1. */
#include "lib/store/entry_forms.h"

#define WORDS_VERDICT "intact damaged undetermined"
#define WORDS_MODE "direct-local direct-remote dropped cache-possible"
#define WORDS_LEVEL "quick full members"
#define WORDS_FAULT "damaged undetermined none"

MEMBERS origin_members[] = {
    NEEDS("facility", ENTRY_NAME),
    NEEDS("origin", ENTRY_NAME),
    NEEDS("daemon_key", ENTRY_KEY_LINE),
    MAY("facility_key", ENTRY_KEY_LINE),
    END,
};

MEMBERS key_members[] = {
    {.name = "kind", .form = ENTRY_ONE_OF, .words = "daemon facility"},
    MAY("old", ENTRY_KEY_LINE),
    NEEDS("new", ENTRY_KEY_LINE),
    NEEDS("statement_sha256", ENTRY_DIGEST),
    END,
};

MEMBERS start_members[] = {
    NEEDS("software", ENTRY_NAME),
    NEEDS("sandbox", ENTRY_DETAIL),
    END,
};

MEMBERS stop_members[] = {
    NEEDS("reason", ENTRY_WORD),
    END,
};

MEMBERS config_systems[] = {
    NEEDS("id", ENTRY_ID),
    NEEDS("kind", ENTRY_WORD),
    NEEDS("interval_ms", ENTRY_COUNT),
    NEEDS("grace_ms", ENTRY_COUNT),
    NEEDS("generations_min", ENTRY_COUNT),
    MAY("recovery_order", ENTRY_COUNT),
    MAY("recovery_target_ms", ENTRY_COUNT),
    END,
};

MEMBERS config_media[] = {
    NEEDS("id", ENTRY_ID),
    NEEDS("kind", ENTRY_WORD),
    MAY("coverage_ms", ENTRY_COUNT),
    MAY("offline", ENTRY_WORD),
    MAY("offsite", ENTRY_FLAG),
    MAY("location", ENTRY_NAME),
    MAY("max_attached_ms", ENTRY_COUNT),
    END,
};

MEMBERS config_sources[] = {
    NEEDS("id", ENTRY_ID),
    NEEDS("system", ENTRY_ID),
    NEEDS("medium", ENTRY_ID),
    NEEDS("layout", ENTRY_WORD),
    END,
};

MEMBERS config_facility[] = {
    {.name = "kind", .form = ENTRY_ONE_OF, .words = "hospital clinic"},
    MAY("beds", ENTRY_COUNT),
    MAY("fees", ENTRY_NAME), /* words, one space between them */
    NEEDS("offline_verified_ms", ENTRY_COUNT),
    NEEDS("offline_attested_ms", ENTRY_COUNT),
    NEEDS("max_undetermined_ms", ENTRY_COUNT),
    NEEDS("clock_ahead_ms", ENTRY_COUNT),
    END,
};

MEMBERS config_packs[] = {
    MAY("sha256", ENTRY_DIGEST), /* absent: it could not be read */
    MAY("site", ENTRY_FLAG),
    END,
};

MEMBERS config_members[] = {
    NEEDS("sha256", ENTRY_DIGEST),
    {.name = "facility",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = config_facility},
    {.name = "systems", .form = ENTRY_OBJECTS, .members = config_systems},
    {.name = "media", .form = ENTRY_OBJECTS, .members = config_media},
    {.name = "sources", .form = ENTRY_OBJECTS, .members = config_sources},
    {.name = "packs",
	.form = ENTRY_OBJECTS,
	.is_optional = true,
	.members = config_packs},
    END,
};

MEMBERS scan_members[] = {
    NEEDS("source", ENTRY_ID),
    {.name = "result",
	.form = ENTRY_ONE_OF,
	.words = "ok wrong-medium absent unreadable empty"},
    NEEDS("candidates", ENTRY_COUNT),
    END,
};

MEMBERS seen_members[] = {
    NEEDS("generation", ENTRY_GENERATION),
    NEEDS("system", ENTRY_ID),
    NEEDS("medium", ENTRY_ID),
    NEEDS("source", ENTRY_ID),
    NEEDS("layout", ENTRY_WORD),
    NEEDS("taken_at", ENTRY_INTEGER),
    {.name = "time_from", .form = ENTRY_ONE_OF, .words = "name mtime"},
    NEEDS("subject", ENTRY_DIGEST),
    END,
};

MEMBERS captured_archive[] = {
    {.name = "state",
	.form = ENTRY_ONE_OF,
	.words = "complete partial opaque damaged"},
    {.name = "encrypted",
	.form = ENTRY_ONE_OF,
	.words = "none file archive unknown",
	.is_optional = true},
    MAY("manifest_sha256", ENTRY_DIGEST),
    MAY("content", ENTRY_DIGEST),
    MAY("files", ENTRY_COUNT),
    MAY("bytes", ENTRY_COUNT),
    END,
};

MEMBERS captured_foreign[] = {
    NEEDS("kind", ENTRY_WORD),
    NEEDS("result", ENTRY_WORD),
    NEEDS("listed", ENTRY_COUNT),
    NEEDS("mismatched", ENTRY_COUNT),
    END,
};

MEMBERS captured_survey[] = {
    NEEDS("files", ENTRY_COUNT),
    NEEDS("carried", ENTRY_COUNT),
    NEEDS("bytes", ENTRY_COUNT),
    NEEDS("known", ENTRY_COUNT),
    NEEDS("claimed", ENTRY_COUNT),
    NEEDS("mismatched", ENTRY_COUNT),
    NEEDS("noisy", ENTRY_COUNT),
    NEEDS("notes", ENTRY_COUNT),
    END,
};

MEMBERS captured_sealing[] = {
    NEEDS("sealed", ENTRY_COUNT),
    NEEDS("plain", ENTRY_COUNT),
    NEEDS("aside", ENTRY_COUNT),
    NEEDS("unclear", ENTRY_COUNT),
    NEEDS("unseen", ENTRY_COUNT),
    END,
};

MEMBERS captured_drift[] = {
    NEEDS("since", ENTRY_SEQ),
    NEEDS("same", ENTRY_COUNT),
    NEEDS("changed", ENTRY_COUNT),
    NEEDS("vanished", ENTRY_COUNT),
    NEEDS("appeared", ENTRY_COUNT),
    NEEDS("extended", ENTRY_COUNT),
    END,
};

MEMBERS captured_loss[] = {
    NEEDS("gone", ENTRY_COUNT),
    NEEDS("emptied", ENTRY_COUNT),
    NEEDS("older", ENTRY_COUNT),
    NEEDS("expired", ENTRY_COUNT),
    END,
};

MEMBERS captured_members[] = {
    NEEDS("copy", ENTRY_SEQ),
    NEEDS("version", ENTRY_COUNT),
    MAY("run", ENTRY_SEQ),
    NEEDS("manifest_sha256", ENTRY_DIGEST),
    NEEDS("entries", ENTRY_COUNT),
    NEEDS("files", ENTRY_COUNT),
    NEEDS("bytes", ENTRY_COUNT),
    NEEDS("bytes_read", ENTRY_COUNT),
    MAY("content", ENTRY_DIGEST),
    MAY("volume", ENTRY_NAME),
    NEEDS("oldest_reading", ENTRY_INTEGER),
    MAY("newest_file_at", ENTRY_INTEGER),
    {.name = "mode", .form = ENTRY_ONE_OF, .words = WORDS_MODE},
    NEEDS("problems", ENTRY_COUNT),
    NEEDS("slices", ENTRY_SLICES),
    {.name = "members",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = captured_archive},
    {.name = "foreign",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = captured_foreign},
    {.name = "survey",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = captured_survey},
    {.name = "sealing",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = captured_sealing},
    {.name = "drift",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = captured_drift},
    {.name = "loss",
	.form = ENTRY_OBJECT,
	.is_optional = true,
	.members = captured_loss},
    END,
};

MEMBERS slice_members[] = {
    NEEDS("manifest", ENTRY_SEQ),
    NEEDS("slice", ENTRY_COUNT),
    NEEDS("run", ENTRY_SEQ),
    {.name = "verdict", .form = ENTRY_ONE_OF, .words = WORDS_VERDICT},
    {.name = "level", .form = ENTRY_ONE_OF, .words = WORDS_LEVEL},
    MAY("read_at", ENTRY_INTEGER),
    NEEDS("bytes", ENTRY_COUNT),
    NEEDS("bytes_read", ENTRY_COUNT),
    {.name = "mode", .form = ENTRY_ONE_OF, .words = WORDS_MODE},
    NEEDS("findings", ENTRY_COUNT),
    END,
};

MEMBERS run_begin_members[] = {
    {.name = "trigger",
	.form = ENTRY_ONE_OF,
	.words = "manual coverage capture attach"},
    {.name = "level", .form = ENTRY_ONE_OF, .words = WORDS_LEVEL " drill"},
    MAY("system", ENTRY_ID),
    MAY("medium", ENTRY_ID),
    MAY("source", ENTRY_ID),
    MAY("generation", ENTRY_GENERATION),
    MAY("copy", ENTRY_SEQ),
    END,
};

MEMBERS run_slices[] = {
    NEEDS("intact", ENTRY_COUNT),
    NEEDS("damaged", ENTRY_COUNT),
    NEEDS("undetermined", ENTRY_COUNT),
    END,
};

MEMBERS run_end_members[] = {
    NEEDS("run", ENTRY_SEQ),
    {.name = "outcome",
	.form = ENTRY_ONE_OF,
	.words = "done cancelled failed lost"},
    {.name = "canary",
	.form = ENTRY_ONE_OF,
	.words = "reported missed not-run"},
    NEEDS("bytes", ENTRY_COUNT),
    NEEDS("bytes_read", ENTRY_COUNT),
    {.name = "slices", .form = ENTRY_OBJECT, .members = run_slices},
    END,
};

MEMBERS finding_files[] = {
    {.name = "kind",
	.form = ENTRY_ONE_OF,
	.words = "only-here only-other differs"},
    NEEDS("subject", ENTRY_DIGEST),
    END,
};

#define FILES                                                                \
	{                                                                    \
		.name = "files", .form = ENTRY_OBJECTS, .is_optional = true, \
		.members = finding_files                                     \
	}

MEMBERS finding_open_members[] = {
    NEEDS("code", ENTRY_WORD),
    {.name = "verdict", .form = ENTRY_ONE_OF, .words = WORDS_FAULT},
    MAY("severity", ENTRY_WORD),
    MAY("copy", ENTRY_SEQ),
    MAY("manifest", ENTRY_SEQ),
    MAY("slice", ENTRY_COUNT),
    MAY("generation", ENTRY_GENERATION),
    MAY("system", ENTRY_ID),
    MAY("medium", ENTRY_ID),
    MAY("source", ENTRY_ID),
    MAY("subject", ENTRY_DIGEST),
    MAY("detail", ENTRY_DETAIL),
    FILES,
    END,
};

MEMBERS finding_again_members[] = {
    NEEDS("finding", ENTRY_SEQ),
    {.name = "verdict",
	.form = ENTRY_ONE_OF,
	.is_optional = true,
	.words = WORDS_FAULT},
    MAY("severity", ENTRY_WORD),
    MAY("detail", ENTRY_DETAIL),
    FILES,
    END,
};

MEMBERS finding_close_members[] = {
    NEEDS("finding", ENTRY_SEQ),
    {.name = "reason",
	.form = ENTRY_ONE_OF,
	.words = "read-good returned resolved retired expired accepted"},
    MAY("by", ENTRY_NAME),
    MAY("note", ENTRY_NAME),
    END,
};

MEMBERS copy_members[] = {
    NEEDS("copy", ENTRY_SEQ),
    MAY("reason", ENTRY_WORD),
    END,
};

MEMBERS match_members[] = {
    NEEDS("generation", ENTRY_GENERATION),
    NEEDS("copies", ENTRY_SEQS),
    {.name = "result",
	.form = ENTRY_ONE_OF,
	.words = "same names-differ differ"},
    END,
};

MEMBERS clock_members[] = {
    NEEDS("by_ms", ENTRY_COUNT),
    END,
};

MEMBERS lost_members[] = {
    MAY("origin", ENTRY_NAME),
    MAY("size", ENTRY_COUNT),
    MAY("root", ENTRY_DIGEST),
    NEEDS("kept", ENTRY_COUNT),
    NEEDS("by", ENTRY_NAME),
    NEEDS("reason", ENTRY_NAME),
    END,
};

const struct entry_form_of_type entry_forms[ENTRY_TYPES] = {
    [ENTRY_ORIGIN] = {"origin", NULL, origin_members},
    [ENTRY_KEY] = {"key", NULL, key_members},
    [ENTRY_START] = {"start", NULL, start_members},
    [ENTRY_STOP] = {"stop", NULL, stop_members},
    [ENTRY_CONFIG] = {"config", NULL, config_members},
    [ENTRY_SCAN] = {"scan", NULL, scan_members},
    [ENTRY_SEEN] = {"seen", NULL, seen_members},
    [ENTRY_CAPTURED] = {"captured", NULL, captured_members},
    [ENTRY_SLICE] = {"slice", NULL, slice_members},
    [ENTRY_RUN_BEGIN] = {"run", "begin", run_begin_members},
    [ENTRY_RUN_END] = {"run", "end", run_end_members},
    [ENTRY_FINDING_OPEN] = {"finding", "open", finding_open_members},
    [ENTRY_FINDING_AGAIN] = {"finding", "again", finding_again_members},
    [ENTRY_FINDING_CLOSE] = {"finding", "close", finding_close_members},
    [ENTRY_COPY_MISSING] = {"copy", "missing", copy_members},
    [ENTRY_COPY_RETURNED] = {"copy", "returned", copy_members},
    [ENTRY_COPY_EXPIRED] = {"copy", "expired", copy_members},
    [ENTRY_MATCH] = {"match", NULL, match_members},
    [ENTRY_CLOCK_BACK] = {"clock", "back", clock_members},
    [ENTRY_CLOCK_AHEAD] = {"clock", "ahead", clock_members},
    [ENTRY_LOST] = {"lost", NULL, lost_members},
    [ENTRY_MEDIUM_STATE] = {"medium", "state", entry_forms_medium_state},
    [ENTRY_MEDIUM_CHECKOUT] = {"medium", "checkout",
	entry_forms_medium_checkout},
    [ENTRY_MEDIUM_CHECKIN] = {"medium", "checkin", entry_forms_medium_checkin},
    [ENTRY_MEDIUM_RETIRED] = {"medium", "retired", entry_forms_medium_checkin},
    [ENTRY_MEDIUM_RECORD] = {"medium", "record", entry_forms_medium_record},
    [ENTRY_MEDIUM_WITNESS] = {"medium", "witness", entry_forms_medium_witness},
    [ENTRY_MEDIUM_PROTECTION] = {"medium", "protection",
	entry_forms_medium_protection},
    [ENTRY_MEDIUM_MOUNT] = {"medium", "mount", entry_forms_medium_mount},
    [ENTRY_COPY_TRAIT] = {"copy", "trait", entry_forms_copy_trait},
    [ENTRY_CONTENT] = {"content", NULL, entry_forms_content},
    [ENTRY_ATTESTATION_MADE] = {"attestation", "made",
	entry_forms_attestation_made},
    [ENTRY_ATTESTATION_WITHDRAWN] = {"attestation", "withdrawn",
	entry_forms_attestation_withdrawn},
    [ENTRY_PREFLIGHT] = {"preflight", NULL, entry_forms_preflight},
    [ENTRY_EXPORTED] = {"exported", NULL, entry_forms_exported},
    [ENTRY_ACKNOWLEDGED] = {"acknowledged", NULL, entry_forms_acknowledged},
    [ENTRY_SELF_CHECK] = {"self-check", NULL, entry_forms_self_check},
    [ENTRY_DRILL_BEGIN] = {"drill", "begin", entry_forms_drill_begin},
    [ENTRY_DRILL_CHECK] = {"drill", "check", entry_forms_drill_check},
    [ENTRY_DRILL_END] = {"drill", "end", entry_forms_drill_end},
    [ENTRY_DRILL_SIGNED] = {"drill", "signed", entry_forms_drill_signed},
    [ENTRY_DRILL_IMPROVED] = {"drill", "improved", entry_forms_drill_improved},
};
