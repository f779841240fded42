/*
 * keys: the configuration's keys in mdoc(7), for hikae.conf(5).
 *
 * Usage: keys TEMPLATE.  Prints the template; its line "@KEYS@" becomes the
 * table of lib/model/config_key, in the language of the locale.  So the page,
 * the sample and what hikae reads cannot disagree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/model/config_key.h"

/* What stands for the value, where it is not one of a few words. */
static const char *const placeholders[] = {
    [CONFIG_TEXT] = N_("text"),
    [CONFIG_ID] = "ID",
    [CONFIG_NAME] = N_("file name"),
    [CONFIG_TOKEN] = "UUID",
    [CONFIG_ADDRESS] = "HOST:PORT",
    [CONFIG_ZONE] = N_("time zone"),
    [CONFIG_ABSOLUTE] = N_("path"),
    [CONFIG_RELATIVE] = N_("path"),
    [CONFIG_DURATION] = N_("duration"),
    [CONFIG_SIZE] = N_("size"),
    [CONFIG_INTEGER] = N_("number"),
    [CONFIG_LIST] = N_("names"),
    [CONFIG_PATTERN] = N_("pattern"),
    [CONFIG_WINDOW] = "HH:MM-HH:MM",
    [CONFIG_CLOCK] = "HH:MM",
};

/* How many bytes of a sentence's end, with more behind it, begin here. */
static size_t
stop_length(const char *text)
{
	static const char stop[] = "。";

	if (text[0] == '.' && text[1] == ' ')
		return 1;
	if (strncmp(text, stop, strlen(stop)) == 0 && text[3] != '\0')
		return strlen(stop);
	return 0;
}

/* One sentence a line, and nothing that roff takes for its own. */
static void
print_text(const char *text)
{
	bool is_first = true;

	while (*text != '\0') {
		size_t stop = stop_length(text), length = stop > 0 ? stop : 1;

		if (is_first && *text == ' ') {
			text++;
			continue;
		}
		if (is_first && (*text == '.' || *text == '\''))
			(void)fputs("\\&", stdout);
		if (*text == '\\')
			(void)fputs("\\e", stdout);
		else
			(void)fwrite(text, 1, length, stdout);
		is_first = stop > 0;
		if (is_first)
			(void)putchar('\n');
		text += length;
	}
	(void)putchar('\n');
}

static void
print_value(const struct config_key *key)
{
	if (key->choices != NULL) {
		for (size_t i = 0; key->choices[i] != NULL; i++)
			(void)printf(
			    "%sCm %s", i > 0 ? " | " : " ", key->choices[i]);
	} else if (key->type == CONFIG_BOOLEAN) {
		(void)fputs(" Cm yes | no", stdout);
	} else {
		(void)printf(" Ar %s", _(placeholders[key->type]));
		if (key->word != NULL)
			(void)printf(" | Cm %s", key->word);
	}
	(void)putchar('\n');
}

static void
append_default(const struct config_key *key, struct bytes *out)
{
	if (key->is_required)
		bytes_append_format(out, " %s", _("Required."));
	else if (key->inherits != NULL)
		bytes_append_format(
		    out, _(" Default: that of %s in [policy]."), key->inherits);
	else if (key->standard[0] != '\0')
		bytes_append_format(out, _(" Default: %s."), key->standard);
	else
		bytes_append_format(out, " %s", _("Default: empty."));
}

static int
print_key(const struct config_key *key)
{
	struct bytes text = BYTES_EMPTY;
	bool has_failed;

	bytes_append_text(&text, _(key->help));
	if (key->min != NULL && key->max != NULL)
		bytes_append_format(
		    &text, _(" From %s to %s."), key->min, key->max);
	else if (key->min != NULL)
		bytes_append_format(&text, _(" At least %s."), key->min);
	append_default(key, &text);
	bytes_append_u8(&text, 0);
	(void)printf(".It Cm %s Li =", key->name);
	print_value(key);
	has_failed = text.failed;
	if (!has_failed)
		print_text((const char *)text.data);
	bytes_done(&text);
	return has_failed ? -1 : 0;
}

static int
print_keys(void)
{
	const struct config_key *key;

	for (int s = 0; s < CONFIG_SECTIONS; s++) {
		enum config_section section = (enum config_section)s;

		(void)printf(".Ss [%s%s]\n", config_section_name(section),
		    config_section_has_id(section) ? " ID" : "");
		print_text(_(config_section_help(section)));
		(void)puts(".Bl -tag -width Ds");
		for (size_t i = 0; (key = config_key_at(i)) != NULL; i++)
			if (key->section == section && print_key(key) != 0)
				return -1;
		(void)puts(".El");
	}
	return 0;
}

int
main(int argc, char **argv)
{
	char line[4096];
	int rc = 0;
	FILE *template = argc == 2 ? fopen(argv[1], "re") : NULL;

	i18n_start();
	if (template == NULL) {
		(void)fputs("usage: keys TEMPLATE\n", stderr);
		return EXIT_FAILURE;
	}
	while (rc == 0 && fgets(line, sizeof(line), template) != NULL) {
		if (strcmp(line, "@KEYS@\n") == 0)
			rc = print_keys();
		else
			rc = fputs(line, stdout) < 0 ? -1 : 0;
	}
	(void)fclose(template);
	return rc == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
