#include "lib/model/requirement_whole.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/model/requirement_key.h"

static void
need(const struct requirement_place *place, const struct requirement *data,
    bool is_there, const char *what)
{
	if (!is_there)
		requirement_faults_add(place->faults, place->file, place->line,
		    _("[requirement %s]: %s"), data->id, what);
}

/* Wording is cited where it was seen, and nowhere else. */
static void
check_wording(
    const struct requirement_place *place, const struct requirement *data)
{
	bool is_unseen = data->text_status == REQUIREMENT_UNSEEN;
	bool is_cited = !is_unseen && data->text_status != REQUIREMENT_MEMORY;

	need(place, data, !is_cited || data->text || data->text_en,
	    _("a text_status that cites needs the text"));
	need(place, data, is_cited || (!data->text && !data->text_en),
	    _("what was not seen has no text"));
	need(place, data, !data->meaning_en || data->text,
	    _("meaning_en is the English of text"));
	need(place, data, !is_unseen || data->url,
	    _("what was not seen needs the url of the official text"));
}

/* What was written wrongly is told by itself. */
static bool
asks(const unsigned int *lines)
{
	static const char *const names[] = {
	    "check", "attestation", "documents"};
	const struct requirement_key *key;

	for (size_t i = 0; (key = requirement_key_at(i)) != NULL; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (lines[i] != 0 && strcmp(key->name, names[k]) == 0)
				return true;
	return false;
}

static void
check_measure(const struct requirement_place *place,
    const struct requirement *data, enum measure measure)
{
	need(place, data,
	    data->systems != 0 ||
		measure_argument_of(measure) == MEASURE_OF_FACILITY,
	    _("a check of a system needs systems"));
}

void
requirement_whole_check(const struct requirement_place *place,
    const struct requirement *data, const unsigned int *lines)
{
	const struct requirement_key *key;

	for (size_t i = 0; (key = requirement_key_at(i)) != NULL; i++)
		if (key->is_required && lines[i] == 0)
			requirement_faults_add(place->faults, place->file,
			    place->line, _("[requirement %s] has no %s"),
			    data->id, key->name);
	if (data->source == NULL)
		return;
	check_wording(place, data);
	need(place, data,
	    data->text_status == REQUIREMENT_UNSEEN || asks(lines),
	    _("nothing is asked for: no check, attestation or document"));
	need(place, data, !data->attestation == !data->attestation_en,
	    _("attestation and attestation_en belong together"));
	need(place, data,
	    data->applies == REQUIREMENT_ALWAYS || data->attestation,
	    _("what applies where it is attested needs an attestation"));
	need(place, data,
	    data->valid_from == 0 || data->valid_to == 0 ||
		data->valid_from <= data->valid_to,
	    _("valid_to lies before valid_from"));
	for (size_t i = 0; i < data->check_count; i++)
		check_measure(place, data, data->checks[i].measure);
	for (size_t i = 0; i < data->show_count; i++)
		check_measure(place, data, data->shows[i]);
}
