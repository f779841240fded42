/* hikae key paper: the public keys as a page to print. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/option.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/output/key_paper.h"

/* The whole page in its file, or an older one stays. */
static int
deliver(const char *path, const struct bytes *page, struct error *err)
{
	struct file_replacement file = {0};
	const char *slash = strrchr(path, '/');
	char *folder = slash != NULL ? strndup(path, (size_t)(slash - path) + 1)
				     : strdup(".");
	int folder_fd = -1, rc = -1;

	if (folder == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (file_open_folder(folder, &folder_fd, err) == 0 &&
	    file_replacement_begin(&file, folder_fd,
		slash != NULL ? slash + 1 : path, 0644, err) == 0 &&
	    file_write_all(file.fd, page->data, page->length, err) == 0)
		rc = file_replacement_commit(&file, err);
	file_replacement_rollback(&file);
	if (folder_fd >= 0)
		(void)close(folder_fd);
	free(folder);
	return rc == 0 ? 0 : error_prefix(err, "%s", path);
}

static int
write_page(struct cli *cli, const char *facility, struct bytes *page,
    struct error *err)
{
	struct keyring keyring;
	char date[DATE_TEXT_BYTES];
	int state_fd = -1, rc = -1;

	if (cli_open_state(cli, false, &state_fd, err) != 0)
		return -1;
	if (keyring_open_public(state_fd, &keyring, err) == 0)
		rc = key_paper_write(&keyring, facility,
		    date_format_plain(clock_wall_ms(), date), page, err);
	(void)close(state_fd);
	return rc;
}

static int
run_paper(struct cli *cli, int argc, char **argv)
{
	const char *output = NULL;
	const struct option_spec options[] = {
	    {"output", &output, NULL}, {NULL, NULL, NULL}};
	struct bytes page = BYTES_EMPTY;
	struct config *config;
	char output_option[] = "--output";
	struct error err = {0};
	int rc;

	/* As in hikae report. */
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "-o") == 0)
			argv[i] = output_option;
	rc = option_parse(cli, options, &argc, argv, 0, 0);
	if (rc != 0)
		return rc;
	config = configuration_load(cli, &rc);
	if (config == NULL)
		return rc;
	if (write_page(cli, config->facility.name, &page, &err) != 0 ||
	    (output != NULL && deliver(output, &page, &err) != 0))
		rc = cli_fail(cli, &err);
	else if (output == NULL)
		(void)fwrite(page.data, 1, page.length, cli->print.out);
	config_free(config);
	bytes_done(&page);
	return rc;
}

const struct command cmd_key_paper_table[] = {
    {"key paper", N_("write the public keys as a page to print"),
	"[-o FILE.html]",
	N_("An A4 page with both public keys, their fingerprints and QR "
	   "codes, to be printed\nand kept away from the host. Without "
	   "-o it goes to standard output."),
	run_paper},
    {NULL, NULL, NULL, NULL, NULL},
};
