/* hikae media scan, add: from what is connected to the configuration. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/media_proposal.h"
#include "cli/option.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"

static json_t *
describe(const struct media_proposal *proposal)
{
	struct bytes text = BYTES_EMPTY;
	json_t *object;

	media_proposal_print(proposal, &text);
	object = json_pack("{s:s, s:s, s:s, s:s, s:b, s:o}", "id", proposal->id,
	    "kind", proposal->kind, "path", proposal->path, "filesystem",
	    proposal->filesystem, "is_mounted", (int)proposal->is_mounted,
	    "text", json_of_bytes((const char *)text.data, text.length));
	ask_set_text(
	    object, "uuid", proposal->uuid[0] != '\0' ? proposal->uuid : NULL);
	ask_set_text(object, "serial",
	    proposal->serial[0] != '\0' ? proposal->serial : NULL);
	ask_set_text(object, "address",
	    proposal->address[0] != '\0' ? proposal->address : NULL);
	if (proposal->size_bytes > 0)
		(void)json_object_set_new(
		    object, "size", json_of_u64(proposal->size_bytes));
	bytes_done(&text);
	return object;
}

static int
print_proposals(struct cli *cli, const struct media_proposals *list)
{
	struct bytes text = BYTES_EMPTY;
	json_t *value;
	struct error err = {0};
	int rc = CLI_GOOD;

	if (cli->is_json) {
		value = json_pack("{s:[]}", "proposals");
		for (size_t i = 0; i < list->count; i++)
			(void)json_array_append_new(
			    json_object_get(value, "proposals"),
			    describe(&list->items[i]));
		if (print_json(&cli->print, value, &err) != 0)
			rc = cli_fail(cli, &err);
		json_decref(value);
		return rc;
	}
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			bytes_append_text(&text, "\n");
		media_proposal_print(&list->items[i], &text);
	}
	if (list->count == 0)
		bytes_append_format(&text, "# %s\n",
		    _("Nothing is mounted or connected that is not "
		      "configured."));
	if (bytes_check(&text, &err) != 0)
		rc = cli_fail(cli, &err);
	else if (text.length > 0)
		(void)fwrite(text.data, 1, text.length, cli->print.out);
	bytes_done(&text);
	return rc;
}

/* Without a configuration that can be used, everything is proposed. */
static struct config *
load_quietly(struct cli *cli)
{
	struct config_problems problems;
	struct config *config = NULL;
	struct error err = {0};
	int root_fd;

	if (cli_open_root(cli, &root_fd, &err) != 0)
		return NULL;
	if (config_load(root_fd, &config, &problems) != 0)
		config = NULL;
	config_problems_done(&problems);
	(void)close(root_fd);
	return config;
}

/* NULL, and why as an exit status. */
static struct media_proposals *
find(struct cli *cli, int *ret_status)
{
	struct config *config = load_quietly(cli);
	struct media_proposals *list = calloc(1, sizeof(*list));
	struct error err = {0};

	if (list == NULL) {
		*ret_status = cli_fail_memory(cli);
	} else if (media_proposal_find(config, list, &err) != 0) {
		*ret_status = cli_fail(cli, &err);
		free(list);
		list = NULL;
	}
	config_free(config);
	return list;
}

static int
run_scan(struct cli *cli, int argc, char **argv)
{
	struct media_proposals *list = NULL;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	list = find(cli, &rc);
	if (list != NULL)
		rc = print_proposals(cli, list);
	free(list);
	return rc;
}

/* The file comes to be whole, or not at all. */
static int
write_file(struct cli *cli, const char *name, const struct bytes *text,
    struct error *err)
{
	struct file_replacement file = {0};
	int root_fd = -1, folder_fd = -1, rc = -1;

	if (cli_open_root(cli, &root_fd, err) != 0 ||
	    file_make_folders(root_fd, CONFIG_FOLDER, 0755, err) != 0 ||
	    file_open_below(root_fd, CONFIG_FOLDER, O_RDONLY | O_DIRECTORY,
		&folder_fd, err) != 0 ||
	    file_replacement_begin(&file, folder_fd, name, 0644, err) != 0 ||
	    file_write_all(file.fd, text->data, text->length, err) != 0 ||
	    file_replacement_commit(&file, err) != 0)
		goto out;
	rc = 0;
out:
	file_replacement_rollback(&file);
	if (folder_fd >= 0)
		(void)close(folder_fd);
	if (root_fd >= 0)
		(void)close(root_fd);
	return rc;
}

