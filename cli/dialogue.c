#include "cli/dialogue.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/answers.h"
#include "cli/dialogue_choice.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define SHOWN_BYTES 256

struct dialogue {
	struct answers *answers;   /* NULL: a person */
	struct answers_item *last; /* the answer in the file, or NULL */
	FILE *out;
};

int
dialogue_open(struct cli *cli, const char *answers,
    struct dialogue **ret_dialogue, struct error *err)
{
	struct dialogue *dialogue = calloc(1, sizeof(*dialogue));

	if (dialogue == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	dialogue->out = cli->print.out;
	if (answers != NULL &&
	    answers_open(answers, &dialogue->answers, err) != 0) {
		dialogue_close(dialogue);
		return -1;
	}
	*ret_dialogue = dialogue;
	return 0;
}

void
dialogue_close(struct dialogue *dialogue)
{
	if (dialogue != NULL)
		answers_close(dialogue->answers);
	free(dialogue);
}

bool
dialogue_is_person(const struct dialogue *dialogue)
{
	return dialogue->answers == NULL;
}

void
dialogue_say(struct dialogue *dialogue, const char *format, ...)
{
	va_list ap;

	if (dialogue->answers != NULL)
		return;
	va_start(ap, format);
	(void)vfprintf(dialogue->out, format, ap);
	va_end(ap);
	(void)fputc('\n', dialogue->out);
}

/*
 * Japanese input methods leave full-width letters and spaces behind: U+FF01
 * to U+FF5E are ASCII's 0x21 to 0x7E, U+3000 is a space.
 */
static void
narrow(char *text)
{
	unsigned char *to = (unsigned char *)text;

	for (const unsigned char *c = to; *c != '\0';) {
		if (c[0] == 0xEF && c[1] == 0xBC && c[2] >= 0x81) {
			*to++ = (unsigned char)(c[2] - 0x60);
			c += 3;
		} else if (c[0] == 0xEF && c[1] == 0xBD && c[2] >= 0x80 &&
			   c[2] <= 0x9E) {
			*to++ = (unsigned char)(c[2] - 0x20);
			c += 3;
		} else if (c[0] == 0xE3 && c[1] == 0x80 && c[2] == 0x80) {
			*to++ = ' ';
			c += 3;
		} else {
			*to++ = *c++;
		}
	}
	*to = '\0';
}

static void
trim(char *text)
{
	size_t begin = strspn(text, " \t"), length = strlen(text);

	while (length > begin && strchr(" \t\r\n", text[length - 1]) != NULL)
		length--;
	memmove(text, text + begin, length - begin);
	text[length - begin] = '\0';
}

/* What cannot be an answer becomes a text that every check refuses. */
static void
keep(char answer[DIALOGUE_ANSWER_BYTES], const char *text)
{
	size_t length = strlen(text);

	if (length >= DIALOGUE_ANSWER_BYTES || !text_is_utf8(text, length))
		text = "\x01";
	(void)snprintf(answer, DIALOGUE_ANSWER_BYTES, "%s", text);
}

/* One line of standard input, all of it or an error. */
static int
read_line(char answer[DIALOGUE_ANSWER_BYTES], struct error *err)
{
	char line[4 * DIALOGUE_ANSWER_BYTES];
	size_t length;

	if (fgets(line, sizeof(line), stdin) == NULL)
		return error_set(err, ERROR_INPUT,
		    _("the input ended before the last question; nothing was "
		      "written"));
	length = strlen(line);
	if (length + 1 == sizeof(line) && line[length - 1] != '\n') {
		for (int c = 0; c != '\n' && c != EOF;)
			c = getchar();
	}
	trim(line);
	keep(answer, line);
	return 0;
}

static const struct config_key *
find_key(const struct dialogue_question *question)
{
	for (int i = 0; i < CONFIG_SECTIONS; i++)
		if (strcmp(config_section_name((enum config_section)i),
			question->kind) == 0)
			return config_key_find(
			    (enum config_section)i, question->key);
	return NULL;
}

/* The choices, a line each, with numbers to answer by. */
static void
list_choices(const struct dialogue *dialogue, const char *const *choices)
{
	for (size_t i = 0; choices[i] != NULL; i++)
		(void)fprintf(dialogue->out, "  %zu  %s (%s)\n", i + 1,
		    dialogue_choice_label(choices[i]), choices[i]);
}

static void
prompt(
    const struct dialogue *dialogue, const struct dialogue_question *question)
{
	const struct config_key *key = find_key(question);
	const char *standard = question->standard;

	(void)fputs(question->text, dialogue->out);
	if (question->is_yes_no) {
		(void)fputs(_(" (yes/no)"), dialogue->out);
		if (standard != NULL)
			standard =
			    strcmp(standard, "yes") == 0 ? _("yes") : _("no");
	} else if (key != NULL && key->choices != NULL) {
		(void)fputc('\n', dialogue->out);
		list_choices(dialogue, key->choices);
		(void)fputs(_("Number"), dialogue->out);
	}
	if (standard != NULL && standard[0] != '\0')
		(void)fprintf(dialogue->out, " [%s]", standard);
	(void)fputs(": ", dialogue->out);
	(void)fflush(dialogue->out);
}

static int
check_yes_no(char *answer, struct error *err)
{
	static const char *const yes[] = {"yes", "y", "はい", "ハイ", NULL};
	static const char *const no[] = {"no", "n", "いいえ", "イイエ", NULL};

	for (size_t i = 0; yes[i] != NULL; i++) {
		if (strcasecmp(answer, yes[i]) == 0) {
			(void)snprintf(answer, DIALOGUE_ANSWER_BYTES, "yes");
			return 0;
		}
		if (strcasecmp(answer, no[i]) == 0) {
			(void)snprintf(answer, DIALOGUE_ANSWER_BYTES, "no");
			return 0;
		}
	}
	return error_set(err, ERROR_INPUT, _("the answer is yes or no"));
}

/* By the key's own type and range. */
static int
check_key(const struct config_key *key, const char *answer, struct error *err)
{
	union {
		struct config_facility facility;
		struct config_policy policy;
		struct config_system system;
		struct config_medium medium;
		struct config_source source;
	} section;

	memset(&section, 0, sizeof(section));
	if (config_value_parse(key, answer, &section, err) != 0)
		return -1;
	config_value_done(key, &section);
	return 0;
}

static void
take_choice(const char *const *choices, char *answer)
{
	const char *word = dialogue_choice_find(choices, answer);

	if (word != NULL)
		(void)snprintf(answer, DIALOGUE_ANSWER_BYTES, "%s", word);
}

static int
check(const struct dialogue *dialogue, const struct dialogue_question *question,
    char *answer, struct error *err)
{
	const struct config_key *key = find_key(question);
	char shown[SHOWN_BYTES];

	for (const char *c = answer; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7F')
			return error_set(err, ERROR_INPUT,
			    _("too long, or not text in UTF-8: %s"),
			    text_escape(
				shown, sizeof(shown), answer, strlen(answer)));
	if (key == NULL || key->type != CONFIG_TEXT)
		narrow(answer);
	if (question->is_yes_no)
		return check_yes_no(answer, err);
	if (answer[0] == '\0' && question->standard == NULL)
		return error_set(err, ERROR_INPUT, _("an answer is needed"));
	if (key == NULL || (answer[0] == '\0' && !key->is_required))
		return 0;
	if (key->choices != NULL && dialogue->answers == NULL)
		take_choice(key->choices, answer);
	return check_key(key, answer, err);
}

static int
take(struct dialogue *dialogue, const struct dialogue_question *question,
    char answer[DIALOGUE_ANSWER_BYTES], struct error *err)
{
	answer[0] = '\0';
	if (dialogue->answers == NULL) {
		prompt(dialogue, question);
		if (read_line(answer, err) != 0)
			return -1;
	} else {
		dialogue->last = answers_take(dialogue->answers, question->kind,
		    question->id, question->key);
		if (dialogue->last == NULL && question->standard == NULL)
			return error_set(err, ERROR_INPUT,
			    _("%s: [%s%s%s] has no answer to \"%s\" (%s)"),
			    answers_file(dialogue->answers), question->kind,
			    question->id[0] != '\0' ? " " : "", question->id,
			    question->key, question->text);
		if (dialogue->last != NULL)
			keep(answer, dialogue->last->value);
	}
	if (answer[0] == '\0' && question->standard != NULL &&
	    (dialogue->answers == NULL || dialogue->last == NULL))
		(void)snprintf(
		    answer, DIALOGUE_ANSWER_BYTES, "%s", question->standard);
	else if (strcmp(answer, "-") == 0)
		answer[0] = '\0';
	return 0;
}

int
dialogue_refuse(
    struct dialogue *dialogue, const struct error *reason, struct error *err)
{
	if (dialogue->answers == NULL) {
		(void)fprintf(dialogue->out, "  %s\n", reason->text);
		return 0;
	}
	if (dialogue->last == NULL)
		return error_set(err, ERROR_INPUT, "%s: %s",
		    answers_file(dialogue->answers), reason->text);
	return error_set(err, ERROR_INPUT, "%s:%u: %s: %s",
	    answers_file(dialogue->answers), dialogue->last->line,
	    dialogue->last->key, reason->text);
}

int
dialogue_ask(struct dialogue *dialogue,
    const struct dialogue_question *question,
    char ret_answer[DIALOGUE_ANSWER_BYTES], struct error *err)
{
	char answer[DIALOGUE_ANSWER_BYTES];
	struct error reason = {0};

	for (;;) {
		if (take(dialogue, question, answer, err) != 0)
			return -1;
		if (check(dialogue, question, answer, &reason) == 0)
			break;
		if (dialogue_refuse(dialogue, &reason, err) != 0)
			return -1;
	}
	(void)snprintf(ret_answer, DIALOGUE_ANSWER_BYTES, "%s", answer);
	return 0;
}

const char *
dialogue_section_at(
    const struct dialogue *dialogue, const char *kind, size_t index)
{
	return dialogue->answers == NULL
		   ? NULL
		   : answers_section_at(dialogue->answers, kind, index);
}

bool
dialogue_has_section(
    const struct dialogue *dialogue, const char *kind, const char *id)
{
	const char *at;

	for (size_t i = 0;
	     (at = dialogue_section_at(dialogue, kind, i)) != NULL; i++)
		if (strcmp(at, id) == 0)
			return true;
	return false;
}

int
dialogue_finish(struct dialogue *dialogue, struct error *err)
{
	return dialogue->answers == NULL
		   ? 0
		   : answers_finish(dialogue->answers, err);
}
