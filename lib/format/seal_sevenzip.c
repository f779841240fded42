/*
 * 7z (7zFormat.txt of the LZMA SDK): the header at the end lists the folders of
 * packed data, each with its coders.
 */
#include <string.h>

#include "lib/base/octets.h"
#include "lib/format/seal_internal.h"

#define START_BYTES 32
#define FOLDERS_MAX 4096
#define CODERS_MAX 32

enum property {
	PROPERTY_END = 0x00,
	PROPERTY_HEADER = 0x01,
	PROPERTY_STREAMS = 0x04,
	PROPERTY_PACKED = 0x06,
	PROPERTY_UNPACKED = 0x07,
	PROPERTY_SIZE = 0x09,
	PROPERTY_CRC = 0x0a,
	PROPERTY_FOLDER = 0x0b,
	PROPERTY_ENCODED = 0x17,
};

/* 7-Zip's AES-256 with SHA-256 (Methods.txt). */
static const uint8_t aes[] = {0x06, 0xf1, 0x07, 0x01};

struct reading {
	const uint8_t *at;
	size_t left;
	bool failed;
};

static uint8_t
take(struct reading *in)
{
	if (in->left == 0) {
		in->failed = true;
		return 0;
	}
	in->left--;
	return *in->at++;
}

static void
skip(struct reading *in, uint64_t length)
{
	if (length > in->left) {
		in->failed = true;
		in->left = 0;
		return;
	}
	in->at += length;
	in->left -= (size_t)length;
}

/* NUMBER: the first byte's leading ones count the bytes that follow. */
static uint64_t
number(struct reading *in)
{
	uint8_t first = take(in);
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++) {
		if ((first & 0x80u >> i) == 0)
			return value | (uint64_t)(first & (0x7fu >> i))
					   << (8 * i);
		value |= (uint64_t)take(in) << (8 * i);
	}
	return value;
}

/* Sizes of packed streams, and nothing that is needed. */
static void
skip_packed(struct reading *in)
{
	uint64_t streams;

	(void)number(in);
	streams = number(in);
	if (streams > FOLDERS_MAX || take(in) != PROPERTY_SIZE) {
		in->failed = true;
		return;
	}
	while (streams-- > 0 && !in->failed)
		(void)number(in);
	/* Digests of packed streams are not written by anybody. */
	if (take(in) != PROPERTY_END)
		in->failed = true;
}

/* One folder: whether one of its coders encrypts what it holds. */
static bool
is_sealed_folder(struct reading *in)
{
	uint64_t coders = number(in), inputs = 0, outputs = 0, pairs;
	bool is_sealed = false;

	if (coders == 0 || coders > CODERS_MAX)
		in->failed = true;
	while (coders-- > 0 && !in->failed) {
		uint8_t flags = take(in);
		size_t id = flags & 0x0f;
		const uint8_t *name = in->at;

		skip(in, id);
		if (!in->failed && id == sizeof(aes) &&
		    memcmp(name, aes, sizeof(aes)) == 0)
			is_sealed = true;
		inputs += (flags & 0x10) != 0 ? number(in) : 1;
		outputs += (flags & 0x10) != 0 ? number(in) : 1;
		if ((flags & 0x20) != 0)
			skip(in, number(in));
	}
	if (inputs > CODERS_MAX || outputs == 0 || outputs > CODERS_MAX ||
	    inputs < outputs - 1) {
		in->failed = true;
		return false;
	}
	pairs = outputs - 1;
	for (uint64_t i = 0; i < 2 * pairs; i++)
		(void)number(in);
	for (uint64_t i = 0; inputs - pairs > 1 && i < inputs - pairs; i++)
		(void)number(in);
	return is_sealed;
}

/* StreamsInfo: all folders, or not all, or it was not understood. */
static enum seal
streams(struct reading *in)
{
	uint64_t folders, sealed = 0;

	if (take(in) != PROPERTY_PACKED)
		return SEAL_UNCLEAR;
	skip_packed(in);
	if (in->failed || take(in) != PROPERTY_UNPACKED ||
	    take(in) != PROPERTY_FOLDER)
		return SEAL_UNCLEAR;
	folders = number(in);
	/* External: they stand elsewhere. */
	if (folders == 0 || folders > FOLDERS_MAX || take(in) != 0)
		return SEAL_UNCLEAR;
	for (uint64_t i = 0; i < folders; i++)
		sealed += is_sealed_folder(in);
	if (in->failed)
		return SEAL_UNCLEAR;
	return sealed == folders ? SEAL_WHOLE : SEAL_NONE;
}

/*
 * A header that is encrypted itself needs the password that all was packed
 * with; of one that is only packed nothing can be said.
 */
enum seal
seal_sevenzip(const struct seal_view *view)
{
	const uint8_t *start = seal_at(view, 0, START_BYTES), *header;
	uint64_t at, length;
	struct reading in;

	if (start == NULL)
		return SEAL_UNCLEAR;
	at = octets_u64_le(start + 12);
	length = octets_u64_le(start + 20);
	/* An empty archive has none. */
	if (length == 0)
		return SEAL_NONE;
	if (at > UINT64_MAX - START_BYTES ||
	    (header = seal_at(view, START_BYTES + at, length)) == NULL)
		return SEAL_UNCLEAR;
	in = (struct reading){header, (size_t)length, false};
	switch (take(&in)) {
	case PROPERTY_ENCODED:
		return streams(&in) == SEAL_WHOLE ? SEAL_WHOLE : SEAL_UNCLEAR;
	case PROPERTY_HEADER:
		return take(&in) == PROPERTY_STREAMS ? streams(&in)
						     : SEAL_UNCLEAR;
	default:
		return SEAL_UNCLEAR;
	}
}
