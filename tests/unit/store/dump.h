/*
 * dump: rows of queries as text, member by member.
 */
#ifndef HIKAE_TESTS_STORE_DUMP_H
#define HIKAE_TESTS_STORE_DUMP_H

#include "tests/unit/store/entries.h"

static struct error err;

struct dump {
	struct catalog *catalog;
	struct catalog_at at;
	struct bytes out;
	const char *medium;
	const char *generation;
};

static void
say(struct dump *dump, const char *key, const char *text)
{
	bytes_append_format(
	    &dump->out, " %s=%s", key, text == NULL ? "-" : text);
}

static void
count(struct dump *dump, const char *key, int64_t number)
{
	bytes_append_format(&dump->out, " %s=%lld", key, (long long)number);
}

#define SAY(member) say(dump, #member, row->member)
#define COUNT(member) count(dump, #member, (int64_t)row->member)
#define ROW_OF(type)            \
	static int dump_##type( \
	    const struct query_##type *row, void *context, struct error *e)
#define ROW_BEGIN(name)              \
	struct dump *dump = context; \
	(void)e;                     \
	bytes_append_text(&dump->out, "\n" name)

#endif
