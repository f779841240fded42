/*
 * config_key: the table of every configuration key.
 *
 * Layer 3.  Uses: model/config.
 */
#ifndef HIKAE_MODEL_CONFIG_KEY_H
#define HIKAE_MODEL_CONFIG_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_section {
	CONFIG_FACILITY,
	CONFIG_POLICY,
	CONFIG_SYSTEM,
	CONFIG_MEDIUM,
	CONFIG_SOURCE,
	CONFIG_NOTIFY,
};
#define CONFIG_SECTIONS (CONFIG_NOTIFY + 1)

/* What a value is, and what its field in struct config_* is. */
enum config_type {
	CONFIG_TEXT,	 /* char *: anything */
	CONFIG_WORD,	 /* char *: one of choices */
	CONFIG_ID,	 /* char *: [a-z][a-z0-9-]{0,31} */
	CONFIG_NAME,	 /* char *: a file name, or empty */
	CONFIG_TOKEN,	 /* char *: ASCII letters, digits, hyphens, or empty */
	CONFIG_ADDRESS,	 /* char *: HOST:PORT, or empty */
	CONFIG_ZONE,	 /* char *: a time zone of this machine */
	CONFIG_ABSOLUTE, /* char *: a path from the root */
	CONFIG_RELATIVE, /* char *: a path without ".." */
	CONFIG_DURATION, /* int64_t: milliseconds */
	CONFIG_SIZE,	 /* uint64_t: bytes */
	CONFIG_INTEGER,	 /* int64_t */
	CONFIG_BOOLEAN,	 /* bool: yes or no */
	CONFIG_CHOICE,	 /* an enum: index of choices */
	CONFIG_LIST,	 /* struct config_list: separated by commas */
	CONFIG_PATTERN,	 /* struct pattern *: see model/pattern */
	CONFIG_WINDOW,	 /* struct schedule_window: HH:MM-HH:MM */
	CONFIG_CLOCK,	 /* int64_t: HH:MM as minutes of the day */
};

struct config_key {
	enum config_section section;
	const char *name;
	enum config_type type;
	bool is_required;
	size_t offset;	       /* in the section's struct */
	const char *standard;  /* value where none is written; NULL: none */
	const char *min, *max; /* as a value is written; NULL: no bound */
	const char *word;      /* a word instead of a number, or NULL */
	int64_t word_value;    /* what it stores (sizes: as uint64_t) */
	const char *inherits;  /* the key of [policy] whose value counts where
				  this one is not written, or NULL */
	const char *const *choices; /* ends in NULL */
	const char *sample; /* value in the sample, where not standard; N_
				   where it is a text */
	const char *help;   /* N_; whole sentences */
};

/* The table is in the order of sections; NULL beyond its end. */
const struct config_key *config_key_at(size_t index);

/* NULL when the section has no such key. */
const struct config_key *config_key_find(
    enum config_section section, const char *name);

/* "facility", ..., and whether its sections have an id. */
const char *config_section_name(enum config_section section);
bool config_section_has_id(enum config_section section);

/* One sentence about the section, for the sample and the man page; N_. */
const char *config_section_help(enum config_section section);

#endif
