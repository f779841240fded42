#include "cli/trust.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define SHOWN_BYTES 256

static int
load_given(const char *given, struct trust *trust, struct error *err)
{
	struct bytes file = BYTES_EMPTY;
	char shown[SHOWN_BYTES];
	int rc = -1;

	trust->count = 1;
	/* A key as it stands on paper; no such text is a likely file name. */
	if (signature_public_decode(
		given, strlen(given), &trust->keys[0], NULL) == 0)
		return 0;
	if (cli_read_file(given, SIGNATURE_FILE_BYTES_MAX, &file, err) == 0) {
		rc = signature_public_decode(
		    (const char *)file.data, file.length, &trust->keys[0], err);
		if (rc != 0)
			(void)error_prefix(err, "%s",
			    text_escape(
				shown, sizeof(shown), given, strlen(given)));
	}
	bytes_done(&file);
	return rc;
}

int
trust_load(const struct cli *cli, const char *public_key,
    struct trust *ret_trust, struct error *err)
{
	struct trust trust = {.count = 0};
	struct keyring keyring;
	struct error why = {0};
	int state_fd = -1, rc;

	if (public_key != NULL) {
		if (load_given(public_key, &trust, err) != 0)
			return -1;
		*ret_trust = trust;
		return 0;
	}
	rc = cli_open_state(cli, false, &state_fd, &why);
	if (rc == 0)
		rc = keyring_open_public(state_fd, &keyring, &why);
	if (state_fd >= 0)
		(void)close(state_fd);
	if (rc != 0 && why.code == ERROR_NOT_FOUND)
		return error_set(err, ERROR_USAGE,
		    _("there are no keys on this host: give --public-key"));
	if (rc != 0)
		return error_set(err, why.code, "%s", why.text);
	memcpy(trust.keys, keyring.publics, sizeof(trust.keys));
	trust.count = keyring.public_count;
	*ret_trust = trust;
	return 0;
}
