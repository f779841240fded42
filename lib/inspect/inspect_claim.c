/* Names that promise a format which the first bytes refute. */
#include <string.h>

#include "lib/format/archive_kind.h"
#include "lib/inspect/inspect_internal.h"

static const struct {
	const char *suffix;
	enum inspect_format format;
	/* Other products use the suffix as well: only what is no text, and
	 * nothing else that is known, is refuted. */
	bool is_shared;
} claims[] = {
    {".dump", INSPECT_PGDUMP, true},
    {".sql", INSPECT_SQL, true},
    {".dcm", INSPECT_DICOM, false},
    {".gz", INSPECT_STREAM, false},
    {".tgz", INSPECT_STREAM, false},
    {".bz2", INSPECT_STREAM, false},
    {".xz", INSPECT_STREAM, false},
    {".txz", INSPECT_STREAM, false},
    {".zst", INSPECT_STREAM, false},
    {".lz4", INSPECT_STREAM, false},
};

/* UTF-16 begins with a mark; in other texts no byte is zero. */
static bool
is_text(const uint8_t *head, size_t length)
{
	return length > 0 && (inspect_begins(head, length, "\xff\xfe") ||
				 inspect_begins(head, length, "\xfe\xff") ||
				 memchr(head, 0, length) == NULL);
}

bool
inspect_refute(const char *path, const void *head, size_t length,
    struct inspect_report *ret_report)
{
	size_t i = 0;

	/* What macOS leaves beside a file has that file's name. */
	if (strncmp(inspect_name(path), "._", 2) == 0 || inspect_part_is(path))
		return false;
	while (i < sizeof(claims) / sizeof(claims[0]) &&
	       !inspect_ends(path, claims[i].suffix))
		i++;
	if (i == sizeof(claims) / sizeof(claims[0]) ||
	    (claims[i].is_shared &&
		(is_text(head, length) || archive_kind_recognise(head,
					      length) != ARCHIVE_KIND_UNKNOWN)))
		return false;
	*ret_report = (struct inspect_report){
	    .format = claims[i].format,
	    .severity = INSPECT_WARNING,
	    .finding_count = 1,
	    .findings = {{.code = INSPECT_NAME_MISMATCH,
		.severity = INSPECT_WARNING}},
	};
	return true;
}
