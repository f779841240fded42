#include "lib/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct {
	const char *name;
	int exit_status;
} code_table[ERROR_CODES] = {
    [ERROR_NONE] = {"none", EX_OK},
    [ERROR_USAGE] = {"usage", EX_USAGE},
    [ERROR_CONFIG] = {"config", EX_CONFIG},
    [ERROR_INPUT] = {"input", EX_DATAERR},
    [ERROR_NOT_FOUND] = {"not-found", EX_NOINPUT},
    [ERROR_EXISTS] = {"exists", EX_CANTCREAT},
    [ERROR_DENIED] = {"denied", EX_NOPERM},
    [ERROR_UNAVAILABLE] = {"unavailable", EX_TEMPFAIL},
    [ERROR_IO] = {"io", EX_IOERR},
    [ERROR_NO_SPACE] = {"no-space", EX_CANTCREAT},
    [ERROR_LIMIT] = {"limit", EX_SOFTWARE},
    [ERROR_SIGNATURE] = {"signature", EX_DATAERR},
    [ERROR_VERSION] = {"version", EX_DATAERR},
    [ERROR_PROTOCOL] = {"protocol", EX_PROTOCOL},
    [ERROR_CANCELLED] = {"cancelled", EX_TEMPFAIL},
    [ERROR_INTERNAL] = {"internal", EX_SOFTWARE},
};

static enum error_code
code_of_errno(int os_errno)
{
	switch (os_errno) {
	case ENOENT:
	case ENOTDIR:
		return ERROR_NOT_FOUND;
	case EEXIST:
	case ENOTEMPTY:
		return ERROR_EXISTS;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERROR_DENIED;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERROR_NO_SPACE;
	case EAGAIN:
	case EBUSY:
	case ETIMEDOUT:
	case ESTALE:
	case ENODEV:
	case ENXIO:
	case ECONNREFUSED:
		return ERROR_UNAVAILABLE;
	case ENAMETOOLONG:
	case EMFILE:
	case ENFILE:
		return ERROR_LIMIT;
	case ENOMEM:
		return ERROR_INTERNAL;
	default:
		return ERROR_IO;
	}
}

int
error_set(struct error *err, enum error_code code, const char *format, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	err->code = code;
	err->os_errno = 0;
	va_start(ap, format);
	(void)vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	return -1;
}

int
error_set_errno(struct error *err, int os_errno, const char *format, ...)
{
	va_list ap;
	size_t used;

	if (err == NULL)
		return -1;
	err->code = code_of_errno(os_errno);
	err->os_errno = os_errno;
	va_start(ap, format);
	(void)vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof(err->text) - used, ": %s",
	    strerror(os_errno));
	return -1;
}

int
error_prefix(struct error *err, const char *format, ...)
{
	char old[ERROR_TEXT_BYTES];
	va_list ap;
	size_t used;

	if (err == NULL)
		return -1;
	memcpy(old, err->text, sizeof(old));
	va_start(ap, format);
	(void)vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof(err->text) - used, ": %s", old);
	return -1;
}

const char *
error_code_name(enum error_code code)
{
	return code_table[code].name;
}

int
error_exit_status(enum error_code code)
{
	return code_table[code].exit_status;
}
