/* Packets of an encrypted OpenPGP message (RFC 9580; RFC 4880 before it). */
#include <string.h>

#include "lib/base/octets.h"
#include "lib/format/seal_internal.h"

enum tag {
	TAG_PUBLIC_KEY_SESSION = 1,
	TAG_PASSWORD_SESSION = 3,
	TAG_ENCRYPTED = 9,
	TAG_MARKER = 10,
	TAG_ENCRYPTED_INTEGRITY = 18,
	TAG_ENCRYPTED_AEAD = 20, /* GnuPG's */
};

struct packet {
	unsigned tag;
	size_t header, length; /* length SIZE_MAX: it is told in parts */
};

/* Section 4.2.2: the old encoding. */
static bool
take_old(const uint8_t *data, size_t left, struct packet *packet)
{
	packet->tag = data[0] >> 2 & 0x0f;
	packet->length = SIZE_MAX;
	packet->header = 1;
	switch (data[0] & 3) {
	case 0:
		packet->header = 2;
		packet->length = data[1];
		return true;
	case 1:
		packet->header = 3;
		packet->length = octets_u16_be(data + 1);
		return left >= 3;
	case 2:
		packet->header = 5;
		packet->length = left >= 5 ? octets_u32_be(data + 1) : 0;
		return left >= 5;
	default:
		return true;
	}
}

/* Section 4.2.1: the new one. */
static bool
take_new(const uint8_t *data, size_t left, struct packet *packet)
{
	packet->tag = data[0] & 0x3f;
	packet->header = 2;
	packet->length = data[1];
	if (data[1] < 192)
		return true;
	if (data[1] < 224) {
		packet->header = 3;
		packet->length = (size_t)(data[1] - 192) * 256 +
				 (left >= 3 ? data[2] : 0) + 192;
		return left >= 3;
	}
	packet->length = SIZE_MAX;
	if (data[1] < 255)
		return true;
	packet->header = 6;
	packet->length = left >= 6 ? octets_u32_be(data + 2) : 0;
	return left >= 6;
}

/* Whether it can be the session key that it says it is. */
static bool
is_session_key(const struct packet *packet, const uint8_t *body, size_t left)
{
	/* RFC 9580 section 9.1, and the numbers of its drafts. */
	static const uint8_t algorithms[] = {1, 2, 16, 18, 25, 26, 35, 36};

	if (packet->length == SIZE_MAX || packet->length > UINT16_MAX ||
	    packet->length < 4 || left < 4)
		return false;
	if (packet->tag == TAG_PASSWORD_SESSION)
		/* a cipher of section 9.3, and a way to make a key */
		return body[0] == 4
			   ? body[1] >= 1 && body[1] <= 13 && body[2] <= 4
			   : body[0] == 5 || body[0] == 6;
	if (body[0] == 6)
		return true;
	return body[0] == 3 && packet->length > 12 && left > 9 &&
	       memchr(algorithms, body[9], sizeof(algorithms)) != NULL;
}

bool
seal_openpgp_is(const uint8_t *data, size_t length, bool is_cut)
{
	size_t at = 0, keys = 0;

	while (at < length && length - at > 2) {
		struct packet packet;
		const uint8_t *body;
		size_t left = length - at;

		if ((data[at] & 0x80) == 0 ||
		    !((data[at] & 0x40) != 0
			    ? take_new(data + at, left, &packet)
			    : take_old(data + at, left, &packet)))
			return false;
		body = data + at + packet.header;
		left -= packet.header;
		if (packet.tag == TAG_ENCRYPTED ||
		    packet.tag == TAG_ENCRYPTED_INTEGRITY ||
		    packet.tag == TAG_ENCRYPTED_AEAD)
			/* Without a key before it, two bytes say too little. */
			return keys > 0;
		if (packet.tag == TAG_PUBLIC_KEY_SESSION ||
		    packet.tag == TAG_PASSWORD_SESSION) {
			if (!is_session_key(&packet, body, left))
				return false;
			keys++;
		} else if (packet.tag != TAG_MARKER || packet.length != 3) {
			return false;
		}
		at += packet.header + packet.length;
	}
	return keys > 0 && is_cut;
}
