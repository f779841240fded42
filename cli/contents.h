/*
 * contents: what files say of themselves, for people.
 *
 * Uses: drill_words, print, view.
 */
#ifndef HIKAE_CLI_CONTENTS_H
#define HIKAE_CLI_CONTENTS_H

#include "cli/cli.h"
#include "lib/format/json.h"

/* Of a copy as Show tells it: the formats that its current manifest has. */
void contents_print(struct cli *cli, const json_t *copy);

/* Of a finding about content: its format and what is amiss; else nothing. */
void contents_print_fault(struct cli *cli, const json_t *finding);

#endif
