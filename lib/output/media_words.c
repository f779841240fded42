#include "lib/output/media_words.h"

#include <stddef.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/reason.h"
#include "lib/os/identity.h"

struct word {
	const char *word, *text; /* N_ */
};

static const struct word states[] = {
    {"mounted", N_("mounted")},
    {"attached", N_("connected, not mounted")},
    {"absent", N_("not connected")},
    {"yanked", N_("pulled out while mounted")},
    {"hung", N_("does not answer")},
    {"wrong-medium", N_("wrong medium")},
    {"unknown", N_("not known")},
    {NULL, NULL},
};

static const struct word reasons[] = {
    {"uncompared", N_("whether it was used elsewhere cannot be told")},
    {"unchanged", N_("not used elsewhere meanwhile")},
    {"changed-elsewhere", N_("was used elsewhere meanwhile")},
    {"briefly", N_("it went and came back")},
    {"answers", N_("its server answers")},
    {"refuses", N_("its server refuses, but is there")},
    {"silent", N_("its server does not answer")},
    {"no-route", N_("this host has no way to its server")},
    {"not-asked", N_("not mounted; whether its server answers was not asked "
		     "(address)")},
    {"no-identity", N_("nothing to know it by (uuid, serial)")},
    {"devices-unreadable", N_("some devices may not be looked at")},
    {"device-only", N_("its disk is there, its file system is not seen")},
    {"device-gone", N_("its device is gone")},
    {"unreadable", N_("its device cannot be read")},
    {"job-hung", N_("a job hangs there")},
    {"no-answer", N_("no answer in time")},
    {"no-folder", N_("its folder is not there")},
    {"other-uuid", N_("another file system is mounted here")},
    {"other-serial", N_("another disk is mounted here")},
    {"clone", N_("the same UUID, on another disk")},
    {"uuid-twice", N_("two devices have this UUID")},
    {"uuid-unsure", N_("whether another device has this UUID cannot be told")},
    {"other-token", N_("the witness there is another medium's")},
    {"uuid-unreadable", N_("its UUID cannot be read")},
    {"serial-unreadable", N_("its serial number cannot be read")},
    {"control-refused",
	N_("the account can write in write_probe_control neither")},
    {"control-elsewhere",
	N_("write_probe_control lies on another server or file system")},
    {"files-writable",
	N_("no new file can be made there, but files that are there can be "
	   "overwritten")},
    {"no-permission", N_("the account has no permission there")},
    {"not-all-seen", N_("not all of the copy could be looked at")},
    {"mounted-read-only", N_("this host has mounted it read-only")},
    {"left-behind", N_("a file of the try could not be removed")},
    {"no-account", N_("there is no such account or folder")},
    {"no-right", N_("hikae has no right to act as the account")},
    {"mount-denied", N_("hikae has no right to mount it")},
    {"mount-busy", N_("hikae cannot mount it now: it is in use")},
    {"mount-failed", N_("hikae could not mount it (see hikaed's log)")},
    {"not-given-back",
	N_("hikae could not unmount it, or turn its write switch back, yet "
	   "(see hikaed's log)")},
    {NULL, NULL},
};

static const struct word events[] = {
    {"checkout", N_("checked out")},
    {"checkin", N_("checked in")},
    {"retired", N_("retired")},
    {"record", N_("recorded")},
    {"witness", N_("witness")},
    {"detached", N_("disconnected")},
    {"released", N_("released")},
    {"release-ended", N_("release ended")},
    {"written", N_("written")},
    {"extends", N_("the journal continues it")},
    {"rewritten", N_("the journal is not its continuation")},
    {"rolled-back", N_("it has entries that the journal lost")},
    {"foreign", N_("another installation's or medium's")},
    {"unreadable", N_("unreadable, or its signature does not hold")},
    {"none", N_("none found")},
    {"failed", N_("failed")},
    {"mount", N_("mount")},
    {"mounted", N_("mounted by hikae")},
    {"unmounted", N_("unmounted by hikae")},
    {NULL, NULL},
};

static const struct word protections[] = {
    {"refused", N_("writing is refused")},
    {"accepted", N_("can be written")},
    {"open", N_("not write-protected")},
    {"undetermined", N_("undetermined")},
    {NULL, NULL},
};

static const struct word kinds[] = {
    {"disk", N_("fixed disk")},
    {"nas", N_("NAS")},
    {"removable", N_("removable disk")},
    {"tape", N_("tape")},
    {"optical", N_("optical disc")},
    {"cloud", N_("cloud storage")},
    {"other", N_("other medium")},
    {NULL, NULL},
};

static const struct word modes[] = {
    {"detached", N_("unplugged and put away")},
    {"network-partition", N_("its network is divided")},
    {"append-only", N_("only appending is possible")},
    {"connect-window", N_("connected during the transfer only")},
    {"cloud-isolated", N_("an isolated cloud")},
    {NULL, NULL},
};

static const struct word encryptions[] = {
    {"none", N_("not encrypted")},
    {"unknown", N_("not known")},
    {NULL, NULL},
};

static const struct word places[] = {
    {IDENTITY_THIS_HOST,
	N_("not known: this host itself serves it, or a tunnel begins here")},
    {NULL, NULL},
};

static const struct word methods[] = {
    {"device-read-only", N_("switch of the device")},
    {"probe", N_("try to write")},
    {NULL, NULL},
};

static const char *
find(const struct word *words, const char *word)
{
	for (; words->word != NULL; words++)
		if (strcmp(words->word, word) == 0)
			return _(words->text);
	return word;
}

const char *
media_words_state(const char *state)
{
	return find(states, state);
}

const char *
media_words_reason(const char *reason)
{
	return find(reasons, reason);
}

const char *
media_words_advice(const char *reason)
{
	static const struct {
		const char *word;
		enum reason of;
	} advices[] = {
	    {"other-uuid", REASON_WRONG_MEDIUM},
	    {"other-serial", REASON_WRONG_MEDIUM},
	    {"other-token", REASON_WRONG_MEDIUM},
	    {"clone", REASON_WRONG_MEDIUM},
	    {"uuid-twice", REASON_UUID_TWICE},
	    {"uuid-unsure", REASON_UUID_UNSURE},
	    {"uuid-unreadable", REASON_IDENTITY_UNREADABLE},
	    {"serial-unreadable", REASON_IDENTITY_UNREADABLE},
	};

	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (strcmp(reason, advices[i].word) == 0)
			return reason_advice(reason_name(advices[i].of));
	return NULL;
}

const char *
media_words_event(const char *event)
{
	return find(events, event);
}

const char *
media_words_protection(const char *result)
{
	return find(protections, result);
}

const char *
media_words_kind(const char *kind)
{
	const char *text = find(kinds, kind);

	return text == kind ? _("other medium") : text;
}

const char *
media_words_offline(const char *mode)
{
	return find(modes, mode);
}

const char *
media_words_encryption(const char *encrypted)
{
	return find(encryptions, encrypted);
}

const char *
media_words_disks(const char *disks)
{
	return find(places, disks);
}

const char *
media_words_method(const char *method)
{
	return find(methods, method);
}
