#include "lib/model/requirement_faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
leave_out(struct requirement_faults *faults, const char *file)
{
	char *name;

	if (!faults->leaves_out || file == NULL ||
	    faults->file_count == REQUIREMENT_FAULTS_FILES_MAX ||
	    requirement_faults_has(faults, file))
		return;
	name = strdup(file);
	if (name != NULL)
		faults->files[faults->file_count++] = name;
}

void
requirement_faults_add(struct requirement_faults *faults, const char *file,
    unsigned int line, const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	config_problems_add(faults->problems, file, line, text);
	faults->count++;
	leave_out(faults, file);
}

bool
requirement_faults_has(
    const struct requirement_faults *faults, const char *file)
{
	for (size_t i = 0; file != NULL && i < faults->file_count; i++)
		if (strcmp(faults->files[i], file) == 0)
			return true;
	return false;
}

void
requirement_faults_done(struct requirement_faults *faults)
{
	for (size_t i = 0; i < faults->file_count; i++)
		free(faults->files[i]);
	faults->file_count = 0;
}
