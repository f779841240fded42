#include "lib/model/config_key.h"

#include <assert.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/model/config.h"

/* Choices stand in the order of their enums in config.h. */
static const char *const sandbox_choices[] = {"required", "best-effort", NULL};
static const char *const facility_kinds[] = {"hospital", "clinic", NULL};
static const char *const system_kinds[] = {
    "ehr", "order", "receipt", "imaging", "other", NULL};
static const char *const medium_kinds[] = {
    "disk", "nas", "removable", "tape", "optical", "cloud", "other", NULL};
static const char *const offline_choices[] = {"none", "detached",
    "network-partition", "append-only", "connect-window", "cloud-isolated",
    NULL};
static const char *const mount_choices[] = {"never", "hikae", NULL};
static const char *const layout_choices[] = {
    "directory", "archive", "file", "tree", NULL};
static const char *const foreign_choices[] = {"auto", "none", NULL};
static const char *const charset_choices[] = {"utf-8", "cp932", "euc-jp",
    "iso-2022-jp", "cp437", "cp850", "iso-8859-1", NULL};

static const char *const method_choices[] = {
    "mail", "command", "heartbeat", NULL};
static const char *const language_choices[] = {"auto", "ja", "en", NULL};

static const struct {
	const char *name;
	bool has_id;
	const char *help;
} sections[CONFIG_SECTIONS] = {
    [CONFIG_FACILITY] = {"facility", false,
	N_("The hospital or clinic. One for each installation.")},
    [CONFIG_POLICY] = {"policy", false,
	N_("What is promised, and how hikae works. Every key may be left "
	   "out.")},
    [CONFIG_SYSTEM] = {"system", true,
	N_("One section for each system that is backed up, [system ID]. "
	   "IDs are lower-case letters, digits and hyphens.")},
    [CONFIG_MEDIUM] = {"medium", true,
	N_("One section for each thing that stores backups, [medium ID]: a "
	   "NAS, a disk, a removable disk, a tape.")},
    [CONFIG_SOURCE] = {"source", true,
	N_("One section for each place where one system's backups lie on one "
	   "medium, [source ID].")},
    [CONFIG_NOTIFY] = {"notify", true,
	N_("One section for each way to tell somebody how the backups stand, "
	   "[notify ID]: by mail, by a command, or as a heartbeat for another "
	   "monitor. Without one nobody is told. Try it with: hikae notify "
	   "test ID.")},
};

#define AT(section, field) .offset = offsetof(struct config_##section, field)

