/*
 * Goal: a pack is read whole or refused with file and line, whatever is wrong
 * with it; a facility's own rows add to the shipped ones or replace them.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/model/requirement.h"

#define PACK "[pack]\nid = p\nname = 試し\nname_en = Trial\n"
#define ROW                                                     \
	"[requirement R-1]\nkind = guideline\ntitle = 題\n"    \
	"title_en = T\nsource = 出典\ntext_status = memory\n" \
	"systems = ehr, order\n"
#define CHECK "check = copies(system) >= 3\n"

/* What is refused: the whole text, and how its first problem begins. */
static const struct {
	const char *text, *problem;
} refused[] = {
    {ROW CHECK, "f:1: a file of requirements begins with [pack]"},
    {PACK ROW "check = cats(system) >= 3\n",
	"f:12: check: there is no measure"},
    {PACK ROW "check = copies(facility) >= 3\n",
	"f:12: check: copies is taken"},
    {PACK ROW "check = copies(system) ~ 3\n", "f:12: check: one of"},
    {PACK ROW "check = copies(system) >= 3d\n", "f:12: check: a whole number"},
    {PACK ROW "check = drill_age(system) <= 92\n", "f:12: check: a number of"},
    {PACK ROW "check = copies(system) >=\n", "f:12: check: a whole number"},
    {PACK ROW "check = copies(system\n", "f:12: check: a check is"},
    {PACK ROW "check = copies >= 3\n", "f:12: check: a check is"},
    {PACK ROW "check = copies(system) >= 3 or 4\n", "f:12: check: a whole"},
    {PACK ROW "show = copies(system) >= 3\n", "f:12: show: a measure alone"},
    {PACK ROW CHECK "valid_from = 2026-02-30\n", "f:13: valid_from: a date"},
    {PACK ROW CHECK "valid_to = 2026-13\n", "f:13: valid_to: a date"},
    {PACK ROW CHECK "valid_to = 20260101\n", "f:13: valid_to: a date"},
    {PACK ROW CHECK "valid_from = 2026-02\nvalid_to = 2026-01\n",
	"f:5: [requirement R-1]: valid_to lies before valid_from"},
    {PACK ROW CHECK "colour = red\n", "f:13: there is no key \"colour\""},
    {PACK ROW CHECK "source_en =\n", "f:13: source_en: it must not be empty"},
    {PACK ROW CHECK "source_en = a\nsource_en = b\n",
	"f:14: source_en is already set in f, line 13"},
    {PACK ROW CHECK "kind = law\n", "f:13: kind is already set in f, line 6"},
    {PACK ROW CHECK ROW CHECK, "f:13: [requirement R-1] is already defined"},
    {PACK ROW CHECK "facility = castle\n",
	"f:13: facility: \"castle\" is none"},
    {PACK ROW CHECK "beds_min = 0\n", "f:13: beds_min: a number from 1"},
    {PACK ROW CHECK "beds_min = many\n", "f:13: beds_min: a number from 1"},
    {PACK ROW CHECK "fees = A207\n", "f:13: fees: up to 16 words"},
    {PACK ROW CHECK "documents = novel\n", "f:13: documents: \"novel\" is"},
    {PACK ROW CHECK "documents =\n", "f:13: documents: it must not be empty"},
    {PACK ROW CHECK "nearest = NO-SUCH\n",
	"f:5: [requirement R-1] names NO-SUCH, which there is not"},
    {PACK ROW CHECK "superseded_by = R-9\n",
	"f:5: [requirement R-1] names R-9, which there is not"},
    {PACK ROW CHECK "text = 見た\n",
	"f:5: [requirement R-1]: what was not seen has no text"},
    {PACK ROW CHECK "attestation = 述べる\n",
	"f:5: [requirement R-1]: attestation and attestation_en"},
    {PACK ROW CHECK "applies = attested\n",
	"f:5: [requirement R-1]: what applies where it is attested"},
    {PACK ROW CHECK "meaning_en = x\n",
	"f:5: [requirement R-1]: meaning_en is the English of"},
    {PACK ROW, "f:5: [requirement R-1]: nothing is asked for"},
    {PACK "[requirement R-1]\nkind = law\ntitle = a\ntitle_en = a\n"
	  "text_status = memory\n" CHECK,
	"f:5: [requirement R-1] has no source"},
    {PACK "[requirement R-1]\nkind = law\ntitle = a\ntitle_en = a\n"
	  "source = s\ntext_status = memory\n" CHECK,
	"f:5: [requirement R-1]: a check of a system needs systems"},
    {PACK "[requirement R-1]\nkind = law\ntitle = a\ntitle_en = a\n"
	  "source = s\ntext_status = cut\nsystems = ehr\n" CHECK,
	"f:5: [requirement R-1]: a text_status that cites needs the text"},
    {PACK "[requirement R-1]\nkind = law\ntitle = a\ntitle_en = a\n"
	  "source = s\ntext_status = unseen\n",
	"f:5: [requirement R-1]: what was not seen needs the url"},
    {PACK "[requirement -R]\n", "f:5: [requirement ID] needs an ID"},
    {PACK "[requirement]\n", "f:5: [requirement ID] needs an ID"},
    {PACK "[rule R]\n", "f:5: there is no section [rule]"},
    {PACK "[pack]\n", "f:5: [pack] stands once"},
    {PACK "id = q\n", "f:5: id is already set in f, line 2"},
    {"[pack]\nid = p\n[requirement R-1]\n", "f:1: [pack] needs id, name"},
    {"key = value\n", "f:1: a key must stand below"},
};

