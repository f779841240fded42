#include "daemon/packs.h"

#include <stdio.h>

#include "daemon/service_config.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/model/requirement.h"
#include "lib/store/pack.h"

int
packs_read_good(struct service *service, struct requirement_texts *ret_texts,
    struct config_problems *problems)
{
	struct requirement_texts texts = REQUIREMENT_TEXTS_EMPTY;
	struct requirement_set *set = NULL;
	struct error err = {0};

	*problems = (struct config_problems){.count = 0};
	if (requirement_texts_read(service->root_fd, &texts, &err) != 0) {
		config_problems_add(problems, NULL, 0, err.text);
		return -1;
	}
	if (requirement_load_texts(&texts, &set, problems) != 0) {
		requirement_set_free(set);
		requirement_texts_done(&texts);
		return -1;
	}
	requirement_set_free(set);
	config_problems_done(problems);
	*ret_texts = texts;
	return 0;
}

/* Backups are verified without them: status says that some are left out. */
int
packs_begin(struct service *service, struct error *err)
{
	struct requirement_set *set = NULL;
	struct config_problems problems;

	if (requirement_texts_read(service->root_fd, &service->packs, err) != 0)
		return -1;
	service->has_faulty_packs =
	    requirement_load_texts(&service->packs, &set, &problems) != 0;
	service_log_problems(&problems, false);
	if (service->has_faulty_packs)
		log_event(LOG_LEVEL_ERROR,
		    _("requirements of the facility's own have errors; those "
		      "files are left out"));
	requirement_set_free(set);
	config_problems_done(&problems);
	return 0;
}

static int
take_pack(const struct pack *row, void *context, struct error *err)
{
	struct requirement_text item = {
	    .file = (char *)(uintptr_t) "", .is_site = row->is_site};

	(void)snprintf(item.sha256, sizeof(item.sha256), "%s",
	    row->sha256 == NULL ? "" : row->sha256);
	return requirement_texts_add(context, &item, NULL, 0, err);
}

int
packs_are_known(struct service *service, bool *ret_are, struct error *err)
{
	struct requirement_texts known = REQUIREMENT_TEXTS_EMPTY;
	int rc =
	    pack_each(service->catalog, CATALOG_NOW, take_pack, &known, err);

	if (rc == 0)
		*ret_are = requirement_texts_same(&known, &service->packs);
	requirement_texts_done(&known);
	return rc;
}

json_t *
packs_describe(const struct service *service)
{
	json_t *list = json_array();

	for (size_t i = 0; i < service->packs.count; i++) {
		const struct requirement_text *text = &service->packs.items[i];
		json_t *object = json_object();

		if (text->sha256[0] != '\0')
			(void)json_object_set_new(
			    object, "sha256", json_string(text->sha256));
		if (text->is_site)
			(void)json_object_set_new(object, "site", json_true());
		(void)json_array_append_new(list, object);
	}
	return list;
}

int
packs_keep(struct service *service, struct error *err)
{
	for (size_t i = 0; i < service->packs.count; i++) {
		const struct requirement_text *text = &service->packs.items[i];
		const struct pack pack = {
		    .sha256 = text->sha256,
		    .file = text->file,
		    .text = text->text.length == 0 ? (const uint8_t *)""
						   : text->text.data,
		    .length = text->text.length,
		};

		if (text->fault == NULL &&
		    pack_keep(service->catalog, &pack, err) != 0)
			return -1;
	}
	return 0;
}
