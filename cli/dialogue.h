/*
 * dialogue: questions, answered by a person line by line or by a file.
 *
 * Uses: cli, model/config_key, format/ini.
 *
 * Every question has a name: section, id and key, as in a configuration.  A
 * file of answers is INI with these names (FORMATS section 9); so both ways
 * ask the same.  A person is asked again after an answer that will not do; in
 * a file it is an error with its line.
 */
#ifndef HIKAE_CLI_DIALOGUE_H
#define HIKAE_CLI_DIALOGUE_H

#include "cli/cli.h"
#include "lib/model/config_value.h"

/* With the NUL. */
#define DIALOGUE_ANSWER_BYTES (CONFIG_VALUE_MAX_BYTES + 1)

struct dialogue_question {
	const char *kind; /* "facility" */
	const char *id;	  /* "ehr" of [system ehr], or "" */
	const char *key;
	const char *text;     /* translated, without the answer's mark */
	const char *standard; /* what no answer means; NULL: one is needed */
	bool is_yes_no;	      /* the answer comes as "yes" or "no" */
			      /*
			       * Where kind and key name a key of the configuration, the answer has
			       * its type; an empty one is only checked where the key is required.
			       */
};

struct dialogue;

/* answers NULL: ask on standard output, and read standard input. */
int dialogue_open(struct cli *cli, const char *answers,
    struct dialogue **ret_dialogue, struct error *err) ERROR_CHECKED;
void dialogue_close(struct dialogue *dialogue); /* NULL is allowed */

/* Is it a person who is asked? */
bool dialogue_is_person(const struct dialogue *dialogue);

/*
 * ERROR_INPUT: the input ended, or (with its place) an answer of the file
 * will not do.  "-" as an answer is the empty one.
 */
int dialogue_ask(struct dialogue *dialogue,
    const struct dialogue_question *question,
    char ret_answer[DIALOGUE_ANSWER_BYTES], struct error *err) ERROR_CHECKED;

/*
 * The last answer will not do for this reason: 0 where the question is to be
 * asked again, -1 with the place in the file.
 */
int dialogue_refuse(struct dialogue *dialogue, const struct error *reason,
    struct error *err) ERROR_CHECKED;

/* A line for a person; nothing where a file answers. */
void dialogue_say(struct dialogue *dialogue, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The ids of the file's sections of a kind, in order; NULL at the end. */
const char *dialogue_section_at(
    const struct dialogue *dialogue, const char *kind, size_t index);

/* Does the file have the section? */
bool dialogue_has_section(
    const struct dialogue *dialogue, const char *kind, const char *id);

/* ERROR_INPUT with the place of an answer that no question asked for. */
int dialogue_finish(struct dialogue *dialogue, struct error *err) ERROR_CHECKED;

#endif
