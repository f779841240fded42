#include "lib/format/archive_kind.h"

#include <string.h>
#include <strings.h>

#define TAR_BLOCK 512
#define TAR_CHECKSUM_AT 148
#define TAR_CHECKSUM_BYTES 8
#define ISO_MAGIC_AT 32769

static const struct {
	enum archive_kind kind;
	size_t at, length;
	const char *magic;
} magics[] = {
    {ARCHIVE_KIND_ZIP, 0, 4, "PK\003\004"},
    {ARCHIVE_KIND_ZIP, 0, 4, "PK\005\006"},
    {ARCHIVE_KIND_ZIP, 0, 8, "PK\007\010PK\003\004"},
    {ARCHIVE_KIND_ZIP, 0, 8, "PK00PK\003\004"},
    {ARCHIVE_KIND_SEVENZIP, 0, 6, "7z\xbc\xaf\x27\x1c"},
    {ARCHIVE_KIND_CPIO, 0, 6, "070701"},
    {ARCHIVE_KIND_CPIO, 0, 6, "070702"},
    {ARCHIVE_KIND_CPIO, 0, 6, "070707"},
    {ARCHIVE_KIND_CPIO, 0, 2, "\xc7\x71"},
    {ARCHIVE_KIND_CPIO, 0, 2, "\x71\xc7"},
    {ARCHIVE_KIND_TAR, 257, 5, "ustar"},
    {ARCHIVE_KIND_OPENPGP, 0, 27, "-----BEGIN PGP MESSAGE-----"},
    {ARCHIVE_KIND_OPENSSL, 0, 8, "Salted__"},
    {ARCHIVE_KIND_AGE, 0, 21, "age-encryption.org/v1"},
    {ARCHIVE_KIND_LUKS, 0, 6, "LUKS\xba\xbe"},
    {ARCHIVE_KIND_BORG, 0, 8, "BORG_SEG"},
    {ARCHIVE_KIND_RAR, 0, 6, "Rar!\x1a\x07"},
    {ARCHIVE_KIND_ISO9660, ISO_MAGIC_AT, 5, "CD001"},
};

/*
 * A tar header without the magic (v7): its checksum is right.  Some programs
 * summed signed characters.  Nothing but zeros is no tar, although an empty
 * one looks like that: so does a file that was made and never written.
 */
static bool
is_old_tar(const uint8_t *head, size_t length)
{
	long sum = 0, signed_sum = 0, told = 0;
	size_t i;

	if (length < TAR_BLOCK || head[0] == 0)
		return false;
	for (i = 0; i < TAR_BLOCK; i++) {
		bool is_blank = i >= TAR_CHECKSUM_AT &&
				i < TAR_CHECKSUM_AT + TAR_CHECKSUM_BYTES;

		sum += is_blank ? ' ' : head[i];
		signed_sum += is_blank ? ' ' : (signed char)head[i];
	}
	i = TAR_CHECKSUM_AT;
	while (i < TAR_CHECKSUM_AT + TAR_CHECKSUM_BYTES && head[i] == ' ')
		i++;
	for (; i < TAR_CHECKSUM_AT + TAR_CHECKSUM_BYTES && head[i] >= '0' &&
	       head[i] <= '7';
	     i++)
		told = told * 8 + (head[i] - '0');
	return told == sum || told == signed_sum;
}

/*
 * The first packet of an encrypted OpenPGP message (RFC 4880 section 4.2):
 * a session key, encrypted with a public key (tag 1, version 3 or 6) or a
 * passphrase (tag 3, version 4 to 6), or the data itself (tags 9, 18, 20).
 */
