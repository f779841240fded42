/*
 * trier_folder: one try to write into one folder, which leaves it as it was.
 *
 * Layer 5, internal to trier.  Uses: nothing.
 *
 * Runs as the account whose rights are tried.
 */
#ifndef HIKAE_WORKER_TRIER_FOLDER_H
#define HIKAE_WORKER_TRIER_FOLDER_H

#include <stdbool.h>

/* What its files are called; 16 random digits follow. */
#define TRIER_NAME_PREFIX ".hikae-probe-"

/* What can be overwritten of what lies in a refused folder, at any depth. */
enum trier_inside {
	TRIER_INSIDE_REFUSED, /* each file and folder refuses, whoever asks */
	TRIER_INSIDE_WRITABLE,
	TRIER_INSIDE_NO_PERMISSION, /* some refuse this account alone */
	TRIER_INSIDE_UNSEEN,	    /* not all could be looked at */
};

/* What one try met. */
struct trier_attempt {
	int os_errno; /* 0: a file was made, or stands there since before */
	bool is_left; /* that file could not be removed */
	bool is_unreached;	  /* no file was tried */
	bool is_local;		  /* refused by this host's own mount */
	enum trier_inside inside; /* where refused with EPERM */
};

/*
 * Make a file that was not there, and remove it.  One that an earlier try had
 * to leave is removed first; where it still cannot be, no other is made.  The
 * folder gets back the times that it had, if the account may set them and
 * nobody else changed anything there meanwhile.
 */
struct trier_attempt trier_folder_try(int folder_fd);

#endif
