#include "cli/configuration.h"

#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/model/requirement.h"
#include "lib/worker/drill_names.h"

json_t *
configuration_pack_problems(const struct config_problems *problems)
{
	json_t *texts = json_array();

	for (size_t i = 0; i < problems->count; i++)
		(void)json_array_append_new(
		    texts, json_string(problems->texts[i]));
	return json_pack("{s:o,s:o}", "problems", texts, "omitted",
	    json_of_u64(problems->omitted));
}

/* Tell all of them.  Returns the exit status. */
static int
fail_problems(struct cli *cli, const struct config_problems *problems)
{
	json_t *value =
	    cli->is_json ? configuration_pack_problems(problems) : NULL;

	for (size_t i = 0; i < problems->count; i++)
		(void)fprintf(stderr, "%s\n", problems->texts[i]);
	if (problems->omitted > 0)
		(void)fprintf(stderr,
		    ngettext("... and %zu more problem\n",
			"... and %zu more problems\n", problems->omitted),
		    problems->omitted);
	if (cli->is_json &&
	    (value == NULL || print_json(&cli->print, value, NULL) != 0))
		(void)cli_fail_memory(cli);
	json_decref(value);
	return error_exit_status(ERROR_CONFIG);
}

size_t
configuration_check_packs(struct cli *cli, int *ret_status)
{
	struct config_problems problems;
	struct requirement_set *set = NULL;
	struct error err;
	size_t count = 0;
	int root_fd = -1;

	if (cli_open_root(cli, &root_fd, &err) != 0) {
		*ret_status = cli_fail(cli, &err);
		return 0;
	}
	if (requirement_load(root_fd, &set, &problems) != 0) {
		*ret_status = fail_problems(cli, &problems);
	} else {
		while (requirement_at(set, count) != NULL)
			count++;
		requirement_set_free(set);
	}
	config_problems_done(&problems);
	(void)close(root_fd);
	return count;
}

struct config *
configuration_load_warned(
    struct cli *cli, struct config_problems *ret_warnings, int *ret_status)
{
	struct config *config = NULL;
	struct error err;
	int root_fd = -1;

	*ret_warnings = (struct config_problems){.count = 0};
	if (cli_open_root(cli, &root_fd, &err) != 0) {
		*ret_status = cli_fail(cli, &err);
		return NULL;
	}
	if (config_load(root_fd, &config, ret_warnings) != 0) {
		*ret_status = fail_problems(cli, ret_warnings);
		config_problems_done(ret_warnings);
		config = NULL;
	} else {
		drill_names_check(root_fd, config, ret_warnings);
	}
	(void)close(root_fd);
	return config;
}

struct config *
configuration_load(struct cli *cli, int *ret_status)
{
	struct bytes nothing = BYTES_EMPTY;

	return configuration_load_with(cli, "", &nothing, ret_status);
}

struct config *
configuration_load_with(struct cli *cli, const char *file,
    const struct bytes *text, int *ret_status)
{
	struct config_problems problems;
	struct config *config = NULL;
	struct error err;
	int root_fd = -1;

	if (cli_open_root(cli, &root_fd, &err) != 0) {
		*ret_status = cli_fail(cli, &err);
		return NULL;
	}
	if (config_load_with(root_fd, file, text->data, text->length, &config,
		&problems) != 0) {
		*ret_status = fail_problems(cli, &problems);
		config = NULL;
	}
	config_problems_done(&problems);
	(void)close(root_fd);
	return config;
}

struct config *
configuration_load_instead(
    struct cli *cli, const struct bytes *text, int *ret_status)
{
	struct config_problems problems;
	struct config *config = NULL;
	struct error err;
	int root_fd = -1;

	if (cli_open_root(cli, &root_fd, &err) != 0) {
		*ret_status = cli_fail(cli, &err);
		return NULL;
	}
	if (config_load_instead(
		root_fd, text->data, text->length, &config, &problems) != 0) {
		*ret_status = fail_problems(cli, &problems);
		config = NULL;
	}
	config_problems_done(&problems);
	(void)close(root_fd);
	return config;
}
