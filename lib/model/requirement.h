/*
 * requirement: the rules that backups are held against, in packs.
 *
 * Layer 3.  Uses: base, format/ini, model (config, measure,
 * requirement_texts).
 *
 * A pack is a file of requirements (hikae-requirements(5)).  Those of
 * conf/requirements.d are part of the program; a facility adds its own, or
 * replaces one by its id, in etc/hikae/requirements.d.  New editions are new
 * files, never new code: a check is `measure(system) OP value`, all checks
 * must hold, and there is no expression language.
 *
 * A set is read-only once it is loaded, and owns all it points at.  It is read
 * whole or not at all.
 */
#ifndef HIKAE_MODEL_REQUIREMENT_H
#define HIKAE_MODEL_REQUIREMENT_H

#include "lib/model/config.h"
#include "lib/model/requirement_texts.h"
#include "lib/model/requirement_types.h"

#define REQUIREMENT_FOLDER "etc/hikae/requirements.d"

struct requirement_set;

/*
 * Load the shipped packs and, below root_fd (-1: none), the facility's.  0, or
 * -1 with at least one problem; problems as in config_load.
 */
int requirement_load(int root_fd, struct requirement_set **ret_set,
    struct config_problems *problems) ERROR_CHECKED;

/* The same from texts; what is gone of them is not in it. */
int requirement_load_texts(const struct requirement_texts *texts,
    struct requirement_set **ret_set,
    struct config_problems *problems) ERROR_CHECKED;

/*
 * The same without the files that are faulty: 0 with what is sound, and
 * problems where files were left out; -1 where nothing could be loaded.
 */
int requirement_load_sound(const struct requirement_texts *texts,
    struct requirement_set **ret_set,
    struct config_problems *problems) ERROR_CHECKED;

/* The same from one text alone; `file` names it in problems. */
int requirement_load_text(const char *file, const void *text, size_t length,
    struct requirement_set **ret_set,
    struct config_problems *problems) ERROR_CHECKED;

void requirement_set_free(struct requirement_set *set);

/* In the order of the packs' names and of their files; NULL beyond. */
const struct requirement *requirement_at(
    const struct requirement_set *set, size_t index);
const struct requirement_pack *requirement_pack_at(
    const struct requirement_set *set, size_t index);

/* NULL where there is none. */
const struct requirement *requirement_find(
    const struct requirement_set *set, const char *id);

/* Whether it is in force on a day (20260629). */
bool requirement_is_valid(const struct requirement *requirement, int64_t day);

/* Whether a text could be the id of a requirement. */
bool requirement_is_id(const char *text);

bool requirement_holds(const struct requirement_check *check, int64_t number);

/* Stable names ("qa-example", "cut", ">=", "contract-excerpt"). */
const char *requirement_kind_name(enum requirement_kind kind);
const char *requirement_text_status_name(enum requirement_text_status status);
const char *requirement_operator_name(enum requirement_operator operator);
const char *requirement_document_name(enum requirement_document document);

/* From a name; 0 or -1. */
int requirement_document_parse(
    const char *name, enum requirement_document *ret) ERROR_CHECKED;

/* The words for them in the reader's language. */
const char *requirement_kind_word(enum requirement_kind kind);
const char *requirement_text_status_word(enum requirement_text_status status);
const char *requirement_document_word(enum requirement_document document);

#endif
