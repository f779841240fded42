/* config: the [notify] sections, whatever is wrong beside them. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/format/ini.h"
#include "lib/model/config.h"

#define KIND "notify"

static void
append(struct bytes *text, const char *part)
{
	bytes_append(text, part, strlen(part));
}

static void
keep_notify(void *context, const struct ini_item *item)
{
	struct bytes *text = context;

	if (strcmp(item->kind, KIND) != 0)
		return;
	append(text, item->key == NULL ? "[" KIND " " : item->key);
	append(text, item->key == NULL ? item->id : "=");
	append(text, item->key == NULL ? "]" : item->value);
	append(text, "\n");
}

static void
pass_over(void *context, const char *file, unsigned int line, const char *text)
{
	(void)context;
	(void)file;
	(void)line;
	(void)text;
}

int
config_load_notify(
    int root_fd, struct config **ret_config, struct config_problems *problems)
{
	struct bytes text = BYTES_EMPTY;
	const struct ini_handler handler = {&text, keep_notify, pass_over};
	int rc = -1;

	*problems = (struct config_problems){.count = 0};
	/* There is no configuration without a facility. */
	append(&text, "[facility]\nid=none\nname=none\n");
	ini_parse_file(root_fd, CONFIG_FILE, &handler);
	ini_parse_folder(root_fd, CONFIG_FOLDER, ".conf", &handler);
	if (bytes_check(&text, NULL) != 0)
		config_problems_add(problems, NULL, 0, _("out of memory"));
	else
		rc = config_load_text(
		    "[" KIND "]", text.data, text.length, ret_config, problems);
	bytes_done(&text);
	return rc;
}
