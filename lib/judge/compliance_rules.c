#include "lib/judge/compliance_rules.h"

/*
 * Of a value between two numbers: a check that holds for both ends is met, one
 * that fails for both is not.  Between them may lie the one that is, or is not,
 * wanted.
 */
static enum compliance_state
check_bounds(
    const struct requirement_check *check, const struct measure_value *value)
{
	bool is_exact = check->operator== REQUIREMENT_EQUAL || check->operator==
			REQUIREMENT_UNEQUAL;
	bool least = requirement_holds(check, value->least);

	if (value->least >= value->most ||
	    least != requirement_holds(check, value->most) ||
	    (is_exact && check->number >= value->least &&
		check->number <= value->most))
		return COMPLIANCE_UNDETERMINED;
	return least ? COMPLIANCE_COMPLETE : COMPLIANCE_MISSING;
}

enum compliance_state
compliance_rules_check(const struct requirement_check *check,
    const struct measure_value *value, int64_t max_undetermined_ms)
{
	enum compliance_state state;

	switch (value->state) {
	case MEASURE_KNOWN:
		if (!requirement_holds(check, value->number))
			return COMPLIANCE_MISSING;
		return value->is_partial ? COMPLIANCE_PARTIAL
					 : COMPLIANCE_COMPLETE;
	case MEASURE_NONE:
		return COMPLIANCE_MISSING;
	case MEASURE_UNKNOWN:
		break;
	}
	state = check_bounds(check, value);
	return state == COMPLIANCE_UNDETERMINED &&
		       value->unknown_ms > max_undetermined_ms
		   ? COMPLIANCE_MISSING
		   : state;
}

static void
conclude(struct compliance_row *row, enum compliance_state state,
    enum compliance_reason reason)
{
	row->state = state;
	row->reason = reason;
}

/* The first check that stands so, or the number of checks. */
static size_t
find_check(const struct compliance_row *row, enum compliance_state state)
{
	size_t i = 0;

	while (
	    i < row->requirement->check_count && row->checks[i].state != state)
		i++;
	return i;
}

/* By the checks; false where all of them hold. */
static bool
conclude_checks(struct compliance_row *row)
{
	size_t missing = find_check(row, COMPLIANCE_MISSING);
	size_t unknown = find_check(row, COMPLIANCE_UNDETERMINED);
	size_t partial = find_check(row, COMPLIANCE_PARTIAL);
	const struct measure_value *value;

	if (missing < row->requirement->check_count) {
		row->check = missing;
		value = &row->checks[missing].value;
		conclude(row, COMPLIANCE_MISSING,
		    value->state == MEASURE_NONE ? COMPLIANCE_CHECK_EMPTY
		    : value->state == MEASURE_KNOWN ||
			    check_bounds(&row->requirement->checks[missing],
				value) == COMPLIANCE_MISSING
			? COMPLIANCE_CHECK_FAILED
			: COMPLIANCE_CHECK_TOO_LONG);
		return true;
	}
	if (unknown < row->requirement->check_count) {
		row->check = unknown;
		conclude(
		    row, COMPLIANCE_UNDETERMINED, COMPLIANCE_CHECK_UNKNOWN);
		return true;
	}
	if (partial < row->requirement->check_count) {
		row->check = partial;
		conclude(row, COMPLIANCE_PARTIAL, COMPLIANCE_CHECK_PARTIAL);
		return true;
	}
	return false;
}

/* By what people stated and attached, where the checks hold. */
static void
conclude_statement(struct compliance_row *row)
{
	const struct requirement *requirement = row->requirement;
	const struct compliance_statement *statement = &row->statement;
	bool lacks_word =
	    requirement->attestation != NULL && !statement->is_in_force;
	bool lacks_paper =
	    requirement->documents != 0 && statement->document == 0;
	bool is_stated =
	    requirement->attestation != NULL || requirement->documents != 0;
	bool has_some =
	    requirement->check_count > 0 ||
	    (statement->is_in_force && requirement->attestation != NULL) ||
	    statement->document != 0;

	if (!lacks_word && !lacks_paper)
		conclude(row, COMPLIANCE_COMPLETE,
		    is_stated && statement->is_in_force &&
			    statement->left_ms < COMPLIANCE_ENDING_MS
			? COMPLIANCE_ENDS_SOON
			: COMPLIANCE_ALL_THERE);
	else
		conclude(row,
		    has_some ? COMPLIANCE_PARTIAL : COMPLIANCE_MISSING,
		    statement->id != 0 && !statement->is_in_force
			? COMPLIANCE_STATEMENT_ENDED
		    : lacks_word ? COMPLIANCE_NO_STATEMENT
				 : COMPLIANCE_NO_DOCUMENT);
}

void
compliance_rules_apply(
    struct compliance_row *row, const struct compliance_facts *facts)
{
	if (row->requirement->systems != 0 && !facts->has_systems)
		conclude(row, COMPLIANCE_UNDETERMINED, COMPLIANCE_NO_SYSTEMS);
	else if (!facts->has_source)
		conclude(row, COMPLIANCE_MISSING, COMPLIANCE_NO_SOURCE);
	else if (row->requirement->text_status == REQUIREMENT_UNSEEN)
		conclude(row, COMPLIANCE_UNDETERMINED, COMPLIANCE_TEXT_UNSEEN);
	else if (!conclude_checks(row))
		conclude_statement(row);
}

enum verdict_exit
compliance_rules_exit(const struct compliance_row *row)
{
	if (row->reason == COMPLIANCE_ENDS_SOON)
		return VERDICT_EXIT_WARNING;
	return compliance_state_exit(row->state);
}
