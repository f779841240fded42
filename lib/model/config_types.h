/*
 * config_types: what a loaded configuration consists of (model/config).
 *
 * Layer 3.  Uses: model/config_choice, model/pattern, model/schedule.
 */
#ifndef HIKAE_MODEL_CONFIG_TYPES_H
#define HIKAE_MODEL_CONFIG_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/model/config_choice.h"
#include "lib/model/pattern.h"
#include "lib/model/schedule.h"

/* Ids are [a-z][a-z0-9-]*, with the NUL. */
#define CONFIG_ID_BYTES 33

#define CONFIG_NONE (-1) /* a duration of "none", a strip of "auto" */
#define CONFIG_UNLIMITED UINT64_MAX /* a size of "unlimited" */

struct config_list {
	char **items;
	size_t count;
};

struct config_facility {
	char *id, *name, *timezone;
	enum config_facility_kind kind;
	int64_t beds; /* or CONFIG_NONE: not said */
	struct config_list fees;
	enum config_language language;
};

struct config_policy {
	int64_t scan_interval_ms, settle_time_ms, coverage_ms;
	struct schedule_window window;
	uint64_t nightly_limit; /* bytes a night and medium, or UNLIMITED */
	int64_t late_grace_ms, max_undetermined_ms, clock_ahead_ms;
	int64_t offline_verified_ms, offline_attested_ms;
	uint64_t slice_size; /* a multiple of 64 */
	int64_t readers;     /* 0: by the device */
	uint64_t archive_memory, archive_expand;
	enum config_sandbox sandbox;
	int64_t job_timeout_ms, drill_time_ms;
	bool full_after_capture;
};

struct config_system {
	char *id, *name;
	enum config_system_kind kind;
	int64_t interval_ms; /* or CONFIG_NONE */
	int64_t grace_ms;
	int64_t generations_min;
	int64_t recovery_order;	    /* 1 comes first; 0: not said */
	int64_t recovery_target_ms; /* 0: none */
	char *restored_by;	    /* in words, or "" */
};

struct config_medium {
	char *id, *name;
	enum config_medium_kind kind;
	char *path; /* absolute */
	bool is_mount_point;
	char *uuid, *serial; /* or "" */
	char *address;	     /* HOST:PORT of its server, or "" */
	int64_t readers, coverage_ms;
	char *location; /* or "" */
	bool is_offsite;
	enum config_offline offline;
	int64_t max_attached_ms; /* 0: no limit, or not offline */
	int64_t attach_time_ms;
	bool has_witness, has_write_probe;
	char *write_probe_user;	   /* or "" */
	char *write_probe_control; /* absolute, or "" */
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
	int64_t retention_ms;	    /* or CONFIG_NONE */
	int64_t unchanged_after_ms; /* 0: never told */
	bool reuses_names; /* one that is written over after it is new */
	int64_t strip;	   /* components, or CONFIG_NONE: what all share */
	char *charset;	   /* as iconv(3) knows it */
	enum config_foreign foreign;
	struct config_list ignore; /* globs of names (fnmatch(3)) */
	char *made_by;		   /* in words, or "" */
};

/* Events of [notify] that are told. */
#define CONFIG_EVENT_BAD 1u
#define CONFIG_EVENT_UNDETERMINED 2u
#define CONFIG_EVENT_WARNING 4u
#define CONFIG_EVENT_RECOVERED 8u

struct config_notify {
	char *id;
	enum config_method method;
	struct config_list to; /* mail addresses */
	char *from;	       /* or "" */
	char *command;	       /* absolute, or "auto": that of the method */
	char *file;	       /* in run/hikae, or "": the id */
	struct config_list event_names;
	unsigned int events;   /* CONFIG_EVENT_*, from the names */
	int64_t delay_ms;      /* before what is not bad is told */
	int64_t group_ms;      /* after a message; 0: each by itself */
	int64_t repeat_ms;     /* 0: never again */
	int64_t digest_minute; /* of the local day, or CONFIG_NONE */
	int64_t escalate_ms;   /* 0: never */
	char *escalate_to;     /* id of another one, or "" */
	int64_t timeout_ms, retry_ms;
	int64_t interval_ms; /* of a heartbeat */
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
	struct config_notify *notifies;
	size_t notify_count;
};

#endif