static const struct config_key keys[] = {
    {CONFIG_FACILITY, "id", CONFIG_ID, .is_required = true, AT(facility, id),
	.sample = "example-hospital",
	.help = N_("Short name of the facility in keys and file names. Do not "
		   "change it later.")},
    {CONFIG_FACILITY, "name", CONFIG_TEXT, .is_required = true,
	AT(facility, name), .sample = N_("Example Hospital"),
	.help = N_("Full name of the facility, as it stands in reports.")},
    {CONFIG_FACILITY, "timezone", CONFIG_ZONE, AT(facility, timezone),
	.standard = "Asia/Tokyo",
	.help = N_("Time zone of all local times: names of backups, windows, "
		   "reports.")},
    {CONFIG_FACILITY, "kind", CONFIG_CHOICE, AT(facility, kind),
	.standard = "hospital", .choices = facility_kinds,
	.help = N_("hospital or clinic. Some requirements apply to one of "
		   "them.")},
    {CONFIG_FACILITY, "beds", CONFIG_INTEGER, AT(facility, beds),
	.standard = "unknown", .min = "0", .max = "3000", .word = "unknown",
	.word_value = CONFIG_NONE,
	.help = N_("Licensed beds. Some requirements begin at a number of "
		   "beds.")},
    {CONFIG_FACILITY, "fees", CONFIG_LIST, AT(facility, fees), .standard = "",
	.help = N_("Fee classes that the facility has notified, separated by "
		   "commas, as the requirement packs name them, such as "
		   "record-management-1.")},
    {CONFIG_FACILITY, "language", CONFIG_CHOICE, AT(facility, language),
	.standard = "auto", .choices = language_choices,
	.help = N_("Language of notifications: ja, en, or auto, that of "
		   "hikaed's own environment (LANG).")},

    {CONFIG_POLICY, "scan_interval", CONFIG_DURATION,
	AT(policy, scan_interval_ms), .standard = "15m", .min = "1m",
	.max = "1d", .help = N_("How often to look for new backups.")},
    {CONFIG_POLICY, "settle_time", CONFIG_DURATION, AT(policy, settle_time_ms),
	.standard = "10m", .min = "0s", .max = "7d",
	.help = N_("How long a backup must rest, with sizes and times "
		   "unchanged, before it counts as complete.")},
    {CONFIG_POLICY, "coverage", CONFIG_DURATION, AT(policy, coverage_ms),
	.standard = "30d", .min = "1d", .max = "1830d",
	.help = N_("The promise: every byte is read again within this time.")},
    {CONFIG_POLICY, "window", CONFIG_WINDOW, AT(policy, window),
	.standard = "00:00-24:00",
	.help = N_("When backups may be read again, in local time, such as "
		   "22:00-05:00. New backups are read at once.")},
    {CONFIG_POLICY, "nightly_limit", CONFIG_SIZE, AT(policy, nightly_limit),
	.standard = "unlimited", .min = "1MiB", .word = "unlimited",
	.word_value = -1,
	.help = N_("The most to read again from one medium in one window.")},
    {CONFIG_POLICY, "late_grace", CONFIG_DURATION, AT(policy, late_grace_ms),
	.standard = "6h", .min = "0s", .max = "90d",
	.help = N_("How late a generation may be before that is bad; until "
		   "then it is a warning.")},
    {CONFIG_POLICY, "max_undetermined", CONFIG_DURATION,
	AT(policy, max_undetermined_ms), .standard = "3d", .min = "1h",
	.max = "90d",
	.help = N_("How long something may stay undetermined before a "
		   "requirement counts as missed.")},
    {CONFIG_POLICY, "clock_ahead", CONFIG_DURATION, AT(policy, clock_ahead_ms),
	.standard = "2h", .min = "0s", .max = "7d",
	.help = N_("How far ahead of this host's clock a time may lie; "
		   "beyond, it is a finding.")},
    {CONFIG_POLICY, "offline_verified", CONFIG_DURATION,
	AT(policy, offline_verified_ms), .standard = "35d", .min = "1d",
	.max = "1830d",
	.help = N_("How long a copy that went out of sight counts as "
		   "verified: its medium was seen, checked, and went.")},
    {CONFIG_POLICY, "offline_attested", CONFIG_DURATION,
	AT(policy, offline_attested_ms), .standard = "100d", .min = "1d",
	.max = "1830d",
	.help = N_("After that, and until then, it counts on the word of the "
		   "person who has it; later not at all.")},
    {CONFIG_POLICY, "slice_size", CONFIG_SIZE, AT(policy, slice_size),
	.standard = "1GiB", .min = "64KiB", .max = "64GiB",
	.help = N_("The unit of reading again, a multiple of 64. It applies "
		   "to backups recorded from now on.")},
    {CONFIG_POLICY, "readers", CONFIG_INTEGER, AT(policy, readers),
	.standard = "auto", .min = "1", .max = "32", .word = "auto",
	.word_value = 0,
	.help = N_("Readers at the same time on one medium; auto: one on a "
		   "spinning disk or tape, several elsewhere.")},
    {CONFIG_POLICY, "archive_memory", CONFIG_SIZE, AT(policy, archive_memory),
	.standard = "256MiB", .min = "16MiB", .max = "16GiB",
	.help = N_("The most memory that unpacking one archive may take.")},
    {CONFIG_POLICY, "archive_expand", CONFIG_SIZE, AT(policy, archive_expand),
	.standard = "4TiB", .min = "1MiB", .max = "1PiB",
	.help = N_("The most data that one archive may unpack to. Nothing is "
		   "written; this stops archives made to never end.")},
    {CONFIG_POLICY, "sandbox", CONFIG_CHOICE, AT(policy, sandbox),
	.standard = "required", .choices = sandbox_choices,
	.help = N_("required: do not start where the processes that read "
		   "backups cannot be locked in. best-effort: start, and "
		   "say so in status.")},
    {CONFIG_POLICY, "job_timeout", CONFIG_DURATION, AT(policy, job_timeout_ms),
	.standard = "10m", .min = "10s", .max = "1d",
	.help = N_("A job without progress for so long is given up.")},
    {CONFIG_POLICY, "drill_time", CONFIG_DURATION, AT(policy, drill_time_ms),
	.standard = "4h", .min = "1s", .max = "7d",
	.help = N_("A program of a restore drill that takes longer is ended, "
		   "with all that it started.")},
    {CONFIG_POLICY, "full_after_capture", CONFIG_BOOLEAN,
	AT(policy, full_after_capture), .standard = "yes",
	.help = N_("Read a new backup a second time, from the medium, soon "
		   "after it was recorded.")},

    {CONFIG_SYSTEM, "kind", CONFIG_CHOICE, .is_required = true,
	AT(system, kind), .choices = system_kinds, .sample = "ehr",
	.help = N_("What it is: ehr (patient records), order, receipt "
		   "(claims), imaging, other. Requirements depend on it.")},
    {CONFIG_SYSTEM, "name", CONFIG_TEXT, AT(system, name), .standard = "",
	.sample = N_("Electronic health record"),
	.help = N_("Its name in reports. Empty: the ID.")},
    {CONFIG_SYSTEM, "interval", CONFIG_DURATION, AT(system, interval_ms),
	.standard = "24h", .min = "1m", .max = "1830d", .word = "none",
	.word_value = CONFIG_NONE,
	.help = N_("Time between two generations; none: no schedule, as for "
		   "a living tree of images.")},
    {CONFIG_SYSTEM, "grace", CONFIG_DURATION, AT(system, grace_ms), .min = "0s",
	.max = "90d", .inherits = "late_grace",
	.help = N_("As late_grace, for this system.")},
    {CONFIG_SYSTEM, "generations_min", CONFIG_INTEGER,
	AT(system, generations_min), .standard = "1", .min = "1",
	.max = "10000",
	.help = N_("How many generations must exist at all times.")},
    {CONFIG_SYSTEM, "recovery_order", CONFIG_INTEGER,
	AT(system, recovery_order), .standard = "none", .min = "1",
	.max = "1000", .word = "none", .word_value = 0,
	.help = N_("Which system is recovered first: 1, 2, ...")},
    {CONFIG_SYSTEM, "recovery_target", CONFIG_DURATION,
	AT(system, recovery_target_ms), .standard = "none", .min = "1m",
	.max = "366d", .word = "none", .word_value = 0,
	.help = N_("Within what time it must be back in service.")},
    {CONFIG_SYSTEM, "restored_by", CONFIG_TEXT, AT(system, restored_by),
	.standard = "",
	.help = N_("Who restores it and how, in a sentence, for the table "
		   "of the business continuity plan. Empty: the table has a "
		   "blank.")},

    {CONFIG_MEDIUM, "kind", CONFIG_CHOICE, .is_required = true,
	AT(medium, kind), .choices = medium_kinds, .sample = "nas",
	.help = N_("What it is: disk (fixed), nas, removable, tape, optical, "
		   "cloud, other.")},
    {CONFIG_MEDIUM, "name", CONFIG_TEXT, AT(medium, name), .standard = "",
	.sample = N_("NAS in the server room"),
	.help = N_("Its name in reports. Empty: the ID.")},
    {CONFIG_MEDIUM, "path", CONFIG_ABSOLUTE, .is_required = true,
	AT(medium, path), .sample = "/mnt/nas1",
	.help = N_("Where it is mounted on this host.")},
    {CONFIG_MEDIUM, "mountpoint", CONFIG_BOOLEAN, AT(medium, is_mount_point),
	.standard = "yes",
	.help = N_("yes: the path must itself be a mount point; if it is not, "
		   "the medium is absent.")},
    {CONFIG_MEDIUM, "uuid", CONFIG_TOKEN, AT(medium, uuid), .standard = "",
	.help = N_("UUID of its file system (blkid shows it). Another one "
		   "there is the wrong medium. Empty: any will do; at a mount "
		   "point what is missing counts as lost only on the one that "
		   "it was captured from.")},
    {CONFIG_MEDIUM, "serial", CONFIG_TEXT, AT(medium, serial), .standard = "",
	.help = N_("Serial number or WWN of its disk (hikae media scan shows "
		   "it). The same UUID on another disk is the wrong medium. "
		   "Empty: the disk that was seen first.")},
    {CONFIG_MEDIUM, "address", CONFIG_ADDRESS, AT(medium, address),
	.standard = "",
	.help = N_("Where the server of a NAS or cloud answers. hikae asks "
		   "whether it does, since a share that is not mounted is not "
		   "offline. Empty: nobody asks, and nothing is known.")},
    {CONFIG_MEDIUM, "readers", CONFIG_INTEGER, AT(medium, readers), .min = "1",
	.max = "32", .word = "auto", .word_value = 0, .inherits = "readers",
	.help = N_("As in [policy], for this medium.")},
    {CONFIG_MEDIUM, "coverage", CONFIG_DURATION, AT(medium, coverage_ms),
	.min = "1d", .max = "1830d", .inherits = "coverage",
	.help = N_("As in [policy], for this medium.")},
    {CONFIG_MEDIUM, "location", CONFIG_TEXT, AT(medium, location),
	.standard = "", .sample = N_("Server room, 2nd floor"),
	.help = N_("Where it is kept, in words, for reports.")},
    {CONFIG_MEDIUM, "offsite", CONFIG_BOOLEAN, AT(medium, is_offsite),
	.standard = "no",
	.help = N_("yes: it is kept in another building, which one disaster "
		   "does not reach together with this one.")},
    {CONFIG_MEDIUM, "offline", CONFIG_CHOICE, AT(medium, offline),
	.standard = "none", .choices = offline_choices,
	.help = N_("How it is kept out of an attacker's reach: none, detached "
		   "(unplugged), network-partition, append-only, "
		   "connect-window (reachable only during transfer), "
		   "cloud-isolated.")},
    {CONFIG_MEDIUM, "max_attached", CONFIG_DURATION,
	AT(medium, max_attached_ms), .standard = "3d", .min = "1m",
	.max = "366d", .word = "none", .word_value = 0,
	.help = N_("How long an offline medium may be in reach at a time. "
		   "Longer is a finding: it was left plugged in. Where it is "
		   "not written, 3d for detached and 1d for connect-window "
		   "(hikae's own choice, not a rule's), none for the "
		   "others.")},
    {CONFIG_MEDIUM, "attach_time", CONFIG_DURATION, AT(medium, attach_time_ms),
	.standard = "2h", .min = "1m", .max = "7d",
	.help = N_("How long hikae reads it after it was connected: its newest "
		   "copies, then what was not read for the longest time.")},
    {CONFIG_MEDIUM, "witness", CONFIG_BOOLEAN, AT(medium, has_witness),
	.standard = "no",
	.help =
	    N_("yes: hikae may write a copy of its journal and the recovery "
	       "plan to the folder hikae-witness of this medium, to notice "
	       "later if its own journal was put back or rewritten.")},
    {CONFIG_MEDIUM, "write_probe", CONFIG_BOOLEAN, AT(medium, has_write_probe),
	.standard = "no",
	.help = N_("yes: hikae may try to write to this medium, to prove that "
		   "it refuses: once a day, and after it was connected, it "
		   "makes one file in the newest copy's folder and removes "
		   "it.")},
    {CONFIG_MEDIUM, "write_probe_user", CONFIG_TEXT,
	AT(medium, write_probe_user), .standard = "",
	.help = N_("The account that writes the backups: it is the one that "
		   "tries. That others are refused proves nothing.")},
    {CONFIG_MEDIUM, "write_probe_control", CONFIG_ABSOLUTE,
	AT(medium, write_probe_control), .standard = "",
	.help = N_("A folder on the same server or file system where that "
		   "account can write, outside the backups. A refusal counts "
		   "only where a write is accepted here.")},
    {CONFIG_MEDIUM, "mount", CONFIG_CHOICE, AT(medium, mount),
	.standard = "never", .choices = mount_choices,
	.help = N_("never: use what is mounted. hikae: mount it when it is "
		   "connected, read-only and without replaying its log, and "
		   "unmount it when all is read; desktops leave it alone. It "
		   "needs the uuid.")},

    {CONFIG_SOURCE, "system", CONFIG_ID, .is_required = true,
	AT(source, system_id), .sample = "ehr",
	.help = N_("ID of the system whose backups lie here.")},
    {CONFIG_SOURCE, "medium", CONFIG_ID, .is_required = true,
	AT(source, medium_id), .sample = "nas1",
	.help = N_("ID of the medium on which they lie.")},
    {CONFIG_SOURCE, "path", CONFIG_RELATIVE, AT(source, path), .standard = ".",
	.sample = "backup/ehr",
	.help = N_("The folder, from the medium's path on.")},
    {CONFIG_SOURCE, "layout", CONFIG_CHOICE, .is_required = true,
	AT(source, layout), .choices = layout_choices, .sample = "directory",
	.help = N_("What one generation is: a directory, an archive (tar, "
		   "zip, ...), a file (read as a whole), or the whole "
		   "folder as one living tree.")},
    {CONFIG_SOURCE, "pattern", CONFIG_PATTERN, AT(source, pattern),
	.standard = "*", .sample = "%Y%m%d",
	.help = N_("What generations are called: text, * for anything, and "
		   "%Y %m %d %H %M %S %y %j %s for their time. Without a "
		   "time, the newest file's time counts.")},
    {CONFIG_SOURCE, "marker", CONFIG_NAME, AT(source, marker), .standard = "",
	.help = N_("Name of a file that the backup software writes last. When "
		   "it is there, the backup is complete.")},
    {CONFIG_SOURCE, "settle_time", CONFIG_DURATION, AT(source, settle_time_ms),
	.min = "0s", .max = "7d", .inherits = "settle_time",
	.help = N_("As in [policy], for this source.")},
    {CONFIG_SOURCE, "retention", CONFIG_DURATION, AT(source, retention_ms),
	.standard = "none", .min = "1d", .max = "36500d", .word = "none",
	.word_value = CONFIG_NONE,
	.help =
	    N_("How long the backup software keeps a generation. One that "
	       "is older and gone has expired, as long as generations_min "
	       "newer ones are there. none: each that is gone is missing. Of "
	       "a tree: how long its files are kept.")},
    {CONFIG_SOURCE, "unchanged_after", CONFIG_DURATION,
	AT(source, unchanged_after_ms), .standard = "10d", .min = "1h",
	.max = "1830d", .word = "none", .word_value = 0,
	.help =
	    N_("Three or more new backups that hold the very same data for so "
	       "long are a finding: the job may copy one old dump each night. "
	       "10d is longer than most holidays in a row; where patients "
	       "stay over night and data changes each day, 4d tells it "
	       "sooner. none: never. Where it is not written, none for a tree "
	       "and for a system of the kind other.")},
    {CONFIG_SOURCE, "reuses_names", CONFIG_BOOLEAN, AT(source, reuses_names),
	.standard = "no",
	.help = N_("yes: the backup software uses names without a time again "
		   "(mon, tue, ...). What it writes over after the retention "
		   "(a day below the round: 6d) is a new generation, and the "
		   "old one has expired, where hardly anything of the old "
		   "content is left and every file is later. Where half of it "
		   "is there still, it stays the old one; between these it "
		   "cannot be told. What is written over sooner is damaged.")},
    {CONFIG_SOURCE, "strip", CONFIG_INTEGER, AT(source, strip),
	.standard = "auto", .min = "0", .max = "8", .word = "auto",
	.word_value = CONFIG_NONE,
	.help = N_("Leading folders to leave out when copies are compared; "
		   "auto: those that all files have in common.")},
    {CONFIG_SOURCE, "charset", CONFIG_WORD, AT(source, charset),
	.standard = "utf-8", .choices = charset_choices,
	.help = N_("Encoding of file names in archives: utf-8, cp932 (Windows "
		   "in Japan), euc-jp, iso-2022-jp, cp437, cp850, "
		   "iso-8859-1.")},
    {CONFIG_SOURCE, "foreign", CONFIG_CHOICE, AT(source, foreign),
	.standard = "auto", .choices = foreign_choices,
	.help = N_("auto: use checksums that the backup software left "
		   "(SHA256SUMS and others). none: ignore them.")},
    {CONFIG_SOURCE, "ignore", CONFIG_LIST, AT(source, ignore), .standard = "",
	.sample = "lost+found, .snapshot, #recycle",
	.help = N_("Names that are not part of a generation, separated by "
		   "commas; * and ? stand for anything.")},
    {CONFIG_SOURCE, "made_by", CONFIG_TEXT, AT(source, made_by), .standard = "",
	.help = N_("What makes the backup and how, in a sentence, for the "
		   "table of the business continuity plan. Empty: the table "
		   "has a blank.")},

    {CONFIG_NOTIFY, "method", CONFIG_CHOICE, .is_required = true,
	AT(notify, method), .choices = method_choices, .sample = "mail",
	.help = N_("mail (through the local sendmail), command (a program of "
		   "yours, with the text as its input), heartbeat (files or a "
		   "command that tell another monitor that hikaed runs, and "
		   "that all is well).")},
    {CONFIG_NOTIFY, "to", CONFIG_LIST, AT(notify, to), .standard = "",
	.sample = "it@hospital.example",
	.help = N_("Mail addresses, separated by commas.")},
    {CONFIG_NOTIFY, "from", CONFIG_TEXT, AT(notify, from), .standard = "",
	.help = N_("Mail address of the sender. Empty: hikae, and the mail "
		   "server adds its own domain.")},
    {CONFIG_NOTIFY, "command", CONFIG_ABSOLUTE, AT(notify, command),
	.standard = "auto", .word = "auto",
	.help = N_("Path of a program, without arguments. auto: mail: "
		   "/usr/sbin/sendmail, heartbeat: none.")},
    {CONFIG_NOTIFY, "file", CONFIG_NAME, AT(notify, file), .standard = "",
	.help = N_("Heartbeat: NAME.alive and NAME.well are written in "
		   "/run/hikae. Empty: the ID.")},
    {CONFIG_NOTIFY, "events", CONFIG_LIST, AT(notify, event_names),
	.standard = "bad, undetermined, recovered",
	.help = N_("What is told when it happens: bad, undetermined, warning, "
		   "recovered, or none.")},
    {CONFIG_NOTIFY, "delay", CONFIG_DURATION, AT(notify, delay_ms),
	.standard = "10m", .min = "0s", .max = "7d",
	.help = N_("How long a warning or a doubt must last before it is told. "
		   "What is bad is told at once.")},
    {CONFIG_NOTIFY, "group", CONFIG_DURATION, AT(notify, group_ms),
	.standard = "5m", .min = "0s", .max = "1h",
	.help = N_("After a message, what happens within this time is told in "
		   "one message at its end; what is bad after what was not is "
		   "told at once. 0s: each by itself.")},
    {CONFIG_NOTIFY, "digest_time", CONFIG_CLOCK, AT(notify, digest_minute),
	.standard = "08:00", .word = "none", .word_value = CONFIG_NONE,
	.help = N_("Local time of the daily digest, which is sent also when "
		   "all is well: that it does not come is a sign, too. none: "
		   "no digest.")},
    {CONFIG_NOTIFY, "repeat", CONFIG_DURATION, AT(notify, repeat_ms),
	.standard = "1d", .min = "1s", .max = "30d", .word = "none",
	.word_value = 0,
	.help =
	    N_("A problem that stays is told again after this time, unless "
	       "a digest told it or somebody acknowledged it (hikae ack).")},
    {CONFIG_NOTIFY, "escalate_after", CONFIG_DURATION, AT(notify, escalate_ms),
	.standard = "none", .min = "1s", .max = "30d", .word = "none",
	.word_value = 0,
	.help = N_("A problem that nobody acknowledged, or a notification that "
		   "could not be delivered, goes to escalate_to after this "
		   "time.")},
    {CONFIG_NOTIFY, "escalate_to", CONFIG_NAME, AT(notify, escalate_to),
	.standard = "",
	.help = N_("ID of another [notify] section, such as the director's.")},
    {CONFIG_NOTIFY, "timeout", CONFIG_DURATION, AT(notify, timeout_ms),
	.standard = "1m", .min = "1s", .max = "10m",
	.help = N_("A program that takes longer is ended, and tried again.")},
    {CONFIG_NOTIFY, "retry", CONFIG_DURATION, AT(notify, retry_ms),
	.standard = "1m", .min = "1s", .max = "1h",
	.help = N_("Wait before a second attempt; it doubles with each, up to "
		   "an hour, and never ends.")},
    {CONFIG_NOTIFY, "interval", CONFIG_DURATION, AT(notify, interval_ms),
	.standard = "1m", .min = "1s", .max = "1h",
	.help = N_("Heartbeat: time between two beats.")},
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

const struct config_key *
config_key_at(size_t index)
{
	return index < KEYS ? &keys[index] : NULL;
}

const struct config_key *
config_key_find(enum config_section section, const char *name)
{
	for (size_t i = 0; i < KEYS; i++)
		if (keys[i].section == section &&
		    strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

const char *
config_section_name(enum config_section section)
{
	return sections[section].name;
}

bool
config_section_has_id(enum config_section section)
{
	return sections[section].has_id;
}

const char *
config_section_help(enum config_section section)
{
	return sections[section].help;
}

const char *
config_facility_kind_name(enum config_facility_kind kind)
{
	return facility_kinds[kind];
}

const char *
config_system_kind_name(enum config_system_kind kind)
{
	return system_kinds[kind];
}

const char *
config_medium_kind_name(enum config_medium_kind kind)
{
	return medium_kinds[kind];
}

const char *
config_offline_name(enum config_offline offline)
{
	return offline_choices[offline];
}

bool
config_offline_is_away(enum config_offline offline)
{
	return offline == CONFIG_OFFLINE_DETACHED ||
	       offline == CONFIG_OFFLINE_CONNECT_WINDOW;
}

const char *
config_layout_name(enum config_layout layout)
{
	return layout_choices[layout];
}

const char *
config_method_name(enum config_method method)
{
	return method_choices[method];
}
