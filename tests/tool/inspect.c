/*
 * Inspect files, for scenarios: a line each,
 * "FORMAT SEVERITY NAME=COUNT,... CODE,... PATH", in pieces of PIECE bytes.
 * Usage: inspect [PIECE] FILE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/inspect/inspect.h"

static void
print_report(const struct inspect_report *report, const char *path)
{
	printf("%s %s ", inspect_format_name(report->format),
	    inspect_severity_name(report->severity));
	for (size_t i = 0; i < report->count_count; i++)
		printf("%s%s=%llu", i == 0 ? "" : ",", report->counts[i].name,
		    (unsigned long long)report->counts[i].value);
	printf(" ");
	for (size_t i = 0; i < report->finding_count; i++)
		printf("%s%s", i == 0 ? "" : ",",
		    inspect_code_name(report->findings[i].code));
	printf("%s %s\n", report->finding_count == 0 ? "-" : "", path);
}

static int
inspect_file(const char *path, size_t piece)
{
	static char buffer[1 << 20];
	FILE *file = fopen(path, "rb");
	struct inspect_report report;
	struct inspect *inspect = NULL;
	enum inspect_format format;
	size_t length;

	if (file == NULL) {
		perror(path);
		return -1;
	}
	length = fread(buffer, 1, INSPECT_HEAD_BYTES, file);
	if (!inspect_recognise(path, buffer, length, &format)) {
		printf("none - - - %s\n", path);
		(void)fclose(file);
		return 0;
	}
	inspect = inspect_begin(format, path);
	rewind(file);
	while ((length = fread(buffer, 1, piece, file)) > 0)
		inspect_push(inspect, buffer, length);
	inspect_end(inspect, &report);
	(void)fclose(file);
	print_report(&report, path);
	return 0;
}

int
main(int argc, char **argv)
{
	size_t piece = 1 << 20;
	int status = 0, i = 1;

	if (argc > 1 && strspn(argv[1], "0123456789") == strlen(argv[1]))
		piece = strtoul(argv[i++], NULL, 10);
	for (; i < argc; i++)
		if (inspect_file(argv[i], piece) != 0)
			status = 1;
	return status;
}
