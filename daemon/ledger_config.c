/* The entry that says what is configured: FORMATS section 4.1. */
#include "daemon/ledger.h"
#include "daemon/packs.h"
#include "lib/crypto/digest.h"
#include "lib/store/query.h"

static json_t *
describe_facility(const struct config *config)
{
	const struct config_facility *facility = &config->facility;
	const struct config_policy *policy = &config->policy;
	json_t *object = json_pack("{s:s, s:I, s:I, s:I, s:I}", "kind",
	    config_facility_kind_name(facility->kind), "offline_verified_ms",
	    (json_int_t)policy->offline_verified_ms, "offline_attested_ms",
	    (json_int_t)policy->offline_attested_ms, "max_undetermined_ms",
	    (json_int_t)policy->max_undetermined_ms, "clock_ahead_ms",
	    (json_int_t)policy->clock_ahead_ms);
	struct bytes fees = BYTES_EMPTY;

	for (size_t i = 0; i < facility->fees.count; i++)
		bytes_append_format(
		    &fees, i == 0 ? "%s" : " %s", facility->fees.items[i]);
	if (fees.length > 0)
		(void)json_object_set_new(object, "fees",
		    json_stringn((const char *)fees.data, fees.length));
	bytes_done(&fees);
	if (facility->beds != CONFIG_NONE)
		(void)json_object_set_new(
		    object, "beds", json_integer(facility->beds));
	return object;
}

static void
set_positive(json_t *object, const char *name, int64_t value)
{
	if (value > 0)
		(void)json_object_set_new(object, name, json_integer(value));
}

static json_t *
list_systems(const struct config *config)
{
	json_t *list = json_array();

	for (size_t i = 0; i < config->system_count; i++) {
		const struct config_system *system = &config->systems[i];
		int64_t interval = system->interval_ms == CONFIG_NONE
				       ? 0
				       : system->interval_ms;

		json_t *object = json_pack("{s:s, s:s, s:I, s:I, s:I}", "id",
		    system->id, "kind", config_system_kind_name(system->kind),
		    "interval_ms", (json_int_t)interval, "grace_ms",
		    (json_int_t)system->grace_ms, "generations_min",
		    (json_int_t)system->generations_min);

		set_positive(object, "recovery_order", system->recovery_order);
		set_positive(
		    object, "recovery_target_ms", system->recovery_target_ms);
		(void)json_array_append_new(list, object);
	}
	return list;
}

static json_t *
list_media(const struct config *config)
{
	json_t *list = json_array();

	for (size_t i = 0; i < config->medium_count; i++) {
		const struct config_medium *medium = &config->media[i];
		json_t *object = json_pack("{s:s, s:s, s:I}", "id", medium->id,
		    "kind", config_medium_kind_name(medium->kind),
		    "coverage_ms", (json_int_t)medium->coverage_ms);

		if (medium->offline != CONFIG_OFFLINE_NONE)
			(void)json_object_set_new(object, "offline",
			    json_string(config_offline_name(medium->offline)));
		if (medium->is_offsite)
			(void)json_object_set_new(
			    object, "offsite", json_true());
		if (*medium->location != '\0')
			(void)json_object_set_new(
			    object, "location", json_string(medium->location));
		set_positive(
		    object, "max_attached_ms", medium->max_attached_ms);
		(void)json_array_append_new(list, object);
	}
	return list;
}

static json_t *
list_sources(const struct config *config)
{
	json_t *list = json_array();

	for (size_t i = 0; i < config->source_count; i++) {
		const struct config_source *source = &config->sources[i];

		(void)json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s, s:s}", "id", source->id,
			      "system", source->system_id, "medium",
			      source->medium_id, "layout",
			      config_layout_name(source->layout)));
	}
	return list;
}

int
ledger_config(struct service *service, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	uint8_t digest[DIGEST_SHA256_BYTES];
	char sha256[2 * DIGEST_SHA256_BYTES + 1];
	bool is_known = false, are_known = false;
	int rc = -1;

	config_print_effective(service->config, &text);
	if (bytes_check(&text, err) != 0)
		goto out;
	digest_sha256_of(text.data, text.length, digest);
	bytes_format_hex(digest, sizeof(digest), sha256);
	if (query_is_config(service->catalog, sha256, &is_known, err) != 0 ||
	    packs_are_known(service, &are_known, err) != 0 ||
	    packs_keep(service, err) != 0)
		goto out;
	rc = 0;
	if (!is_known || !are_known)
		rc = ledger_append(service,
		    json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "type",
			"config", "sha256", sha256, "facility",
			describe_facility(service->config), "systems",
			list_systems(service->config), "media",
			list_media(service->config), "sources",
			list_sources(service->config), "packs",
			packs_describe(service)),
		    NULL, err);
out:
	bytes_done(&text);
	return rc;
}
