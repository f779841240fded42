/*
 * lists: how a reader has a parser read a producer's checksums.
 *
 * Layer 5.  Uses: os/wire, examine/foreign, examine/foreign_list.
 *
 * The two have a wire of their own, beside those to hikaed.  For each list
 * the reader sends one frame with the list's name and a read-only descriptor
 * of it; the parser answers with frames of entries, and one that ends the
 * list.  The reader closes the wire when it wants no more.
 *
 *	ASK      u8 kind | block name                            | descriptor
 *	ENTRIES  entries: block path | u8 algorithm (255: unknown) |
 *	         u8 has_size | u64 size | block digest
 *	TOLD     u8 is_readable | u64 unclear | u8 has_oxum |
 *	         u64 oxum_bytes | u64 oxum_files
 */
#ifndef HIKAE_WORKER_LISTS_H
#define HIKAE_WORKER_LISTS_H

#include "lib/examine/foreign.h"

/*
 * The reader's side: have every list read, and add what it says.  A parser
 * that dies or breaks the rules makes what is left unreadable, and nothing
 * else: the lists found stay told.  Closes the wire.  The options are those
 * that `foreign` was made with.
 */
int lists_collect(int wire, const struct foreign_lists *lists,
    const struct foreign_options *options, struct foreign *foreign,
    struct error *err) ERROR_CHECKED;

/*
 * All of it: find the lists, have them read, compare.  Sets options->has_more,
 * closes the wire.  Returns as foreign_check does.
 */
int lists_compare(int wire, struct foreign_options *options,
    struct foreign_outcome *ret_outcome, struct error *err) ERROR_CHECKED;

/*
 * The parser's side: read lists until the reader closes.  Events' progress is
 * told as entries pass.
 */
int lists_serve(int wire, const struct examine_events *events,
    struct error *err) ERROR_CHECKED;

#endif
