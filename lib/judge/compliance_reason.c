/* compliance: the names of states and reasons, and their sentences. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/compliance.h"

static const struct {
	const char *name;
	enum verdict_exit exit;
} states[COMPLIANCE_STATES] = {
    [COMPLIANCE_COMPLETE] = {"complete", VERDICT_EXIT_GOOD},
    [COMPLIANCE_PARTIAL] = {"partial", VERDICT_EXIT_WARNING},
    [COMPLIANCE_MISSING] = {"missing", VERDICT_EXIT_BAD},
    [COMPLIANCE_UNDETERMINED] = {"undetermined", VERDICT_EXIT_UNDETERMINED},
};

static const struct {
	const char *name, *sentence;
} reasons[COMPLIANCE_REASONS] = {
    [COMPLIANCE_ALL_THERE] = {"all-there",
	N_("All evidence that is asked for is there.")},
    [COMPLIANCE_ENDS_SOON] = {"ends-soon",
	N_("All evidence is there, but the statement ends soon.")},
    [COMPLIANCE_NO_SYSTEMS] = {"no-systems",
	N_("No system is configured, so nothing can be measured.")},
    [COMPLIANCE_NO_SOURCE] = {"no-source",
	N_("The facility uses this system, but no backup of it is "
	   "watched.")},
    [COMPLIANCE_TEXT_UNSEEN] = {"text-unseen",
	N_("The wording was not seen, so nobody can say here what is asked "
	   "for.")},
    [COMPLIANCE_CHECK_FAILED] = {"check-failed",
	N_("What was measured is not what is asked for.")},
    [COMPLIANCE_CHECK_EMPTY] = {"check-empty",
	N_("There is nothing that could be measured.")},
    [COMPLIANCE_CHECK_UNKNOWN] = {"check-unknown",
	N_("It could not be determined.")},
    [COMPLIANCE_CHECK_TOO_LONG] = {"check-too-long",
	N_("It could not be determined for too long.")},
    [COMPLIANCE_CHECK_PARTIAL] = {"check-partial",
	N_("What was measured is about too small a part.")},
    [COMPLIANCE_STATEMENT_ENDED] = {"statement-ended",
	N_("The statement has ended.")},
    [COMPLIANCE_NO_STATEMENT] = {"no-statement",
	N_("Nobody has stated it yet.")},
    [COMPLIANCE_NO_DOCUMENT] = {"no-document",
	N_("The document is not there.")},
    [COMPLIANCE_NOT_YET] = {"not-yet", N_("It is not in force yet.")},
    [COMPLIANCE_OTHER_FACILITY] = {"other-facility",
	N_("It is for another kind of facility.")},
    [COMPLIANCE_FEW_BEDS] = {"few-beds",
	N_("It is for facilities with more beds.")},
    [COMPLIANCE_OTHER_FEE] = {"other-fee",
	N_("The facility has not notified this fee.")},
    [COMPLIANCE_OTHER_SYSTEM] = {"other-system",
	N_("The facility uses no such system.")},
    [COMPLIANCE_OTHER_MODE] = {"other-mode",
	N_("No medium is kept offline in this way.")},
    [COMPLIANCE_NOT_STATED] = {"not-stated",
	N_("It applies only where the facility states so.")},
};

const char *
compliance_state_name(enum compliance_state state)
{
	return states[state].name;
}

enum verdict_exit
compliance_state_exit(enum compliance_state state)
{
	return states[state].exit;
}

enum compliance_state
compliance_state_worse(enum compliance_state a, enum compliance_state b)
{
	enum verdict_exit x = compliance_state_exit(a);
	enum verdict_exit y = compliance_state_exit(b);

	return verdict_exit_worse(x, y) == x ? a : b;
}

const char *
compliance_reason_name(enum compliance_reason reason)
{
	return reasons[reason].name;
}

int
compliance_reason_parse(const char *name, enum compliance_reason *ret)
{
	for (int i = 0; i < COMPLIANCE_REASONS; i++) {
		if (strcmp(name, reasons[i].name) != 0)
			continue;
		*ret = (enum compliance_reason)i;
		return 0;
	}
	return -1;
}

const char *
compliance_reason_sentence(enum compliance_reason reason)
{
	return _(reasons[reason].sentence);
}
