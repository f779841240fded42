#include "lib/model/requirement_editions.h"

#include <string.h>

static bool
is_successor(const struct requirement *older, const struct requirement *newer)
{
	return older->superseded_by != NULL &&
	       strcmp(older->superseded_by, newer->id) == 0;
}

/* A month's end (20260699) lies behind its days, its begin before them. */
static bool
ends_before(const struct requirement *older, const struct requirement *newer)
{
	return older->valid_to != 0 && older->valid_to < newer->valid_from;
}

/* A document has one edition on a day, whichever of its sections is meant. */
static bool
is_other_edition(const struct requirement *a, const struct requirement *b)
{
	return strcmp(a->source, b->source) == 0 && a->edition != NULL &&
	       b->edition != NULL && strcmp(a->edition, b->edition) != 0;
}

bool
requirement_editions_clash(const struct requirement *a,
    const struct requirement *b, const struct requirement **ret_older)
{
	/* What is incomplete is told by itself. */
	if (a->source == NULL || b->source == NULL)
		return false;
	*ret_older = a;
	if (is_successor(a, b) && !ends_before(a, b))
		return true;
	*ret_older = b;
	if (is_successor(b, a) && !ends_before(b, a))
		return true;
	*ret_older = a->valid_from <= b->valid_from ? a : b;
	return is_other_edition(a, b) && !ends_before(a, b) &&
	       !ends_before(b, a);
}
