#include "daemon/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/control_drill.h"
#include "daemon/control_peer.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"

#define SOCKET_NAME "control.sock"
/* Conversations at once, of all and of one user. */
#define PEERS_MAX 64
#define PEERS_OF_USER_MAX 8
#define BACKLOG 16
/* Where descriptors have run out, ms. */
#define RETRY_MS CLOCK_SECOND_MS

struct control {
	struct service *service;
	int folder_fd, fd; /* run/hikae, and the socket in it */
	struct control_role_rules rules;
	struct control_peer *peers[PEERS_MAX];
	size_t count;
	struct loop_timer retry;
};

static void on_connect(void *context, short revents);

/* End what is over.  Called last by a conversation, so it may be itself. */
static void
sweep(void *context)
{
	struct control *control = context;
	size_t kept = 0;

	for (size_t i = 0; i < control->count; i++) {
		if (control_peer_is_over(control->peers[i]))
			control_peer_free(control->peers[i]);
		else
			control->peers[kept++] = control->peers[i];
	}
	control->count = kept;
}

/*
 * A run went on.  This may come from within a conversation that cancels it, so
 * nothing is swept here.
 */
static void
tell_all(const struct control *control, const struct control_peer_news *news)
{
	for (size_t i = 0; i < control->count; i++)
		control_peer_tell(control->peers[i], news);
}

static json_t *
describe_run(const void *view)
{
	return control_call_describe_run(view);
}

static json_t *
describe_drill(const void *view)
{
	return control_drill_describe(view);
}

static void
on_run(void *context, const struct runs_view *view)
{
	const struct control_peer_news news = {
	    view->id, view->is_ended, describe_run, view};

	tell_all(context, &news);
}

static void
on_drill(void *context, const struct drill_view *view)
{
	const struct control_peer_news news = {
	    view->id, view->is_ended, describe_drill, view};

	tell_all(context, &news);
}

static void
on_document(void *context, const struct documents_answer *answer)
{
	const struct control *control = context;

	for (size_t i = 0; i < control->count; i++)
		control_peer_answer(control->peers[i], answer);
}

static bool
is_full(const struct control *control, uid_t uid)
{
	size_t count = 0;

	for (size_t i = 0; i < control->count; i++)
		count += control_peer_uid(control->peers[i]) == uid;
	return control->count == PEERS_MAX || count >= PEERS_OF_USER_MAX;
}

/* Room for one more of that user, also that of those who just left. */
static bool
has_room(struct control *control, uid_t uid)
{
	if (!is_full(control, uid))
		return true;
	for (size_t i = 0; i < control->count; i++)
		control_peer_look(control->peers[i]);
	sweep(control);
	return !is_full(control, uid);
}

/* Begin a conversation, or close the descriptor. */
static int
admit(struct control *control, int fd, struct error *err)
{
	struct control_peer_options options = {
	    .service = control->service,
	    .fd = fd,
	    .done = sweep,
	    .context = control,
	};

	if (control_role_of_socket(
		fd, &control->rules, &options.uid, &options.role, err) != 0)
		return -1;
	if (options.role == CONTROL_ROLE_NONE)
		return error_set(err, ERROR_DENIED, _("user %u may not ask"),
		    (unsigned)options.uid);
	if (!has_room(control, options.uid))
		return error_set(err, ERROR_LIMIT,
		    _("user %u has too many conversations"),
		    (unsigned)options.uid);
	if (control_peer_new(&options, &control->peers[control->count], err) !=
	    0)
		return -1;
	control->count++;
	return 0;
}

static int
listen_again(struct control *control, struct error *err)
{
	return loop_watch(control->service->loop, control->fd, POLLIN,
	    on_connect, control, err);
}

static void
on_retry(void *context)
{
	struct control *control = context;
	struct error err = {0};

	if (listen_again(control, &err) != 0)
		loop_set_timer(
		    control->service->loop, &control->retry, RETRY_MS);
}