static void
mistakes_are_told_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct config_problems problems;
		struct requirement_set *set = NULL;
		const char *text = refused[i].text;

		assert_int_equal(requirement_load_text(
				     "f", text, strlen(text), &set, &problems),
		    -1);
		assert_null(set);
		assert_true(problems.count > 0);
		/* A mistake in a check is one, and not that there is none. */
		if (strstr(refused[i].problem, ": check: ") != NULL)
			assert_int_equal(problems.count, 1);
		if (strncmp(problems.texts[0], refused[i].problem,
			strlen(refused[i].problem)) != 0)
			fail_msg("%s\nis not: %s", problems.texts[0],
			    refused[i].problem);
		config_problems_done(&problems);
	}
}

static void
a_row_carries_what_was_written(void **state)
{
	static const char text[] = PACK ROW CHECK
	    "check = drill_age(system) <= 92d\n"
	    "show = generation_age(system)\nbeds_min = 200\n"
	    "fees = record-management-1, other-2\nfacility = clinic\n"
	    "offline = detached, append-only\ndocuments = bcp, sds\n"
	    "valid_from = 2024-02\nvalid_to = 2024-02\n"
	    "attestation = 述べる\nattestation_en = State it\n";
	struct config_problems problems;
	struct requirement_set *set = NULL;
	const struct requirement *row;

	(void)state;
	assert_int_equal(
	    requirement_load_text("f", text, sizeof(text) - 1, &set, &problems),
	    0);
	row = requirement_find(set, "R-1");
	assert_non_null(row);
	assert_string_equal(row->pack->id, "p");
	assert_int_equal(row->kind, REQUIREMENT_GUIDELINE);
	assert_int_equal(row->check_count, 2);
	assert_int_equal(row->checks[0].measure, MEASURE_COPIES);
	assert_int_equal(row->checks[0].operator, REQUIREMENT_AT_LEAST);
	assert_int_equal(row->checks[0].number, 3);
	assert_int_equal(row->checks[1].operator, REQUIREMENT_AT_MOST);
	assert_int_equal(row->checks[1].number, 92);
	assert_int_equal(row->show_count, 1);
	assert_int_equal(row->beds_min, 200);
	assert_int_equal(row->fees.count, 2);
	assert_string_equal(row->fees.items[1], "other-2");
	assert_int_equal(row->facility, 2);
	assert_int_equal(
	    row->systems, 1u << CONFIG_SYSTEM_EHR | 1u << CONFIG_SYSTEM_ORDER);
	assert_int_equal(row->offline,
	    1u << CONFIG_OFFLINE_DETACHED | 1u << CONFIG_OFFLINE_APPEND_ONLY);
	assert_int_equal(row->documents,
	    1u << REQUIREMENT_BCP_DOCUMENT | 1u << REQUIREMENT_SDS);
	assert_int_equal(row->valid_from, 20240200);
	assert_int_equal(row->valid_to, 20240299);
	assert_true(requirement_is_valid(row, 20240201));
	assert_true(requirement_is_valid(row, 20240229));
	assert_false(requirement_is_valid(row, 20240301));
	assert_true(row->is_site);
	requirement_set_free(set);
	config_problems_done(&problems);
}

