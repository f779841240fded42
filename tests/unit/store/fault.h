/*
 * fault: which of the next calls fails, and how.  fault_vfs asks.
 */
#ifndef HIKAE_TESTS_STORE_FAULT_H
#define HIKAE_TESTS_STORE_FAULT_H

#include <stdbool.h>
#include <unistd.h>

/* With which a process dies at a call. */
#define FAULT_DEATH 99

enum fault_way {
	FAULT_FAILS, /* the call returns fault.code */
	FAULT_DIES,  /* the process ends instead of it */
	FAULT_TORN,  /* and half of what was to be written is */
};

static struct {
	int countdown; /* 0: nothing fails */
	bool for_good; /* or once */
	int code;      /* what the failing call returns */
	enum fault_way way;
	bool happened;
} fault;

/* Count one call: whether it is the one that fails. */
static bool
fault_is_here(void)
{
	if (fault.countdown == 0)
		return false;
	if (fault.countdown > 1) {
		fault.countdown--;
		return false;
	}
	if (!fault.for_good)
		fault.countdown = 0;
	fault.happened = true;
	if (fault.way != FAULT_FAILS)
		_exit(FAULT_DEATH);
	return true;
}

#endif
