/*
 * notify: what hikaed tells its service manager.
 *
 * The datagrams of sd_notify(3), sent to $NOTIFY_SOCKET; without that variable
 * every function does nothing.  Failures are ignored, as the manual advises.
 */
#ifndef HIKAE_DAEMON_NOTIFY_H
#define HIKAE_DAEMON_NOTIFY_H

#include <stdint.h>

/* READY=1: it serves, or serves again after a reload. */
void notify_ready(void);

/* RELOADING=1 with the monotonic instant, as systemd wants it. */
void notify_reloading(void);

/* STOPPING=1 */
void notify_stopping(void);

/* STATUS=text: one line for `systemctl status`. */
void notify_status(const char *text);

/* WATCHDOG=1 */
void notify_watchdog(void);

/*
 * How often the watchdog is to be told: half of $WATCHDOG_USEC, ms; 0 where
 * there is none.
 */
int64_t notify_watchdog_ms(void);

#endif
