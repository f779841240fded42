/*
 * The form of entries: for every type and every member, what fits is taken,
 * and nothing else; above all no path or file name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/store/entry.h"

#define SEQ 100
#define DIGEST \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define KEY_LINE "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"

static struct error err;

static json_t *fitting_members(const struct entry_member *members);

/* The first of a list of words. */
static json_t *
first_word(const char *words)
{
	return json_stringn(words, strcspn(words, " "));
}

static json_t *
fitting(const struct entry_member *member)
{
	switch (member->form) {
	case ENTRY_COUNT:
		return json_integer(JSON_INTEGER_MAX);
	case ENTRY_INTEGER:
		return json_integer(-JSON_INTEGER_MAX);
	case ENTRY_SEQ:
		return json_integer(SEQ - 1);
	case ENTRY_WORD:
		return json_string("a-word-2");
	case ENTRY_ONE_OF:
		return first_word(member->words);
	case ENTRY_ID:
		return json_string("ehr-1");
	case ENTRY_GENERATION:
		return json_string("ehr@20261121T020000+0900.2");
	case ENTRY_DIGEST:
		return json_string(DIGEST);
	case ENTRY_KEY_LINE:
		return json_string(KEY_LINE);
	case ENTRY_NAME:
		return json_string("みなと病院");
	case ENTRY_DETAIL:
		return json_pack(
		    "{si ss sb}", "files", -1, "cause", "eio", "on", 1);
	case ENTRY_OBJECT:
		return fitting_members(member->members);
	case ENTRY_OBJECTS:
		return json_pack("[o]", fitting_members(member->members));
	case ENTRY_SEQS:
		return json_pack("[ii]", 1, SEQ - 1);
	case ENTRY_SLICES:
		return json_pack("[[iiii]]", 0, 1, 2, 3);
	case ENTRY_FLAG:
		return json_true();
	case ENTRY_TEXT:
		return json_string("よい\nby hand");
	}
	return NULL;
}

static json_t *
fitting_members(const struct entry_member *members)
{
	json_t *object = json_object();

	for (const struct entry_member *m = members; m->name != NULL; m++)
		(void)json_object_set_new(object, m->name, fitting(m));
	return object;
}

/* Entry 0 is the origin, and all others are not. */
static uint64_t
seq_of(unsigned type)
{
	return type == ENTRY_ORIGIN ? 0 : SEQ;
}

static json_t *
fitting_entry(unsigned type)
{
	json_t *entry = fitting_members(entry_forms[type].members);

	(void)json_object_set_new(
	    entry, "type", json_string(entry_forms[type].type));
	if (entry_forms[type].event != NULL)
		(void)json_object_set_new(
		    entry, "event", json_string(entry_forms[type].event));
	(void)json_object_set_new(entry, "v", json_integer(1));
	(void)json_object_set_new(
	    entry, "seq", json_integer((json_int_t)seq_of(type)));
	(void)json_object_set_new(entry, "at", json_integer(-5));
	return entry;
}

static bool
fits(const json_t *entry, unsigned type)
{
	enum entry_type found;
	int rc = entry_check(entry, seq_of(type), &found, &err);

	if (rc == 0)
		assert_int_equal(found, type);
	else
		assert_int_equal(err.code, ERROR_INPUT);
	return rc == 0;
}

