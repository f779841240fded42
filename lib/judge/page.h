/*
 * page: is the report of the day still renewed?
 *
 * Layer 6.  Uses: nothing; its caller says when the page was written.
 *
 * A page is old after a day, and nobody is told before hikaed has run for two
 * hours beside an old one: a host that was off, or asleep, renews it meanwhile
 * (the timer is persistent), and a clock that went wrong is put right.  Where
 * hikaed runs all day, that makes 26 hours.
 */
#ifndef HIKAE_JUDGE_PAGE_H
#define HIKAE_JUDGE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_OLD_MS (INT64_C(24) * 3600 * 1000)
#define PAGE_WAIT_MS (INT64_C(2) * 3600 * 1000)

enum page_state {
	PAGE_FRESH,
	PAGE_WAITING, /* old, and perhaps renewed in a moment */
	PAGE_STALE,
};

/* What was seen so far; begins as zeros. */
struct page {
	int64_t renewed_at; /* at the last look */
	int64_t changed_ms; /* when that was first seen, monotonic */
	int64_t old_ms;	    /* since when it is old, monotonic; 0: it is not */
};

/*
 * A look at the page: renewed_at is when it was written or, where there is none
 * yet, when what writes it was set up; now is the wall clock, monotonic_ms the
 * other one and not 0.  A time in the future is none (law 8): such a page is as
 * old as it is known.
 */
enum page_state page_look(
    struct page *page, int64_t renewed_at, int64_t now, int64_t monotonic_ms);

#endif
