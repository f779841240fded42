/* config: writing a configuration, and the sample. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/model/config.h"
#include "lib/model/config_key.h"
#include "lib/model/config_value.h"

/* Columns of the sample. */
#define SAMPLE_COLUMNS 78

static void
print_section(enum config_section section, const char *id, const void *data,
    struct bytes *out)
{
	const struct config_key *key;
	struct bytes value = BYTES_EMPTY;

	bytes_append_format(out, "%s[%s%s%s]\n", out->length > 0 ? "\n" : "",
	    config_section_name(section), id != NULL ? " " : "",
	    id != NULL ? id : "");
	for (size_t i = 0; (key = config_key_at(i)) != NULL; i++) {
		if (key->section != section)
			continue;
		bytes_clear(&value);
		config_value_append(key, data, &value);
		bytes_append_format(
		    out, "%s =%s", key->name, value.length > 0 ? " " : "");
		bytes_append(out, value.data, value.length);
		bytes_append_text(out, "\n");
		out->failed = out->failed || value.failed;
	}
	bytes_done(&value);
}

void
config_print_effective(const struct config *config, struct bytes *out)
{
	print_section(CONFIG_FACILITY, NULL, &config->facility, out);
	print_section(CONFIG_POLICY, NULL, &config->policy, out);
	for (size_t i = 0; i < config->system_count; i++)
		print_section(CONFIG_SYSTEM, config->systems[i].id,
		    &config->systems[i], out);
	for (size_t i = 0; i < config->medium_count; i++)
		print_section(
		    CONFIG_MEDIUM, config->media[i].id, &config->media[i], out);
	for (size_t i = 0; i < config->source_count; i++)
		print_section(CONFIG_SOURCE, config->sources[i].id,
		    &config->sources[i], out);
	for (size_t i = 0; i < config->notify_count; i++)
		print_section(CONFIG_NOTIFY, config->notifies[i].id,
		    &config->notifies[i], out);
}

/*
 * May a line end after this character?  At a space and at the end; Japanese
 * has no spaces, so after any wide character too, but not before a mark that
 * closes (JIS X 4051).
 */
static bool
may_break(const char *character, const char *rest)
{
	static const char *const closing[] = {
	    "、", "。", "）", "」", "～", "ー", "・", ":", "："};

	if (*rest == '\0' || *rest == ' ')
		return true;
	for (size_t i = 0; i < sizeof(closing) / sizeof(closing[0]); i++)
		if (strncmp(rest, closing[i], strlen(closing[i])) == 0)
			return false;
	return text_display_width(character) > 1 && character[0] != '\0' &&
	       strcmp(character, "（") != 0 && strcmp(character, "「") != 0;
}

/* A text as comment lines. */
static void
print_comment(const char *text, struct bytes *out)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t at = 0, end = 0, columns = 2;

		while (at < left) {
			uint32_t c = 0;
			size_t n = text_decode(text + at, left - at, &c);
			char piece[8] = "";

			n = n > 0 ? n : 1;
			memcpy(piece, text + at, n);
			columns += text_display_width(piece);
			if (columns > SAMPLE_COLUMNS)
				break;
			at += n;
			if (may_break(piece, text + at))
				end = at;
		}
		end = end > 0 ? end : at;
		bytes_append_text(out, "# ");
		bytes_append(out, text, end);
		bytes_append_text(out, "\n");
		text += end;
		left -= end;
		for (; left > 0 && *text == ' '; left--)
			text++;
	}
}

static void
append_bounds(const struct config_key *key, struct bytes *out)
{
	if (key->min != NULL && key->max != NULL)
		bytes_append_format(
		    out, _(" From %s to %s."), key->min, key->max);
	else if (key->min != NULL)
		bytes_append_format(out, _(" At least %s."), key->min);
	if (key->word != NULL && key->min != NULL)
		bytes_append_format(out, _(" Or: %s."), key->word);
}

/* Nobody is told anything because a sample stood there. */
static bool
is_in_force(enum config_section section)
{
	return section != CONFIG_NOTIFY;
}

/* A key that has no sample value stands with its standard, commented out. */
static void
print_key(const struct config_key *key, struct bytes *out)
{
	struct bytes help = BYTES_EMPTY;
	const char *value = key->sample != NULL ? key->sample : key->standard;

	bytes_append_text(&help, _(key->help));
	append_bounds(key, &help);
	bytes_append_u8(&help, 0);
	if (!help.failed)
		print_comment((const char *)help.data, out);
	out->failed = out->failed || help.failed;
	bytes_done(&help);
	if (key->type == CONFIG_TEXT && key->sample != NULL)
		value = _(key->sample);
	if (key->inherits != NULL)
		value = config_key_find(CONFIG_POLICY, key->inherits)->standard;
	bytes_append_format(out, "%s%s =%s%s\n\n",
	    key->sample != NULL && is_in_force(key->section) ? "" : "#",
	    key->name, value[0] != '\0' ? " " : "", value);
}

void
config_print_sample(struct bytes *out)
{
	static const char *const ids[CONFIG_SECTIONS] = {
	    [CONFIG_SYSTEM] = " ehr",
	    [CONFIG_MEDIUM] = " nas1",
	    [CONFIG_SOURCE] = " ehr-nas1",
	    [CONFIG_NOTIFY] = " it",
	};
	const struct config_key *key;

	print_comment(_("Configuration of hikae. Lines with \"#\" in front "
			"show what holds when nothing is written. Check "
			"changes with: hikae config check"),
	    out);
	for (int s = 0; s < CONFIG_SECTIONS; s++) {
		enum config_section section = (enum config_section)s;

		bytes_append_text(out, "\n");
		print_comment(_(config_section_help(section)), out);
		bytes_append_format(out, "%s[%s%s]\n\n",
		    is_in_force(section) ? "" : "#",
		    config_section_name(section), ids[s] != NULL ? ids[s] : "");
		for (size_t i = 0; (key = config_key_at(i)) != NULL; i++)
			if (key->section == section)
				print_key(key, out);
	}
}
