/*
 * archive: the members of a foreign archive, one after the other.
 *
 * Layer 2.  Uses: format/source, archive_kind, zip.  Owns: libarchive.
 *
 * Exactly one format is enabled, the one that was recognised, and no filter.
 * Whatever the bytes are, a reader ends: it gives up after a bounded number of
 * members, bytes, warnings and steps without progress.  libarchive itself may
 * still loop or crash: run it where that costs nothing.
 *
 * The locale must be one of UTF-8 (setlocale(3), C.UTF-8), else names that
 * are stored as Unicode cannot be told.
 *
 * Memory: a tar or cpio member at a time; zip, 7z and ISO 9660 hold their
 * directory, some hundred bytes a member.
 */
#ifndef HIKAE_FORMAT_ARCHIVE_H
#define HIKAE_FORMAT_ARCHIVE_H

#include "lib/format/archive_kind.h"
#include "lib/format/source.h"

/* Where a reader gives up with ERROR_LIMIT. */
struct archive_limits {
	uint64_t members;
	uint64_t bytes;	   /* decoded, holes of sparse files included */
	uint64_t memory;   /* of a decoder's window (format/decoder) */
	unsigned warnings; /* of libarchive */
	unsigned idle;	   /* steps without a byte or a member */
};

#define ARCHIVE_LIMITS_DEFAULT                                              \
	{                                                                   \
		.members = UINT64_C(100000000), .bytes = (uint64_t)4 << 40, \
		.memory = 256 << 20, .warnings = 10000, .idle = 10000       \
	}

enum archive_member_type {
	ARCHIVE_MEMBER_FILE,
	ARCHIVE_MEMBER_FOLDER,
	ARCHIVE_MEMBER_LINK,
	ARCHIVE_MEMBER_HARD_LINK, /* may have data all the same (cpio, pax) */
	ARCHIVE_MEMBER_FIFO,
	ARCHIVE_MEMBER_SOCKET,
	ARCHIVE_MEMBER_CHAR,
	ARCHIVE_MEMBER_BLOCK,
};

/* Pointers are good until the next member. */
struct archive_member {
	enum archive_member_type type;
	const char *path;   /* as stored; may be absolute, or have ".." */
	const char *target; /* of links and hard links, else NULL */
	bool is_unicode;    /* the names were stored as such, now UTF-8 */
	bool has_size, has_time, has_mode;
	uint64_t size; /* as stored */
	int64_t time_seconds;
	uint32_t time_nanoseconds;
	uint32_t mode;	   /* 07777 */
	unsigned links;	   /* names of this file, where told */
	bool is_encrypted; /* its data cannot be read */
	bool is_doubtful;  /* libarchive warned of its header */
};

enum archive_step {
	ARCHIVE_STEP_MORE, /* a member, or a block of data */
	ARCHIVE_STEP_END,  /* of the archive, or of the member's data */
	/*
	 * The member's data is damaged (ERROR_INPUT) or of a kind that cannot
	 * be read here (ERROR_UNAVAILABLE); the next member can be asked for.
	 */
	ARCHIVE_STEP_BAD,
	/* Nothing more can be read; the error says why. */
	ARCHIVE_STEP_STOP,
};

struct archive_reader;

/*
 * A reader of a kind that is decoded from a stream; for RAW the one member is
 * the source itself and is named raw_name.  The source must outlive it.
 */
int archive_reader_new(enum archive_kind kind, struct source source,
    const char *raw_name, const struct archive_limits *limits,
    struct archive_reader **ret_reader, struct error *err) ERROR_CHECKED;

/*
 * A reader of a kind that seeks.  fd is read by pread only, as if it ended at
 * size, and stays the caller's.
 */
int archive_reader_new_seeking(enum archive_kind kind, int fd, uint64_t size,
    const struct archive_limits *limits, struct archive_reader **ret_reader,
    struct error *err) ERROR_CHECKED;

void archive_reader_free(struct archive_reader *reader);

/*
 * The next member; what is left of the last one's data is passed over.  Where
 * not even names can be read without a password it is STOP with ERROR_DENIED.
 */
enum archive_step archive_reader_next(struct archive_reader *reader,
    struct archive_member *ret_member, struct error *err) ERROR_CHECKED;

struct archive_block {
	const uint8_t *data; /* good until the next call */
	size_t length;
	uint64_t zeros; /* before the data: a hole of a sparse file */
};

/*
 * The next data of a member.  Its end brings the zeros of a hole that ends the
 * file.  That size and checksum are those of the header is checked here.
 */
enum archive_step archive_reader_data(struct archive_reader *reader,
    struct archive_block *ret_block, struct error *err) ERROR_CHECKED;

/*
 * After ARCHIVE_STEP_END of members: read what is left of the source, and see
 * that the archive ends as its format wants: a tar with two blocks of zeros
 * (POSIX pax, "ustar Interchange Format"), since one that was cut off between
 * two members has no other mark; a zip whose directory agrees with its members
 * (format/zip).  ERROR_INPUT where it does not.
 * *ret_trailing: bytes other than zero follow the end.
 */
int archive_reader_finish(struct archive_reader *reader, bool *ret_trailing,
    struct error *err) ERROR_CHECKED;

/* Decoded so far, holes included. */
uint64_t archive_reader_bytes(const struct archive_reader *reader);

#endif
