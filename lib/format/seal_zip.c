/*
 * Archives that encrypt: zip (APPNOTE 6.3.10) by its directory, 7z
 * (7zFormat.txt of the LZMA SDK) by its header.  Both stand at the end; where
 * that was not seen as a whole, nobody knows.
 */
#include <string.h>

#include "lib/base/octets.h"
#include "lib/format/seal_internal.h"
#include "lib/format/zip_record.h"

#define FLAG_ENCRYPTED 1u
#define FLAG_SIZE_LATER 8u

static bool
is_signed(const uint8_t *at, const char *signature)
{
	return memcmp(at, signature, ZIP_MAGIC_BYTES) == 0;
}

/* The first member alone: it can only refute (sections 4.3.7, 4.4.4). */
static enum seal
first_member(const struct seal_view *view)
{
	const uint8_t *local = seal_at(view, 0, ZIP_LOCAL_BYTES);

	if (local == NULL || !is_signed(local, ZIP_LOCAL_MAGIC) ||
	    (local[6] & FLAG_ENCRYPTED) != 0)
		return SEAL_UNCLEAR;
	return octets_u32_le(local + 22) != 0 ||
		       (local[6] & FLAG_SIZE_LATER) != 0
		   ? SEAL_NONE
		   : SEAL_UNCLEAR;
}

struct directory {
	uint64_t at, bytes;
};

/* Sections 4.3.14 and 4.3.15: where the numbers do not fit into the old end. */
static bool
find_directory64(
    const struct seal_view *view, uint64_t end, struct directory *directory)
{
	const uint8_t *locator = NULL, *at = NULL;

	if (end >= ZIP_LOCATOR64_BYTES)
		locator = seal_at(
		    view, end - ZIP_LOCATOR64_BYTES, ZIP_LOCATOR64_BYTES);
	if (locator != NULL && is_signed(locator, ZIP_LOCATOR64_MAGIC))
		at = seal_at(view, octets_u64_le(locator + 8), ZIP_END64_BYTES);
	if (at == NULL || !is_signed(at, ZIP_END64_MAGIC))
		return false;
	directory->bytes = octets_u64_le(at + 40);
	directory->at = octets_u64_le(at + 48);
	return true;
}

/* Section 4.3.16: the end's record, before a comment. */
static bool
find_directory(const struct seal_view *view, struct directory *directory)
{
	const uint8_t *end;
	uint64_t at;

	for (uint64_t comment = 0;
	     view->size >= ZIP_END_BYTES + comment && comment <= UINT16_MAX;
	     comment++) {
		at = view->size - ZIP_END_BYTES - comment;
		end = seal_at(view, at, ZIP_END_BYTES);
		if (end == NULL)
			return false;
		if (!is_signed(end, ZIP_END_MAGIC) ||
		    octets_u16_le(end + 20) != comment)
			continue;
		directory->bytes = octets_u32_le(end + 12);
		directory->at = octets_u32_le(end + 16);
		return directory->at != ZIP_IN_ZIP64 &&
			       directory->bytes != ZIP_IN_ZIP64
			   ? true
			   : find_directory64(view, at, directory);
	}
	return false;
}

enum seal
seal_zip(const struct seal_view *view)
{
	struct directory directory;
	const uint8_t *at;
	size_t sealed = 0, left;

	if (!find_directory(view, &directory) ||
	    (at = seal_at(view, directory.at, directory.bytes)) == NULL)
		return first_member(view);
	for (left = (size_t)directory.bytes; left > 0;) {
		size_t length;

		if (left < ZIP_ENTRY_BYTES || !is_signed(at, ZIP_ENTRY_MAGIC))
			return SEAL_UNCLEAR;
		length = ZIP_ENTRY_BYTES + (size_t)octets_u16_le(at + 28) +
			 octets_u16_le(at + 30) + octets_u16_le(at + 32);
		if (length > left)
			return SEAL_UNCLEAR;
		/* Folders and empty files hold nothing. */
		if ((at[8] & FLAG_ENCRYPTED) != 0)
			sealed++;
		else if (octets_u32_le(at + 24) != 0)
			return SEAL_NONE;
		at += length;
		left -= length;
	}
	return sealed > 0 ? SEAL_WHOLE : SEAL_NONE;
}
