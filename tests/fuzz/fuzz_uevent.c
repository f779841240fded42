/*
 * uevent: whatever message comes, it is refused, or its texts end and hold no
 * control character.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/os/uevent.h"

static int
is_text(const char *text, size_t size)
{
	const size_t length = strnlen(text, size);

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ')
			return 0;
	return length < size;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct uevent event;

	if (uevent_parse(data, length, &event, NULL) == 0 &&
	    (event.action >= UEVENT_ACTIONS ||
		!is_text(event.subsystem, sizeof(event.subsystem)) ||
		!is_text(event.devtype, sizeof(event.devtype)) ||
		!is_text(event.devname, sizeof(event.devname)) ||
		!is_text(event.devpath, sizeof(event.devpath))))
		abort();
	return 0;
}