static void
operators_compare(void **state)
{
	/* holds for 2, 3, 4 against 3 */
	static const bool holds[REQUIREMENT_OPERATORS][3] = {
	    [REQUIREMENT_EQUAL] = {false, true, false},
	    [REQUIREMENT_UNEQUAL] = {true, false, true},
	    [REQUIREMENT_LESS] = {true, false, false},
	    [REQUIREMENT_AT_MOST] = {true, true, false},
	    [REQUIREMENT_MORE] = {false, false, true},
	    [REQUIREMENT_AT_LEAST] = {false, true, true},
	};

	(void)state;
	for (int i = 0; i < REQUIREMENT_OPERATORS; i++)
		for (int n = 0; n < 3; n++) {
			const struct requirement_check check = {
			    MEASURE_COPIES, (enum requirement_operator)i, 3};

			assert_int_equal(
			    requirement_holds(&check, n + 2), holds[i][n]);
		}
}

static void
put(const char *root, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	(void)snprintf(
	    path, sizeof(path), "%s/" REQUIREMENT_FOLDER "/%s", root, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* A facility's folder with a pack of its own, and rows for one that ships. */
struct site {
	char root[32];
	int fd;
	size_t rules; /* with the facility's own */
};

static int
load_sound(
    int fd, struct requirement_set **ret_set, struct config_problems *problems)
{
	struct requirement_texts texts;
	struct error err;
	int rc;

	assert_int_equal(requirement_texts_read(fd, &texts, &err), 0);
	rc = requirement_load_sound(&texts, ret_set, problems);
	requirement_texts_done(&texts);
	return rc;
}

static size_t
count_rules(int fd)
{
	struct config_problems problems;
	struct requirement_set *set = NULL;
	size_t count = 0;

	assert_int_equal(load_sound(fd, &set, &problems), 0);
	while (requirement_at(set, count) != NULL)
		count++;
	requirement_set_free(set);
	config_problems_done(&problems);
	return count;
}

static void
make_site(struct site *site)
{
	char command[96];

	*site = (struct site){.root = "/tmp/hikae-packs-XXXXXX"};
	assert_non_null(mkdtemp(site->root));
	(void)snprintf(command, sizeof(command),
	    "mkdir -p %s/" REQUIREMENT_FOLDER, site->root);
	assert_int_equal(system(command), 0);
	site->fd = open(site->root, O_RDONLY | O_DIRECTORY);
	assert_true(site->fd >= 0);
	site->rules = count_rules(site->fd) + 1;
	put(site->root, "own.conf", PACK ROW CHECK);
	put(site->root, "seven.conf",
	    "[pack]\nid = guideline-7.0\n"
	    "[requirement G7-EDITION]\nkind = guideline\ntitle = 本文あり\n"
	    "title_en = With text\nsource = 第7.0版\n"
	    "text_status = verbatim-final\ntext = 本文\n"
	    "valid_from = 2026-06-29\nsystems = ehr\n" CHECK);
	put(site->root, "ignored.txt", "nothing");
}

static void
remove_site(const struct site *site)
{
	char command[96];

	(void)close(site->fd);
	(void)snprintf(command, sizeof(command), "rm -r %s", site->root);
	assert_int_equal(system(command), 0);
}

static void
a_facility_adds_and_replaces(void **state)
{
	struct config_problems problems;
	struct requirement_set *set = NULL;
	const struct requirement *row;
	struct site site;

	(void)state;
	make_site(&site);
	assert_int_equal(count_rules(site.fd), site.rules);
	assert_int_equal(requirement_load(site.fd, &set, &problems), 0);
	row = requirement_find(set, "G7-EDITION");
	assert_true(row->is_site);
	assert_string_equal(row->text, "本文");
	assert_string_equal(row->pack->id, "guideline-7.0");
	assert_true(strlen(row->pack->name_en) > 0);
	requirement_set_free(set);

	put(site.root, "zz.conf", PACK "[requirement R-2]\n");
	assert_int_equal(requirement_load(site.fd, &set, &problems), -1);
	assert_non_null(
	    strstr(problems.texts[0], "zz.conf:1: there is already a pack p"));
	assert_non_null(strstr(problems.texts[0], "own.conf, line 1"));
	config_problems_done(&problems);
	remove_site(&site);
}

/* One that names a rule of a faulty file is faulty too; others stay. */
static void
faulty_files_are_left_out(void **state)
{
	struct config_problems problems;
	struct requirement_set *set = NULL;
	struct site site;

	(void)state;
	make_site(&site);
	put(site.root, "yy.conf",
	    "[pack]\nid = y\nname = わ\nname_en = Y\n"
	    "[requirement Y-1]\nkind = guideline\ntitle = 題\ntitle_en = T\n"
	    "source = s\ntext_status = memory\nsystems = ehr\n"
	    "superseded_by = Z-1\n" CHECK);
	put(site.root, "zz.conf",
	    "[pack]\nid = z\nname = ぜ\nname_en = Z\n"
	    "[requirement Z-1]\nkind = nonsense\n" CHECK);
	assert_int_equal(requirement_load(site.fd, &set, &problems), -1);
	config_problems_done(&problems);
	assert_int_equal(load_sound(site.fd, &set, &problems), 0);
	assert_non_null(strstr(problems.texts[0], "zz.conf:"));
	assert_non_null(strstr(problems.texts[problems.count - 1], "yy.conf:"));
	config_problems_done(&problems);
	assert_non_null(requirement_find(set, "G7-EDITION"));
	assert_null(requirement_find(set, "Y-1"));
	assert_null(requirement_find(set, "Z-1"));
	requirement_set_free(set);
	assert_int_equal(count_rules(site.fd), site.rules);
	remove_site(&site);
}

/* A text is known by its digest; what cannot be read has none, and a fault. */
static void
texts_have_digests(void **state)
{
	/* FIPS 180-4: SHA-256 of "abc". */
	static const char abc[] =
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	struct requirement_texts texts, again;
	struct config_problems problems;
	struct requirement_set *set = NULL;
	const struct requirement_text *last;
	struct error err;
	struct site site;

	(void)state;
	make_site(&site);
	put(site.root, "zz.conf", "abc");
	assert_int_equal(requirement_texts_read(site.fd, &texts, &err), 0);
	last = requirement_texts_find(&texts, abc);
	assert_ptr_equal(last, &texts.items[texts.count - 1]);
	assert_string_equal(last->file, REQUIREMENT_FOLDER "/zz.conf");
	assert_true(last->is_site);
	assert_false(texts.items[0].is_site);
	put(site.root, "zz.conf", "abd");
	assert_int_equal(requirement_texts_read(site.fd, &again, &err), 0);
	assert_true(requirement_texts_same(&texts, &texts));
	assert_false(requirement_texts_same(&texts, &again));
	requirement_texts_done(&again);
	requirement_texts_done(&texts);

	assert_int_equal(
	    unlinkat(site.fd, REQUIREMENT_FOLDER "/zz.conf", 0), 0);
	assert_int_equal(
	    symlinkat("/etc/passwd", site.fd, REQUIREMENT_FOLDER "/zz.conf"),
	    0);
	assert_int_equal(requirement_texts_read(site.fd, &texts, &err), 0);
	last = &texts.items[texts.count - 1];
	assert_non_null(last->fault);
	assert_string_equal(last->sha256, "");
	assert_int_equal(requirement_load_sound(&texts, &set, &problems), 0);
	assert_int_equal(problems.count, 1);
	config_problems_done(&problems);
	requirement_set_free(set);
	requirement_texts_done(&texts);
	remove_site(&site);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mistakes_are_told_with_their_place),
	    cmocka_unit_test(a_row_carries_what_was_written),
	    cmocka_unit_test(operators_compare),
	    cmocka_unit_test(a_facility_adds_and_replaces),
	    cmocka_unit_test(faulty_files_are_left_out),
	    cmocka_unit_test(texts_have_digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
