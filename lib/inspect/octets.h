/*
 * octets: numbers in bytes, in either order.
 *
 * Layer 3, internal to inspect.  Uses: nothing.
 */
#ifndef HIKAE_INSPECT_OCTETS_H
#define HIKAE_INSPECT_OCTETS_H

#include <stdint.h>

static inline uint16_t
octets_u16_be(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint16_t
octets_u16_le(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t
octets_u32_be(const uint8_t *p)
{
	return (uint32_t)octets_u16_be(p) << 16 | octets_u16_be(p + 2);
}

static inline uint32_t
octets_u32_le(const uint8_t *p)
{
	return (uint32_t)octets_u16_le(p + 2) << 16 | octets_u16_le(p);
}

#endif
