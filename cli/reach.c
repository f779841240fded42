#include "cli/reach.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"

#define FORMAT(text, ...) (void)snprintf(text, VIEW_TEXT_BYTES, __VA_ARGS__)

static bool
is_text(const json_t *object, const char *key, const char *expected)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL && strcmp(text, expected) == 0;
}

/* Where the offline mode is not the matter: a word of its sources' state. */
static bool
is_of_sources(const json_t *medium)
{
	return json_object_get(medium, "offline_evidence") == NULL ||
	       !(json_object_get(medium, "state") == NULL ||
		   is_text(medium, "state", "ok") ||
		   is_text(medium, "state", "away") ||
		   is_text(medium, "state", "absent"));
}

/* It is here: for its backup, or forgotten. */
static void
describe_exposed(const json_t *medium, int64_t now, char *text)
{
	int64_t since, most = CLOCK_DAY_MS;
	char span[VIEW_TEXT_BYTES];
	json_t *age = NULL;

	if (!view_instant(medium, "reach_since", &since) || since > now) {
		FORMAT(text, "%s", _("connected"));
		return;
	}
	(void)view_instant(medium, "max_attached_ms", &most);
	age = json_pack("{sI}", "ms", (json_int_t)(now - since));
	(void)view_duration(age, "ms", span);
	json_decref(age);
	if (now - since > most)
		/* TRANSLATORS: an offline medium; how long. */
		FORMAT(text, _("still connected, %s"), span);
	else
		FORMAT(text, _("connected, %s"), span);
}

/* Nothing speaks for it, or something against it. */
static void
describe_none(const json_t *medium, int64_t now, char *text)
{
	static const struct {
		const char *reason, *words;
	} reasons[] = {
	    {"never-seen", N_("never seen")},
	    {"detach-not-recorded", N_("gone, not verified before")},
	    {"attached-elsewhere", N_("was connected elsewhere")},
	    {"medium-retired", N_("out of service")},
	    {"writable", N_("can be written")},
	};

	if (json_is_true(json_object_get(medium, "in_reach")) &&
	    !is_text(medium, "offline_reason", "medium-retired") &&
	    !is_text(medium, "offline_reason", "writable") &&
	    !is_text(medium, "offline_reason", "attached-elsewhere")) {
		describe_exposed(medium, now, text);
		return;
	}
	FORMAT(text, "%s", _("not offline"));
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (is_text(medium, "offline_reason", reasons[i].reason))
			FORMAT(text, "%s", _(reasons[i].words));
}

/* Of one that is in reach, and protected in another way than by absence. */
static void
describe_here(const json_t *medium, int64_t now, char *text)
{
	if (is_text(medium, "offline_evidence", "verified"))
		FORMAT(text, "%s", _("protected, verified"));
	else if (is_text(medium, "offline_evidence", "attested"))
		FORMAT(text, "%s", _("on somebody's word"));
	else if (is_text(medium, "offline_evidence", "stale"))
		FORMAT(text, "%s", _("not verified for long"));
	else
		describe_none(medium, now, text);
}

const char *
reach_describe(const json_t *medium, int64_t now, char *text)
{
	char age[VIEW_TEXT_BYTES];

	if (is_of_sources(medium))
		return view_word(medium, "state", text);
	(void)view_age(medium, "reach_since", now, age);
	if (is_text(medium, "offline_evidence", "undetermined"))
		FORMAT(text, "%s", _("not known"));
	else if (is_text(medium, "offline_evidence", "partial"))
		FORMAT(text, "%s", _("document missing"));
	else if (json_is_true(json_object_get(medium, "in_reach")))
		describe_here(medium, now, text);
	else if (is_text(medium, "offline_evidence", "verified"))
		/* TRANSLATORS: out of reach; when it was seen to go. */
		FORMAT(text, _("offline, verified %s"), age);
	else if (is_text(medium, "offline_evidence", "attested"))
		FORMAT(text, _("on somebody's word, %s"), age);
	else if (is_text(medium, "offline_evidence", "stale"))
		FORMAT(text, _("last seen %s"), age);
	else
		describe_none(medium, now, text);
	return text;
}

const char *
reach_exposure(const json_t *medium, char *text)
{
	uint64_t least = view_number(medium, "exposure_percent");

	/* The other modes do not mean absence. */
	if (!(is_text(medium, "offline", "detached") ||
		is_text(medium, "offline", "connect-window")) ||
	    json_object_get(medium, "exposure_percent") == NULL)
		FORMAT(text, "-");
	else if (json_object_get(medium, "exposure_percent_most") == NULL)
		FORMAT(text, "%d%%", (int)least);
	else
		FORMAT(text, "%d-%d%%", (int)least,
		    (int)view_number(medium, "exposure_percent_most"));
	return text;
}

const char *
reach_counts(const json_t *system, char *text)
{
	static const struct {
		const char *key, *most;
	} counts[] = {
	    {"copies", "copies_most"},
	    {"media_kinds", "media_kinds_most"},
	    {"offline_or_offsite", "offline_or_offsite_most"},
	};
	const json_t *three = json_object_get(system, "three_two_one");
	size_t used = 0;

	if (three == NULL) {
		FORMAT(text, "-");
		return text;
	}
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		/* What is in production is a copy too. */
		int number = (int)view_number(three, counts[i].key) + (i == 0);

		used += (size_t)snprintf(text + used, VIEW_TEXT_BYTES - used,
		    "%s%d%s", i == 0 ? "" : "-", number,
		    json_object_get(three, counts[i].most) == NULL ? "" : "?");
	}
	return text;
}
