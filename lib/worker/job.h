/*
 * job: what hikaed asks of a child.
 *
 * Layer 5.  Uses: os/wire, examine, model.
 *
 * One JOB frame goes to the child, with descriptors; replies (worker/reply)
 * come back, and further slices where it verifies and is ready for more.  Every
 * field is bounded, and the decoder checks that all bytes were consumed.
 */
#ifndef HIKAE_WORKER_JOB_H
#define HIKAE_WORKER_JOB_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/crypto/signature.h"
#include "lib/examine/examine.h"
#include "lib/examine/readings.h"
#include "lib/examine/verify.h"
#include "lib/model/config.h"
#include "lib/model/manifest.h"
#include "lib/os/sandbox.h"
#include "lib/worker/job_drill.h"
#include "lib/worker/job_kind.h"
#include "lib/worker/job_sight.h"
#include "lib/worker/job_witness.h"
#include "lib/worker/volume.h"

#define JOB_LOCATOR_BYTES 4096
#define JOB_IGNORE_BYTES 4096
#define JOB_RANGES_MAX 1024
#define JOB_KEYS_MAX 16
#define JOB_SIGNATURE_BYTES SIGNATURE_FILE_BYTES_MAX
#define JOB_MARKER_BYTES 256
#define JOB_CHARSET_BYTES 32

/* Descriptors that a job may bring. */
enum job_fd {
	JOB_FD_MANIFEST, /* capture, parse: to be written; else read */
	JOB_FD_READINGS, /* the medium's table of readings */
	JOB_FD_SPILL,	 /* an unlinked file */
	JOB_FD_PARSER,	 /* capture, parse: their ends of a examine/tee;
			    capture, look: of examine/samples;
			    foreign, lists: of a wire */
	JOB_FD_KNOWN,	 /* scan: known names, each ended by a NUL;
			    program: the operator's secret, one line */
	JOB_FD_PREVIOUS, /* capture: the living copy's last manifest;
			    drift: the earlier one, which the header names;
			    compare: the other one;
			    program: the operator's key file */
	JOB_FD_SCRATCH,	 /* a drill's folder: extract, clear: to be written;
			    inspect: what was restored, or nothing where a
			    reader sends it on JOB_FD_PARSER; prove: what was
			    restored; program: its whole scratch */
	JOB_FD_WITNESS,	 /* what a witness writes (job_witness.h) */
};
#define JOB_FDS (JOB_FD_WITNESS + 1)

/*
 * What a manifest must be besides signed: older versions of it are signed too,
 * and so is what a retired key signs.
 */
struct job_recorded {
	bool is_known; /* false: no entry of the journal names it */
	uint8_t sha256[DIGEST_SHA256_BYTES];
};

struct job {
	enum job_kind kind;
	int fds[JOB_FDS]; /* -1: not there */

	/* Where: the medium must be what it should be, else WRONG_MEDIUM. */
	char medium_path[PATH_MAX];	/* absolute */
	char source_path[PATH_MAX];	/* below the medium's */
	char uuid[IDENTITY_UUID_BYTES]; /* file system UUID, or "" */
	char volume[VOLUME_BYTES]; /* the copy was captured from it, or "" */
	bool is_mount_point;	   /* the medium's path must be one */
	enum job_sight sight;
	enum config_layout layout;
	char locator[JOB_LOCATOR_BYTES]; /* the copy below the source */

	/* Patterns, each ended by a NUL; scratch: spots that it is not at. */
	char ignore[JOB_IGNORE_BYTES];
	size_t ignore_length;
	char marker[JOB_MARKER_BYTES]; /* scan; or "" */

	/* Capture and verify. */
	struct manifest_header header;
	uint8_t secret[READINGS_SECRET_BYTES];

	/* As the options of verify, capture (ahead_ms), loss (last two). */
	bool is_names_only, is_reused;
	int64_t not_before, ahead_ms, recorded_ms, expires_ms;
	struct signature_public keys[JOB_KEYS_MAX];
	size_t key_count;
	char signature[JOB_SIGNATURE_BYTES];
	size_t signature_length;
	struct job_recorded recorded;
	struct verify_range ranges[JOB_RANGES_MAX];
	size_t range_count;

	/* Compare: what the other manifest must be, and its signature. */
	struct manifest_header other;
	char other_signature[JOB_SIGNATURE_BYTES];
	size_t other_signature_length;
	struct job_recorded other_recorded;

	/* Parse: the header's is_members is set.  is_inspecting: contents are
	 * looked into as well. */
	bool is_inspecting;
	char charset[JOB_CHARSET_BYTES];	 /* as iconv(3) knows it */
	uint64_t archive_memory, archive_expand; /* bytes */

	struct job_drill drill;
	struct job_witness witness;

	/* Not sent: who listens there does it; NULL: a child of ours. */
	const char *socket_path;

	struct sandbox_limits limits; /* parse: processor time besides what the
					 archive's size allows */
	bool best_effort;	      /* do without what the machine lacks */
};

/* A job with nothing in it and no descriptors. */
void job_init(struct job *job);

/* Close the descriptors that are left in it. */
void job_done(struct job *job);

/* Send; the descriptors stay the caller's. */
int job_send(int wire, const struct job *job, struct error *err) ERROR_CHECKED;

/* Receive and check; the descriptors are the job's. */
int job_receive(int wire, struct job *ret_job, struct error *err) ERROR_CHECKED;

/* Verify: further slices for a child that is ready; none: it is to end. */
int job_send_ranges(int wire, const struct verify_range *ranges, size_t count,
    struct error *err) ERROR_CHECKED;
int job_receive_ranges(
    int wire, struct job *job, struct error *err) ERROR_CHECKED;

/* Wait for a job and leave it there for job_receive. */
int job_peek(
    int wire, enum job_kind *ret_kind, struct error *err) ERROR_CHECKED;

#endif
