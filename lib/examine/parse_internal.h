/*
 * parse_internal: what the parts of parse share.
 *
 * parse.c recognises the file and runs over its members, parse_member.c takes
 * one member, parse_report.c says what was found.
 */
#ifndef HIKAE_EXAMINE_PARSE_INTERNAL_H
#define HIKAE_EXAMINE_PARSE_INTERNAL_H

#include "lib/examine/members.h"
#include "lib/examine/parse.h"
#include "lib/examine/sample.h"
#include "lib/format/decoder.h"

struct parse {
	const struct parse_options *options;
	struct parse_result result;
	struct members *members;
	struct archive_reader *reader;
	struct decoder *decoder;
	struct source_peek stored, decoded;
	uint64_t file_size;
	uint64_t received; /* from the stream */
	bool is_stream_ended;
	char *raw_name; /* of the one file that was compressed */
	uint8_t *buffer;
	bool is_damaged, is_partial;
	bool is_cut; /* the members are not all known */
	uint64_t opaque_members, digested;
	uint64_t members_seen;
	struct examine_pulse pulse;
	/* The present member. */
	struct bytes path, target;
	struct digest_sha256 digest; /* where nothing digests ahead */
	struct sample sample;
	/* Its data is to go, or goes, into a file; and what keeps it. */
	bool is_to_restore, is_restoring;
	struct error restore_error;
	bool is_inspecting; /* contents know of the present member */
};

/* A finding about the member with that path; NULL: the archive as a whole. */
int parse_report(struct parse *parse, enum finding code,
    const struct bytes *path, struct error *err) ERROR_CHECKED;

/*
 * Nothing more can be decoded; why says the reason.  Reasons that are not in
 * the data are undetermined.
 */
int parse_report_stop(struct parse *parse, const struct bytes *path,
    const struct error *why, struct error *err) ERROR_CHECKED;

/* Tell how far it got, now and then. */
int parse_report_progress(struct parse *parse, struct error *err) ERROR_CHECKED;

/* Decode and gather one member.  1 go on, 0 the archive stops here, -1. */
int parse_member(struct parse *parse, const struct archive_member *member,
    struct error *err) ERROR_CHECKED;

/*
 * Restoring (parse_restore.c), where there is a place to restore to: the
 * present member's file, as data comes; its end, which also tells what kept
 * the data from being written; a second name of what parse->target names; and
 * what is no file.
 */
void parse_restore_begin(struct parse *parse, bool only_with_data);
int parse_restore_data(
    struct parse *parse, const struct archive_block *block) ERROR_CHECKED;
int parse_restore_end(
    struct parse *parse, bool is_good, struct error *err) ERROR_CHECKED;
int parse_restore_hard_link(
    struct parse *parse, struct error *err) ERROR_CHECKED;
int parse_restore_entry(struct parse *parse, const struct manifest_entry *entry,
    struct error *err) ERROR_CHECKED;

#endif
