#include "daemon/words.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

static const char *
option_of(const char *parameter)
{
	return strcmp(parameter, "holder") == 0 ? "to" : parameter;
}

bool
words_is_name(const char *parameter)
{
	static const char *const names[] = {
	    "by", "holder", "operator", "witness"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(parameter, names[i]) == 0)
			return true;
	return false;
}

int
words_check_said(const char *text, const char *parameter, struct error *err)
{
	if (text != NULL && !text_is_blank(text))
		return 0;
	if (words_is_name(parameter))
		return error_set(err, ERROR_USAGE,
		    _("--%s: write a person's name; spaces name nobody"),
		    option_of(parameter));
	return error_set(err, ERROR_USAGE,
	    _("--%s: write some words; spaces say nothing"),
	    option_of(parameter));
}

int
words_check(const char *text, const char *parameter, struct error *err)
{
	char option[32];

	if (words_check_said(text, parameter, err) != 0)
		return -1;
	(void)snprintf(option, sizeof(option), "--%s", option_of(parameter));
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return error_set(err, ERROR_USAGE,
			    _("%s: one line of text is wanted"), option);
	if (strlen(text) > WORDS_BYTES_MAX)
		return error_set(err, ERROR_USAGE,
		    _("%s: 1 to %d bytes are wanted"), option, WORDS_BYTES_MAX);
	return 0;
}

int
words_check_optional(const char *text, const char *parameter, struct error *err)
{
	return text == NULL ? 0 : words_check(text, parameter, err);
}
