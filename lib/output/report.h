/*
 * report: one page for the director, the inspector and the binder on the
 * shelf.
 *
 * Layer 7.  Uses: html, qr, judge, store's queries, model (config,
 * requirement).
 *
 * One HTML file that fetches nothing and runs nothing, for a screen and for
 * A4.  It names no file of a backup (law 10), says "evidence is complete" and
 * never that somebody complies (law 9), and lists what was not measured.  The
 * same catalog, point of the journal, instant and language give the same
 * bytes.
 *
 * Parts: report_facts (read once), report_calendar (day by day), and one file
 * for each section of the page.
 */
#ifndef HIKAE_OUTPUT_REPORT_H
#define HIKAE_OUTPUT_REPORT_H

#include "lib/base/bytes.h"
#include "lib/judge/basis.h"
#include "lib/model/config.h"
#include "lib/store/catalog.h"

/* Without a beginning, a report is about so many days. */
#define REPORT_DAYS 92

struct report_request {
	struct catalog *catalog;
	/* The end of the period: all is judged as it was then. */
	struct catalog_at at;
	int64_t now;
	int64_t from; /* its beginning; INT64_MIN: REPORT_DAYS before */
	/* Names of systems, media and the facility; NULL: only ids. */
	const struct config *config;
	const struct basis *basis; /* the requirements to judge by */
	/* The checkpoint that is printed; NULL: the newest. */
	const struct bytes *note;
};

/*
 * Append the page.  *ret_is_empty: nothing at all was recorded in the period,
 * and the page says so.  To be called within one transaction where somebody
 * writes meanwhile.
 */
int report_write(const struct report_request *request, struct bytes *out,
    bool *ret_is_empty, struct error *err) ERROR_CHECKED;

#endif
