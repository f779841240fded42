#include "lib/model/sealing.h"

/* One plain file is enough; that all are encrypted, all must show. */
enum sealing_state
sealing_state(const struct sealing *sealing)
{
	if (sealing->plain > 0)
		return sealing->sealed > 0 ? SEALING_PARTLY : SEALING_PLAIN;
	if (sealing->unclear > 0 || sealing->unseen > 0 || sealing->sealed == 0)
		return SEALING_UNKNOWN;
	return SEALING_WHOLE;
}

const char *
sealing_state_name(enum sealing_state state)
{
	static const char *const names[] = {
	    [SEALING_UNKNOWN] = "unknown",
	    [SEALING_PLAIN] = "none",
	    [SEALING_PARTLY] = "partly",
	    [SEALING_WHOLE] = "whole",
	};

	return names[state];
}

void
sealing_count(struct sealing *sealing, enum sealing_kind kind, uint64_t files)
{
	switch (kind) {
	case SEALING_SEALED:
		sealing->sealed += files;
		break;
	case SEALING_READABLE:
		sealing->plain += files;
		break;
	case SEALING_ASIDE:
		sealing->aside += files;
		break;
	case SEALING_UNCLEAR:
		sealing->unclear += files;
		break;
	case SEALING_UNSEEN:
		sealing->unseen += files;
		break;
	}
}

uint64_t
sealing_files(const struct sealing *sealing)
{
	return sealing->sealed + sealing->plain + sealing->aside +
	       sealing->unclear + sealing->unseen;
}
