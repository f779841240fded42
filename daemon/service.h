/*
 * service: what the parts of hikaed share, and the order of start and end.
 *
 * Uses: all of lib, loop, jobs.
 */
#ifndef HIKAE_DAEMON_SERVICE_H
#define HIKAE_DAEMON_SERVICE_H

#include "daemon/jobs.h"
#include "daemon/loop.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/keyring.h"
#include "lib/format/json.h"
#include "lib/model/config.h"
#include "lib/model/requirement_texts.h"
#include "lib/os/sandbox.h"
#include "lib/store/catalog.h"

#define SERVICE_STATE "var/lib/hikae"
#define SERVICE_RUN "run/hikae"
#define SERVICE_CATALOG "catalog.db"

struct control;
struct discovery;
struct runs;
struct coverage;
struct media;
struct drills;
struct documents;
struct readers;
struct notices;
struct selfcheck;

/* Runs that one start finds cut off; more are ended at the next. */
#define SERVICE_LOST_MAX 256

/* A configuration on disk that is not in force (refusal). */
struct service_refusal {
	int64_t since;	 /* the first failed reload, ms; 0: it is in force */
	char said[1024]; /* the first mistake, "file:line: sentence" */
	size_t mistakes;
	bool is_recorded; /* its finding is open */
};

/* A document that is being received (attestation). */
struct attestation_upload {
	struct digest_sha256 digest; /* of what has come */
	uint64_t bytes;		     /* 0: nothing */
};

struct service {
	const char *root; /* "/" or --root's */
	int root_fd, state_fd;
	char catalog_path[4096];
	struct config *config;
	struct requirement_texts packs; /* in force (packs.h) */
	struct keyring keyring;
	struct catalog *catalog;
	struct sandbox_report sandbox;
	struct loop *loop;
	struct jobs *jobs;
	struct discovery *discovery;
	struct runs *runs;
	struct coverage *coverage;
	struct media *media;
	struct drills *drills;
	struct documents *documents;
	struct control *control;
	struct notices *notices;
	struct selfcheck *selfcheck;
	struct readers *readers; /* looked up so far, or NULL */
	int64_t started_at;	 /* ms since the epoch */
	/* What the wall clock did, and what of it is written (ledger_now). */
	struct service_clock {
		int64_t newest_at; /* newest instant in the journal, ms */
		/* It went back, and is right again after this, ms; 0: it is. */
		int64_t behind_until;
		/*
		 * What it is ahead of the monotonic clock, ms: at the last look
		 * of this run, if is_seen; at most in this run; and before the
		 * jump of the open finding, if has_jumped in this run.
		 */
		int64_t ahead_ms, ahead_max_ms, ahead_before_ms;
		bool is_seen, has_jumped;
		bool began_behind; /* since when, nobody knows */
	} clock, written_clock;
	/* Copies whose second reading was cut off by the last end. */
	uint64_t unfinished[SERVICE_LOST_MAX];
	size_t unfinished_count;
	bool is_ending;	       /* jobs are cancelled, to be taken up again */
	bool is_unwritten;     /* the journal's last transaction failed */
	bool has_faulty_packs; /* among those in force: some were left out */
	struct service_refusal refusal;
	int signal_fd;
	bool has_keyring;
	struct loop_timer checkpoint, watchdog;
	struct attestation_upload upload;
};

/*
 * Begin: configuration, state, keys, catalog, sandbox check, journal entries
 * of the start, control socket; jobs that were cut off are marked.  Everything
 * that was begun is ended by service_end, also after a failure.
 */
int service_begin(
    struct service *service, const char *root, struct error *err) ERROR_CHECKED;

/* Serve until a signal or the control socket says stop. */
int service_run(struct service *service, struct error *err) ERROR_CHECKED;

void service_end(struct service *service, const char *reason);

/*
 * Read the configuration anew and use it if it is good; else the old one goes
 * on, and the problems are the caller's to tell (config_problems_done), as its
 * warnings are.  The service manager is told of it.
 */
int service_reload(
    struct service *service, struct config_problems *problems) ERROR_CHECKED;

/*
 * Take keys that were replaced since (hikae key rotate), with their entries:
 * what the retired one signed afterwards would prove nothing.  -1: they cannot
 * be taken, and those of before stay.
 */
int service_take_keys(struct service *service, struct error *err) ERROR_CHECKED;

#endif
