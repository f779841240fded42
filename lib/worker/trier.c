#include "lib/worker/trier.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/os/file.h"
#include "lib/os/identity.h"
#include "lib/os/mountinfo.h"
#include "lib/os/spawn.h"
#include "lib/worker/probe_message.h"
#include "lib/worker/trier_folder.h"
#include "lib/worker/warrant.h"

/* After its deadline nobody listens any more. */
#define GRACE_SECONDS 1
/* An account's texts. */
#define ACCOUNT_BYTES 4096

struct trier {
	struct probe_order order;
	struct config *config;
	const struct config_source *source;
	const struct config_medium *medium;
	struct identity there, control;
};

static int
refuse_rights(struct error *err)
{
	return error_set(err, ERROR_DENIED,
	    _("hikaed has no right to act as another account: it needs the "
	      "unit hikae-try.socket, or to run as root"));
}

/* For good: nothing is left of what this process may do. */
static int
drop_capabilities(struct error *err)
{
	struct __user_cap_header_struct header = {
	    _LINUX_CAPABILITY_VERSION_3, 0};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
	    {0}};

	if (syscall(SYS_capset, &header, none) == 0)
		return 0;
	return error_set_errno(err, errno, _("cannot give up rights"));
}

static int
become(const char *name, struct error *err)
{
	struct passwd room, *account = NULL;
	char texts[ACCOUNT_BYTES], shown[64];

	if (getpwnam_r(name, &room, texts, sizeof(texts), &account) != 0 ||
	    account == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no account \"%s\" on this host "
		      "(write_probe_user)"),
		    text_escape(shown, sizeof(shown), name, strlen(name)));
	if (geteuid() != account->pw_uid || getegid() != account->pw_gid) {
		if (initgroups(name, account->pw_gid) != 0 ||
		    setresgid(account->pw_gid, account->pw_gid,
			account->pw_gid) != 0 ||
		    setresuid(
			account->pw_uid, account->pw_uid, account->pw_uid) != 0)
			return refuse_rights(err);
	}
	return drop_capabilities(err);
}

/* Below an absolute path, as the account; no link is followed. */
static struct trier_attempt
try_path(const char *path, const char *below, const char *further)
{
	/* Until a file was tried there. */
	struct trier_attempt attempt = {.os_errno = EIO, .is_unreached = true};
	struct error why = {0};
	int fds[3] = {-1, -1, -1};

	if (file_open_folder(path, &fds[0], &why) == 0 &&
	    file_open_below(
		fds[0], below, O_RDONLY | O_DIRECTORY, &fds[1], &why) == 0 &&
	    file_open_below(
		fds[1], further, O_RDONLY | O_DIRECTORY, &fds[2], &why) == 0)
		attempt = trier_folder_try(fds[2]);
	else if (why.os_errno != 0)
		attempt.os_errno = why.os_errno;
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
	return attempt;
}

/*
 * A refusal counts where the same server took a write beside it: one server,
 * or one file system of this host.
 */
static bool
is_same_server(const struct identity *a, const struct identity *b)
{
	if (a->server[0] != '\0' || b->server[0] != '\0')
		return strcmp(a->server, b->server) == 0;
	return a->device.device == b->device.device ||
	       (a->has_block && b->has_block && a->major == b->major &&
		   a->minor == b->minor);
}

/* Read-only here says nothing about who else could write there. */
static int
look_at_mount(const char *path, bool *ret_read_only, struct error *err)
{
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, err);
	const struct mountinfo_mount *mount;

	if (table == NULL)
		return -1;
	mount = mountinfo_find_path(table, path);
	*ret_read_only = mount == NULL ||
			 mountinfo_has_option(mount->options, "ro") ||
			 mountinfo_has_option(mount->super_options, "ro");
	mountinfo_free(table);
	return 0;
}

/* What speaks against trying: a word of the journal, or NULL. */
static int
find_objection(struct trier *trier, const char **ret_reason, struct error *err)
{
	const struct config_medium *medium = trier->medium;
	bool is_read_only;

	*ret_reason = NULL;
	if (look_at_mount(medium->path, &is_read_only, err) != 0 ||
	    identity_of_path(&identity_running_kernel, medium->path,
		&trier->there, err) != 0 ||
	    identity_of_path(&identity_running_kernel,
		medium->write_probe_control, &trier->control, err) != 0)
		return -1;
	if (medium->is_mount_point &&
	    strcmp(trier->there.device.mount_point, medium->path) != 0)
		*ret_reason = "not-mounted";
	else if (is_read_only)
		*ret_reason = "mounted-read-only";
	else if (!is_same_server(&trier->there, &trier->control))
		*ret_reason = "control-elsewhere";
	return 0;
}

