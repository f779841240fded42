/* setup: where the backups of each system lie on each medium. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/setup.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define SHOWN_BYTES 512

static void
list_guesses(const struct setup *setup, const struct setup_medium *medium,
    const struct setup_guesses *guesses)
{
	char path[SHOWN_BYTES], pattern[SHOWN_BYTES];

	if (guesses->count == 0 && medium->is_silent)
		return;
	dialogue_say(setup->dialogue,
	    guesses->count > 0
		? _("\n%s: folders whose names have dates")
		: _("\n%s: no folder whose names have dates was found"),
	    medium->id);
	for (size_t i = 0; i < guesses->count; i++) {
		const struct setup_guess *guess = &guesses->items[i];

		dialogue_say(setup->dialogue, _("  %zu  %s  (%s, %zu found)"),
		    i + 1,
		    text_escape(
			path, sizeof(path), guess->path, strlen(guess->path)),
		    text_escape(pattern, sizeof(pattern), guess->pattern,
			strlen(guess->pattern)),
		    guess->count);
	}
}

/* The guess whose path or names speak of the system, or NULL. */
static const struct setup_guess *
find_likely(
    const struct setup_guesses *guesses, const struct setup_system *system)
{
	static const struct {
		const char *kind, *words[6];
	} known[] = {
	    {"ehr", {"karte", "emr", "ehr", "カルテ", "診療録", NULL}},
	    {"order", {"order", "オーダ", NULL}},
	    {"receipt", {"receipt", "rezept", "orca", "レセ", "医事", NULL}},
	    {"imaging", {"pacs", "dicom", "image", "画像", NULL}},
	};

	for (size_t i = 0; i < guesses->count; i++) {
		const struct setup_guess *guess = &guesses->items[i];

		if (strcasestr(guess->path, system->id) != NULL ||
		    strcasestr(guess->pattern, system->id) != NULL)
			return guess;
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			for (size_t w = 0; known[k].words[w] != NULL; w++)
				if (strcmp(known[k].kind, system->kind) == 0 &&
				    (strcasestr(guess->path,
					 known[k].words[w]) != NULL ||
					strcasestr(guess->pattern,
					    known[k].words[w]) != NULL))
					return guess;
	}
	return NULL;
}

/* SYSTEM-MEDIUM, as far as an id goes. */
static void
make_id(const struct setup_system *system, const struct setup_medium *medium,
    char id[CONFIG_ID_BYTES])
{
	if (strlen(system->id) + strlen(medium->id) + 2 <= CONFIG_ID_BYTES)
		(void)snprintf(id, CONFIG_ID_BYTES, "%.*s-%.*s",
		    (int)strlen(system->id), system->id,
		    (int)strlen(medium->id), medium->id);
	else
		(void)snprintf(
		    id, CONFIG_ID_BYTES, "%.15s-%.15s", system->id, medium->id);
}

/* True where the folder is there; where its names have no form, with no layout.
 */
static bool
look_at_folder(
    struct setup_medium *medium, const char *path, struct setup_guess *ret)
{
	enum setup_look seen;

	if (medium->is_silent)
		return false;
	seen = setup_look_folder(medium->path, path, ret);
	if (seen == SETUP_LOOK_NOTHING)
		seen = setup_look_exists(medium->path, path);
	return setup_take_look(medium, seen) && seen == SETUP_LOOK_FOUND;
}

/*
 * The guess that the answer means: by its number, or made anew of the folder
 * that was named; without a form of names it has no layout.  ERROR_INPUT: a
 * number that no guess has.
 */
static int
take_guess(const struct setup *setup, struct setup_medium *medium,
    const struct setup_guesses *guesses, const char *answer,
    struct setup_guess *ret, struct error *err)
{
	bool is_number = dialogue_is_person(setup->dialogue) &&
			 answer[strspn(answer, "0123456789")] == '\0';
	unsigned long number = is_number ? strtoul(answer, NULL, 10) : 0;

	*ret = (struct setup_guess){.count = 0};
	if (number > 0 && number <= guesses->count) {
		*ret = guesses->items[number - 1];
		return 0;
	}
	if (look_at_folder(medium, answer, ret))
		return 0;
	if (is_number)
		return error_set(
		    err, ERROR_INPUT, _("no folder has this number"));
	dialogue_say(setup->dialogue, "  %s",
	    medium->is_silent
		? _("Whether there is such a folder is not known. It is "
		    "written as you said.")
		: _("There is no such folder now. It is written as you said."));
	return 0;
}

/* Empty answer: none.  Asked until it has a meaning. */
static int
ask_folder(struct setup *setup, const struct dialogue_question *where,
    struct setup_medium *medium, const struct setup_guesses *guesses,
    struct setup_guess *ret, struct error *err)
{
	char answer[DIALOGUE_ANSWER_BYTES];
	struct error reason = {0};