/* A daemon that does not run reads it when it starts. */
static int
reload(struct cli *cli)
{
	json_t *reply = NULL;
	struct error err = {0};
	int rc = CLI_GOOD;

	if (ask(cli, "Reload", NULL, &reply, &err) != 0) {
		if (err.code != ERROR_UNAVAILABLE)
			return cli_fail(cli, &err);
		(void)fprintf(stderr, "%s\n",
		    _("hikaed does not run; it reads this when it starts."));
		return CLI_GOOD;
	}
	if (!json_is_true(json_object_get(reply, "is_loaded")))
		rc = error_exit_status(ERROR_CONFIG);
	json_decref(reply);
	return rc;
}

/* Check the configuration as it would be, then write and reload. */
static int
add_one(struct cli *cli, const struct media_proposal *proposal)
{
	char name[CONFIG_ID_BYTES + 16], file[CONFIG_ID_BYTES + 64];
	struct bytes text = BYTES_EMPTY;
	struct config *config = NULL;
	struct error err = {0};
	int rc = CLI_GOOD;

	(void)snprintf(name, sizeof(name), "medium-%s.conf", proposal->id);
	(void)snprintf(file, sizeof(file), CONFIG_FOLDER "/%s", name);
	media_proposal_print(proposal, &text);
	if (bytes_check(&text, &err) != 0) {
		rc = cli_fail(cli, &err);
		goto out;
	}
	config = configuration_load_with(cli, file, &text, &rc);
	if (config == NULL)
		goto out;
	if (write_file(cli, name, &text, &err) != 0) {
		rc = cli_fail(cli, &err);
		goto out;
	}
	if (!cli->is_json)
		print_line(&cli->print, PRINT_GOOD,
		    _("[medium %s] stands in %s"), proposal->id, file);
out:
	config_free(config);
	bytes_done(&text);
	return rc;
}

static bool
is_wanted(const struct media_proposal *proposal, int count, char **ids)
{
	for (int i = 0; i < count; i++)
		if (strcmp(ids[i], proposal->id) == 0)
			return true;
	return false;
}

static int
run_add(struct cli *cli, int argc, char **argv)
{
	struct media_proposals *list = NULL;
	json_t *added = json_array();
	struct error err = {0};
	int rc = option_parse(
	    cli, &(struct option_spec){0}, &argc, argv, 1, MEDIA_PROPOSAL_MAX);

	if (rc != 0)
		goto out;
	list = find(cli, &rc);
	for (size_t i = 0; list != NULL && rc == CLI_GOOD && i < list->count;
	     i++) {
		if (!is_wanted(&list->items[i], argc, argv))
			continue;
		rc = add_one(cli, &list->items[i]);
		if (rc == CLI_GOOD)
			(void)json_array_append_new(
			    added, json_string(list->items[i].id));
	}
	if (rc == CLI_GOOD && json_array_size(added) < (size_t)argc) {
		(void)error_set(&err, ERROR_NOT_FOUND,
		    _("hikae media scan does not propose all of these"));
		rc = cli_fail(cli, &err);
	}
	if (json_array_size(added) > 0)
		rc = cli_worse(rc, reload(cli));
	if (rc == CLI_GOOD && cli->is_json) {
		json_t *value = json_pack("{s:O}", "added", added);

		if (print_json(&cli->print, value, &err) != 0)
			rc = cli_fail(cli, &err);
		json_decref(value);
	}
out:
	json_decref(added);
	free(list);
	return rc;
}

const struct command cmd_media_add_table[] = {
    {"media scan", N_("propose sections for media that are not configured"), "",
	N_("Looks at what is mounted or connected now, and prints [medium] "
	   "sections that\nhikae.conf can hold. Nothing is changed; no daemon "
	   "is needed."),
	run_scan},
    {"media add", N_("put proposals of media scan into the configuration"),
	"ID...",
	N_("Writes etc/hikae/conf.d/medium-ID.conf where the whole is valid "
	   "then, and lets\nhikaed read it. Sources are still to be written "
	   "by hand."),
	run_add},
    {NULL, NULL, NULL, NULL, NULL},
};