/* Without descriptors accept(2) fails at once, again and again. */
static void
pause_listening(struct control *control)
{
	loop_unwatch(control->service->loop, control->fd);
	loop_set_timer(control->service->loop, &control->retry, RETRY_MS);
}

static void
on_connect(void *context, short revents)
{
	struct control *control = context;
	struct sockaddr_un address; /* clients have none */
	socklen_t length = sizeof(address);
	struct error err = {0};
	int fd;

	(void)revents;
	sweep(control);
	fd = accept4(control->fd, (struct sockaddr *)&address, &length,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		    errno == ENOBUFS)
			pause_listening(control);
		return;
	}
	if (admit(control, fd, &err) != 0) {
		log_event(LOG_LEVEL_WARNING,
		    _("a conversation was refused: %s"), err.text);
		(void)close(fd);
	}
}

/* Another hikaed cannot be there (the state is locked): a left-over. */
static int
remove_old(const struct control *control, struct error *err)
{
	struct stat status;

	if (fstatat(control->folder_fd, SOCKET_NAME, &status,
		AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT
			   ? 0
			   : error_set_errno(err, errno, SOCKET_NAME);
	if (!S_ISSOCK(status.st_mode))
		return error_set(
		    err, ERROR_EXISTS, _("%s is no socket"), SOCKET_NAME);
	if (unlinkat(control->folder_fd, SOCKET_NAME, 0) != 0)
		return error_set_errno(err, errno, SOCKET_NAME);
	return 0;
}

/*
 * Through the folder's descriptor, so that a long --root fits an address.
 * Everybody may connect: who is heard is decided by what the kernel says.
 */
static int
listen_below(struct control *control, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)snprintf(address.sun_path, sizeof(address.sun_path),
	    "/proc/self/fd/%d/" SOCKET_NAME, control->folder_fd);
	control->fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->fd < 0 ||
	    bind(control->fd, (const struct sockaddr *)&address,
		sizeof(address)) != 0 ||
	    fchmodat(control->folder_fd, SOCKET_NAME, 0666, 0) != 0 ||
	    listen(control->fd, BACKLOG) != 0)
		return error_set_errno(err, errno, SOCKET_NAME);
	return 0;
}

int
control_new(
    struct service *service, struct control **ret_control, struct error *err)
{
	struct control *control = calloc(1, sizeof(*control));

	if (control == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	*control =
	    (struct control){.service = service, .folder_fd = -1, .fd = -1};
	control->retry =
	    (struct loop_timer){.ring = on_retry, .context = control};
	control_role_rules_init(&control->rules);
	if (file_open_below(service->root_fd, SERVICE_RUN,
		O_RDONLY | O_DIRECTORY, &control->folder_fd, err) != 0 ||
	    remove_old(control, err) != 0 || listen_below(control, err) != 0 ||
	    listen_again(control, err) != 0) {
		(void)error_prefix(err, SERVICE_RUN);
		control_free(control);
		return -1;
	}
	runs_observe(service->runs, on_run, control);
	drill_observe(service->drills, on_drill, control);
	documents_observe(service->documents, on_document, control);
	*ret_control = control;
	return 0;
}

void
control_free(struct control *control)
{
	struct loop *loop;

	if (control == NULL)
		return;
	loop = control->service->loop;
	runs_observe(control->service->runs, NULL, NULL);
	drill_observe(control->service->drills, NULL, NULL);
	documents_observe(control->service->documents, NULL, NULL);
	loop_unset_timer(loop, &control->retry);
	for (size_t i = 0; i < control->count; i++)
		control_peer_free(control->peers[i]);
	if (control->fd >= 0) {
		loop_unwatch(loop, control->fd);
		(void)close(control->fd);
		(void)unlinkat(control->folder_fd, SOCKET_NAME, 0);
	}
	if (control->folder_fd >= 0)
		(void)close(control->folder_fd);
	free(control);
}
