#include "lib/store/entry.h"

#include <assert.h>
#include <string.h>

#include "lib/base/i18n.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Bytes of a name (facility, origin, software). */
#define NAME_BYTES_MAX 256
/* Bytes of what people wrote at length. */
#define TEXT_BYTES_MAX 4096

/* Base64 of minisign's 42 bytes: algorithm, key id, key. */
#define KEY_LINE_BYTES 56

static bool check_members(const json_t *object,
    const struct entry_member *members, uint64_t seq, const char **ret_name);

static bool
is_made_of(const char *text, const char *set, size_t length_max)
{
	size_t length = strlen(text);

	return length > 0 && length <= length_max &&
	       strspn(text, set) == length;
}

static bool
is_word(const char *text)
{
	return is_made_of(text, LOWER DIGITS "-", 64) && *text >= 'a';
}

static bool
is_id(const char *text, size_t length)
{
	return length > 0 && length <= 32 && *text >= 'a' && *text <= 'z' &&
	       strspn(text, LOWER DIGITS "-") >= length;
}

/* SYSTEM@YYYYMMDDThhmmss+hhmm, perhaps .N */
static bool
is_generation(const char *text)
{
	static const char shape[] = "@dddddddd"
				    "Tdddddd"
				    "sdddd";
	const char *at = strchr(text, '@');

	if (at == NULL || !is_id(text, (size_t)(at - text)))
		return false;
	for (const char *s = shape; *s != '\0'; s++, at++) {
		bool fits = *s == 'd'	? *at >= '0' && *at <= '9'
			    : *s == 's' ? *at == '+' || *at == '-'
					: *at == *s;

		if (!fits)
			return false;
	}
	return *at == '\0' ||
	       (*at == '.' && is_made_of(at + 1, DIGITS, 9) && at[1] != '0');
}

/*
 * What the operator or the build named: free text, but one line without
 * control characters.
 */
static bool
is_name(const char *text)
{
	size_t length = strlen(text);

	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return length > 0 && length <= NAME_BYTES_MAX;
}

/* The same in several lines. */
static bool
is_lines(const char *text)
{
	size_t length = strlen(text);

	for (const char *p = text; *p != '\0'; p++)
		if (*p != '\n' && ((unsigned char)*p < 0x20 || *p == 0x7f))
			return false;
	return length > 0 && length <= TEXT_BYTES_MAX;
}

static bool
is_one_of(const char *text, const char *words)
{
	size_t length = strlen(text);

	if (length == 0 || strchr(text, ' ') != NULL)
		return false;
	for (const char *p = words; (p = strstr(p, text)) != NULL; p++)
		if ((p == words || p[-1] == ' ') &&
		    (p[length] == ' ' || p[length] == '\0'))
			return true;
	return false;
}

static bool
is_integer(const json_t *value, json_int_t least, json_int_t most)
{
	return json_is_integer(value) && json_integer_value(value) >= least &&
	       json_integer_value(value) <= most;
}

static bool
is_count(const json_t *value)
{
	return is_integer(value, 0, JSON_INTEGER_MAX);
}

static bool
is_seq(const json_t *value, uint64_t seq)
{
	return seq > 1 && is_integer(value, 1, (json_int_t)seq - 1);
}

static bool
is_detail(const json_t *value)
{
	const char *key;
	const json_t *item;
	/* jansson iterates over what it may not change only by a cast. */
	json_t *object = json_incref((json_t *)(uintptr_t)value);
	bool fits = json_is_object(value);

	if (fits)
		json_object_foreach(object, key,
		    item) if (!is_made_of(key, LOWER DIGITS "_", 64) ||
			      !(json_is_boolean(item) ||
				  is_integer(item, -JSON_INTEGER_MAX,
				      JSON_INTEGER_MAX) ||
				  (json_is_string(item) &&
				      is_word(json_string_value(item))))) fits =
		    false;
	json_decref(object);
	return fits;
}

static bool
is_text_of(const struct entry_member *member, const json_t *value)
{
	const char *text = json_string_value(value);

	if (text == NULL || strlen(text) != json_string_length(value))
		return false;
	if (member->form == ENTRY_WORD)
		return is_word(text);
	if (member->form == ENTRY_ONE_OF)
		return is_one_of(text, member->words);
	if (member->form == ENTRY_ID)
		return is_id(text, strlen(text));
	if (member->form == ENTRY_GENERATION)
		return is_generation(text);
	if (member->form == ENTRY_DIGEST)
		return strlen(text) == 64 &&
		       is_made_of(text, DIGITS "abcdef", 64);
	if (member->form == ENTRY_KEY_LINE)
		return strlen(text) == KEY_LINE_BYTES &&
		       is_made_of(text, LOWER UPPER DIGITS "+/=", 56);
	if (member->form == ENTRY_TEXT)
		return is_lines(text);
	return is_name(text);
}

