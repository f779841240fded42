/*
 * config: what the facility has, and what hikae promised to do about it.
 *
 * Layer 3.  Uses: base, format/ini, model/config_types.
 *
 * One table (config_key.c) defines every key: the loader, `hikae config
 * check`, `config show`, the sample file and the man page come from it.
 *
 * A configuration is read-only once it is loaded, and owns all it points at.
 * It is read whole or not at all: with one problem there is no configuration.
 */
#ifndef HIKAE_MODEL_CONFIG_H
#define HIKAE_MODEL_CONFIG_H

#include <stddef.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/model/config_types.h"

#define CONFIG_FILE "etc/hikae/hikae.conf"
#define CONFIG_FOLDER "etc/hikae/conf.d"

#define CONFIG_PROBLEMS_MAX 50

/* What is wrong, one "file:line: sentence" each, translated. */
struct config_problems {
	char *texts[CONFIG_PROBLEMS_MAX];
	size_t count;
	size_t omitted; /* problems beyond CONFIG_PROBLEMS_MAX */
};

void config_problems_done(struct config_problems *problems);

/* Note one; file NULL: without a place, line 0: the file as a whole. */
void config_problems_add(struct config_problems *problems, const char *file,
    unsigned int line, const char *text);

/*
 * Load CONFIG_FILE and CONFIG_FOLDER's *.conf below root_fd.  0, then *problems
 * are warnings: what can be used and is hardly meant so; or -1 with at least
 * one problem.  *problems need not be initialised, config_problems_done is the
 * caller's in both cases.  It checks that the time zone exists
 * but does not open it (date_zone_open is for the program).
 */
int config_load(int root_fd, struct config **ret_config,
    struct config_problems *problems) ERROR_CHECKED;

/* The same, as it would be with one more file of that name and text. */
int config_load_with(int root_fd, const char *file, const void *text,
    size_t length, struct config **ret_config,
    struct config_problems *problems) ERROR_CHECKED;

/* The same, as it would be with this text as CONFIG_FILE. */
int config_load_instead(int root_fd, const void *text, size_t length,
    struct config **ret_config, struct config_problems *problems) ERROR_CHECKED;

/* The same from one text; `file` names it in problems. */
int config_load_text(const char *file, const void *text, size_t length,
    struct config **ret_config, struct config_problems *problems) ERROR_CHECKED;

/*
 * The [notify] sections alone, for who delivers messages: a mistake elsewhere,
 * or a file that cannot be read, must not keep the word of it back.  Nothing
 * else of the configuration is to be used; its problems have no place.
 */
int config_load_notify(int root_fd, struct config **ret_config,
    struct config_problems *problems) ERROR_CHECKED;

void config_free(struct config *config);

/* NULL when there is none with that id. */
const struct config_system *config_find_system(
    const struct config *config, const char *id);
const struct config_medium *config_find_medium(
    const struct config *config, const char *id);
const struct config_source *config_find_source(
    const struct config *config, const char *id);

const struct config_notify *config_find_notify(
    const struct config *config, const char *id);

/* The program that a [notify] section runs, or NULL: none. */
const char *config_notify_program(const struct config_notify *notify);

/* The word of the configuration file for a kind ("ehr", "nas", ...). */
const char *config_facility_kind_name(enum config_facility_kind kind);
const char *config_system_kind_name(enum config_system_kind kind);
const char *config_medium_kind_name(enum config_medium_kind kind);
const char *config_offline_name(enum config_offline offline);

/*
 * Whether a medium of this mode is away most of the time, so that its absence
 * is the plan; with every other mode absence is a failure.
 */
bool config_offline_is_away(enum config_offline offline);
const char *config_method_name(enum config_method method);
const char *config_layout_name(enum config_layout layout);

/*
 * Every key with the value in force, in one canonical form: loading it gives
 * an equal configuration, equal configurations print the same bytes.  It is
 * `config show`, and what a configuration's digest is taken over.
 */
void config_print_effective(const struct config *config, struct bytes *out);

/* A commented sample in the reader's language; it loads without problems. */
void config_print_sample(struct bytes *out);

#endif
