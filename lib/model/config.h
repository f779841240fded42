/*
 * config: what the facility has, and what hikae promised to do about it.
 *
 * Layer 3.  Uses: base, format/ini, model/pattern, model/schedule.
 *
 * One table (config_key.c) defines every key: the loader, `hikae config
 * check`, `config show`, the sample file and the man page come from it.
 *
 * A configuration is read-only once it is loaded, and owns all it points at.
 * It is read whole or not at all: with one problem there is no configuration.
 */
#ifndef HIKAE_MODEL_CONFIG_H
#define HIKAE_MODEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/model/pattern.h"
#include "lib/model/schedule.h"

#define CONFIG_FILE "etc/hikae/hikae.conf"
#define CONFIG_FOLDER "etc/hikae/conf.d"

/* Ids are [a-z][a-z0-9-]*, with the NUL. */
#define CONFIG_ID_BYTES 33

#define CONFIG_NONE (-1) /* a duration of "none", a strip of "auto" */
#define CONFIG_UNLIMITED UINT64_MAX /* a size of "unlimited" */

enum config_sandbox {
	CONFIG_SANDBOX_REQUIRED,
	CONFIG_SANDBOX_BEST_EFFORT,
};

enum config_system_kind {
	CONFIG_SYSTEM_EHR,
	CONFIG_SYSTEM_ORDER,
	CONFIG_SYSTEM_RECEIPT,
	CONFIG_SYSTEM_IMAGING,
	CONFIG_SYSTEM_OTHER,
};

enum config_medium_kind {
	CONFIG_MEDIUM_DISK,
	CONFIG_MEDIUM_NAS,
	CONFIG_MEDIUM_REMOVABLE,
	CONFIG_MEDIUM_TAPE,
	CONFIG_MEDIUM_OPTICAL,
	CONFIG_MEDIUM_CLOUD,
	CONFIG_MEDIUM_OTHER,
};

/* How a medium is kept out of an attacker's reach (DESIGN section 6). */
enum config_offline {
	CONFIG_OFFLINE_NONE,
	CONFIG_OFFLINE_DETACHED,
	CONFIG_OFFLINE_NETWORK_PARTITION,
	CONFIG_OFFLINE_APPEND_ONLY,
	CONFIG_OFFLINE_CONNECT_WINDOW,
	CONFIG_OFFLINE_CLOUD_ISOLATED,
};

enum config_mount {
	CONFIG_MOUNT_NEVER,
	CONFIG_MOUNT_HIKAE,
};

enum config_layout {
	CONFIG_LAYOUT_DIRECTORY, /* a generation is a directory */
	CONFIG_LAYOUT_ARCHIVE,	 /* ... an archive file */
	CONFIG_LAYOUT_FILE,	 /* ... an opaque file */
	CONFIG_LAYOUT_TREE,	 /* one living directory */
};

enum config_foreign {
	CONFIG_FOREIGN_AUTO,
	CONFIG_FOREIGN_NONE,
};

struct config_list {
	char **items;
	size_t count;
};

struct config_facility {
	char *id, *name, *timezone;
};

struct config_policy {
	int64_t scan_interval_ms, settle_time_ms, coverage_ms;
	struct schedule_window window;
	uint64_t nightly_limit; /* bytes a night and medium, or UNLIMITED */
	int64_t late_grace_ms, max_undetermined_ms, clock_ahead_ms;
	uint64_t slice_size; /* a multiple of 64 */
	int64_t readers;     /* 0: by the device */
	uint64_t archive_memory, archive_expand;
	enum config_sandbox sandbox;
	int64_t job_timeout_ms;
	bool full_after_capture;
};

struct config_system {
	char *id, *name;
	enum config_system_kind kind;
	int64_t interval_ms; /* or CONFIG_NONE */
	int64_t grace_ms;
	int64_t generations_min;
};

struct config_medium {
	char *id, *name;
	enum config_medium_kind kind;
	char *path; /* absolute */
	bool is_mount_point;
	char *uuid; /* or "" */
	int64_t readers, coverage_ms;
	char *location; /* or "" */
	bool is_offsite;
	enum config_offline offline;
	bool has_witness, has_write_probe;
	enum config_mount mount;
};

struct config_source {
	char *id, *system_id, *medium_id;
	const struct config_system *system;
	const struct config_medium *medium;
	char *path; /* relative to the medium's; "." is the medium's own */
	enum config_layout layout;
	struct pattern *pattern;
	char *marker; /* or "" */
	int64_t settle_time_ms;
	int64_t strip; /* components, or CONFIG_NONE: what all share */
	char *charset; /* as iconv(3) knows it */
	enum config_foreign foreign;
	struct config_list ignore; /* globs of names (fnmatch(3)) */
};

/* The arrays are in the order of their ids. */
struct config {
	struct config_facility facility;
	struct config_policy policy;
	struct config_system *systems;
	size_t system_count;
	struct config_medium *media;
	size_t medium_count;
	struct config_source *sources;
	size_t source_count;
};

#define CONFIG_PROBLEMS_MAX 50

/* What is wrong, one "file:line: sentence" each, translated. */
struct config_problems {
	char *texts[CONFIG_PROBLEMS_MAX];
	size_t count;
	size_t omitted; /* problems beyond CONFIG_PROBLEMS_MAX */
};

void config_problems_done(struct config_problems *problems);

/*
 * Load CONFIG_FILE and CONFIG_FOLDER's *.conf below root_fd.  0, or -1 with at
 * least one problem; *problems need not be initialised, config_problems_done
 * is the caller's in both cases.  It checks that the time zone exists
 * but does not open it (date_zone_open is for the program).
 */
int config_load(int root_fd, struct config **ret_config,
    struct config_problems *problems) ERROR_CHECKED;

/* The same from one text; `file` names it in problems. */
int config_load_text(const char *file, const void *text, size_t length,
    struct config **ret_config, struct config_problems *problems) ERROR_CHECKED;

void config_free(struct config *config);

/* NULL when there is none with that id. */
const struct config_system *config_find_system(
    const struct config *config, const char *id);
const struct config_medium *config_find_medium(
    const struct config *config, const char *id);
const struct config_source *config_find_source(
    const struct config *config, const char *id);

/* The word of the configuration file for a kind ("ehr", "nas", ...). */
const char *config_system_kind_name(enum config_system_kind kind);
const char *config_medium_kind_name(enum config_medium_kind kind);
const char *config_offline_name(enum config_offline offline);
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