static bool
is_list_of(const struct entry_member *member, const json_t *list, uint64_t seq)
{
	size_t count = json_array_size(list);
	size_t least = member->form == ENTRY_SLICES ? 1
		       : member->form == ENTRY_SEQS ? 2
						    : 0;
	json_int_t last = 0;
	const char *name;

	if (!json_is_array(list) || count < least)
		return false;
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(list, i);

		if (member->form == ENTRY_OBJECTS) {
			if (!check_members(item, member->members, seq, &name))
				return false;
		} else if (member->form == ENTRY_SEQS) {
			if (!is_seq(item, seq) ||
			    json_integer_value(item) <= last)
				return false;
			last = json_integer_value(item);
		} else {
			if (json_array_size(item) != 4)
				return false;
			for (size_t k = 0; k < 4; k++)
				if (!is_count(json_array_get(item, k)))
					return false;
		}
	}
	return true;
}

static bool
check_value(
    const struct entry_member *member, const json_t *value, uint64_t seq)
{
	const char *name;

	switch (member->form) {
	case ENTRY_COUNT:
		return is_count(value);
	case ENTRY_INTEGER:
		return is_integer(value, -JSON_INTEGER_MAX, JSON_INTEGER_MAX);
	case ENTRY_SEQ:
		return is_seq(value, seq);
	case ENTRY_WORD:
	case ENTRY_ONE_OF:
	case ENTRY_ID:
	case ENTRY_GENERATION:
	case ENTRY_DIGEST:
	case ENTRY_KEY_LINE:
	case ENTRY_NAME:
	case ENTRY_TEXT:
		return is_text_of(member, value);
	case ENTRY_DETAIL:
		return is_detail(value);
	case ENTRY_OBJECT:
		return check_members(value, member->members, seq, &name);
	case ENTRY_OBJECTS:
	case ENTRY_SEQS:
	case ENTRY_SLICES:
		return is_list_of(member, value, seq);
	case ENTRY_FLAG:
		return json_is_boolean(value);
	}
	return false;
}

/* *ret_name: the member that is wrong, "" for one that is not listed. */
static bool
check_members(const json_t *object, const struct entry_member *members,
    uint64_t seq, const char **ret_name)
{
	size_t known = 0;

	*ret_name = "";
	if (!json_is_object(object))
		return false;
	for (const struct entry_member *m = members; m->name != NULL; m++) {
		const json_t *value = json_object_get(object, m->name);

		if (value == NULL && m->is_optional)
			continue;
		if (value == NULL || !check_value(m, value, seq)) {
			*ret_name = m->name;
			return false;
		}
		known++;
	}
	return json_object_size(object) == known;
}

static bool
is_type(const json_t *entry, const struct entry_form_of_type *form)
{
	const char *type = json_string_value(json_object_get(entry, "type"));
	const char *event = json_string_value(json_object_get(entry, "event"));

	if (type == NULL || strcmp(type, form->type) != 0)
		return false;
	return form->event == NULL ||
	       (event != NULL && strcmp(event, form->event) == 0);
}

/* The members that a type lists, without the common ones. */
static json_t *
own_members(const json_t *entry, const struct entry_form_of_type *form)
{
	json_t *own = json_copy((json_t *)(uintptr_t)entry);

	if (own == NULL)
		return NULL;
	(void)json_object_del(own, "v");
	(void)json_object_del(own, "seq");
	(void)json_object_del(own, "at");
	(void)json_object_del(own, "type");
	if (form->event != NULL)
		(void)json_object_del(own, "event");
	return own;
}

static bool
has_common_members(const json_t *entry, uint64_t seq)
{
	json_int_t number = (json_int_t)seq;

	return seq <= JSON_INTEGER_MAX &&
	       is_integer(json_object_get(entry, "v"), 1, 1) &&
	       is_integer(json_object_get(entry, "seq"), number, number) &&
	       is_integer(json_object_get(entry, "at"), -JSON_INTEGER_MAX,
		   JSON_INTEGER_MAX);
}

int
entry_check(const json_t *entry, uint64_t seq, enum entry_type *ret_type,
    struct error *err)
{
	unsigned type = 0;
	const char *name;
	json_t *own;
	bool fits;

	if (!has_common_members(entry, seq))
		return error_set(err, ERROR_INPUT,
		    _("not a journal entry with v, seq and at"));
	while (type < ENTRY_TYPES && !is_type(entry, &entry_forms[type]))
		type++;
	if (type == ENTRY_TYPES)
		return error_set(
		    err, ERROR_INPUT, _("unknown type of journal entry"));
	if ((seq == 0) != (type == ENTRY_ORIGIN))
		return error_set(err, ERROR_INPUT,
		    _("a journal begins with its origin, and only there"));
	own = own_members(entry, &entry_forms[type]);
	if (own == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	fits = check_members(own, entry_forms[type].members, seq, &name);
	json_decref(own);
	if (!fits && *name == '\0')
		return error_set(err, ERROR_INPUT,
		    _("%s entry: a member that it does not have"),
		    entry_forms[type].type);
	if (!fits)
		return error_set(err, ERROR_INPUT,
		    _("%s entry: its member %s is missing or malformed"),
		    entry_forms[type].type, name);
	*ret_type = (enum entry_type)type;
	return 0;
}
