/*
 * verify: read slices of a copy again and compare them with the manifest.
 *
 * Layer 4.  Uses: examine/read, examine/readings, model/manifest.
 *
 * The manifest's signature is the caller's to check before.  Two levels:
 * verify_names looks at every name, size and type of the whole copy without
 * reading a byte, and alone finds what is too much; verify_slices reads.
 */
#ifndef HIKAE_EXAMINE_VERIFY_H
#define HIKAE_EXAMINE_VERIFY_H

#include "lib/examine/examine.h"
#include "lib/examine/readings.h"

/* An interval of slices, both inclusive. */
struct verify_range {
	uint64_t first, last;
};

struct verify_options {
	int root_fd;	     /* the source's root */
	const char *locator; /* the copy below it; "" is the root itself */
	bool is_file;	     /* the copy is one file */
	bool is_living;	     /* what changed since the capture is no damage */
	/*
	 * Its name is used again for other backups: what was written since is
	 * perhaps one of them, and no reading of it refutes anything.
	 */
	bool is_reused;
	int manifest_fd;
	int spill_fd;
	struct readings *readings; /* or NULL */
	/*
	 * A confirmed reading at or after this instant counts instead of
	 * reading again, ms; INT64_MAX: read every byte.
	 */
	int64_t not_before;
	struct stream_options stream;
	bool in_pairs; /* as in read_options */
	/*
	 * No name of the copy opens a device (os/device): files may be opened
	 * before they are looked at.
	 */
	bool has_no_devices;
	struct examine_ignore ignore;
	const struct examine_events *events;
	/*
	 * Further slices when the last were told; NULL: there are none.  1 with
	 * ranges that stay until the next call, 0, or -1.
	 */
	int (*more)(void *context, const struct verify_range **ret_ranges,
	    size_t *ret_count, struct error *err);
	void *more_context;
};

/*
 * Compare the bytes of the slices; one event each, in the order given.
 * Errors: the copy cannot be opened, the manifest is no manifest.
 */
int verify_slices(const struct verify_options *options,
    const struct verify_range *ranges, size_t range_count,
    struct error *err) ERROR_CHECKED;

/* Compare names, types and sizes of the whole copy; one event. */
int verify_names(
    const struct verify_options *options, struct error *err) ERROR_CHECKED;

#endif
