#include "daemon/witness_due.h"

#include <string.h>

int64_t
witness_due_at(const struct witness_last *last, const struct witness_plan *now)
{
	switch (last->outcome) {
	case WITNESS_NEVER:
		return 0;
	case WITNESS_NOT_WRITTEN:
		break;
	case WITNESS_WRITTEN:
		if (now == NULL || memcmp(now->digest, last->plan.digest,
				       sizeof(now->digest)) == 0)
			break;
		/* A system more has something to be recovered from. */
		if (now->named > last->plan.named)
			return 0;
		return last->began_ms + WITNESS_DUE_APART_MS;
	}
	return last->began_ms + WITNESS_DUE_PERIOD_MS;
}
