/* What an inspector copies down: the journal's signed head, and the keys. */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/signature.h"
#include "lib/output/qr_svg.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"

/* A note's lines, each one by itself, as it stands. */
static void
write_lines(struct html *html, const struct bytes *note)
{
	const char *text = (const char *)note->data;
	size_t begin = 0;
	char line[1024];

	html_open_class(html, "div", "note");
	for (size_t i = 0; i < note->length; i++) {
		if (text[i] != '\n')
			continue;
		(void)snprintf(
		    line, sizeof(line), "%.*s", (int)(i - begin), text + begin);
		html_element(html, "p", NULL, line);
		begin = i + 1;
	}
	html_close(html);
}

static void
write_checkpoint(struct html *html, const struct report_facts *facts)
{
	struct error none = {0};
	struct qr qr;

	html_element(html, "h3", NULL, _("Signed head of the journal"));
	if (facts->note.length == 0) {
		html_open(html, "p");
		report_words_mark(html, REPORT_UNKNOWN);
		html_text(
		    html, _("No head of the journal has been signed yet."));
		html_close(html);
		return;
	}
	html_element(html, "p", "about",
	    _("Whoever keeps this paper can prove later that nothing before "
	      "it was changed or left out. Lines: origin, number of entries, "
	      "root of the tree, signature (C2SP signed note)."));
	if (facts->unsigned_entries > 0) {
		html_open(html, "p");
		report_words_mark(html, REPORT_WARNING);
		html_text_format(html,
		    _("It does not cover the last %llu of the entries that "
		      "this report was drawn from: they are not signed yet."),
		    (unsigned long long)facts->unsigned_entries);
		html_close(html);
	}
	html_open_class(html, "div", "checkpoint");
	if (qr_encode(facts->note.data, facts->note.length, &qr, &none) == 0)
		qr_svg_write(html, &qr, _("the checkpoint as a QR code"));
	write_lines(html, &facts->note);
	html_close(html);
}

/* "0123 4567 ...": SHA-256 of the key's text. */
static void
write_fingerprint(struct html *html, const char *key)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[2 * DIGEST_SHA256_BYTES + 1], group[8];

	digest_sha256_of(key, strlen(key), digest);
	bytes_format_hex(digest, sizeof(digest), hex);
	html_open_class(html, "p", "id");
	for (size_t i = 0; i < sizeof(hex) - 1; i += 4) {
		(void)snprintf(
		    group, sizeof(group), "%s%.4s", i == 0 ? "" : " ", hex + i);
		html_text(html, group);
	}
	html_close(html);
}

static void
write_key(struct html *html, const char *role, const char *key)
{
	char id[SIGNATURE_KEY_ID_TEXT_BYTES] = "-";
	struct signature_public public;
	struct error none = {0};

	html_open(html, "tr");
	html_element(html, "th", NULL, role);
	if (signature_public_decode(key, strlen(key), &public, &none) == 0)
		signature_key_id_text(public.key_id, id);
	html_element(html, "td", "id", id);
	html_open(html, "td");
	html_element(html, "p", "id", key);
	if (key[0] != '\0')
		write_fingerprint(html, key);
	html_close(html);
	html_close(html);
}

void
report_proof_write(struct html *html, const struct report_facts *facts)
{
	report_words_section(html, "proof", _("Proof"), NULL);
	write_checkpoint(html, facts);
	html_element(html, "h3", NULL, _("Keys"));
	html_element(html, "p", "about",
	    _("Compare with the paper that was made with the keys. Below "
	      "each public key stands the SHA-256 of its text."));
	html_open_class(html, "table", "keys");
	html_open(html, "thead");
	html_open(html, "tr");
	html_element(html, "th", NULL, _("Key"));
	html_element(html, "th", NULL, _("Key ID"));
	html_element(html, "th", NULL, _("Public key and fingerprint"));
	html_close(html);
	html_close(html);
	html_open(html, "tbody");
	write_key(html, _("daemon"), facts->daemon_key);
	write_key(html, _("facility"), facts->facility_key);
	html_close(html);
	html_close(html);
	html_open_class(html, "p", "signline");
	html_text(html, _("Read and confirmed:"));
	html_element(html, "span", "blank", "");
	html_text(html, _("Date:"));
	html_element(html, "span", "blank short", "");
	html_close(html);
	html_close(html);
}
