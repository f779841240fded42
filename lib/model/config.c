#include "lib/model/config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/model/config_key.h"
#include "lib/model/config_value.h"

void
config_problems_done(struct config_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		free(problems->texts[i]);
	*problems = (struct config_problems){.count = 0};
}

void
config_problems_add(struct config_problems *problems, const char *file,
    unsigned int line, const char *text)
{
	struct bytes out = BYTES_EMPTY;

	if (problems->count == CONFIG_PROBLEMS_MAX) {
		problems->omitted++;
		return;
	}
	if (file != NULL) {
		text_append_escaped(&out, file, strlen(file));
		if (line > 0)
			bytes_append_format(&out, ":%u", line);
		bytes_append_text(&out, ": ");
	}
	bytes_append_text(&out, text);
	bytes_append_u8(&out, 0);
	if (out.failed) {
		bytes_done(&out);
		problems->omitted++;
		return;
	}
	problems->texts[problems->count++] = (char *)out.data;
}

static void
section_done(enum config_section section, void *data)
{
	const struct config_key *key;

	for (size_t i = 0; (key = config_key_at(i)) != NULL; i++)
		if (key->section == section)
			config_value_done(key, data);
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	section_done(CONFIG_FACILITY, &config->facility);
	section_done(CONFIG_POLICY, &config->policy);
	for (size_t i = 0; i < config->system_count; i++) {
		section_done(CONFIG_SYSTEM, &config->systems[i]);
		free(config->systems[i].id);
	}
	for (size_t i = 0; i < config->medium_count; i++) {
		section_done(CONFIG_MEDIUM, &config->media[i]);
		free(config->media[i].id);
	}
	for (size_t i = 0; i < config->source_count; i++) {
		section_done(CONFIG_SOURCE, &config->sources[i]);
		free(config->sources[i].id);
	}
	for (size_t i = 0; i < config->notify_count; i++) {
		section_done(CONFIG_NOTIFY, &config->notifies[i]);
		free(config->notifies[i].id);
	}
	free(config->notifies);
	free(config->systems);
	free(config->media);
	free(config->sources);
	free(config);
}

const struct config_system *
config_find_system(const struct config *config, const char *id)
{
	for (size_t i = 0; i < config->system_count; i++)
		if (strcmp(config->systems[i].id, id) == 0)
			return &config->systems[i];
	return NULL;
}

const struct config_medium *
config_find_medium(const struct config *config, const char *id)
{
	for (size_t i = 0; i < config->medium_count; i++)
		if (strcmp(config->media[i].id, id) == 0)
			return &config->media[i];
	return NULL;
}

const struct config_source *
config_find_source(const struct config *config, const char *id)
{
	for (size_t i = 0; i < config->source_count; i++)
		if (strcmp(config->sources[i].id, id) == 0)
			return &config->sources[i];
	return NULL;
}

const struct config_notify *
config_find_notify(const struct config *config, const char *id)
{
	for (size_t i = 0; i < config->notify_count; i++)
		if (strcmp(config->notifies[i].id, id) == 0)
			return &config->notifies[i];
	return NULL;
}

/* Every mail server of Debian brings this one (LSB 3.1, sendmail). */
#define SENDMAIL "/usr/sbin/sendmail"

const char *
config_notify_program(const struct config_notify *notify)
{
	if (notify->command[0] == '/')
		return notify->command;
	return notify->method == CONFIG_METHOD_MAIL ? SENDMAIL : NULL;
}
