/*
 * superblock_internal: one function for each family of file systems.
 *
 * Layer 1.  Uses: superblock, base/octets.
 *
 * Each fills state, evidence and stamp as far as it finds them, and leaves
 * them alone where the bytes do not make sense.  0, or -1 when the device
 * cannot be read.
 */
#ifndef HIKAE_OS_SUPERBLOCK_INTERNAL_H
#define HIKAE_OS_SUPERBLOCK_INTERNAL_H

#include "lib/base/octets.h"
#include "lib/os/superblock.h"

int superblock_read_ext(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;
int superblock_read_btrfs(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;
int superblock_read_xfs(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;
int superblock_read_fat(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;
int superblock_read_exfat(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;
int superblock_read_ntfs(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;
int superblock_read_udf(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;
int superblock_read_iso(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;

/*
 * Read length bytes at an offset: 1, 0 when the device ends before (or the
 * offset is none), -1 with an error.
 */
int superblock_pread(int fd, uint64_t offset, void *room, size_t length,
    struct error *err) ERROR_CHECKED;

#endif
