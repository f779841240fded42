/*
 * inspect: what a file says about itself, format by format.
 *
 * Layer 3.  Uses: base; each format is a file of its own behind one table.
 *
 * A file's bytes are pushed in order, in pieces of any size: they may come from
 * a medium, an archive or a restored folder.  Memory does not grow with the
 * file (INSPECT_DOCUMENT_MAX for what can only be read whole).  Bytes are
 * hostile: inspectors run in a parser or a drill, never in hikaed.  A sound
 * file is no proof that its content is right, only that its format holds.
 */
#ifndef HIKAE_INSPECT_INSPECT_H
#define HIKAE_INSPECT_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define INSPECT_HEAD_BYTES 512 /* what inspect_recognise wants to see */
#define INSPECT_DOCUMENT_MAX (32u << 20)
#define INSPECT_COUNTS_MAX 8
#define INSPECT_FINDINGS_MAX 16
#define INSPECT_SAMPLES_MAX 8
#define INSPECT_SAMPLE_BYTES 64

enum inspect_format {
	INSPECT_PGDUMP, /* pg_dump -Fc; toc.dat of -Fd, and of -Ft unpacked */
	INSPECT_SQL,	/* a plain dump of PostgreSQL, MySQL or MariaDB */
	INSPECT_DICOM,	/* PS3.10 files, DICOMDIR among them */
	INSPECT_UKE,	/* レセ電 claims */
	INSPECT_SSMIX2, /* a message of an SS-MIX2 storage */
	INSPECT_FHIR,	/* a document bundle in JSON */
	INSPECT_SQLITE, /* a database file */
	INSPECT_PGTAR,	/* pg_dump -Ft, as a file */
	INSPECT_STREAM, /* compressed: gzip, bzip2, xz, zstd, lz4 */
};
#define INSPECT_FORMATS (INSPECT_STREAM + 1)

/* How grave a finding is; in this order. */
enum inspect_severity {
	INSPECT_SOUND,	      /* nothing was found */
	INSPECT_NOTE,	      /* allowed, but worth knowing */
	INSPECT_WARNING,      /* a person has to look */
	INSPECT_UNDETERMINED, /* it could not be looked at to its end */
	INSPECT_BROKEN,	      /* the format does not hold */
};

/* Findings have stable names, the same for all formats. */
enum inspect_code {
	INSPECT_TRUNCATED,	/* its end is missing */
	INSPECT_MALFORMED,	/* what must stand somewhere does not */
	INSPECT_TRAILING,	/* bytes after its end */
	INSPECT_CHECKSUM,	/* compressed content that does not decode */
	INSPECT_COUNT_MISMATCH, /* its own totals are others: expected, actual
				 */
	INSPECT_SUM_MISMATCH,	/* its own sum is another: expected, actual */
	INSPECT_MISSING_PART,	/* it announces a part that is not there */
	INSPECT_NAME_MISMATCH,	/* its name or path says something else */
	INSPECT_INCONSISTENT,	/* two places that must agree do not */
	INSPECT_ENCODING,      /* text that is not in the encoding it must be */
	INSPECT_SIZE_MISMATCH, /* its size is not what it says */
	INSPECT_NO_PREAMBLE,   /* an old DICOM file without its preamble */
	INSPECT_SPLIT,	       /* one volume of several */
	INSPECT_UNSUPPORTED,   /* a version or encoding not known here */
	INSPECT_TOO_LARGE,     /* larger than may be read whole */
	INSPECT_NOT_READ,      /* a part of it was not read whole */
	INSPECT_EMPTY,	       /* it is sound, and holds nothing */
};
#define INSPECT_CODES (INSPECT_EMPTY + 1)

struct inspect_finding {
	enum inspect_code code;
	enum inspect_severity severity;
	uint64_t offset;	   /* in bytes, of what is wrong */
	uint64_t expected, actual; /* where the code has them, else 0 */
	bool is_inside;		   /* of what a stream holds; offset: in that */
};

struct inspect_count {
	const char *name; /* static: "records", "tables", "patients" */
	uint64_t value;
};

struct inspect_report {
	/* Of a stream that is whole: of what it holds, where that is known. */
	enum inspect_format format;
	bool is_packed; /* it is a stream, and `format` is not */
	enum inspect_severity severity; /* the gravest of the findings */
	uint64_t bytes;
	size_t count_count, finding_count, sample_count;
	uint64_t findings_omitted;
	struct inspect_count counts[INSPECT_COUNTS_MAX];
	struct inspect_finding findings[INSPECT_FINDINGS_MAX];
	/* What it holds, printable ASCII: tables, a modality; no patient. */
	char samples[INSPECT_SAMPLES_MAX][INSPECT_SAMPLE_BYTES];
};

/*
 * The format of a file by its path (bytes, from the copy's root) and its first
 * bytes, of which INSPECT_HEAD_BYTES are enough; false when none is known.
 */
bool inspect_recognise(const char *path, const void *head, size_t length,
    enum inspect_format *ret_format);

/*
 * Of a file that inspect_recognise does not know: whether its name promises a
 * format (.dump, .sql, .dcm, .gz ...) that its first bytes refute.  Then the
 * report is what there is to say of it: a warning, for other products have such
 * names, too.
 */
bool inspect_refute(const char *path, const void *head, size_t length,
    struct inspect_report *ret_report);

struct inspect;

/* The path must outlive the inspection.  NULL without memory. */
struct inspect *inspect_begin(enum inspect_format format, const char *path);
void inspect_push(struct inspect *inspect, const void *data, size_t length);

/* No more bytes: conclude, and free the inspection. */
void inspect_end(struct inspect *inspect, struct inspect_report *ret_report);

/* Free one that is not concluded; NULL is allowed. */
void inspect_cancel(struct inspect *inspect);

/* "pgdump", "dicom": for JSON and the journal. */
const char *inspect_format_name(enum inspect_format format);
/* "truncated", "count-mismatch", ... */
const char *inspect_code_name(enum inspect_code code);
/* "sound", "note", "warning", "undetermined", "broken". */
const char *inspect_severity_name(enum inspect_severity severity);
/* A sentence in the reader's language. */
const char *inspect_code_sentence(enum inspect_code code);

#endif
