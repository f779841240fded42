/*
 * ransom_note: names of files as blackmailers leave them.
 *
 * Layer 4.  Uses: nothing.  Runs in a parser.
 */
#ifndef HIKAE_EXAMINE_RANSOM_NOTE_H
#define HIKAE_EXAMINE_RANSOM_NOTE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a name (without folders, any bytes) is one: "HOW_TO_DECRYPT.txt",
 * "!!!Restore-My-Files!!!.html".  Only documents: a program that restores
 * files has another ending.
 */
bool ransom_note_is_name(const char *name, size_t length);

#endif
