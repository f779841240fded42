#include "lib/output/qr.h"

#include <errno.h>
#include <limits.h>
#include <qrencode.h>

#include "lib/base/i18n.h"

int
qr_encode(const void *data, size_t length, struct qr *ret_qr, struct error *err)
{
	QRcode *code;
	size_t count;
	int rc = -1;

	if (length == 0 || length > INT_MAX)
		return error_set(
		    err, ERROR_INPUT, _("there is nothing to encode"));
	code = QRcode_encodeData((int)length, data, 0, QR_ECLEVEL_M);
	if (code == NULL)
		return errno == ERANGE
			   ? error_set(
				 err, ERROR_LIMIT, _("too long for a QR code"))
			   : error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (code->version > QR_VERSION_MAX) {
		(void)error_set(err, ERROR_LIMIT, _("too long for a QR code"));
		goto out;
	}
	ret_qr->side = (size_t)code->width;
	count = ret_qr->side * ret_qr->side;
	for (size_t i = 0; i < count; i++)
		ret_qr->dark[i] = code->data[i] & 1;
	rc = 0;
out:
	QRcode_free(code);
	return rc;
}

bool
qr_is_dark(const struct qr *qr, size_t row, size_t column)
{
	return qr->dark[row * qr->side + column] != 0;
}
