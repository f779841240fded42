/*
 * magic: what a file's first bytes and its name's ending say that it is.
 *
 * Layer 2.  Uses: format/archive_kind, format/seal.  Runs in a parser.
 *
 * A short table of what lies in a hospital's backups, and no more: it asks
 * "is this still what its name says, or only noise?", not "what exactly is
 * it?".  Endings go with families of formats, since a PNG picture named .jpg
 * is a slip and no ransomware.
 */
#ifndef HIKAE_FORMAT_MAGIC_H
#define HIKAE_FORMAT_MAGIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Below 64 of them, for sets. */
enum magic {
	MAGIC_UNKNOWN,
	/* texts: UTF-8, CP932, EUC-JP, ISO-2022-JP, UTF-16 with its mark */
	MAGIC_TEXT,
	MAGIC_XML,
	MAGIC_JSON,
	MAGIC_HL7,     /* version 2: SS-MIX2 */
	MAGIC_RECEIPT, /* UKE and its like: "IR,1,..." */
	/* pictures */
	MAGIC_DICOM, /* with its preamble, or without */
	MAGIC_JPEG,
	MAGIC_JPEG2000,
	MAGIC_PNG,
	MAGIC_GIF,
	MAGIC_TIFF,
	MAGIC_BMP,
	/* sound and film */
	MAGIC_RIFF,
	MAGIC_BMFF, /* MP4, HEIC */
	MAGIC_MPEG,
	MAGIC_MATROSKA,
	/* documents and databases */
	MAGIC_PDF,
	MAGIC_OLE2,
	MAGIC_PGDUMP,
	MAGIC_SQLITE,
	MAGIC_JET,  /* Access */
	MAGIC_TAPE, /* Microsoft Tape Format: SQL Server's .bak */
	/* compressed and archives */
	MAGIC_GZIP,
	MAGIC_ZSTD,
	MAGIC_XZ,
	MAGIC_BZIP2,
	MAGIC_LZ4,
	MAGIC_COMPRESS,
	MAGIC_ZIP,
	MAGIC_SEVENZIP,
	MAGIC_RAR,
	MAGIC_CABINET,
	MAGIC_TAR,
	MAGIC_CPIO,
	MAGIC_ISO9660, /* and UDF */
	MAGIC_DISK,    /* images of virtual disks */
	/* programs, and what systems keep */
	MAGIC_PROGRAM,
	MAGIC_SYSTEM,
	/* encrypted on purpose: "sealed" */
	MAGIC_OPENPGP,
	MAGIC_OPENSSL,
	MAGIC_AGE,
	MAGIC_LUKS,
	MAGIC_BORG,
	MAGIC_CMS, /* enveloped data: S/MIME, openssl cms */
};
#define MAGICS (MAGIC_CMS + 1)

/* "dicom" */
const char *magic_name(enum magic magic);

/* One of the texts. */
bool magic_is_text(enum magic magic);

/* Encrypted by a program that says so. */
bool magic_is_sealed(enum magic magic);

/*
 * What the bytes at a file's beginning are.  `later` are those at
 * MAGIC_LATER_OFFSET, where a disc image says what it is; NULL: none.
 */
#define MAGIC_LATER_OFFSET 32768
enum magic magic_recognise(const uint8_t *head, size_t length,
    const uint8_t *later, size_t later_length);

/* What the ending of a name goes with. */
struct magic_claim {
	uint64_t formats; /* bits by enum magic; 0: it says nothing */
	bool is_strict;	  /* what is none of these is not what it says */
};

/* name: without folders, any bytes, not ended by a NUL. */
struct magic_claim magic_claim_of(const char *name, size_t length);

static inline bool
magic_fits(struct magic_claim claim, enum magic magic)
{
	return (claim.formats >> magic & 1) != 0;
}

/*
 * Whether the ending of a name is one of the table's, or one that programs
 * give to what they set aside (".1", ".old").  ext: without the dot.
 */
bool magic_is_usual_ending(const char *ext, size_t length);

/* ---- magic_text ---- */

/* Which text a file begins with, or UNKNOWN. */
enum magic magic_text_recognise(const uint8_t *head, size_t length);

/*
 * Whether it is text in one of the encodings above but UTF-16.  Bytes from
 * inside a file may begin and end within a character.
 */
bool magic_text_is(const uint8_t *data, size_t length, bool is_inside);

#endif
