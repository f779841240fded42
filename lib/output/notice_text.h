/*
 * notice_text: what a notification says.
 *
 * Layer 7.  Uses: judge/notice, judge/health, judge/reason, model/config.
 *
 * It names systems, media, generations and numbers, never a file or a patient
 * (law 10): it leaves the house.  The language is the one that is spoken
 * (base/i18n).
 */
#ifndef HIKAE_OUTPUT_NOTICE_TEXT_H
#define HIKAE_OUTPUT_NOTICE_TEXT_H

#include "lib/judge/health.h"
#include "lib/judge/notice.h"

/* Bytes of a text, at most, without the NUL. */
#define NOTICE_TEXT_MAX 24576

struct notice_page {
	const struct config *config;
	const struct health *health;
	const struct notice_plan *plan;
	const char *host;  /* name of this machine */
	const char *event; /* "problem", "repeat", "recovered", "escalated",
			      "digest" or "test" */
	enum verdict_exit state;
	uint64_t dropped; /* notices that this one's reader never got */
};

/*
 * Subject (one line that begins with the state, in less than 20 characters)
 * and text.  Both are the caller's (free).
 */
int notice_text_make(const struct notice_page *page, char **ret_subject,
    char **ret_text, struct error *err) ERROR_CHECKED;

/* About a notice that could not be delivered to another channel. */
int notice_text_pass_on(const char *channel, const char *said,
    const struct outbox_notice *notice, char **ret_subject, char **ret_text,
    struct error *err) ERROR_CHECKED;

#endif
