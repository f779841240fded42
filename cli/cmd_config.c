/* The configuration, looked at without a daemon. */
#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/option.h"
#include "lib/base/i18n.h"
#include "lib/format/ini.h"
#include "lib/model/config.h"

/* Nothing that the command takes beside the options of every command. */
static int
parse_none(struct cli *cli, int argc, char **argv)
{
	return option_parse(cli, &(struct option_spec){0}, &argc, argv, 0, 0);
}

static bool
has_source(const struct config *config, const struct config_system *system,
    const struct config_medium *medium)
{
	for (size_t i = 0; i < config->source_count; i++)
		if (config->sources[i].system == system ||
		    config->sources[i].medium == medium)
			return true;
	return false;
}

/*
 * What may be meant so, but leaves something unwatched; appended to `idle` as
 * {"kind", "id"} and, for people, printed.
 */
static void
tell_idle(struct cli *cli, const struct config *config, json_t *idle)
{
	for (size_t i = 0; i < config->system_count; i++) {
		if (has_source(config, &config->systems[i], NULL))
			continue;
		(void)json_array_append_new(
		    idle, json_pack("{s:s,s:s}", "kind", "system", "id",
			      config->systems[i].id));
		if (!cli->is_json)
			print_line(&cli->print, PRINT_WARNING,
			    _("[system %s] has no source: no backup of it is "
			      "watched"),
			    config->systems[i].id);
	}
	for (size_t i = 0; i < config->medium_count; i++) {
		if (has_source(config, NULL, &config->media[i]))
			continue;
		(void)json_array_append_new(
		    idle, json_pack("{s:s,s:s}", "kind", "medium", "id",
			      config->media[i].id));
		if (!cli->is_json)
			print_line(&cli->print, PRINT_WARNING,
			    _("[medium %s] has no source: nothing on it is "
			      "watched"),
			    config->media[i].id);
	}
}

/* Counts, for people or as JSON.  Takes over idle. */
static int
tell_counts(struct cli *cli, const struct config *config,
    const struct config_problems *warnings, json_t *idle)
{
	json_t *value;
	struct error err;
	int status = warnings->count > 0 || json_array_size(idle) > 0 ||
			     config->source_count == 0
			 ? CLI_WARNING
			 : CLI_GOOD;

	if (!cli->is_json) {
		json_decref(idle);
		print_line(&cli->print,
		    status == CLI_GOOD ? PRINT_GOOD : PRINT_WARNING,
		    _("The configuration can be used. Systems: %zu, media: "
		      "%zu, sources: %zu"),
		    config->system_count, config->medium_count,
		    config->source_count);
		return status;
	}
	value = configuration_pack_problems(warnings);
	(void)json_object_set_new(
	    value, "systems", json_of_u64(config->system_count));
	(void)json_object_set_new(
	    value, "media", json_of_u64(config->medium_count));
	(void)json_object_set_new(
	    value, "sources", json_of_u64(config->source_count));
	if (json_object_set_new(value, "unused", idle) != 0)
		status = cli_fail_memory(cli);
	else if (print_json(&cli->print, value, &err) != 0)
		status = cli_fail(cli, &err);
	json_decref(value);
	return status;
}

/* What can be used: what may not be meant so, and how much it is. */
static int
tell(struct cli *cli, const struct config *config,
    const struct config_problems *warnings)
{
	json_t *idle = json_array();

	if (idle == NULL)
		return cli_fail_memory(cli);
	for (size_t i = 0; i < warnings->count && !cli->is_json; i++)
		print_line(
		    &cli->print, PRINT_WARNING, "%s", warnings->texts[i]);
	tell_idle(cli, config, idle);
	return tell_counts(cli, config, warnings, idle);
}

static int
run_check(struct cli *cli, int argc, char **argv)
{
	int status = parse_none(cli, argc, argv);
	struct config_problems warnings;
	struct config *config;

	if (status != 0)
		return status;
	config = configuration_load_warned(cli, &warnings, &status);
	if (config == NULL)
		return status;
	if (configuration_check_packs(cli, &status) > 0)
		status = tell(cli, config, &warnings);
	config_problems_done(&warnings);
	config_free(config);
	return status;
}

static int
run_sample(struct cli *cli, int argc, char **argv)
{
	struct bytes out = BYTES_EMPTY;
	int status = parse_none(cli, argc, argv);
	struct error err;

	if (status != 0)
		return status;
	config_print_sample(&out);
	if (bytes_check(&out, &err) != 0)
		status = cli_fail(cli, &err);
	else
		(void)fwrite(out.data, 1, out.length, cli->print.out);
	bytes_done(&out);
	return status;
}

/* {"facility": {...}, "system": {"ehr": {...}}, ...}: values as written. */
static void
add_item(void *context, const struct ini_item *item)
{
	json_t *section = json_object_get(context, item->kind), *inner;

	if (section == NULL) {
		section = json_object();
		(void)json_object_set_new(context, item->kind, section);
	}
	if (item->id[0] != '\0') {
		inner = json_object_get(section, item->id);
		if (inner == NULL) {
			inner = json_object();
			(void)json_object_set_new(section, item->id, inner);
		}
		section = inner;
	}
	if (item->key != NULL)
		(void)json_object_set_new(
		    section, item->key, json_string(item->value));
}

/* What hikae printed itself has no problems. */
static void
ignore_problem(
    void *context, const char *file, unsigned int line, const char *text)
{
	(void)context;
	(void)file;
	(void)line;
	(void)text;
}

static int
print_effective_json(
    struct cli *cli, const struct bytes *text, struct error *err)
{
	json_t *value = json_object();
	const struct ini_handler handler = {value, add_item, ignore_problem};
	int rc;

	if (value == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	ini_parse("", text->data, text->length, &handler);
	rc = print_json(&cli->print, value, err);
	json_decref(value);
	return rc;
}

static int
run_show(struct cli *cli, int argc, char **argv)
{
	struct bytes out = BYTES_EMPTY;
	int status = parse_none(cli, argc, argv);
	struct config *config;
	struct error err;

	if (status != 0)
		return status;
	config = configuration_load(cli, &status);
	if (config == NULL)
		return status;
	config_print_effective(config, &out);
	if (bytes_check(&out, &err) != 0 ||
	    (cli->is_json && print_effective_json(cli, &out, &err) != 0))
		status = cli_fail(cli, &err);
	else if (!cli->is_json)
		(void)fwrite(out.data, 1, out.length, cli->print.out);
	config_free(config);
	bytes_done(&out);
	return status;
}

const struct command cmd_config_table[] = {
    {"config check", N_("look for mistakes in the configuration"), "",
	N_("Reads etc/hikae/hikae.conf, etc/hikae/conf.d/*.conf and the "
	   "requirements in\netc/hikae/requirements.d/*.conf, and lists "
	   "every problem as FILE:LINE: what is wrong.\nExit status 0: it "
	   "can be used; 1: it can, but leaves something unwatched, or gives "
	   "two\nmedia one name; 78: it cannot. No daemon is needed."),
	run_check},
    {"config sample", N_("print a commented configuration to begin with"), "",
	N_("Every key is explained. Example:\n"
	   "  hikae config sample > /etc/hikae/hikae.conf"),
	run_sample},
    {"config show", N_("print the configuration in force, defaults included"),
	"", NULL, run_show},
    {NULL, NULL, NULL, NULL, NULL},
};
