#include "lib/model/requirement.h"

#include <string.h>

#include "lib/base/i18n.h"

static const struct {
	const char *name, *word;
} kinds[REQUIREMENT_KINDS] = {
    [REQUIREMENT_LAW] = {"law", N_("law or notice")},
    [REQUIREMENT_FEE] = {"fee", N_("reimbursement condition")},
    [REQUIREMENT_GUIDELINE] = {"guideline", N_("guideline")},
    [REQUIREMENT_QA_EXAMPLE] = {"qa-example", N_("Q&A example")},
    [REQUIREMENT_CHECKLIST] = {"checklist", N_("inspection checklist")},
    [REQUIREMENT_BCP] = {"bcp", N_("BCP sheet")},
    [REQUIREMENT_BEST_PRACTICE] = {"best-practice", N_("best practice")},
    [REQUIREMENT_INTERNATIONAL] = {"international", N_("international")},
    [REQUIREMENT_PRODUCT_DEFAULT] = {"product-default", N_("product default")},
};

static const struct {
	const char *name, *word;
} statuses[REQUIREMENT_TEXT_STATUSES] = {
    [REQUIREMENT_VERBATIM_FINAL] = {"verbatim-final",
	N_("wording of the final document")},
    [REQUIREMENT_VERBATIM_DRAFT] = {"verbatim-draft",
	N_("wording of an official draft")},
    [REQUIREMENT_CUT] = {"cut", N_("wording in part, the cut is marked")},
    [REQUIREMENT_QUOTED] = {"quoted",
	N_("wording as another official text quotes it")},
    [REQUIREMENT_MEMORY] = {"memory", N_("known in substance only")},
    [REQUIREMENT_UNSEEN] = {"unseen", N_("wording not seen")},
};

static const char *const operators[REQUIREMENT_OPERATORS] = {
    [REQUIREMENT_EQUAL] = "=",
    [REQUIREMENT_UNEQUAL] = "!=",
    [REQUIREMENT_LESS] = "<",
    [REQUIREMENT_AT_MOST] = "<=",
    [REQUIREMENT_MORE] = ">",
    [REQUIREMENT_AT_LEAST] = ">=",
};

static const struct {
	const char *name, *word;
} documents[REQUIREMENT_DOCUMENTS] = {
    [REQUIREMENT_CONTRACT_EXCERPT] = {"contract-excerpt",
	N_("excerpt of the contract")},
    [REQUIREMENT_IN_HOUSE_RULE] = {"in-house-rule", N_("in-house rule")},
    [REQUIREMENT_RESTORE_PROCEDURE] = {"restore-procedure",
	N_("restore procedure")},
    [REQUIREMENT_BCP_DOCUMENT] = {"bcp", N_("business continuity plan")},
    [REQUIREMENT_CONTACT_CHART] = {"contact-chart", N_("contact chart")},
    [REQUIREMENT_SDS] = {"sds", N_("vendor's security disclosure (SDS)")},
};

bool
requirement_is_valid(const struct requirement *requirement, int64_t day)
{
	return (requirement->valid_from == 0 ||
		   day >= requirement->valid_from) &&
	       (requirement->valid_to == 0 || day <= requirement->valid_to);
}

bool
requirement_is_id(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length < REQUIREMENT_ID_BYTES && text[0] != '-' &&
	       text[0] != '.' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") == length;
}

bool
requirement_holds(const struct requirement_check *check, int64_t number)
{
	switch (check->operator) {
	case REQUIREMENT_EQUAL:
		return number == check->number;
	case REQUIREMENT_UNEQUAL:
		return number != check->number;
	case REQUIREMENT_LESS:
		return number < check->number;
	case REQUIREMENT_AT_MOST:
		return number <= check->number;
	case REQUIREMENT_MORE:
		return number > check->number;
	case REQUIREMENT_AT_LEAST:
		return number >= check->number;
	}
	return false;
}

const char *
requirement_kind_name(enum requirement_kind kind)
{
	return kinds[kind].name;
}

const char *
requirement_kind_word(enum requirement_kind kind)
{
	return _(kinds[kind].word);
}

const char *
requirement_text_status_name(enum requirement_text_status status)
{
	return statuses[status].name;
}

const char *
requirement_text_status_word(enum requirement_text_status status)
{
	return _(statuses[status].word);
}

const char *requirement_operator_name(enum requirement_operator operator)
{
	return operators[operator];
}

const char *
requirement_document_name(enum requirement_document document)
{
	return documents[document].name;
}

const char *
requirement_document_word(enum requirement_document document)
{
	return _(documents[document].word);
}

int
requirement_document_parse(const char *name, enum requirement_document *ret)
{
	for (int i = 0; i < REQUIREMENT_DOCUMENTS; i++) {
		if (strcmp(name, documents[i].name) != 0)
			continue;
		*ret = (enum requirement_document)i;
		return 0;
	}
	return -1;
}

int
requirement_load(int root_fd, struct requirement_set **ret_set,
    struct config_problems *problems)
{
	struct requirement_texts texts = REQUIREMENT_TEXTS_EMPTY;
	struct error err = {0};
	int rc = -1;

	*problems = (struct config_problems){.count = 0};
	if (requirement_texts_read(root_fd, &texts, &err) == 0)
		rc = requirement_load_texts(&texts, ret_set, problems);
	else
		config_problems_add(problems, NULL, 0, err.text);
	requirement_texts_done(&texts);
	return rc;
}

int
requirement_load_text(const char *file, const void *text, size_t length,
    struct requirement_set **ret_set, struct config_problems *problems)
{
	struct requirement_text one = {
	    .file = (char *)(uintptr_t)file, .is_site = true};
	const struct requirement_texts texts = {&one, 1};
	int rc;

	bytes_append(&one.text, text, length);
	rc = requirement_load_texts(&texts, ret_set, problems);
	bytes_done(&one.text);
	return rc;
}
