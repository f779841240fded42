/*
 * report_parts: the sections of a report, in the order of the page.
 *
 * Layer 7, internal to report.  Uses: html, report_facts.
 */
#ifndef HIKAE_OUTPUT_REPORT_PARTS_H
#define HIKAE_OUTPUT_REPORT_PARTS_H

#include "lib/output/html.h"
#include "lib/output/report_facts.h"

/* The style sheet, in pieces; NULL ends it. */
extern const char *const report_style_css[];

/* How it stands, in a paragraph and four numbers. */
void report_verdict_write(struct html *html, const struct report_facts *facts);

/* What is wrong, with what to do next. */
void report_reasons_write(struct html *html, const struct report_facts *facts);

/*
 * Whether a reason of the health is told: not what is good, nor a sum over
 * copies whose findings are told themselves.
 */
bool report_reasons_is_told(const struct report_facts *facts, size_t index);

/* Where the copies of each system lie. */
void report_places_write(struct html *html, const struct report_facts *facts);

/* What to restore first, and from where. */
int report_plan_write(struct html *html, const struct report_facts *facts,
    struct error *err) ERROR_CHECKED;

/* What happened on which day. */
void report_strips_write(struct html *html, const struct report_facts *facts);

/* What was restored, and how long it took. */
int report_drills_write(struct html *html, const struct report_facts *facts,
    struct error *err) ERROR_CHECKED;

/* What evidence there is for each requirement. */
void report_rules_write(struct html *html, const struct report_facts *facts);

/* What nobody measured. */
void report_gaps_write(struct html *html, const struct report_facts *facts);

/* The officials' own forms, as a draft. */
int report_forms_write(struct html *html, const struct report_facts *facts,
    struct error *err) ERROR_CHECKED;

/* The signed head of the journal, and the keys. */
void report_proof_write(struct html *html, const struct report_facts *facts);

#endif
