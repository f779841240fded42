#include "cli/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"

#define DRAW_MS 100
/* The rate follows a change within about so much time. */
#define SMOOTH_MS 5000.0
/* No end is estimated before so much time has shown a rate. */
#define ESTIMATE_MS 2000
/* With it, the longest line in words fits 80 columns. */
#define BAR_COLUMNS 12
#define COLUMNS_DEFAULT 80

void
progress_init(struct progress *progress, uint64_t done, uint64_t total)
{
	struct winsize size = {0};
	int64_t now = clock_monotonic_ms();

	*progress = (struct progress){
	    .is_shown = isatty(STDERR_FILENO) == 1,
	    .columns = COLUMNS_DEFAULT,
	    .total = total,
	    .begun_ms = now,
	    .drawn_ms = now - DRAW_MS,
	    .sampled_ms = now,
	    .sampled = done,
	};
	if (progress->is_shown &&
	    ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		progress->columns = size.ws_col;
}

/* Take a sample of the rate: a mean that forgets exponentially. */
static void
sample(struct progress *progress, int64_t now, uint64_t done)
{
	double ms = (double)(now - progress->sampled_ms), rate, weight;

	if (ms <= 0 || done < progress->sampled)
		return;
	rate = (double)(done - progress->sampled) * 1000 / ms;
	/* The first samples count fully: there is nothing to remember. */
	weight = ms / SMOOTH_MS;
	if (weight > 1 || now - progress->begun_ms < (int64_t)SMOOTH_MS)
		weight = ms / (double)(now - progress->begun_ms);
	progress->rate += weight * (rate - progress->rate);
	progress->sampled_ms = now;
	progress->sampled = done;
}

static void
append_bar(struct bytes *line, double part)
{
	size_t full = (size_t)(part * BAR_COLUMNS);

	bytes_append_format(line, "%3d%% [", (int)(part * 100));
	for (size_t i = 0; i < BAR_COLUMNS; i++)
		bytes_append_u8(line, i < full ? '#' : ' ');
	bytes_append_text(line, "] ");
}

static void
append_line(const struct progress *progress, uint64_t done, struct bytes *line)
{
	char size[QUANTITY_TEXT_BYTES], whole[QUANTITY_TEXT_BYTES];
	double left = 0;

	(void)quantity_describe_size(done, size);
	if (progress->total > 0) {
		if (done > progress->total)
			done = progress->total;
		append_bar(line, (double)done / (double)progress->total);
		left = (double)(progress->total - done);
		bytes_append_format(line, _("%s of %s"), size,
		    quantity_describe_size(progress->total, whole));
	} else {
		bytes_append_text(line, size);
	}
	if (progress->rate < 1)
		return;
	bytes_append_format(line, ", %s/s",
	    quantity_describe_size((uint64_t)progress->rate, size));
	/* More than ten years of milliseconds is no estimate. */
	left = left * 1000 / progress->rate;
	if (left < 1000 || left > 3e11 ||
	    progress->drawn_ms - progress->begun_ms < ESTIMATE_MS)
		return;
	bytes_append_text(line, ", ");
	bytes_append_format(line, _("%s left"),
	    quantity_describe_duration((int64_t)left, size));
}

void
progress_update(struct progress *progress, uint64_t done)
{
	struct bytes line = BYTES_EMPTY, cut = BYTES_EMPTY;
	int64_t now = clock_monotonic_ms();

	if (!progress->is_shown || now - progress->drawn_ms < DRAW_MS)
		return;
	sample(progress, now, done);
	progress->drawn_ms = now;
	append_line(progress, done, &line);
	bytes_append_u8(&line, '\0');
	if (!line.failed) {
		/* The last column stays empty: some terminals wrap there. */
		text_cut(&cut, (const char *)line.data, progress->columns - 1);
		bytes_append_u8(&cut, '\0');
	}
	if (!line.failed && !cut.failed) /* CSI K: erase the rest of the line */
		(void)fprintf(stderr, "\r%s\033[K", (const char *)cut.data);
	(void)fflush(stderr);
	bytes_done(&line);
	bytes_done(&cut);
}

void
progress_clear(struct progress *progress)
{
	if (progress->is_shown)
		(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
}

void
progress_done(struct progress *progress)
{
	progress_clear(progress);
	progress->is_shown = false;
}
