/*
 * compare: what two manifests of one generation have in common.
 *
 * Layer 4.  Uses: examine, model/manifest_reader.
 *
 * The same question as the content digest (FORMATS section 3) answers, file by
 * file: regular files and links count, by path less the folders that all have
 * in common, size and digest or target.  Two passes over each manifest, flat
 * memory.
 */
#ifndef HIKAE_EXAMINE_COMPARE_H
#define HIKAE_EXAMINE_COMPARE_H

#include "lib/examine/examine.h"

enum compare_kind {
	COMPARE_ONLY_FIRST,
	COMPARE_ONLY_SECOND,
	COMPARE_DIFFERS, /* under the same path */
};
#define COMPARE_KINDS (COMPARE_DIFFERS + 1)

struct compare_result {
	uint64_t equal, only_first, only_second, differing;
	/*
	 * The same contents as often, under other names.  From sums of
	 * digests: a hint, not a proof.
	 */
	bool is_names_only;
};

/* Called for each difference, in manifest order.  -1 ends the work. */
typedef int compare_fn(void *context, enum compare_kind kind, const char *path,
    size_t path_length, struct error *err);

struct compare_options {
	int first_fd, second_fd; /* whose signatures were verified */
	compare_fn *each;
	void *context;			     /* each's */
	const struct examine_events *events; /* progress; or NULL */
};

int compare_manifests(const struct compare_options *options,
    struct compare_result *ret_result, struct error *err) ERROR_CHECKED;

/*
 * The same of two generations: as many leading folders are left out of both as
 * can be of either, so that one new name beside the top folder does not make
 * all others new.
 */
int compare_generations(const struct compare_options *options,
    struct compare_result *ret_result, struct error *err) ERROR_CHECKED;

#endif