/* What no member may be, unless it is a name or a number in the right place. */
static void
refuse_values(json_t *entry, unsigned type, json_t *holder,
    const struct entry_member *member)
{
	static const char *const texts[] = {"patients/12345678.dcm",
	    "12345678.dcm", "12345678", "12345678.DCM", "患者", "..", "/", "-x",
	    "", "a b", "Word", "a\nb", "ehr@20261121T020000+0900/x", DIGEST "0",
	    "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"};
	json_t *good = json_incref(json_object_get(holder, member->name));
	bool is_number = member->form <= ENTRY_SEQ;

	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		(void)json_object_set_new(
		    holder, member->name, json_string(texts[i]));
		if (member->form != ENTRY_NAME && member->form != ENTRY_TEXT &&
		    fits(entry, type))
			fail_msg("%s.%s takes %s", entry_forms[type].type,
			    member->name, texts[i]);
	}
	(void)json_object_set_new(holder, member->name, json_null());
	assert_false(fits(entry, type));
	(void)json_object_set_new(holder, member->name, json_real(1.5));
	assert_false(fits(entry, type));
	(void)json_object_set_new(
	    holder, member->name, json_integer(JSON_INTEGER_MAX + 1));
	assert_false(fits(entry, type));
	(void)json_object_set_new(holder, member->name, json_integer(-1));
	assert_int_equal(fits(entry, type), member->form == ENTRY_INTEGER);
	/* An entry cannot refer to itself, to what comes, or to the origin. */
	(void)json_object_set_new(holder, member->name, json_integer(SEQ));
	assert_int_equal(
	    fits(entry, type), is_number && member->form != ENTRY_SEQ);
	(void)json_object_set_new(holder, member->name, json_integer(0));
	assert_int_equal(
	    fits(entry, type), is_number && member->form != ENTRY_SEQ);
	(void)json_object_set_new(holder, member->name, json_array());
	assert_int_equal(fits(entry, type), member->form == ENTRY_OBJECTS);
	(void)json_object_set_new(
	    holder, member->name, json_pack("{ss}", "path", "patients/1.dcm"));
	assert_false(fits(entry, type));
	(void)json_object_del(holder, member->name);
	assert_int_equal(fits(entry, type), member->is_optional);
	(void)json_object_set_new(holder, member->name, good);
}

static void
check_members(json_t *entry, unsigned type, json_t *holder,
    const struct entry_member *members)
{
	for (const struct entry_member *m = members; m->name != NULL; m++) {
		json_t *value = json_object_get(holder, m->name);

		refuse_values(entry, type, holder, m);
		if (m->form == ENTRY_OBJECT)
			check_members(entry, type, value, m->members);
		if (m->form == ENTRY_OBJECTS)
			check_members(
			    entry, type, json_array_get(value, 0), m->members);
	}
	(void)json_object_set_new(holder, "path", json_string("x"));
	assert_false(fits(entry, type));
	(void)json_object_del(holder, "path");
	assert_true(fits(entry, type));
}

static void
every_member_takes_its_form_only(void **state)
{
	(void)state;
	for (unsigned type = 0; type < ENTRY_TYPES; type++) {
		json_t *entry = fitting_entry(type);

		if (!fits(entry, type))
			fail_msg("%s", err.text);
		check_members(entry, type, entry, entry_forms[type].members);
		json_decref(entry);
	}
}

static void
every_listed_word_is_taken(void **state)
{
	(void)state;
	for (unsigned type = 0; type < ENTRY_TYPES; type++)
		for (const struct entry_member *m = entry_forms[type].members;
		     m->name != NULL; m++) {
			json_t *entry = fitting_entry(type);
			const char *word = m->words;

			while (m->form == ENTRY_ONE_OF) {
				(void)json_object_set_new(
				    entry, m->name, first_word(word));
				assert_true(fits(entry, type));
				/* A part of a word is none ("ile"). */
				(void)json_object_set_new(entry, m->name,
				    json_stringn(
					word + 1, strcspn(word, " ") - 1));
				assert_false(fits(entry, type));
				word += strcspn(word, " ");
				if (*word++ == '\0')
					break;
			}
			json_decref(entry);
		}
}

static void
common_members_are_as_they_must_be(void **state)
{
	static const struct {
		const char *name;
		json_int_t value;
	} wrong[] = {{"v", 0}, {"v", 2}, {"seq", SEQ + 1}, {"seq", -1},
	    {"at", JSON_INTEGER_MAX + 1}, {"type", 1}, {"event", 1}};

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		json_t *entry = fitting_entry(ENTRY_CLOCK_BACK);

		assert_true(fits(entry, ENTRY_CLOCK_BACK));
		(void)json_object_set_new(
		    entry, wrong[i].name, json_integer(wrong[i].value));
		assert_false(fits(entry, ENTRY_CLOCK_BACK));
		json_decref(entry);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_member_takes_its_form_only),
	    cmocka_unit_test(every_listed_word_is_taken),
	    cmocka_unit_test(common_members_are_as_they_must_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
