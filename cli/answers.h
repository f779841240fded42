/*
 * answers: a file of answers to questions, by section, id and key.
 *
 * Uses: cli, format/ini.
 */
#ifndef HIKAE_CLI_ANSWERS_H
#define HIKAE_CLI_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"

struct answers;

/* key and value NULL: the section itself. */
struct answers_item {
	char *kind, *id, *key, *value;
	unsigned int line;
	bool is_taken;
};

/* ERROR_INPUT: "FILE:LINE: what is wrong", also for an answer given twice. */
int answers_open(const char *file, struct answers **ret_answers,
    struct error *err) ERROR_CHECKED;
void answers_close(struct answers *answers); /* NULL is allowed */

/* Its name, safe to show. */
const char *answers_file(const struct answers *answers);

/* NULL where there is none; belongs to the answers. */
struct answers_item *answers_take(
    struct answers *answers, const char *kind, const char *id, const char *key);

/* The id of the index-th section of the kind, in the file's order, or NULL. */
const char *answers_section_at(
    const struct answers *answers, const char *kind, size_t index);

/* ERROR_INPUT with the place of the first answer that nobody took. */
int answers_finish(
    const struct answers *answers, struct error *err) ERROR_CHECKED;

#endif
