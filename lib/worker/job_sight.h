/*
 * job_sight: what hikaed saw of a job's medium.
 *
 * Layer 5.  Uses: nothing.  Whose disk it is, a reader does not see.
 */
#ifndef HIKAE_WORKER_JOB_SIGHT_H
#define HIKAE_WORKER_JOB_SIGHT_H

enum job_sight {
	JOB_SIGHT_CLEAR,     /* nothing speaks against it */
	JOB_SIGHT_OTHER,     /* it is another one: a clone, another disk */
	JOB_SIGHT_DISPLACED, /* another configured medium is mounted there */
	JOB_SIGHT_DOUBTFUL,  /* whether it is the medium cannot be told */
};
#define JOB_SIGHTS (JOB_SIGHT_DOUBTFUL + 1)

#endif
