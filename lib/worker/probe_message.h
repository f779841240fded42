/*
 * probe_message: what is asked of a probe, and what it answers.
 *
 * Layer 5.  Uses: os/wire, os/superblock, os/sandbox.
 *
 * One order goes down; answers come up until DONE or FAILED.  As with replies
 * (worker/reply), whoever receives treats the sender as hostile.
 */
#ifndef HIKAE_WORKER_PROBE_MESSAGE_H
#define HIKAE_WORKER_PROBE_MESSAGE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/os/sandbox.h"
#include "lib/os/superblock.h"

#define PROBE_HOST_BYTES 256
#define PROBE_ID_BYTES 33
#define PROBE_DEADLINE_MS_MAX 600000

enum probe_kind {
	PROBE_BLOCK,	/* read one block device's superblock */
	PROBE_LIST,	/* the same of every block device */
	PROBE_REACH,	/* does a server answer? */
	PROBE_CAPACITY, /* how large is a mounted medium, how much is free? */
	PROBE_MOUNT,	/* of a mounter: mount a medium, read-only */
	PROBE_UNMOUNT,	/* of a mounter: unmount what one has mounted */
	PROBE_WRITE,	/* of a trier: may a backup's account write there? */
	PROBE_MARK,	/* of a mounter: tell udev which media hikae mounts */
};
#define PROBE_KINDS (PROBE_MARK + 1)

struct probe_order {
	enum probe_kind kind;
	char path[PATH_MAX];	     /* block: "/dev/sdc1" or an image file;
					capacity: a folder on the medium;
					write: a copy, below its source */
	uint32_t major, minor;	     /* block: which it must be, 0:0: any;
					mount: which it is */
	char id[PROBE_ID_BYTES];     /* mount, unmount: the medium;
					write: the source */
	char host[PROBE_HOST_BYTES]; /* reach: a name or an address */
	uint16_t port;
	uint32_t deadline_ms; /* for the whole order, from 1 */
	bool best_effort;     /* do without what the machine lacks */
};

enum probe_reach {
	PROBE_REACH_ANSWERS,	  /* it accepted the connection */
	PROBE_REACH_REFUSES,	  /* it is there and refused it: in reach */
	PROBE_REACH_SILENT,	  /* nothing came within the deadline, or its
				     network says that it is not there */
	PROBE_REACH_UNDETERMINED, /* this machine has no way there (no route,
				     no link), or the name is not known */
};
#define PROBE_REACHES (PROBE_REACH_UNDETERMINED + 1)
const char *probe_reach_name(enum probe_reach reach);

struct probe_block {
	uint32_t major, minor; /* 0:0 for an image file */
	char name[32];	       /* list: "sdc1" */
	uint64_t size_bytes;
	int os_errno; /* list: it could not be opened or read; else 0 */
	struct superblock superblock;
};

struct probe_capacity {
	uint64_t size_bytes;
	uint64_t free_bytes; /* for those who may use the reserve too */
	uint64_t available_bytes;
	uint64_t files, free_files; /* inodes; 0: not counted */
	bool is_read_only;
};

struct probe_reached {
	enum probe_reach result;
	int os_errno; /* why it is silent or undetermined, or 0 */
	uint32_t elapsed_ms;
};

/* What an account met that tried to write to a medium. */
enum probe_try {
	PROBE_TRY_REFUSED,  /* EROFS or EPERM, and the control was accepted */
	PROBE_TRY_ACCEPTED, /* it can write there */
	PROBE_TRY_UNDETERMINED,
};
#define PROBE_TRIES (PROBE_TRY_UNDETERMINED + 1)
/* The words of the journal: "refused", "accepted", "undetermined". */
const char *probe_try_name(enum probe_try result);

#define PROBE_REASON_BYTES 32

struct probe_tried {
	enum probe_try result;
	char reason[PROBE_REASON_BYTES]; /* a word of the journal, or "" */
	int os_errno;			 /* of the try, or 0 */
};

enum probe_answer_kind {
	PROBE_ANSWER_BLOCK = 1, /* one for a block, several for a list */
	PROBE_ANSWER_REACH,
	PROBE_ANSWER_CAPACITY,
	PROBE_ANSWER_TRIED,
	PROBE_ANSWER_DONE,   /* nothing follows */
	PROBE_ANSWER_FAILED, /* nothing follows */
};

struct probe_answer {
	enum probe_answer_kind kind;
	union {
		struct probe_block block;
		struct probe_reached reach;
		struct probe_capacity capacity;
		struct probe_tried tried;
		struct sandbox_report done; /* what restricted it */
		struct error failed;
	};
};

int probe_send_order(
    int wire, const struct probe_order *order, struct error *err) ERROR_CHECKED;
int probe_receive_order(
    int wire, struct probe_order *ret_order, struct error *err) ERROR_CHECKED;
int probe_send_answer(int wire, const struct probe_answer *answer,
    struct error *err) ERROR_CHECKED;

/*
 * Decode a frame (parent's side).  ERROR_PROTOCOL for anything that a probe of
 * this version does not send.
 */
int probe_decode_answer(uint16_t type, const uint8_t *payload, size_t length,
    struct probe_answer *ret_answer, struct error *err) ERROR_CHECKED;

#endif
