#include "cli/dialogue_choice.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/i18n.h"

static const struct {
	const char *word, *label;
} labels[] = {
    {"hospital", N_("hospital")},
    {"clinic", N_("clinic")},
    {"ehr", N_("electronic patient records")},
    {"order", N_("order entry")},
    {"receipt", N_("claims")},
    {"imaging", N_("medical images")},
    {"disk", N_("fixed disk")},
    {"nas", N_("NAS or file server")},
    {"removable", N_("removable disk")},
    {"tape", N_("tape")},
    {"optical", N_("optical disc")},
    {"cloud", N_("cloud storage")},
    {"other", N_("something else")},
    {"none", N_("it is always in reach")},
    {"detached", N_("it is unplugged and put away")},
    {"network-partition", N_("its network is cut")},
    {"append-only", N_("what was written cannot be changed")},
    {"connect-window", N_("it is connected during the transfer only")},
    {"cloud-isolated", N_("a cloud that this network cannot delete in")},
    {"directory", N_("one folder for each backup")},
    {"archive", N_("one archive (tar, zip, ...) for each backup")},
    {"file", N_("one file for each backup")},
    {"tree", N_("the whole folder is one living backup")},
};

const char *
dialogue_choice_label(const char *word)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strcmp(labels[i].word, word) == 0)
			return _(labels[i].label);
	return word;
}

const char *
dialogue_choice_find(const char *const *choices, const char *answer)
{
	char *end;
	unsigned long number = strtoul(answer, &end, 10);

	for (size_t i = 0; choices[i] != NULL; i++)
		if (strcasecmp(choices[i], answer) == 0 ||
		    strcmp(dialogue_choice_label(choices[i]), answer) == 0 ||
		    (*end == '\0' && end != answer && number == i + 1))
			return choices[i];
	return NULL;
}
