/*
 * hikae metrics: the status as a text file for Prometheus.
 *
 * Format: Prometheus text exposition format 0.0.4.  Every value is a gauge;
 * instants are seconds since the epoch.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/target.h"
#include "cli/view.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"

enum scale {
	AS_IT_IS,
	SECONDS, /* of milliseconds */
	STATUS,	 /* good 0, warning 1, bad 2, undetermined 3 */
};

struct metric {
	/* list: of things with an id each, or one object. */
	const char *name, *list, *key;
	const char *label; /* whose label carries the id; NULL: the whole */
	enum scale scale;
	const char *help;
};

/* What is left out of a status is left out here: no number means nothing. */
static const struct metric metrics[] = {
    {"hikae_status", NULL, "status", NULL, STATUS,
	"Of everything: 0 good, 1 warning, 2 bad, 3 undetermined."},
    {"hikae_status_at_seconds", NULL, "at", NULL, SECONDS,
	"When this was asked."},
    {"hikae_newest_entry_seconds", NULL, "newest_entry_at", NULL, SECONDS,
	"When the journal was last written."},
    {"hikae_state_free_bytes", "daemon", "state_free_bytes", NULL, AS_IT_IS,
	"Bytes left on the disk of the state."},
    {"hikae_state_reserve_bytes", "daemon", "state_reserve_bytes", NULL,
	AS_IT_IS, "Bytes that should be left there."},
    {"hikae_state_free_files", "daemon", "state_free_files", NULL, AS_IT_IS,
	"Files (inodes) left on the disk of the state."},
    {"hikae_state_reserve_files", "daemon", "state_reserve_files", NULL,
	AS_IT_IS, "Files that should be left there."},
    {"hikae_system_status", "systems", "status", "system", STATUS,
	"Of one system, as hikae_status."},
    {"hikae_system_generations", "systems", "generations", "system", AS_IT_IS,
	"Generations there are."},
    {"hikae_system_generations_good", "systems", "generations_good", "system",
	AS_IT_IS, "Generations with an intact copy."},
    {"hikae_system_copies", "systems", "copies", "system", AS_IT_IS,
	"Copies there are."},
    {"hikae_system_copies_good", "systems", "copies_good", "system", AS_IT_IS,
	"Copies that are intact and in sight."},
    {"hikae_system_copies_damaged", "systems", "damaged", "system", AS_IT_IS,
	"Copies with damage."},
    {"hikae_system_copies_undetermined", "systems", "undetermined", "system",
	AS_IT_IS, "Copies that could not be judged."},
    {"hikae_system_copies_missing", "systems", "missing", "system", AS_IT_IS,
	"Copies that are gone."},
    {"hikae_system_newest_generation_seconds", "systems", "newest_at", "system",
	SECONDS, "When the newest generation was taken."},
    {"hikae_system_oldest_reading_seconds", "systems", "oldest_read_at",
	"system", SECONDS, "When the byte that waits longest was read."},
    {"hikae_medium_status", "media", "status", "medium", STATUS,
	"Of one medium, as hikae_status."},
    {"hikae_medium_seen_seconds", "media", "seen_at", "medium", SECONDS,
	"When it was last seen with its backups."},
    {"hikae_medium_bytes", "media", "bytes", "medium", AS_IT_IS,
	"Bytes of captured copies."},
    {"hikae_medium_unconfirmed_bytes", "media", "unconfirmed_bytes", "medium",
	AS_IT_IS, "Bytes not read again since they were captured."},
    {"hikae_medium_oldest_reading_seconds", "media", "oldest_read_at", "medium",
	SECONDS, "When the byte that waits longest was read."},
};
#define METRICS (sizeof(metrics) / sizeof(metrics[0]))

/* Backslash, quotation mark and line feed are escaped (format's section). */
static void
append_label(struct bytes *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '"')
			bytes_append_format(out, "\\%c", *text);
		else if (*text == '\n')
			bytes_append_text(out, "\\n");
		else
			bytes_append_format(out, "%c", *text);
	}
}

/* False where there is none. */
static bool
value_of(const struct metric *metric, const json_t *item, double *ret)
{
	static const char *const statuses[] = {
	    "good", "warning", "bad", "undetermined"};
	const json_t *value = json_object_get(item, metric->key);
	const char *word = json_string_value(value);

	if (metric->scale != STATUS) {
		*ret = json_number_value(value);
		if (metric->scale == SECONDS)
			*ret /= 1000;
		return json_is_number(value);
	}
	for (size_t i = 0; word != NULL && i < 4; i++)
		if (strcmp(word, statuses[i]) == 0) {
			*ret = (double)i;
			return true;
		}
	return false;
}

static void
append_sample(struct bytes *out, const struct metric *metric,
    const json_t *item, const char *facility)
{
	const char *id = json_string_value(json_object_get(item, "id"));
	double value;

	if (!value_of(metric, item, &value))
		return;
	bytes_append_format(out, "%s{facility=\"", metric->name);
	append_label(out, facility);
	if (metric->label != NULL && id != NULL) {
		bytes_append_format(out, "\",%s=\"", metric->label);
		append_label(out, id);
	}
	bytes_append_format(out, "\"} %.16g\n", value);
}

