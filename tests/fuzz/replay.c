/*
 * replay: gives every named file to a fuzz target once.  The files are what
 * the fuzzer started from and what once broke a parser.
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#define INPUT_BYTES_MAX (1U << 20)

/*
 * The bytes stand in memory of exactly their length, so that a sanitizer sees
 * a read beyond them.
 */
static int
replay_file(const char *path, uint8_t *buffer)
{
	FILE *file = fopen(path, "rb");
	uint8_t *exact = NULL;
	size_t length;
	int rc = -1;

	if (file == NULL)
		goto out;
	length = fread(buffer, 1, INPUT_BYTES_MAX, file);
	if (ferror(file) != 0)
		goto out;
	exact = malloc(length > 0 ? length : 1);
	if (exact == NULL)
		goto out;
	for (size_t i = 0; i < length; i++)
		exact[i] = buffer[i];
	rc = LLVMFuzzerTestOneInput(exact, length);
out:
	if (rc != 0)
		(void)fprintf(stderr, "%s: failed\n", path);
	free(exact);
	if (file != NULL)
		(void)fclose(file);
	return rc;
}

int
main(int argc, char **argv)
{
	uint8_t *buffer = malloc(INPUT_BYTES_MAX);
	int failed = argc < 2 || buffer == NULL;

	for (int i = 1; i < argc && buffer != NULL; i++) {
		(void)fprintf(stderr, "%s\n", argv[i]);
		if (replay_file(argv[i], buffer) != 0)
			failed = 1;
	}
	free(buffer);
	(void)printf("%d inputs\n", argc - 1);
	return failed;
}
