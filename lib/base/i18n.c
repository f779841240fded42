#include "lib/base/i18n.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first of the variables that POSIX names for messages, or "". */
static const char *
wanted_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return value;
	}
	return "";
}

/* Speak the wanted language although the machine lacks its locale. */
static void
fall_back(const char *wanted)
{
	char language[16];
	size_t length = strcspn(wanted, "_.@");

	(void)setlocale(LC_ALL, "C.UTF-8");
	if (length == 0 || length >= sizeof(language))
		return;
	memcpy(language, wanted, length);
	language[length] = '\0';
	(void)setenv("LANGUAGE", language, 0);
}

void
i18n_start(void)
{
	char program[PATH_MAX], folder[PATH_MAX + 32];
	ssize_t length;
	char *slash;

	if (setlocale(LC_ALL, "") == NULL)
		fall_back(wanted_locale());
	length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (length <= 0)
		return;
	program[length] = '\0';
	slash = strrchr(program, '/');
	if (slash == NULL)
		return;
	*slash = '\0';
	(void)snprintf(folder, sizeof(folder), "%s/../share/locale", program);
	(void)bindtextdomain("hikae", folder);
	(void)bind_textdomain_codeset("hikae", "UTF-8");
	(void)textdomain("hikae");
}

/*
 * setlocale(3) also makes gettext forget what it had translated, but only
 * where the locale is another one than before.
 */
static void
set_messages(const char *locale)
{
	(void)setlocale(LC_MESSAGES, "C");
	(void)setlocale(LC_MESSAGES, locale);
}

void
i18n_remember(struct i18n_reader *ret_reader)
{
	const char *language = getenv("LANGUAGE");
	const char *messages = setlocale(LC_MESSAGES, NULL);

	*ret_reader = (struct i18n_reader){.has_language = language != NULL};
	(void)snprintf(ret_reader->language, sizeof(ret_reader->language), "%s",
	    language == NULL ? "" : language);
	(void)snprintf(ret_reader->messages, sizeof(ret_reader->messages), "%s",
	    messages == NULL ? "C" : messages);
}

void
i18n_speak(const char *language, struct i18n_reader *ret_reader)
{
	i18n_remember(ret_reader);
	(void)setenv("LANGUAGE", language, 1);
	/* In the locale "C" nothing is ever translated. */
	set_messages("C.UTF-8");
}

void
i18n_speak_as(const struct i18n_reader *as, struct i18n_reader *ret_reader)
{
	i18n_remember(ret_reader);
	i18n_return(as);
}

void
i18n_return(const struct i18n_reader *reader)
{
	if (reader->has_language)
		(void)setenv("LANGUAGE", reader->language, 1);
	else
		(void)unsetenv("LANGUAGE");
	set_messages(reader->messages);
}
