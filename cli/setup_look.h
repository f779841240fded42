/*
 * setup_look: what setup_guess finds, looked for by a child.
 *
 * Uses: setup_guess, base/clock.
 *
 * Who opens a folder of a server that is gone waits, perhaps for ever.  So a
 * child looks, and is left alone when it has not told in time.
 */
#ifndef HIKAE_CLI_SETUP_LOOK_H
#define HIKAE_CLI_SETUP_LOOK_H

#include "cli/setup_guess.h"

/* How long one look may take, ms: a disk that sleeps needs some seconds. */
#define SETUP_LOOK_MS 20000

enum setup_look {
	SETUP_LOOK_NOTHING,
	SETUP_LOOK_FOUND,
	SETUP_LOOK_SILENT, /* it did not answer in time */
};

struct setup_guesses {
	struct setup_guess items[SETUP_GUESS_MAX];
	size_t count;
};

/*
 * As the functions of setup_guess.  What a medium told before it fell silent is
 * in *ret; sorted by path.
 */
enum setup_look setup_look_medium(
    const char *medium, struct setup_guesses *ret);
enum setup_look setup_look_folder(
    const char *medium, const char *path, struct setup_guess *ret);
enum setup_look setup_look_layout(
    const char *medium, const char *path, const char **ret_layout);
enum setup_look setup_look_exists(const char *medium, const char *path);
enum setup_look setup_look_content(const char *path);

#endif
