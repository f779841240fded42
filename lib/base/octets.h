/*
 * octets: numbers in bytes, in either order, at any address.
 *
 * Layer 0.  Uses: nothing.
 */
#ifndef HIKAE_BASE_OCTETS_H
#define HIKAE_BASE_OCTETS_H

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

static inline uint64_t
octets_u64_be(const uint8_t *p)
{
	return (uint64_t)octets_u32_be(p) << 32 | octets_u32_be(p + 4);
}

static inline uint64_t
octets_u64_le(const uint8_t *p)
{
	return (uint64_t)octets_u32_le(p + 4) << 32 | octets_u32_le(p);
}

#endif