	*ret = (struct setup_guess){.count = 0};
	for (;;) {
		if (dialogue_ask(setup->dialogue, where, answer, err) != 0)
			return -1;
		if (answer[0] == '\0')
			return 0;
		if (strlen(answer) >= sizeof(ret->path))
			(void)error_set(
			    &reason, ERROR_INPUT, _("the path is too long"));
		else if (take_guess(
			     setup, medium, guesses, answer, ret, &reason) == 0)
			break;
		if (dialogue_refuse(setup->dialogue, &reason, err) != 0)
			return -1;
	}
	if (ret->path[0] == '\0')
		(void)snprintf(ret->path, sizeof(ret->path), "%.*s",
		    (int)sizeof(ret->path) - 1, answer);
	return 0;
}

/* Where names have no date, what lies there says most. */
static const char *
likely_layout(struct setup_medium *medium, const struct setup_system *system,
    const struct setup_guess *guess)
{
	const char *layout;

	if (guess->layout != NULL)
		return guess->layout;
	if (strcmp(system->kind, "imaging") == 0)
		return "tree";
	if (medium->is_silent ||
	    !setup_take_look(medium,
		setup_look_layout(medium->path, guess->path, &layout)) ||
	    layout == NULL)
		return "directory";
	return layout;
}

/* Who writes mon, tue, ... must find the key that says so. */
static void
hint_at_retention(struct setup *setup, const char *pattern)
{
	if (strchr(pattern, '%') == NULL)
		bytes_append_format(&setup->source_text,
		    "# %s\n#reuses_names = yes\n#retention = 6d\n",
		    _("The names have no date. Where they are used again each "
		      "week (mon, tue, ...), remove the # below."));
}

/* The shape of the generations, and their names. */
static int
ask_shape(struct setup *setup, const char *id, struct setup_medium *medium,
    const struct setup_system *system, const struct setup_guess *guess,
    struct error *err)
{
	const struct dialogue_question layout = {.kind = "source",
	    .id = id,
	    .key = "layout",
	    .text = _("  What is one backup there?"),
	    .standard = likely_layout(medium, system, guess)};
	const struct dialogue_question pattern = {.kind = "source",
	    .id = id,
	    .key = "pattern",
	    .text = _("  What are they called (%Y year, %m month, %d day, "
		      "%H hour, %M minute, * anything)?"),
	    .standard = guess->layout != NULL ? guess->pattern : "*"};
	char answer[DIALOGUE_ANSWER_BYTES];

	if (setup_ask_key(setup, &layout, &setup->source_text, answer, err) !=
	    0)
		return -1;
	if (strcmp(answer, "tree") == 0)
		return 0;
	if (setup_ask_key(setup, &pattern, &setup->source_text, answer, err) !=
	    0)
		return -1;
	hint_at_retention(setup, answer);
	return 0;
}

static int
ask_source(struct setup *setup, struct setup_system *system,
    struct setup_medium *medium, const struct setup_guesses *guesses,
    struct error *err)
{
	const struct setup_guess *likely = find_likely(guesses, system);
	char id[CONFIG_ID_BYTES], text[2 * DIALOGUE_ANSWER_BYTES];
	const struct dialogue_question where = {.kind = "source",
	    .id = id,
	    .key = "path",
	    .text = text,
	    .standard = likely != NULL && dialogue_is_person(setup->dialogue)
			    ? likely->path
			    : ""};
	struct bytes *out = &setup->source_text;
	struct setup_guess guess;

	make_id(system, medium, id);
	(void)snprintf(text, sizeof(text),
	    _("Backups of %s on %s: number or folder below it (-: none)"),
	    system->name, medium->id);
	if (ask_folder(setup, &where, medium, guesses, &guess, err) != 0)
		return -1;
	if (guess.path[0] == '\0')
		return 0;
	bytes_append_format(out, "[source %s]\nsystem = %s\nmedium = %s\n", id,
	    system->id, medium->id);
	setup_append_key(setup, out, "source", "path", guess.path);
	if (ask_shape(setup, id, medium, system, &guess, err) != 0)
		return -1;
	bytes_append_text(out, "\n");
	system->has_source = true;
	setup->source_count++;
	return 0;
}

int
setup_ask_sources(struct setup *setup, struct error *err)
{
	struct setup_guesses *guesses = calloc(1, sizeof(*guesses));
	int rc = -1;

	if (guesses == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	for (size_t m = 0; m < setup->medium_count; m++) {
		struct setup_medium *medium = &setup->media[m];

		guesses->count = 0;
		if (dialogue_is_person(setup->dialogue) && !medium->is_silent)
			(void)setup_take_look(
			    medium, setup_look_medium(medium->path, guesses));
		list_guesses(setup, medium, guesses);
		for (size_t s = 0; s < setup->system_count; s++)
			if (ask_source(setup, &setup->systems[s], medium,
				guesses, err) != 0)
				goto out;
	}
	rc = 0;
out:
	free(guesses);
	return rc;
}
