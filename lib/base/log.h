/*
 * log: what the two programs tell their operator, one line an event.
 *
 * Layer 0.  Uses: clock, date.  Owns: standard error, and the one mutable
 * global of the library, the chosen sink.
 *
 * Only daemon/ and cli/ call it: the library returns errors (base/error).
 */
#ifndef HIKAE_BASE_LOG_H
#define HIKAE_BASE_LOG_H

/* The severities of RFC 5424 section 6.2.1 that hikae uses. */
enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7,
};

enum log_sink {
	LOG_SINK_PLAIN,	 /* "2026-11-21 02:00 text" on standard error */
	LOG_SINK_PREFIX, /* "<6>text", as sd-daemon(3) describes */
};

/* Choose the sink and the last level that is written. */
void log_open(enum log_sink sink, enum log_level last);

/*
 * The sink that suits standard error: PREFIX when it is the stream that
 * systemd named in JOURNAL_STREAM (systemd.exec(5)), otherwise PLAIN.
 */
enum log_sink log_suitable_sink(void);

/*
 * Write one line.  Control characters become spaces, so that one event is one
 * line; text from outside must be escaped (base/text) by the caller.  A line
 * is cut after 2,000 bytes.
 */
void log_event(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
