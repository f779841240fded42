#include "cli/contents.h"

#include <stdio.h>
#include <string.h>

#include "cli/drill_words.h"
#include "cli/view.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/format/json.h"

#define LINE_BYTES 1024

/* What is left out where it does not fit. */
static void
append(char line[LINE_BYTES], const char *between, const char *text)
{
	size_t used = strlen(line);

	(void)snprintf(line + used, LINE_BYTES - used, "%s%s", between, text);
}

static void
append_count(char line[LINE_BYTES], const char *between, const char *name,
    json_int_t count)
{
	char text[VIEW_TEXT_BYTES];

	if (count == 0)
		return;
	(void)snprintf(text, sizeof(text), "%s %lld", drill_words_name(name),
	    (long long)count);
	append(line, between, text);
}

/* Texts out of a backup: escaped. */
static void
append_samples(char line[LINE_BYTES], const json_t *samples)
{
	char text[VIEW_TEXT_BYTES];
	json_t *sample;
	size_t i;

	json_array_foreach(samples, i, sample)
	{
		if (!json_is_string(sample))
			continue;
		append(line, i == 0 ? " (" : ", ",
		    text_escape(text, sizeof(text), json_string_value(sample),
			json_string_length(sample)));
	}
	if (json_array_size(samples) > 0)
		append(line, "", ")");
}

static enum print_mark
mark_of(const json_t *format)
{
	if (view_number(format, "undetermined") > 0)
		return PRINT_UNKNOWN;
	if (view_number(format, "broken") + view_number(format, "warning") > 0)
		return PRINT_WARNING;
	return PRINT_GOOD;
}

/* "DICOM images: files 12, broken 1, images 11 (CT, MR)" */
static void
print_format(struct cli *cli, const json_t *format)
{
	static const char *const numbers[] = {
	    "files", "note", "warning", "undetermined", "broken"};
	char line[LINE_BYTES] = "", name[VIEW_TEXT_BYTES];
	const char *key, *between = ": ";
	json_t *value;

	append(line, "", drill_words_name(view_text(format, "format", name)));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		append_count(line, between, numbers[i],
		    (json_int_t)view_number(format, numbers[i]));
		between = ", ";
	}
	json_object_foreach(json_object_get(format, "counts"), key, value)
	{
		append_count(line, between, key, json_integer_value(value));
	}
	append_samples(line, json_object_get(format, "samples"));
	view_line(&cli->print, mark_of(format), line);
}

static const json_t *
find_contents(const json_t *copy)
{
	json_t *manifest;
	size_t i;

	json_array_foreach(json_object_get(copy, "manifests"), i, manifest)
	{
		if (json_is_true(json_object_get(manifest, "is_current")))
			return json_object_get(manifest, "contents");
	}
	return NULL;
}

void
contents_print(struct cli *cli, const json_t *copy)
{
	const json_t *contents = find_contents(copy);
	char line[LINE_BYTES], date[VIEW_TEXT_BYTES], word[VIEW_TEXT_BYTES];
	json_t *format;
	size_t i;

	if (contents == NULL)
		return;
	(void)snprintf(line, sizeof(line),
	    _("What it holds, looked into on %s"),
	    view_date(contents, "at", date));
	print_heading(&cli->print, line);
	if (strcmp(view_text(contents, "outcome", word), "done") != 0)
		view_line(&cli->print, PRINT_UNKNOWN,
		    _("It could not be looked at to its end."));
	json_array_foreach(json_object_get(contents, "formats"), i, format)
	{
		print_format(cli, format);
	}
	(void)snprintf(line, sizeof(line),
	    _("Files of no format that hikae knows: %lld"),
	    (long long)view_number(contents, "other"));
	view_line(&cli->print, PRINT_PLAIN, line);
	if (view_number(contents, "skipped") == 0)
		return;
	(void)snprintf(line, sizeof(line),
	    _("Files that could not be looked into: %lld"),
	    (long long)view_number(contents, "skipped"));
	view_line(&cli->print, PRINT_UNKNOWN, line);
}

void
contents_print_fault(struct cli *cli, const json_t *finding)
{
	const json_t *detail = json_object_get(finding, "detail");
	char format[VIEW_TEXT_BYTES], fault[VIEW_TEXT_BYTES];
	const char *sentence =
	    drill_words_sentence(view_text(detail, "fault", fault));

	if (json_object_get(detail, "format") == NULL)
		return;
	(void)fprintf(cli->print.out, "\n%s: %s\n",
	    drill_words_name(view_text(detail, "format", format)),
	    sentence != NULL ? sentence : fault);
	if (json_object_get(detail, "expected") != NULL)
		(void)fprintf(cli->print.out,
		    _("It should be %lld, and is %lld.\n"),
		    (long long)view_number(detail, "expected"),
		    (long long)view_number(detail, "actual"));
	else if (view_number(detail, "offset") > 0)
		(void)fprintf(cli->print.out, _("At byte %lld.\n"),
		    (long long)view_number(detail, "offset"));
	if (json_is_true(json_object_get(detail, "is_inside")))
		(void)fprintf(cli->print.out, "%s\n",
		    _("That is so inside the compressed file, which itself "
		      "can be unpacked to its end."));
}
