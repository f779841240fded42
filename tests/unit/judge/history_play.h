/* history_play: what happens to a medium, told by a line of words. */
#ifndef HIKAE_TESTS_JUDGE_HISTORY_PLAY_H
#define HIKAE_TESTS_JUDGE_HISTORY_PLAY_H

#include "tests/unit/judge/history.h"

__attribute__((unused)) static void
add_event(struct catalog *catalog, int64_t at, const char *medium,
    const char *event, int64_t until)
{
	json_t *entry = json_pack("{ss ss ss ss}", "type", "medium", "event",
	    event, "medium", medium, "by", "控 太郎");

	if (strcmp(event, "checkout") == 0) {
		(void)json_object_set_new(
		    entry, "holder", json_string("備前 花子"));
		(void)json_object_set_new(entry, "place", json_string("金庫"));
		if (until != 0)
			(void)json_object_set_new(
			    entry, "until", json_integer(until));
	}
	if (journal_append(catalog, entry, at, NULL, &entry_error) != 0)
		fail_msg("%s", entry_error.text);
}

/* "+26h" "+3d" "-3d": hours or days, 0 where it is another word. */
static int64_t
time_of(const char *word)
{
	char *unit;
	long n = strtol(word, &unit, 10);

	if (unit == word || (*unit != 'h' && *unit != 'd'))
		return 0;
	return n * (*unit == 'h' ? HOUR : DAY);
}

/* "in", or "in=wwn:1,wwn:2" with its disks; false where it is another word. */
static bool
play_state(
    struct catalog *catalog, int64_t at, const char *medium, const char *word)
{
	static const struct {
		const char *word, *state;
		bool in_reach;
	} states[] = {
	    {"in", "mounted", true},
	    {"attached", "attached", true},
	    {"out", "absent", false},
	    {"hung", "hung", false},
	    {"yanked", "yanked", false},
	    {"unknown", "unknown", false},
	    {"unsure", "unknown", true},
	    {"stuck", "hung", true},
	    {"other", "wrong-medium", false},
	};
	size_t length = strcspn(word, "=");
	char disks[128] = "";

	if (word[length] == '=')
		(void)snprintf(disks, sizeof(disks), "%s", word + length + 1);
	for (char *c = disks; *c != '\0'; c++)
		if (*c == ',')
			*c = ' ';
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strlen(states[i].word) == length &&
		    memcmp(word, states[i].word, length) == 0) {
			add_state(catalog, at, medium, states[i].state,
			    states[i].in_reach,
			    disks[0] == '\0' ? NULL : disks);
			return true;
		}
	return false;
}

static void
play_word(
    struct catalog *catalog, int64_t at, const char *medium, const char *word)
{
	const char *after = strchr(word, ':');
	int64_t until = after == NULL ? 0 : at + time_of(after + 1);
	char statement[64];

	(void)snprintf(statement, sizeof(statement), "offline-%s", medium);
	if (play_state(catalog, at, medium, word) ||
	    add_doubt(catalog, at, medium, word))
		return;
	if (strcmp(word, "record") == 0)
		add_record(catalog, at, medium, "detached");
	else if (strcmp(word, "release") == 0)
		add_record(catalog, at, medium, "released");
	else if (strncmp(word, "checkout", 8) == 0)
		add_event(catalog, at, medium, "checkout", until);
	else if (strcmp(word, "checkin") == 0 || strcmp(word, "retired") == 0)
		add_event(catalog, at, medium, word, 0);
	else if (strncmp(word, "word:", 5) == 0)
		add_attestation(catalog, at, statement, NULL, until);
	else if (strncmp(word, "contract:", 9) == 0)
		add_attestation(
		    catalog, at, statement, "contract-excerpt", until);
	else if (strncmp(word, "foreign:", 8) == 0)
		add_attestation(catalog, at, "G", "in-house-rule", until);
	else if (strncmp(word, "plan:", 5) == 0)
		add_attestation(catalog, at, statement, "bcp", until);
	else if (strcmp(word, "refused") == 0 || strcmp(word, "accepted") == 0)
		add_protection(catalog, at, medium, "probe", word);
	else if (strncmp(word, "switch-", 7) == 0)
		add_switch(catalog, at, medium, word + 7);
	else if (strcmp(word, "elsewhere") == 0)
		ADD(catalog, at, NULL, "{ss ss ss ss ss ss}", "type", "finding",
		    "event", "open", "code", "attached-elsewhere", "verdict",
		    "none", "severity", "warning", "medium", medium);
	else
		fail_msg("what is \"%s\"?", word);
}

/*
 * Play words one after the other: "+N[hd]" lets time pass, "-N[hd]" sets the
 * clock back (which the journal notes), the others are above.  In the end
 * something is recorded, since hikaed is at work; not after "dead".
 */
__attribute__((unused)) static int64_t
play(
    struct catalog *catalog, int64_t at, const char *medium, const char *script)
{
	char words[512], *rest = words, *word;
	bool is_dead = false;

	(void)snprintf(words, sizeof(words), "%s", script);
	while ((word = strtok_r(rest, " ", &rest)) != NULL) {
		is_dead =
		    strcmp(word, "dead") == 0 || (is_dead && *word == '+');
		if (is_dead && *word == 'd')
			continue;
		if (*word == '+' || *word == '-')
			at += time_of(word);
		else
			play_word(catalog, at, medium, word);
		if (*word == '-')
			ADD(catalog, at, NULL, "{ss ss sI}", "type", "clock",
			    "event", "back", "by_ms",
			    (json_int_t)-time_of(word));
	}
	if (!is_dead)
		ADD(catalog, at, NULL, "{ss ss s{}}", "type", "start",
		    "software", "hikae", "sandbox");
	return at;
}

#endif