/* Refused, and by whom: NULL where that counts, else a word of the journal. */
static const char *
doubt_refusal(const struct trier_attempt *copy)
{
	if (copy->is_local)
		return "mounted-read-only";
	if (copy->os_errno == EACCES)
		return "no-permission";
	if (copy->is_unreached ||
	    (copy->os_errno != EROFS && copy->os_errno != EPERM))
		return "failed";
	switch (copy->inside) {
	case TRIER_INSIDE_REFUSED:
		break;
	case TRIER_INSIDE_WRITABLE:
		return "files-writable";
	case TRIER_INSIDE_NO_PERMISSION:
		return "no-permission";
	case TRIER_INSIDE_UNSEEN:
		return "not-all-seen";
	}
	return NULL;
}

/* Where a file was left, no refusal counts: its try cannot be repeated. */
static void
judge(const struct trier_attempt *copy, const struct trier_attempt *control,
    struct probe_tried *ret)
{
	const char *reason = NULL;

	*ret = (struct probe_tried){
	    .result = PROBE_TRY_UNDETERMINED, .os_errno = copy->os_errno};
	if (copy->os_errno == 0)
		ret->result = PROBE_TRY_ACCEPTED;
	else if (control->os_errno != 0)
		reason = "control-refused";
	else
		reason = doubt_refusal(copy);
	if (copy->is_left || control->is_left)
		reason = "left-behind";
	if (copy->os_errno != 0 && reason == NULL)
		ret->result = PROBE_TRY_REFUSED;
	(void)snprintf(ret->reason, sizeof(ret->reason), "%s",
	    reason == NULL ? "" : reason);
}

/* Both: what can be written is known even where the control cannot. */
static int
try_both(struct trier *trier, struct probe_tried *ret, struct error *err)
{
	const bool is_folder = trier->source->layout == CONFIG_LAYOUT_DIRECTORY;
	const char *reason;
	struct trier_attempt control, copy;

	if (find_objection(trier, &reason, err) != 0)
		return -1;
	if (reason != NULL) {
		*ret = (struct probe_tried){.result = PROBE_TRY_UNDETERMINED};
		(void)snprintf(ret->reason, sizeof(ret->reason), "%s", reason);
		return 0;
	}
	if (become(trier->medium->write_probe_user, err) != 0)
		return -1;
	control = try_path(trier->medium->write_probe_control, ".", ".");
	copy = try_path(trier->medium->path, trier->source->path,
	    is_folder ? trier->order.path : ".");
	judge(&copy, &control, ret);
	return 0;
}

static int
run(struct trier *trier, const char *root, struct probe_tried *ret,
    struct error *err)
{
	if (probe_receive_order(SPAWN_WIRE_FD, &trier->order, err) != 0)
		return -1;
	(void)alarm((trier->order.deadline_ms + 999) / 1000 + GRACE_SECONDS);
	if (trier->order.kind != PROBE_WRITE)
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	if (warrant_load(root, &trier->config, err) != 0)
		return -1;
	trier->source = config_find_source(trier->config, trier->order.id);
	if (trier->source == NULL || !trier->source->medium->has_write_probe)
		return error_set(err, ERROR_DENIED,
		    _("the configuration does not say write_probe = yes"));
	trier->medium = trier->source->medium;
	return try_both(trier, ret, err);
}

int
trier_main(const char *root)
{
	struct trier *trier = calloc(1, sizeof(*trier));
	struct probe_answer answer = {.kind = PROBE_ANSWER_TRIED};
	const struct probe_answer done = {.kind = PROBE_ANSWER_DONE};
	struct error err = {0};
	int status = EXIT_SUCCESS;

	if (trier == NULL)
		return EXIT_FAILURE;
	if (run(trier, root, &answer.tried, &err) != 0)
		answer = (struct probe_answer){
		    .kind = PROBE_ANSWER_FAILED, .failed = err};
	if (probe_send_answer(SPAWN_WIRE_FD, &answer, &err) != 0 ||
	    (answer.kind == PROBE_ANSWER_TRIED &&
		probe_send_answer(SPAWN_WIRE_FD, &done, &err) != 0))
		status = EXIT_FAILURE;
	config_free(trier->config);
	free(trier);
	return status;
}
