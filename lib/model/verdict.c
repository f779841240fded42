#include "lib/model/verdict.h"

#include <string.h>

#include "lib/base/i18n.h"

static const struct {
	const char *name, *word;
	int weight; /* of two, the heavier one stands for both */
	enum verdict_exit exit;
} verdicts[VERDICTS] = {
    [VERDICT_INTACT] = {"intact", N_("intact"), 0, VERDICT_EXIT_GOOD},
    [VERDICT_DAMAGED] = {"damaged", N_("damaged"), 2, VERDICT_EXIT_BAD},
    [VERDICT_UNDETERMINED] = {"undetermined", N_("undetermined"), 1,
	VERDICT_EXIT_UNDETERMINED},
};

static const struct {
	const char *name;
	int weight;
} exits[] = {
    [VERDICT_EXIT_GOOD] = {"good", 0},
    [VERDICT_EXIT_WARNING] = {"warning", 1},
    [VERDICT_EXIT_BAD] = {"bad", 3},
    [VERDICT_EXIT_UNDETERMINED] = {"undetermined", 2},
};

const char *
verdict_name(enum verdict verdict)
{
	return verdicts[verdict].name;
}

const char *
verdict_word(enum verdict verdict)
{
	return _(verdicts[verdict].word);
}

int
verdict_parse(const char *name, enum verdict *ret_verdict)
{
	for (int i = 0; i < VERDICTS; i++) {
		if (strcmp(name, verdicts[i].name) != 0)
			continue;
		*ret_verdict = (enum verdict)i;
		return 0;
	}
	return -1;
}

enum verdict
verdict_worse(enum verdict a, enum verdict b)
{
	return verdicts[a].weight >= verdicts[b].weight ? a : b;
}

enum verdict_exit
verdict_exit_of(enum verdict verdict)
{
	return verdicts[verdict].exit;
}

enum verdict_exit
verdict_exit_worse(enum verdict_exit a, enum verdict_exit b)
{
	return exits[a].weight >= exits[b].weight ? a : b;
}

const char *
verdict_exit_name(enum verdict_exit status)
{
	return exits[status].name;
}

enum verdict_exit
verdict_exit_parse(const char *name)
{
	for (int i = VERDICT_EXIT_GOOD; i <= VERDICT_EXIT_UNDETERMINED; i++)
		if (strcmp(exits[i].name, name) == 0)
			return (enum verdict_exit)i;
	return VERDICT_EXIT_BAD;
}
