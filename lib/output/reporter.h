/*
 * reporter: the role that draws documents, pages and bundles of evidence.
 *
 * Layer 7.  Uses: worker/report_message, os/sandbox, document_draw, report,
 * evidence.
 *
 * A disposable process for what takes longer than hikaed's loop may stand
 * still.  It opens the catalog for reading, the configuration, the requirements
 * and the statements about keys; then it restricts itself to those descriptors
 * and to reading evidence/documents, and only then draws, from one view of the
 * catalog.  It has no key and no network: what is to be signed is sent up.
 */
#ifndef HIKAE_OUTPUT_REPORTER_H
#define HIKAE_OUTPUT_REPORTER_H

/* Do the order on SPAWN_WIRE_FD; the exit status of the process. */
int reporter_main(void);

#endif
