/* Two signals for other monitors: hikaed is alive; all is well. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/notices_internal.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"

#define ALIVE ".alive"
#define WELL ".well"
/* Who finds a signal older than so many intervals need not believe it. */
#define INTERVALS 3

#define NAME_BYTES 300

static void
name_of(const struct notices_sender *sender, const char *ending,
    char name[NAME_BYTES])
{
	const struct config_notify *rules = sender->rules;

	(void)snprintf(name, NAME_BYTES, "%s%s",
	    rules->file[0] != '\0' ? rules->file : rules->id, ending);
}

static void
remove_file(const struct notices_sender *sender, const char *ending)
{
	char name[NAME_BYTES];

	name_of(sender, ending, name);
	(void)unlinkat(sender->notices->run_fd, name, 0);
}

/* Lines of NAME=VALUE, for a shell's `.` too: FORMATS section 10.2. */
static void
append_signal(struct bytes *out, const struct notices_sender *sender,
    const char *signal, enum verdict_exit state)
{
	const int64_t now = clock_wall_ms();
	char date[DATE_TEXT_BYTES];

	bytes_append_format(out,
	    "signal=%s\nat=%s\nat_seconds=%lld\nuntil_seconds=%lld\n"
	    "state=%s\n",
	    signal, date_format_iso(now, date),
	    (long long)(now / CLOCK_SECOND_MS),
	    (long long)((now + INTERVALS * sender->rules->interval_ms) /
			CLOCK_SECOND_MS),
	    verdict_exit_name(state));
	bytes_append_u8(out, 0);
}

static int
write_file(const struct notices_sender *sender, const char *ending,
    const char *text, struct error *err)
{
	struct file_replacement file = {0};
	char name[NAME_BYTES];
	int rc = -1;

	name_of(sender, ending, name);
	if (file_replacement_begin(
		&file, sender->notices->run_fd, name, 0640, err) == 0 &&
	    file_write_all(file.fd, text, strlen(text), err) == 0 &&
	    file_replacement_commit(&file, err) == 0)
		rc = 0;
	file_replacement_rollback(&file);
	return rc;
}

/* A file that cannot be written does not stand there with an old time. */
static void
signal_by_file(
    const struct notices_sender *sender, const char *ending, const char *text)
{
	struct error err = {0};

	if (write_file(sender, ending, text, &err) == 0)
		return;
	remove_file(sender, ending);
	log_event(
	    LOG_LEVEL_WARNING, "[notify %s]: %s", sender->rules->id, err.text);
}

static void
beat(struct notices_sender *sender, const struct notices_view *view)
{
	const bool is_well = view->health != NULL && view->count == 0 &&
			     view->state == VERDICT_EXIT_GOOD;
	struct bytes alive = BYTES_EMPTY, well = BYTES_EMPTY;

	append_signal(&alive, sender, "alive",
	    view->health == NULL ? VERDICT_EXIT_UNDETERMINED : view->state);
	append_signal(&well, sender, "well", VERDICT_EXIT_GOOD);
	if (is_well && !well.failed)
		signal_by_file(sender, WELL, (const char *)well.data);
	else
		remove_file(sender, WELL);
	if (!alive.failed)
		signal_by_file(sender, ALIVE, (const char *)alive.data);
	sender->was_well = is_well;
	/* One that hangs has its deadline; it is not joined by others. */
	if (sender->handle == NULL && !alive.failed)
		notices_send_beat(sender, NOTICES_BEAT_ALIVE, view->state,
		    (const char *)alive.data);
	bytes_done(&alive);
	bytes_done(&well);
}

int64_t
notices_heartbeat(
    struct notices_sender *sender, const struct notices_view *view)
{
	const int64_t now = clock_monotonic_ms();
	const bool is_well = view->health != NULL && view->count == 0 &&
			     view->state == VERDICT_EXIT_GOOD;
	int64_t left = sender->beat_at + sender->rules->interval_ms - now;

	/* That it is no longer well is not a thing to wait with. */
	if (sender->beat_at == 0 || left <= 0 ||
	    (sender->was_well && !is_well)) {
		beat(sender, view);
		sender->beat_at = now;
		left = sender->rules->interval_ms;
	}
	return left;
}

void
notices_heartbeat_end(const struct notices_sender *sender)
{
	if (sender->rules->method != CONFIG_METHOD_HEARTBEAT)
		return;
	remove_file(sender, WELL);
	remove_file(sender, ALIVE);
}
