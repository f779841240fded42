#include "daemon/media_twins.h"

#include "daemon/media_parts.h"
#include "lib/worker/twin.h"

/* Of devices with one UUID: by what udev says of each. */
static enum media_twins
judge_found(const struct identity *identity, const char *uuid,
    const struct identity_blocks *found)
{
	const struct identity_kernel *kernel = &identity_running_kernel;
	struct twin_parts parts = {0};
	enum twin twin = twin_add_part(&parts, identity->uuid_sub);

	for (size_t i = 0; i < found->count && i < IDENTITY_BLOCKS_MAX; i++) {
		const struct twin_device device = {
		    .major = found->blocks[i].major,
		    .minor = found->blocks[i].minor,
		    .uuid = uuid};
		struct identity other;
		struct error why = {0};

		if ((device.major == identity->major &&
			device.minor == identity->minor) ||
		    twin_judge(&kernel->kernel, &device, uuid) == TWIN_NO)
			continue;
		/* Unless it went meanwhile. */
		if (identity_of_block(
			kernel, device.major, device.minor, &other, &why) == 0)
			twin = twin_add_part(&parts, other.uuid_sub);
	}
	return twin == TWIN_NO	  ? MEDIA_TWINS_NONE
	       : twin == TWIN_YES ? MEDIA_TWINS_SOME
				  : MEDIA_TWINS_UNSURE;
}

/* No token decides: a clone has the token as well. */
enum media_twins
media_twins_find(
    struct media *media, const struct identity *identity, const char *uuid)
{
	struct identity_blocks found;
	struct error why = {0};

	if (identity_find(&identity_running_kernel, uuid, "", &found, &why) !=
	    0)
		return media_list_find_twins(media, identity, uuid);
	if (twin_has_parts(identity->filesystem))
		return judge_found(identity, uuid, &found);
	return found.count > 1 ? MEDIA_TWINS_SOME : MEDIA_TWINS_NONE;
}
