#include "lib/model/pattern_overlap.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

/* The digits of one conversion at most: %s. */
#define DIGITS_MAX 12
#define ATOMS_MAX (PATTERN_MAX_BYTES / 2 * DIGITS_MAX + PATTERN_MAX_BYTES)

/* What stands for one byte of a name. */
struct atom {
	enum {
		ONE_BYTE,
		ONE_DIGIT,
		ANY_BYTE
	} set;
	char byte;
	bool is_optional; /* it may stand for none */
	bool is_repeated; /* or for more */
};

struct atoms {
	struct atom items[ATOMS_MAX];
	size_t count;
};

static void
add_digits(struct atoms *atoms, char letter)
{
	size_t least = letter == 'Y' ? 4 : letter == 'j' ? 3 : 2;
	size_t most = least;

	if (letter == 's') {
		least = 1;
		most = DIGITS_MAX;
	}
	for (size_t i = 0; i < most; i++)
		atoms->items[atoms->count++] =
		    (struct atom){.set = ONE_DIGIT, .is_optional = i >= least};
}

/* A pattern that was compiled has whole conversions, and none but known ones.
 */
static void
take_apart(const struct pattern *pattern, struct atoms *atoms)
{
	atoms->count = 0;
	for (const char *at = pattern_text(pattern); *at != '\0'; at++)
		if (*at == '*')
			atoms->items[atoms->count++] =
			    (struct atom){.set = ANY_BYTE,
				.is_optional = true,
				.is_repeated = true};
		else if (*at == '%' && *++at != '%')
			add_digits(atoms, *at);
		else
			atoms->items[atoms->count++] =
			    (struct atom){.set = ONE_BYTE, .byte = *at};
}

static bool
is_in(char byte, const struct atom *atom)
{
	return atom->set == ANY_BYTE ||
	       (atom->set == ONE_DIGIT ? byte >= '0' && byte <= '9'
				       : byte == atom->byte);
}

static bool
may_be_one(const struct atom *a, const struct atom *b)
{
	if (a->set == ONE_BYTE)
		return is_in(a->byte, b);
	return b->set != ONE_BYTE || is_in(b->byte, a);
}

/*
 * Whether a name fits the ends of both, from a's i and b's j on, where `rest`
 * knows it of all shorter ends.
 */
static bool
has_name(const struct atoms *a, const struct atoms *b, size_t i, size_t j,
    const bool *rest)
{
	const struct atom *of_a = &a->items[i], *of_b = &b->items[j];
	size_t width = b->count + 1, here = i * width + j;

	if (i == a->count && j == b->count)
		return true;
	if (i < a->count && of_a->is_optional && rest[here + width])
		return true;
	if (j < b->count && of_b->is_optional && rest[here + 1])
		return true;
	if (i == a->count || j == b->count || !may_be_one(of_a, of_b))
		return false;
	return rest[here + width + 1] ||
	       (of_a->is_repeated && rest[here + 1]) ||
	       (of_b->is_repeated && rest[here + width]);
}

int
pattern_overlaps(const struct pattern *one, const struct pattern *other,
    bool *ret_overlaps, struct error *err)
{
	struct atoms *both = calloc(2, sizeof(*both));
	bool *rest = NULL;

	if (both != NULL) {
		take_apart(one, &both[0]);
		take_apart(other, &both[1]);
		rest = calloc(
		    (both[0].count + 1) * (both[1].count + 1), sizeof(*rest));
	}
	for (size_t i = rest != NULL ? both[0].count + 1 : 0; i-- > 0;)
		for (size_t j = both[1].count + 1; j-- > 0;)
			rest[i * (both[1].count + 1) + j] =
			    has_name(&both[0], &both[1], i, j, rest);
	*ret_overlaps = rest != NULL && rest[0];
	free(both);
	if (rest == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	free(rest);
	return 0;
}
