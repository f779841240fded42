/* Manifests, checked and converted without a daemon. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/manifest_export.h"
#include "cli/manifest_verify.h"
#include "cli/option.h"
#include "lib/base/i18n.h"

static int
run_verify(struct cli *cli, int argc, char **argv)
{
	struct manifest_verify_options options = {.path = NULL};
	const char *public_key = NULL;
	const struct option_spec specs[] = {
	    {"manifest", &options.manifest, NULL},
	    {"signature", &options.signature, NULL},
	    {"public-key", &public_key, NULL},
	    {"ignore", &options.ignore, NULL},
	    {NULL, NULL, NULL},
	};
	struct trust trust;
	struct error err;
	int status = option_parse(cli, specs, &argc, argv, 1, 1);

	if (status != 0)
		return status;
	if (options.manifest == NULL)
		return cli_fail_usage(cli, _("--manifest FILE is needed"));
	if (trust_load(cli, public_key, &trust, &err) != 0)
		return cli_fail(cli, &err);
	options.path = argv[0];
	options.trust = &trust;
	return manifest_verify(cli, &options);
}

static int
export_sha256sum(struct cli *cli, int manifest_fd)
{
	uint64_t unread = 0;
	struct error err;

	if (manifest_export_sha256sum(
		manifest_fd, cli->print.out, &unread, &err) != 0)
		return cli_fail(cli, &err);
	if (unread == 0)
		return CLI_GOOD;
	(void)fprintf(stderr,
	    ngettext("hikae: %llu file without a digest was left out\n",
		"hikae: %llu files without a digest were left out\n", unread),
	    (unsigned long long)unread);
	return CLI_UNKNOWN;
}

static int
run_export(struct cli *cli, int argc, char **argv)
{
	const char *format = "sha256sum";
	const struct option_spec specs[] = {
	    {"format", &format, NULL},
	    {NULL, NULL, NULL},
	};
	struct error err;
	int status = option_parse(cli, specs, &argc, argv, 1, 1);
	int manifest_fd = -1;
	bool is_mtree;

	if (status != 0)
		return status;
	is_mtree = strcmp(format, "mtree") == 0;
	if (!is_mtree && strcmp(format, "sha256sum") != 0)
		return cli_fail_usage(cli, _("--format is sha256sum or mtree"));
	if (cli_open_file(argv[0], &manifest_fd, &err) != 0)
		return cli_fail(cli, &err);
	if (!is_mtree)
		status = export_sha256sum(cli, manifest_fd);
	else if (manifest_export_mtree(manifest_fd, cli->print.out, &err) != 0)
		status = cli_fail(cli, &err);
	(void)close(manifest_fd);
	return status;
}

const struct command cmd_manifest_table[] = {
    {"manifest verify", N_("compare a folder with a signed manifest"),
	"DIR --manifest FILE [--signature FILE] [--public-key FILE|KEY]",
	N_("Reads every byte of DIR (or of the one file that a copy is) and "
	   "compares it with\nthe manifest, whose signature is checked first. "
	   "No daemon is needed.\n"
	   "  --signature FILE       standard: FILE.minisig beside the "
	   "manifest\n"
	   "  --public-key FILE|KEY  the daemon's public key; standard: this "
	   "host's keys\n"
	   "  --ignore PATTERNS      names to pass over, separated by commas\n"
	   "Exit status 0: intact; 1: there is more than the manifest says; 2: "
	   "damaged, or\nthe signature does not hold; 3: could not be "
	   "determined."),
	run_verify},
    {"manifest export", N_("print a manifest for sha256sum, mtree or bsdtar"),
	"[--format sha256sum|mtree] FILE.mtree.zst",
	N_("The signature is not checked here. Check a folder without hikae:\n"
	   "  hikae manifest export M.mtree.zst > /tmp/sums\n"
	   "  cd DIR && sha256sum -c /tmp/sums\n"
	   "Exit status 3: a file without a digest was left out."),
	run_export},
    {NULL, NULL, NULL, NULL, NULL},
};
