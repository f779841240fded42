/*
 * fuzz: what a fuzz target is.
 *
 * tests/fuzz/fuzz_NAME.c defines this one function and its module.mk line is
 * `FUZZ += tests/fuzz/fuzz_NAME.c`; its seeds are tests/fuzz/corpus/NAME/.
 * It must return 0 whatever the bytes are.  It is called by clang's fuzzer
 * (`make fuzz T=NAME`) and by replay.c (`make check`).
 */
#ifndef HIKAE_TESTS_FUZZ_H
#define HIKAE_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

#endif
