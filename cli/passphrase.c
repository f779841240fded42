#include "cli/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/base/i18n.h"
#include "lib/crypto/signature.h"
#include "lib/os/file.h"

#define TERMINAL "/dev/tty"

/*
 * One line without its end, which is a line feed, a carriage return and a line
 * feed, or the end of the file.  Read byte by byte: what follows is not ours.
 */
static int
take_line(int fd, struct passphrase *ret, struct error *err)
{
	ssize_t got;

	memset(ret, 0, sizeof(*ret));
	for (;;) {
		char *next = ret->text + ret->length;

		got = read(fd, next, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(
			    err, errno, _("cannot read the passphrase"));
		if (got == 0 || *next == '\n')
			break;
		ret->length++;
		if (ret->length == sizeof(ret->text))
			return error_set(
			    err, ERROR_INPUT, _("the passphrase is too long"));
	}
	if (ret->length > 0 && ret->text[ret->length - 1] == '\r')
		ret->length--;
	ret->text[ret->length] = '\0';
	return 0;
}

/*
 * Ask on the terminal without showing what is typed.  Signals wait meanwhile,
 * so that an interrupt cannot leave the terminal mute.
 */
static int
ask(int fd, const char *prompt, struct passphrase *ret, struct error *err)
{
	struct termios shown, hidden;
	sigset_t waiting, before;
	int rc;

	if (tcgetattr(fd, &shown) != 0)
		return error_set_errno(err, errno, TERMINAL);
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	hidden.c_lflag |= ECHONL | ICANON;
	(void)sigemptyset(&waiting);
	(void)sigaddset(&waiting, SIGINT);
	(void)sigaddset(&waiting, SIGTSTP);
	(void)sigaddset(&waiting, SIGQUIT);
	(void)sigprocmask(SIG_BLOCK, &waiting, &before);
	rc = file_write_all(fd, prompt, strlen(prompt), err);
	if (rc == 0 && tcsetattr(fd, TCSAFLUSH, &hidden) != 0)
		rc = error_set_errno(err, errno, TERMINAL);
	if (rc == 0)
		rc = take_line(fd, ret, err);
	(void)tcsetattr(fd, TCSAFLUSH, &shown);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static int
ask_all(
    const char *what, bool is_new, struct passphrase *ret, struct error *err)
{
	char prompt[256];
	struct passphrase again = {.length = 0};
	int fd = open(TERMINAL, O_RDWR | O_CLOEXEC | O_NOCTTY), rc;

	if (fd < 0)
		return error_set(err, ERROR_USAGE,
		    _("there is no terminal to ask for the passphrase; give "
		      "it in a file"));
	(void)snprintf(prompt, sizeof(prompt),
	    is_new ? _("New passphrase for %s: ") : _("Passphrase for %s: "),
	    what);
	rc = ask(fd, prompt, ret, err);
	if (rc == 0 && is_new) {
		rc = ask(fd, _("The same again: "), &again, err);
		if (rc == 0 && strcmp(again.text, ret->text) != 0)
			rc = error_set(
			    err, ERROR_INPUT, _("the two passphrases differ"));
	}
	passphrase_wipe(&again);
	(void)close(fd);
	return rc;
}

int
passphrase_read(const char *file, const char *what, bool is_new,
    struct passphrase *ret_passphrase, struct error *err)
{
	struct passphrase passphrase = {.length = 0};
	int fd = -1, rc = -1;

	if (file == NULL) {
		if (ask_all(what, is_new, &passphrase, err) != 0)
			goto out;
	} else if (cli_open_file(file, &fd, err) != 0 ||
		   take_line(fd, &passphrase, err) != 0) {
		goto out;
	}
	if (passphrase.length == 0) {
		(void)error_set(err, ERROR_INPUT, _("the passphrase is empty"));
		goto out;
	}
	if (is_new && passphrase.length < PASSPHRASE_BYTES_MIN) {
		(void)error_set(err, ERROR_INPUT,
		    _("the passphrase is shorter than %d characters"),
		    PASSPHRASE_BYTES_MIN);
		goto out;
	}
	*ret_passphrase = passphrase;
	rc = 0;
out:
	if (fd >= 0)
		(void)close(fd);
	passphrase_wipe(&passphrase);
	return rc;
}

void
passphrase_wipe(struct passphrase *passphrase)
{
	signature_wipe(passphrase, sizeof(*passphrase));
}
