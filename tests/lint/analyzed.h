/*
 * analyzed: what every source is read with by `make analyze`, and only there.
 *
 * The analyzers see one source at a time.  They cannot know that error_set and
 * its like return -1, and would follow paths on which a function has failed
 * and returned 0 all the same.
 */
#ifndef HIKAE_TESTS_ANALYZED_H
#define HIKAE_TESTS_ANALYZED_H

#include "lib/base/error.h"

#define error_set(...) (error_set(__VA_ARGS__), -1)
#define error_set_errno(...) (error_set_errno(__VA_ARGS__), -1)
#define error_prefix(...) (error_prefix(__VA_ARGS__), -1)

#endif
