/*
 * i18n: what a person reads goes through here.
 *
 * Layer 0.  Uses: nothing.  Owns: libintl (in the C library), setlocale.
 *
 * _("text") is the text in the reader's language; N_("text") marks a text in
 * a table, which _() translates where it is shown.
 */
#ifndef HIKAE_BASE_I18N_H
#define HIKAE_BASE_I18N_H

#include <libintl.h>
#include <stdbool.h>

#define _(text) gettext(text)
#define N_(text) text

/*
 * Take the language from the environment.  Catalogues are looked for in
 * ../share/locale beside the running program, so that a program works where it
 * was built and where it was installed.  A locale that the machine lacks
 * (Debian generates none by default) falls back to C.UTF-8 with the same
 * language, so that Japanese does not depend on locale-gen.
 */
void i18n_start(void);

/* What the reader had asked for, while another language is spoken. */
struct i18n_reader {
	bool has_language;
	char language[128], messages[128];
};

/* The reader as of now, for i18n_speak_as. */
void i18n_remember(struct i18n_reader *ret_reader);

/*
 * Speak a language ("ja") whoever reads, until i18n_return.  Where its
 * catalogue is missing it is English.  i18n_speak_as speaks a remembered
 * reader's.  The last one that began ends first.
 */
void i18n_speak(const char *language, struct i18n_reader *ret_reader);
void i18n_speak_as(
    const struct i18n_reader *as, struct i18n_reader *ret_reader);
void i18n_return(const struct i18n_reader *reader);

#endif
