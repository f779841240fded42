/*
 * parse: decode an archive once, digest its members, write their manifest.
 *
 * Layer 4.  Uses: crypto/digest_ahead, format/archive, format/decoder,
 * model/manifest, examine/members, member_name, tee.
 *
 * Runs in a parser, which has no rights.  What it says are opinions: a byte
 * verdict is the reader's alone.  Damage and limits are results; an error is
 * what kept it from working at all (no space for the manifest, no memory).
 */
#ifndef HIKAE_EXAMINE_PARSE_H
#define HIKAE_EXAMINE_PARSE_H

#include "lib/crypto/digest_ahead.h"
#include "lib/examine/contents.h"
#include "lib/examine/examine.h"
#include "lib/examine/member_name.h"
#include "lib/examine/portion.h"
#include "lib/examine/restore.h"
#include "lib/format/archive.h"
#include "lib/model/survey.h"

/* The words of the journal (FORMATS section 4.1). */
enum parse_state {
	PARSE_COMPLETE, /* every member was decoded and digested */
	PARSE_PARTIAL,	/* something is undetermined: a limit, a cut stream */
	PARSE_OPAQUE,	/* encrypted, or of an unknown format */
	PARSE_DAMAGED,	/* it does not decode, or not to its end */
};
#define PARSE_STATES (PARSE_DAMAGED + 1)
const char *parse_state_name(enum parse_state state);

/* Whether a key is needed to read it; the words of the journal. */
enum parse_encryption {
	PARSE_ENCRYPTION_UNKNOWN,
	PARSE_ENCRYPTION_NONE,	  /* what it holds could be read */
	PARSE_ENCRYPTION_FILE,	  /* the file is (OpenPGP, openssl, age) */
	PARSE_ENCRYPTION_ARCHIVE, /* all members of the archive are */
};
#define PARSE_ENCRYPTIONS (PARSE_ENCRYPTION_ARCHIVE + 1)
const char *parse_encryption_name(enum parse_encryption encryption);

/*
 * Descriptors stay the caller's, except for stream_fd, which is closed as soon
 * as nothing more is wanted from it, and then set to -1.
 */
struct parse_options {
	int *stream_fd;	  /* the file's bytes (examine/tee, after its begin) */
	int file_fd;	  /* the same file, for pread */
	const char *name; /* of the file, without folders */
	struct member_name_charset *charset;
	struct archive_limits limits;
	int manifest_fd; /* written from its beginning */
	int spill_fd;
	struct manifest_header header;
	const struct examine_events *events; /* progress, finding */
	/* Where the members go that are selected; NULL: nowhere. */
	struct restore *restore;
	struct portion portion;
	/* What digests members while they are decoded; NULL: the decoder. */
	struct digest_ahead *ahead;
	/* What is to look into members, and into a file that is no archive;
	 * NULL: nothing. */
	struct contents *contents;
};

struct parse_result {
	enum parse_state state;
	enum parse_encryption encryption;
	enum archive_kind kind;
	bool is_seeking; /* it was read a second time, by the parser */
	/* A manifest was written: all members are known. */
	bool has_manifest;
	struct manifest_summary manifest;
	uint64_t files; /* regular files that were digested */
	uint64_t bytes; /* theirs */
	/* What they look like; the file itself where no member is known. */
	struct survey survey;
};

/*
 * The manifest's content digest is the archive's (manifest.totals.content)
 * where the state is COMPLETE.  Findings have the path of a member, or an
 * empty one for the archive as a whole; offset is the number of decoded bytes
 * where it happened.
 */
int parse_run(const struct parse_options *options,
    struct parse_result *ret_result, struct error *err) ERROR_CHECKED;

#endif
