/* Who may do what, and whether the interface is described as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/control_call.h"
#include "lib/output/document_draw.h"

/* Decisions, from what the kernel would say. */
static void
roles_follow_from_groups(void **state)
{
	static const gid_t none[] = {5, 6}, readers[] = {5, 200},
			   admins[] = {100, 5};
	static const struct {
		uid_t uid;
		gid_t gid;
		const gid_t *groups;
		enum control_role role;
	} cases[] = {
	    {0, 5, none, CONTROL_ROLE_ACT},
	    {77, 5, none, CONTROL_ROLE_ACT},
	    {1000, 5, none, CONTROL_ROLE_NONE},
	    {1000, 100, none, CONTROL_ROLE_ACT},
	    {1000, 5, admins, CONTROL_ROLE_ACT},
	    {1000, 200, none, CONTROL_ROLE_READ},
	    {1000, 5, readers, CONTROL_ROLE_READ},
	    {1000, 200, admins, CONTROL_ROLE_ACT},
	    {1000, CONTROL_ROLE_NO_GROUP, none, CONTROL_ROLE_NONE},
	};
	const struct control_role_rules rules = {77, 100, 200};
	const struct control_role_rules groupless = {
	    77, CONTROL_ROLE_NO_GROUP, CONTROL_ROLE_NO_GROUP};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct control_role_peer peer = {
		    cases[i].uid, cases[i].gid, cases[i].groups, 2};

		assert_int_equal(
		    control_role_decide(&rules, &peer), cases[i].role);
		if (peer.uid == 1000)
			assert_int_equal(control_role_decide(&groupless, &peer),
			    CONTROL_ROLE_NONE);
	}
}

/* The text that describes a method; NULL: none does. */
static const char *
find_description(const char *name)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "\nmethod %s(", name);
	return strstr(control_interface_text, line);
}

static void
the_description_is_that_of_the_table(void **state)
{
	const char *text = control_interface_text;
	unsigned described = 0, listed = 0;

	(void)state;
	while ((text = strstr(text, "\nmethod ")) != NULL) {
		described++;
		text++;
	}
	for (const struct control_method *m = control_methods_table;
	     m->name != NULL; m++) {
		const char *begin = find_description(m->name), *end;
		char all[512] = "", given[512] = "";
		size_t used = 0;

		listed++;
		assert_non_null(begin);
		begin = strchr(begin, '(') + 1;
		end = strchr(begin, ')');
		/* Line breaks in the text are spaces here. */
		for (const char *c = begin; c < end; c++)
			if (*c == '\n')
				c += 2, given[used++] = ' ';
			else
				given[used++] = *c;
		given[used] = '\0';
		used = 0;
		for (const struct control_parameter *p = m->parameters;
		     p->name != NULL; p++)
			used += (size_t)snprintf(all + used, sizeof(all) - used,
			    "%s%s: %s%s", used == 0 ? "" : ", ", p->name,
			    p->is_needed ? "" : "?",
			    p->type == 's'   ? "string"
			    : p->type == 'b' ? "bool"
					     : "int");
		assert_string_equal(given, all);
	}
	assert_int_equal(described, listed);
}

/* What is a document is drawn by the one table, and each is a method. */
static void
a_document_has_a_method(void **state)
{
	static const char *const drawn[] = {"Status", "Systems", "Generations",
	    "Copies", "Findings", "Show", "JournalList", "RecoverPlan",
	    "Compliance", "Attestations", "Media", "MediaShow", "Drills",
	    "DrillShow", "DrillDue"};
	size_t found = 0;

	(void)state;
	for (const struct control_method *m = control_methods_table;
	     m->name != NULL; m++) {
		if (m->run == control_call_document)
			assert_true(document_draw_knows(m->name));
		/* A heavy one is never drawn in the loop. */
		if (document_draw_is_heavy(m->name))
			assert_ptr_equal(m->run, control_call_document);
		for (size_t i = 0; i < sizeof(drawn) / sizeof(drawn[0]); i++)
			found += strcmp(drawn[i], m->name) == 0;
		if (!document_draw_knows(m->name))
			assert_ptr_not_equal(m->run, control_call_document);
	}
	assert_int_equal(found, sizeof(drawn) / sizeof(drawn[0]));
	assert_true(document_draw_is_heavy("Compliance"));
	assert_false(document_draw_is_heavy("Status"));
	assert_false(document_draw_knows("Verify"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(roles_follow_from_groups),
	    cmocka_unit_test(the_description_is_that_of_the_table),
	    cmocka_unit_test(a_document_has_a_method),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
