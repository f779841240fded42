/*
 * messenger: the role of a process that hands one message to one program.
 *
 * Layer 5.  Uses: model/config, worker/messenger_message.
 *
 * The program (the local sendmail, or the facility's own) is started without a
 * shell, with the message as its input, a session of its own and a deadline.
 * Its process group ends at that, and with a hikaed whose child this is.
 * It needs rights that nothing else of hikae has (a setgid mailer, the
 * network), so the unit hikae-notify@ runs this as another user, who sees
 * neither state nor keys.
 */
#ifndef HIKAE_WORKER_MESSENGER_H
#define HIKAE_WORKER_MESSENGER_H

/*
 * Serve the one order that comes on SPAWN_WIRE_FD.  root: below which the
 * configuration lies, whatever the order says; NULL: as the order says.
 * Returns an exit status.
 */
int messenger_main(const char *root);

#endif
