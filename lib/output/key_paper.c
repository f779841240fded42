#include "lib/output/key_paper.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/crypto/digest.h"
#include "lib/output/qr_svg.h"

#define KEY_TEXT_BYTES 64

static const char *const style[] = {
    "@page{size:A4;margin:16mm}\n",
    "body{font-family:\"Noto Sans CJK JP\",\"Noto Sans JP\",\"IPAexGothic\",",
    "\"Hiragino Sans\",\"Yu Gothic\",sans-serif;max-width:178mm;",
    "margin:0 auto;color:#000;background:#fff;line-height:1.6}\n",
    "h1{font-size:18pt;margin:6mm 0 2mm}\n",
    "h2{font-size:13pt;margin:0 0 1mm}\n",
    ".key{display:flex;gap:6mm;border:1px solid #000;padding:4mm;",
    "margin:5mm 0;break-inside:avoid}\n",
    ".qr{width:42mm;height:42mm;flex:none;shape-rendering:crispEdges}\n",
    ".dark{fill:#000}\n",
    ".id{font-family:monospace;overflow-wrap:anywhere;margin:0 0 1mm}\n",
    ".line{border-bottom:1px solid #000;margin:9mm 0 0}\n",
    NULL,
};

/* The second line of minisign's public key file. */
static int
format_key(const struct signature_public *public, char text[KEY_TEXT_BYTES],
    struct error *err)
{
	struct bytes file = BYTES_EMPTY;
	const char *line;
	int rc = -1;

	signature_public_encode(public, &file);
	bytes_append_u8(&file, '\0');
	if (bytes_check(&file, err) != 0)
		goto out;
	line = strchr((const char *)file.data, '\n');
	(void)snprintf(text, KEY_TEXT_BYTES, "%.*s",
	    line == NULL ? 0 : (int)strcspn(line + 1, "\n"),
	    line == NULL ? "" : line + 1);
	rc = 0;
out:
	bytes_done(&file);
	return rc;
}

static void
write_fingerprint(struct html *html, const char *key)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	digest_sha256_of(key, strlen(key), digest);
	bytes_format_hex(digest, sizeof(digest), hex);
	html_open_class(html, "p", "id");
	html_text(html, "SHA-256:");
	for (size_t i = 0; i < sizeof(hex) - 1; i += 4)
		html_text_format(html, " %.4s", hex + i);
	html_close(html);
}

static int
write_key(struct html *html, const char *role,
    const struct signature_public *public, struct error *err)
{
	char text[KEY_TEXT_BYTES], id[SIGNATURE_KEY_ID_TEXT_BYTES];
	struct qr qr;

	if (format_key(public, text, err) != 0 ||
	    qr_encode(text, strlen(text), &qr, err) != 0)
		return -1;
	signature_key_id_text(public->key_id, id);
	html_open_class(html, "div", "key");
	qr_svg_write(html, &qr, role);
	html_open(html, "div");
	html_element(html, "h2", NULL, role);
	html_element(html, "p", "id", text);
	html_open_class(html, "p", "id");
	html_text_format(html, _("%s: %s"), _("Key ID"), id);
	html_close(html);
	write_fingerprint(html, text);
	html_close(html);
	html_close(html);
	return 0;
}

static void
write_head(struct html *html)
{
	html_open(html, "head");
	html_open(html, "meta");
	html_attribute(html, "charset", "utf-8");
	html_close(html);
	html_element(html, "title", NULL, _("Public keys of hikae"));
	html_style(html, style);
	html_close(html);
}

/* What the paper is for, and lines for who files it. */
static void
write_advice(struct html *html)
{
	html_element(html, "p", NULL,
	    _("Keep this paper away from the host, with the papers of the "
	      "facility's security. Whoever checks a manifest, a checkpoint "
	      "or a bundle takes the key from here, not from the host "
	      "(minisign -V -P KEY). The secret facility key lies on two "
	      "media in safes, its passphrase elsewhere; neither belongs on "
	      "this paper."));
	html_element(html, "p", "line", _("Printed and compared by, date:"));
	html_element(html, "p", "line", _("Kept at:"));
}

int
key_paper_write(const struct keyring *keyring, const char *facility,
    const char *date, struct bytes *out, struct error *err)
{
	struct bytes unused = BYTES_EMPTY;
	struct html html;
	int rc;

	html_begin(&html);
	html_open(&html, "html");
	html_attribute(&html, "lang", _("en"));
	write_head(&html);
	html_open(&html, "body");
	html_element(&html, "h1", NULL, _("Public keys of hikae"));
	html_open(&html, "p");
	html_text_format(&html, "%s  %s  %s", facility, keyring->origin, date);
	html_close(&html);
	rc = write_key(
	    &html, _("The daemon's public key"), &keyring->publics[0], err);
	if (rc == 0)
		rc = write_key(&html, _("The facility's public key"),
		    &keyring->facility, err);
	write_advice(&html);
	html_close(&html);
	html_close(&html);
	if (rc != 0) {
		(void)!html_finish(&html, &unused, NULL);
		bytes_done(&unused);
		return -1;
	}
	return html_finish(&html, out, err);
}
