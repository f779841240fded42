/*
 * udevdb: what udev found out about a block device.
 *
 * Layer 1.  Uses: nothing.  Source: systemd-udevd's database, one file
 * "bMAJOR:MINOR" a block device; lines "E:KEY=VALUE" are its properties
 * (systemd's src/libsystemd/sd-device: device_update_db, handle_db_line).
 *
 * Only what fits is kept; a file that is cut or foreign gives less, never harm.
 */
#ifndef HIKAE_OS_UDEVDB_H
#define HIKAE_OS_UDEVDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UDEVDB_PATH "/run/udev/data"
#define UDEVDB_FILE_BYTES_MAX 16384

/* One device's record, as bytes; all zero is an empty one. */
struct udevdb_record {
	size_t length;
	char data[UDEVDB_FILE_BYTES_MAX];
};

/* Is there a database at all? */
bool udevdb_is_present(const char *folder);

/* Read FOLDER/bMAJOR:MINOR; false (and an empty record) when there is none. */
bool udevdb_read(const char *folder, uint32_t major, uint32_t minor,
    struct udevdb_record *ret);

/*
 * A property's value ("ID_FS_UUID"); false when it is not there or too long.
 * No control character is in it.
 */
bool udevdb_get(const struct udevdb_record *record, const char *key,
    char *value, size_t value_bytes);

/*
 * The same for values such as ID_FS_LABEL_ENC, in which udev wrote some bytes
 * as \xHH; without blanks around it.  Its bytes may be any but NUL.
 */
bool udevdb_get_encoded(const struct udevdb_record *record, const char *key,
    char *value, size_t value_bytes);

#endif