static void
append_metric(struct bytes *out, const struct metric *metric,
    const json_t *status, const char *facility)
{
	const json_t *of = metric->list == NULL
			       ? status
			       : json_object_get(status, metric->list);
	json_t *item;
	size_t i;

	bytes_append_format(out, "# HELP %s %s\n# TYPE %s gauge\n",
	    metric->name, metric->help, metric->name);
	if (json_is_object(of)) {
		append_sample(out, metric, of, facility);
		return;
	}
	json_array_foreach(of, i, item)
	{
		append_sample(out, metric, item, facility);
	}
}

static const char *const severities[] = {
    "good", "warning", "bad", "undetermined"};
#define SEVERITIES (sizeof(severities) / sizeof(severities[0]))

static void
append_by_severity(struct bytes *out, const char *name, const char *facility,
    const json_int_t counts[SEVERITIES])
{
	for (size_t i = 0; i < SEVERITIES; i++) {
		bytes_append_format(out, "%s{facility=\"", name);
		append_label(out, facility);
		bytes_append_format(out, "\",severity=\"%s\"} %lld\n",
		    severities[i], (long long)counts[i]);
	}
}

/* What the status follows from, and the findings among it one by one. */
static void
append_reasons(struct bytes *out, const json_t *status, const char *facility)
{
	const json_t *open = json_object_get(status, "findings");
	json_int_t findings[SEVERITIES], reasons[SEVERITIES] = {0};
	json_t *reason;
	size_t k;

	for (size_t i = 0; i < SEVERITIES; i++) {
		findings[i] =
		    json_integer_value(json_object_get(open, severities[i]));
		json_array_foreach(
		    json_object_get(status, "reasons"), k, reason)
		{
			const char *severity = json_string_value(
			    json_object_get(reason, "severity"));

			reasons[i] += severity != NULL &&
				      strcmp(severity, severities[i]) == 0;
		}
	}
	bytes_append_text(out,
	    "# HELP hikae_reasons Reasons of the status by severity, findings "
	    "and all else.\n"
	    "# TYPE hikae_reasons gauge\n");
	append_by_severity(out, "hikae_reasons", facility, reasons);
	bytes_append_text(out,
	    "# HELP hikae_findings_open Open findings by severity.\n"
	    "# TYPE hikae_findings_open gauge\n");
	append_by_severity(out, "hikae_findings_open", facility, findings);
}

static void
append_up(struct bytes *out, bool is_up)
{
	bytes_append_format(out,
	    "# HELP hikae_up Whether hikaed answered.\n"
	    "# TYPE hikae_up gauge\nhikae_up %d\n",
	    is_up);
}

/* Whole or not at all: whoever reads meanwhile sees the file before. */
static int
write_file(const char *path, const struct bytes *text, struct error *err)
{
	struct file_replacement replacement;
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	char *folder = slash == NULL
			   ? strdup(".")
			   : strndup(path, (size_t)(slash - path) + 1);
	int fd = folder == NULL
		     ? -1
		     : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = -1;

	if (fd < 0) {
		(void)error_set_errno(err, errno, _("cannot write"));
		goto out;
	}
	if (file_replacement_begin(&replacement, fd, name, 0644, err) != 0)
		goto out;
	if (file_write_all(replacement.fd, text->data, text->length, err) == 0)
		rc = file_replacement_commit(&replacement, err);
	if (rc != 0)
		file_replacement_rollback(&replacement);
out:
	if (fd >= 0)
		(void)close(fd);
	free(folder);
	return rc;
}

static int
put(struct cli *cli, const char *path, const struct bytes *text,
    struct error *err)
{
	if (bytes_check(text, err) != 0)
		return -1;
	if (path != NULL)
		return write_file(path, text, err) == 0
			   ? 0
			   : target_blame(path, err);
	(void)fwrite(text->data, 1, text->length, cli->print.out);
	return 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *path = NULL, *facility;
	const struct option_spec specs[] = {
	    {"output", &path, NULL}, {NULL, NULL, NULL}};
	struct bytes text = BYTES_EMPTY;
	json_t *status = NULL;
	struct error err = {0}, unanswered = {0};
	int rc = option_parse(cli, specs, &argc, argv, 0, 0);
	bool is_up;

	if (rc != 0)
		return rc;
	is_up = ask(cli, "Status", NULL, &status, &unanswered) == 0;
	append_up(&text, is_up);
	if (is_up) {
		facility =
		    json_string_value(json_object_get(status, "facility"));
		for (size_t i = 0; i < METRICS; i++)
			append_metric(&text, &metrics[i], status,
			    facility == NULL ? "" : facility);
		append_reasons(&text, status, facility == NULL ? "" : facility);
	}
	if (put(cli, path, &text, &err) != 0)
		rc = cli_fail(cli, &err);
	else if (!is_up)
		rc = cli_fail(cli, &unanswered);
	bytes_done(&text);
	json_decref(status);
	return rc;
}

const struct command cmd_metrics_table[] = {
    {"metrics", N_("print the status for Prometheus"), "[--output FILE]",
	N_("  --output FILE  replace FILE as a whole, for node_exporter's "
	   "textfile collector\n\nWithout a running hikaed only hikae_up 0 is "
	   "written."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
