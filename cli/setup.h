/*
 * setup: the questions of `hikae setup`, and the configuration they make.
 *
 * Uses: cli, dialogue, media_proposal, setup_look, model/config.
 *
 * The answers become text, section by section; nothing is written before all
 * questions were answered and the whole text loads as a configuration.
 */
#ifndef HIKAE_CLI_SETUP_H
#define HIKAE_CLI_SETUP_H

#include "cli/cli.h"
#include "cli/dialogue.h"
#include "cli/setup_look.h"

#define SETUP_SYSTEMS_MAX 32
#define SETUP_MEDIA_MAX 64

struct setup_system {
	char id[CONFIG_ID_BYTES], kind[16];
	char name[DIALOGUE_ANSWER_BYTES];
	struct bytes text; /* of its section */
	bool has_source;
};

struct setup_medium {
	char id[CONFIG_ID_BYTES];
	char path[DIALOGUE_ANSWER_BYTES];
	bool is_silent; /* it did not answer, and is not looked at again */
};

struct setup {
	struct dialogue *dialogue; /* borrowed */
	struct bytes facility, unused, media_text, source_text;
	struct setup_system systems[SETUP_SYSTEMS_MAX];
	size_t system_count;
	struct setup_medium media[SETUP_MEDIA_MAX];
	size_t medium_count, source_count;
	char facility_id[CONFIG_ID_BYTES];
};

/* An all-zero struct is one that has not begun. */
void setup_done(struct setup *setup);

/* All questions up to the keys'; ERROR_INPUT as dialogue_ask. */
int setup_ask(struct setup *setup, struct error *err) ERROR_CHECKED;

/* Parts of it, in this order. */
int setup_ask_facility(struct setup *setup, struct error *err) ERROR_CHECKED;
int setup_ask_systems(struct setup *setup, struct error *err) ERROR_CHECKED;
int setup_ask_media(struct setup *setup, struct error *err) ERROR_CHECKED;
int setup_ask_sources(struct setup *setup, struct error *err) ERROR_CHECKED;

/* That a medium did not answer is told once.  True: it did. */
bool setup_take_look(struct setup_medium *medium, enum setup_look seen);

/* The whole configuration, with comments. */
void setup_print(const struct setup *setup, struct bytes *out);

/*
 * Ask for a key of the configuration; append it to the section's text, unless
 * the answer is empty.
 */
int setup_ask_key(struct setup *setup, const struct dialogue_question *question,
    struct bytes *out, char answer[DIALOGUE_ANSWER_BYTES],
    struct error *err) ERROR_CHECKED;

/* "key = value" below the key's help as comment, where it is the first. */
void setup_append_key(const struct setup *setup, struct bytes *out,
    const char *kind, const char *key, const char *value);

/* A question whose answer is yes or no. */
int setup_ask_yes(struct setup *setup, const struct dialogue_question *question,
    bool *ret_is_yes, struct error *err) ERROR_CHECKED;

/*
 * Ask for ids, separated by commas.  Without an answer a file's sections of
 * the kind `of` that is_known does not know are meant.
 */
struct setup_ids {
	char items[SETUP_MEDIA_MAX][CONFIG_ID_BYTES];
	size_t count;
};
int setup_ask_ids(struct setup *setup, const struct dialogue_question *question,
    const char *of, bool (*is_known)(const struct setup *, const char *),
    struct setup_ids *ret, struct error *err) ERROR_CHECKED;

#endif
