/*
 * drill_internal: a drill as drill's files share it.
 *
 * drill.c has the life of a drill, drill_choose.c which copy it restores,
 * drill_step.c its jobs, drill_reply.c what they tell, drill_program.c the
 * programs among them, drill_scratch.c its folder, drill_target.c where that
 * may not be, drill_waiting.c its medium's coming, drill_list.c which there
 * are, drill_record.c and drill_record_program.c what the journal says of it,
 * and drill_entry.c how.
 */
#ifndef HIKAE_DAEMON_DRILL_INTERNAL_H
#define HIKAE_DAEMON_DRILL_INTERNAL_H

#include <limits.h>

#include "daemon/drill.h"
#include "daemon/drill_program.h"
#include "daemon/gathering.h"

#define DRILL_FOLDER "drills"
#define DRILL_WORD_BYTES 80
#define DRILL_TEXT_BYTES 257

enum drill_step {
	DRILL_MAKE, /* its scratch folder */
	DRILL_PLAN,
	DRILL_RESTORE,
	DRILL_INSPECT,
	DRILL_PROGRAM, /* once for each program */
	DRILL_PROVE,
	DRILL_CLEAR, /* from here on only what is left is removed */
	DRILL_DROP,
};
#define DRILL_STEPS (DRILL_DROP + 1)

/* The copy that was chosen. */
struct drill_copy {
	uint64_t id, manifest, version;
	uint64_t files, bytes; /* to be restored, where all of it is */
	char system[CONFIG_ID_BYTES], medium[CONFIG_ID_BYTES];
	char source[CONFIG_ID_BYTES], generation[DRILL_WORD_BYTES];
	char *locator;
	bool is_offline;
	bool is_archive;   /* its members are known and signed */
	bool is_undecoded; /* it is an archive whose members are not */
};

/* The outcomes of checks, the graver the later. */
enum drill_outcome {
	DRILL_PASSED,
	DRILL_WARNING,
	DRILL_UNDETERMINED,
	DRILL_FAILED,
};
const char *drill_outcome_name(enum drill_outcome outcome);

struct drill {
	struct drills *drills;
	struct drill_view view;
	struct drill_copy copy;
	char operator[DRILL_TEXT_BYTES], target[PATH_MAX];
	uint32_t share_ppm;
	bool is_kept, is_noted; /* it is to stay; drills/ID.kept was made */
	/* What was asked for, while it waits; "" does not limit. */
	char asked_system[CONFIG_ID_BYTES], asked_medium[CONFIG_ID_BYTES];
	char asked_generation[DRILL_WORD_BYTES];
	bool is_waiting, is_cancelled, is_stopping;
	int64_t asked_ms, began_ms, step_ms; /* monotonic */
	int64_t asked_wall_ms;
	enum drill_step step;
	enum drill_outcome worst;
	bool has_ended; /* its last entry is decided */
	char reason[DRILL_WORD_BYTES];
	const char *socket_path; /* of the drill service; NULL: children */
	char scratch[PATH_MAX];
	int scratch_fd;	       /* -1: not made yet */
	int secret_fd, key_fd; /* -1: there is none */
	/* What its steps told. */
	bool is_told; /* the present step's result came */
	struct portion_plan plan;
	struct reply_sent sent;
	bool is_sent, is_restored, is_proved;
	struct reply_restored restored;
	struct prove_result proved;
	struct reply_program program;
	json_t *program_result;	   /* or NULL */
	bool is_result_odd;	   /* it wrote one, and it is no JSON object */
	struct gathering findings; /* of the medium */
	uint64_t inspected, no_format, skipped, formats; /* files; bits */
	uint64_t free_bytes; /* in the scratch folder */
	struct drill_program programs[DRILL_PROGRAMS_LENGTH];
	size_t program_count, program_at;
	struct drill_assertions assertions[DRILL_ASSERTIONS_MAX];
	size_t assertions_count;
	struct drill_assertions *shared_assertions; /* for all, or NULL */
	struct drill *next;
};

struct drills {
	struct service *service;
	struct drill *list; /* newest first; ended ones too */
	void (*observe)(void *context, const struct drill_view *view);
	void *observer;
	struct loop_timer watch; /* for media that are waited for */
	struct loop_timer sweep; /* for what could not be removed */
	int64_t sweep_ms;
};

/* drill_choose.c: 1 it can be read now, 0 it has to be attached, -1. */
int drill_choose_copy(struct drill *drill, struct error *err) ERROR_CHECKED;

/* Where its medium is kept, as far as anybody said; "" for nowhere. */
const char *drill_choose_place(
    const struct drill *drill, char place[DRILL_TEXT_BYTES]);

/* The medium by name and place, in words. */
int drill_choose_tell(const struct drill *drill, struct error *err);

/* drill_step.c: order the present step's job; -1: it could not be ordered. */
int drill_step_order(struct drill *drill, struct error *err) ERROR_CHECKED;
/* drill_reply.c: what becomes of what a step's child, or its parser, tells. */
extern const struct reply_handlers drill_replies[DRILL_STEPS];
extern const struct reply_handlers drill_parser_replies;

/* drill.c: the step's job ended (drill_step.c calls it last). */
void drill_step_ended(struct drill *drill, const struct jobs_end *end);
/* Tell who waits for it. */
void drill_tell(struct drill *drill);
/* One as it was asked for, not in the list yet; NULL: out of memory. */
struct drill *drill_make(
    struct drills *drills, const struct drill_request *request);
int drill_begin(struct drill *drill, struct error *err) ERROR_CHECKED;
void drill_unlink(struct drill *drill); /* forget it altogether */

#endif
