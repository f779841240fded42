#include "lib/format/mail.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/text.h"

/*
 * Bytes of text in one encoded word: 52 characters of base64 and 12 around
 * them, which with "Subject: " before it are less than 76 (RFC 2047 section 2).
 */
#define WORD_BYTES 39
/* A head that may stand as it is. */
#define PLAIN_BYTES 60
/* Bytes of a body's line: 76 characters of base64 (RFC 2045 section 6.8). */
#define LINE_BYTES 57

static bool
is_plain(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return length <= PLAIN_BYTES && strstr(text, "=?") == NULL;
}

/* How much of the text one word takes: whole characters. */
static size_t
take_word(const char *text)
{
	size_t taken = 0, left = strlen(text);

	while (left > taken) {
		uint32_t c;
		size_t n = text_decode(text + taken, left - taken, &c);

		n = n > 0 ? n : 1;
		if (taken + n > WORD_BYTES)
			break;
		taken += n;
	}
	return taken;
}

static void
append_word(struct bytes *out, const char *text, size_t length)
{
	char clean[WORD_BYTES];

	for (size_t i = 0; i < length; i++)
		clean[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f
			       ? ' '
			       : text[i];
	bytes_append_text(out, "=?UTF-8?B?");
	bytes_append_base64(out, clean, length);
	bytes_append_text(out, "?=");
}

void
mail_append_words(struct bytes *out, const char *text)
{
	if (is_plain(text)) {
		bytes_append_text(out, text);
		return;
	}
	while (*text != '\0') {
		size_t length = take_word(text);

		append_word(out, text, length);
		text += length;
		if (*text != '\0')
			bytes_append_text(out, "\n ");
	}
}

/* "Sun, 22 Nov 2026 11:00:00 +0900": RFC 5322 section 3.3. */
static void
append_date(struct bytes *out, int64_t at_ms)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct date date;
	int minutes;

	date_local(at_ms, &date);
	minutes = abs(date.offset_seconds) / 60;
	bytes_append_format(out,
	    "Date: %.3s, %d %.3s %04d %02d:%02d:%02d %c%02d%02d\n",
	    days + 3 * date.weekday, date.day, months + 3 * (date.month - 1),
	    date.year, date.hour, date.minute, date.second,
	    date.offset_seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static void
append_heads(struct bytes *out, const struct mail *mail)
{
	const char *at = strchr(mail->from, '@');

	append_date(out, mail->at_ms);
	bytes_append_text(out, "From: ");
	/* A plain name could hold what must be quoted. */
	append_word(out, mail->from_name, take_word(mail->from_name));
	bytes_append_format(out, "\n <%s>\nTo: ", mail->from);
	for (size_t i = 0; i < mail->to_count; i++)
		bytes_append_format(
		    out, "%s%s", i > 0 ? ",\n " : "", mail->to[i]);
	bytes_append_text(out, "\nSubject: ");
	mail_append_words(out, mail->subject);
	bytes_append_format(out, "\nMessage-ID: <%s%s>\n", mail->id,
	    at == NULL ? "@hikae.invalid" : at);
	/* RFC 3834: no answering machine answers. */
	bytes_append_text(out, "Auto-Submitted: auto-generated\n"
			       "MIME-Version: 1.0\n"
			       "Content-Type: text/plain; charset=UTF-8\n"
			       "Content-Transfer-Encoding: base64\n"
			       "\n");
}

/* Text in its canonical form has CRLF (RFC 2046 section 4.1.1). */
static void
append_canonical(struct bytes *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			bytes_append_u8(out, '\r');
		bytes_append_u8(out, (uint8_t)*text);
	}
}

void
mail_append(struct bytes *out, const struct mail *mail)
{
	struct bytes body = BYTES_EMPTY;

	append_heads(out, mail);
	append_canonical(&body, mail->text);
	for (size_t at = 0; at < body.length; at += LINE_BYTES) {
		size_t left = body.length - at;

		bytes_append_base64(
		    out, body.data + at, left < LINE_BYTES ? left : LINE_BYTES);
		bytes_append_text(out, "\n");
	}
	out->failed = out->failed || body.failed;
	bytes_done(&body);
}
