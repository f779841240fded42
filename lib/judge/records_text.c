/* What was found out about hikae's own records, on its way to hikaed. */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/records.h"

static json_t *
format_wrong(const struct records *records)
{
	json_t *list = json_array();

	for (size_t i = 0; i < records->wrong_count; i++) {
		const struct records_wrong *wrong = &records->wrong[i];

		(void)json_array_append_new(
		    list, json_pack("{s:o, s:o, s:s}", "copy",
			      json_of_u64(wrong->copy), "manifest",
			      json_of_u64(wrong->manifest), "code",
			      finding_name(wrong->code)));
	}
	return list;
}

json_t *
records_format(const struct records *records)
{
	return json_pack("{s:b, s:o, s:s, s:o, s:b, s:b, s:s, s:I, s:o, s:o,"
			 " s:o, s:o, s:o, s:o, s:o}",
	    "is_whole", (int)records->is_whole, "entries",
	    json_of_u64(records->size), "fault",
	    journal_fault_name(records->fault), "fault_seq",
	    json_of_u64(records->fault_seq), "is_damaged",
	    (int)records->is_damaged, "is_compared", (int)records->is_compared,
	    "table", records->table, "checked_at",
	    (json_int_t)records->checked_at, "manifests",
	    json_of_u64(records->manifests), "digested",
	    json_of_u64(records->digested), "upto", json_of_u64(records->upto),
	    "wrong", format_wrong(records), "omitted",
	    json_of_u64(records->omitted), "taken_bytes",
	    json_of_u64(records->taken_bytes), "taken_files",
	    json_of_u64(records->taken_files));
}

static int
parse_fault(const json_t *value, enum journal_fault *ret_fault)
{
	const char *name;

	if (json_get_text(value, "fault", &name) != 0)
		return -1;
	for (int i = 0; i < JOURNAL_FAULTS; i++)
		if (strcmp(name, journal_fault_name((enum journal_fault)i)) ==
		    0) {
			*ret_fault = (enum journal_fault)i;
			return 0;
		}
	return -1;
}

static int
parse_table(const json_t *value, char table[CATALOG_AUDIT_TABLE_BYTES])
{
	const char *name;

	if (json_get_text(value, "table", &name) != 0 ||
	    strlen(name) >= CATALOG_AUDIT_TABLE_BYTES ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")] != '\0')
		return -1;
	(void)snprintf(table, CATALOG_AUDIT_TABLE_BYTES, "%s", name);
	return 0;
}

static int
parse_one(const json_t *value, struct records_wrong *ret)
{
	const char *name;

	if (json_get_u64(value, "copy", &ret->copy) != 0 ||
	    json_get_u64(value, "manifest", &ret->manifest) != 0 ||
	    json_get_text(value, "code", &name) != 0 ||
	    finding_parse(name, &ret->code) != 0)
		return -1;
	return ret->code == FINDING_MANIFEST_MISSING ||
		       ret->code == FINDING_SIGNATURE_INVALID
		   ? 0
		   : -1;
}

static int
parse_wrong(const json_t *value, struct records *records)
{
	const json_t *list = json_object_get(value, "wrong");
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > RECORDS_WRONG_MAX)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (parse_one(json_array_get(list, i), &records->wrong[i]) != 0)
			return -1;
	records->wrong_count = count;
	return 0;
}

int
records_parse(const json_t *value, struct records *ret, struct error *err)
{
	struct records records = {.size = 0};

	if (json_get_bool(value, "is_whole", &records.is_whole) != 0 ||
	    json_get_u64(value, "entries", &records.size) != 0 ||
	    parse_fault(value, &records.fault) != 0 ||
	    json_get_u64(value, "fault_seq", &records.fault_seq) != 0 ||
	    json_get_bool(value, "is_damaged", &records.is_damaged) != 0 ||
	    json_get_bool(value, "is_compared", &records.is_compared) != 0 ||
	    parse_table(value, records.table) != 0 ||
	    json_get_i64(value, "checked_at", &records.checked_at) != 0 ||
	    json_get_u64(value, "manifests", &records.manifests) != 0 ||
	    json_get_u64(value, "digested", &records.digested) != 0 ||
	    json_get_u64(value, "upto", &records.upto) != 0 ||
	    parse_wrong(value, &records) != 0 ||
	    json_get_u64(value, "omitted", &records.omitted) != 0 ||
	    json_get_u64(value, "taken_bytes", &records.taken_bytes) != 0 ||
	    json_get_u64(value, "taken_files", &records.taken_files) != 0)
		return error_set(
		    err, ERROR_PROTOCOL, _("malformed reply of a child"));
	*ret = records;
	return 0;
}