static bool
is_openpgp(const uint8_t *head, size_t length)
{
	unsigned tag, version;
	size_t header;

	if (length < 6 || (head[0] & 0x80) == 0)
		return false;
	if ((head[0] & 0x40) != 0) {
		tag = head[0] & 0x3f;
		header = head[1] < 192 ? 2 : head[1] < 224 ? 3 : 2;
	} else {
		static const size_t lengths[] = {2, 3, 5, 1};

		tag = (head[0] >> 2) & 0x0f;
		header = lengths[head[0] & 3];
	}
	version = head[header];
	return (tag == 1 && (version == 3 || version == 6)) ||
	       (tag == 3 && version >= 4 && version <= 6) ||
	       (tag == 18 && (version == 1 || version == 2)) ||
	       (tag == 20 && version == 1);
}

enum archive_kind
archive_kind_recognise(const uint8_t *head, size_t length)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (length >= magics[i].at + magics[i].length &&
		    memcmp(head + magics[i].at, magics[i].magic,
			magics[i].length) == 0)
			return magics[i].kind;
	if (is_old_tar(head, length))
		return ARCHIVE_KIND_TAR;
	if (is_openpgp(head, length))
		return ARCHIVE_KIND_OPENPGP;
	return ARCHIVE_KIND_UNKNOWN;
}

bool
archive_kind_is_seeking(enum archive_kind kind)
{
	return kind == ARCHIVE_KIND_ZIP || kind == ARCHIVE_KIND_SEVENZIP ||
	       kind == ARCHIVE_KIND_ISO9660;
}

bool
archive_kind_is_opaque(enum archive_kind kind)
{
	return kind == ARCHIVE_KIND_UNKNOWN || kind >= ARCHIVE_KIND_OPENPGP;
}

bool
archive_kind_is_encrypted(enum archive_kind kind)
{
	return kind == ARCHIVE_KIND_OPENPGP || kind == ARCHIVE_KIND_OPENSSL ||
	       kind == ARCHIVE_KIND_AGE || kind == ARCHIVE_KIND_LUKS;
}

const char *
archive_kind_name(enum archive_kind kind)
{
	static const char *const names[ARCHIVE_KINDS] = {
	    [ARCHIVE_KIND_UNKNOWN] = "unknown",
	    [ARCHIVE_KIND_TAR] = "tar",
	    [ARCHIVE_KIND_CPIO] = "cpio",
	    [ARCHIVE_KIND_RAW] = "compressed",
	    [ARCHIVE_KIND_ZIP] = "zip",
	    [ARCHIVE_KIND_SEVENZIP] = "7z",
	    [ARCHIVE_KIND_ISO9660] = "iso9660",
	    [ARCHIVE_KIND_OPENPGP] = "openpgp",
	    [ARCHIVE_KIND_OPENSSL] = "openssl",
	    [ARCHIVE_KIND_AGE] = "age",
	    [ARCHIVE_KIND_LUKS] = "luks",
	    [ARCHIVE_KIND_BORG] = "borg",
	    [ARCHIVE_KIND_RAR] = "rar",
	};

	return names[kind];
}

static const char *const compressed[] = {
    ".gz", ".bz2", ".xz", ".zst", ".zstd", ".lz4"};
static const char *const archives[] = {".tar", ".tgz", ".tbz", ".tbz2", ".txz",
    ".tzst", ".tlz4", ".zip", ".7z", ".cpio", ".iso"};

static bool
ends_with(const char *name, size_t length, const char *suffix)
{
	size_t n = strlen(suffix);

	return length > n && strncasecmp(name + length - n, suffix, n) == 0;
}

size_t
archive_kind_stem(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(compressed) / sizeof(*compressed); i++)
		if (ends_with(name, length, compressed[i]))
			return length - strlen(compressed[i]);
	return length;
}

enum archive_claim
archive_kind_claim(const char *name)
{
	size_t stem = archive_kind_stem(name);

	for (size_t i = 0; i < sizeof(archives) / sizeof(*archives); i++)
		if (ends_with(name, stem, archives[i]))
			return ARCHIVE_CLAIM_ARCHIVE;
	return name[stem] != '\0' ? ARCHIVE_CLAIM_FILE : ARCHIVE_CLAIM_NONE;
}
