/*
 * archive_kind: what a file is, by its first bytes; what its name says it is.
 *
 * Layer 2, part of archive.  Uses: format/decoder.
 *
 * "Unknown" never means "not encrypted": whatever is not decoded is opaque.
 */
#ifndef HIKAE_FORMAT_ARCHIVE_KIND_H
#define HIKAE_FORMAT_ARCHIVE_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum archive_kind {
	ARCHIVE_KIND_UNKNOWN,
	/* decoded from a stream */
	ARCHIVE_KIND_TAR,  /* v7, ustar, pax, GNU */
	ARCHIVE_KIND_CPIO, /* all variants */
	ARCHIVE_KIND_RAW,  /* one compressed file: x.sql.gz */
	/* decoded from a descriptor, since they must seek */
	ARCHIVE_KIND_ZIP,
	ARCHIVE_KIND_SEVENZIP,
	ARCHIVE_KIND_ISO9660,
	/* opaque */
	ARCHIVE_KIND_OPENPGP,
	ARCHIVE_KIND_OPENSSL, /* openssl enc: "Salted__" */
	ARCHIVE_KIND_AGE,
	ARCHIVE_KIND_LUKS,
	ARCHIVE_KIND_BORG, /* a segment of a repository */
	ARCHIVE_KIND_RAR,  /* known, and never decoded */
};
#define ARCHIVE_KINDS (ARCHIVE_KIND_RAR + 1)

/* Bytes that archive_kind_recognise wants to see: an ISO begins at 32 KiB. */
#define ARCHIVE_KIND_HEAD_BYTES (34 * 1024)

/*
 * From the first bytes of a file, or of what was decompressed (then RAW is
 * not known here either: whoever decompressed knows).
 */
enum archive_kind archive_kind_recognise(const uint8_t *head, size_t length);

bool archive_kind_is_seeking(enum archive_kind kind);
bool archive_kind_is_opaque(enum archive_kind kind); /* UNKNOWN too */
/* Opaque, and never readable without a key. */
bool archive_kind_is_encrypted(enum archive_kind kind);

/* A word for the journal: "tar", "openpgp". */
const char *archive_kind_name(enum archive_kind kind);

/* What a file's name claims that it is. */
enum archive_claim {
	ARCHIVE_CLAIM_NONE,
	ARCHIVE_CLAIM_ARCHIVE, /* .tar, .tar.gz, .tgz, .zip, .iso ... */
	ARCHIVE_CLAIM_FILE,    /* .gz and so on: one file is enough */
};
enum archive_claim archive_kind_claim(const char *name);

/*
 * Length of the name without the suffix of a compression (".gz"), which is the
 * name of what was compressed; the whole length where there is none.
 */
size_t archive_kind_stem(const char *name);

#endif
