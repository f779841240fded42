#include "lib/model/finding.h"

#include <string.h>

#include "lib/base/i18n.h"

#define INTACT VERDICT_INTACT
#define DAMAGED VERDICT_DAMAGED
#define UNDETERMINED VERDICT_UNDETERMINED

#define INFO VERDICT_EXIT_GOOD
#define WARNING VERDICT_EXIT_WARNING
#define BAD VERDICT_EXIT_BAD
#define UNSURE VERDICT_EXIT_UNDETERMINED

/*
 * An archive that cannot be decoded is DAMAGED although only the parser says
 * so: a parser gone wrong may cry wolf, but can never call damage intact.
 */
static const struct {
	const char *name;
	enum verdict verdict;
	enum verdict_exit severity;
	const char *sentence, *advice;
} findings[FINDINGS] = {
    [FINDING_BIT_ROT] = {"bit-rot", DAMAGED, BAD,
	N_("The content changed although size and time did not: the medium "
	   "lost bits, or somebody hid a change."),
	N_("Restore this file from another copy, then test the medium and "
	   "plan to replace it.")},
    [FINDING_OVERWRITTEN] = {"overwritten", DAMAGED, BAD,
	N_("The content was changed after the backup was recorded."),
	N_("Find out who or what wrote to this medium. Until then, trust "
	   "another copy. If the backup software uses names again (mon, tue, "
	   "...), set reuses_names and retention in [source].")},
    [FINDING_MISSING] = {"missing", DAMAGED, BAD,
	N_("A file that belongs to this copy is no longer there."),
	N_("Find out who or what deleted it, and restore it from another "
	   "copy.")},
    [FINDING_EXTRA] = {"extra", INTACT, WARNING,
	N_("There is a file that was not part of this copy when it was "
	   "recorded."),
	N_("Find out what wrote it. If the backup software changes old "
	   "generations, set the layout to tree or lengthen settle_time.")},
    [FINDING_TRUNCATED] = {"truncated", DAMAGED, BAD,
	N_("The file is shorter than it was when it was recorded."),
	N_("Restore it from another copy, and check whether the medium was "
	   "full or was unplugged while it was written.")},
    [FINDING_GROWN] = {"grown", DAMAGED, BAD,
	N_("The file is longer than it was when it was recorded."),
	N_("Find out what appended to it. If backups take longer to write, "
	   "lengthen settle_time.")},
    [FINDING_TYPE_CHANGED] = {"type-changed", DAMAGED, BAD,
	N_("Something of another kind (file, folder or link) stands in this "
	   "place now."),
	N_("Find out who or what replaced it, and restore it from another "
	   "copy.")},
    [FINDING_UNREADABLE] = {"unreadable", DAMAGED, BAD,
	N_("The medium repeatedly failed to read the same place."),
	N_("Make another copy of what can still be read, and replace the "
	   "medium.")},
    [FINDING_UNREADABLE_NOW] = {"unreadable-now", UNDETERMINED, UNSURE,
	N_("Reading failed, perhaps only for now."),
	N_("Check cable, power and network. hikae reads it again by "
	   "itself.")},
    [FINDING_PERMISSION_DENIED] = {"permission-denied", UNDETERMINED, UNSURE,
	N_("hikae is not permitted to read this."),
	N_("Give the user hikae the right to read the backups on this "
	   "medium (on a NAS: in its share's settings).")},
    [FINDING_CHANGED_WHILE_READ] = {"changed-while-read", UNDETERMINED, UNSURE,
	N_("The file changed while it was read."),
	N_("Check whether a backup was running. Move the window, or lengthen "
	   "settle_time.")},
    [FINDING_UNSTABLE_READ] = {"unstable-read", UNDETERMINED, BAD,
	N_("Two readings of the same file gave different content: the "
	   "medium, its cable or this host's memory is failing."),
	N_("Test cable, medium and memory before you trust any result from "
	   "this medium.")},
    [FINDING_UNREAD_AT_CAPTURE] = {"unread-at-capture", UNDETERMINED, UNSURE,
	N_("This file could not be read when the copy was recorded, so there "
	   "is nothing to compare it with."),
	N_("Check whether the next generation can be read whole.")},
    [FINDING_CHANGED_SINCE_CAPTURE] = {"changed-since-capture", INTACT, INFO,
	N_("The file changed after it was recorded, as it may in a living "
	   "directory."),
	N_("Nothing needs to be done; it is recorded anew with the next "
	   "capture.")},
    [FINDING_LOST_SINCE_CAPTURE] = {"lost-since-capture", INTACT, WARNING,
	N_("Files that were recorded in this living directory are gone, empty "
	   "or older than they were."),
	N_("See which (hikae show, hikae diff), find out why, and put them "
	   "back from another copy. If it is as it should be, record why "
	   "(hikae accept); where a program deletes what is old, set "
	   "retention in [source].")},
    [FINDING_MOUNT_INSIDE] = {"mount-inside", UNDETERMINED, UNSURE,
	N_("Another file system is mounted inside this copy; what lies there "
	   "was not read."),
	N_("Unmount it, or configure it as a medium of its own.")},
    [FINDING_SPECIAL_FILE] = {"special-file", INTACT, INFO,
	N_("A device, socket or pipe is recorded by its name alone; it has "
	   "no content to read."),
	N_("Nothing needs to be done.")},
    [FINDING_ARCHIVE_DAMAGED] = {"archive-damaged", DAMAGED, BAD,
	N_("The archive cannot be unpacked to its end."),
	N_("Try another copy. If all copies are alike, the backup was "
	   "already broken when it was made: make a new one at once.")},
    [FINDING_ARCHIVE_LIMIT] = {"archive-limit", UNDETERMINED, UNSURE,
	N_("The archive needs more memory or unpacks to more data than is "
	   "allowed, so its members were not checked."),
	N_("If it really is that large, raise archive_memory or "
	   "archive_expand.")},
    [FINDING_ARCHIVE_OPAQUE] = {"archive-opaque", INTACT, INFO,
	N_("The archive is encrypted or of an unknown format: its bytes are "
	   "checked as a whole, its members are not."),
	N_("Prove with a drill that it can be restored.")},
    [FINDING_MEMBER_UNREADABLE] = {"member-unreadable", UNDETERMINED, UNSURE,
	N_("A member of the archive could not be unpacked."),
	N_("Try to unpack it with the program that made it. If that fails "
	   "too, use another copy.")},
    [FINDING_ARCHIVE_NAMES] = {"archive-names", INTACT, WARNING,
	N_("A member of the archive has the name of another one, or a name "
	   "that would be unpacked outside the target folder."),
	N_("Look at the list of members before you unpack it, and check the "
	   "program that made it.")},
    [FINDING_ARCHIVE_TRAILING] = {"archive-trailing", INTACT, WARNING,
	N_("There are bytes behind the archive's end that do not belong to "
	   "it."),
	N_("Everything in the archive can be unpacked. Check how the file "
	   "was written: something may have been appended.")},
    [FINDING_ARCHIVE_UNCHECKED] = {"archive-unchecked", UNDETERMINED, UNSURE,
	N_("The process that unpacked the archive failed or took too long, "
	   "so its members were not checked."),
	N_("Try to unpack it with the program that made it. Keep the file and "
	   "report the fault: it may be hostile.")},
    [FINDING_SUSPICIOUS_CONTENT] = {"suspicious-content", INTACT, WARNING,
	N_("The content looks as if something had encrypted or deleted the "
	   "original data before it was backed up."),
	N_("Do not restore from this before the cause is known: look at a few "
	   "files, and use an earlier generation. If it is right, record why "
	   "(hikae accept).")},
    [FINDING_CONTENT_UNCHECKED] = {"content-unchecked", INTACT, UNSURE,
	N_("The process that looks for signs of ransomware failed, so nothing "
	   "is known about them here."),
	N_("Look at a few files of this copy, and record what they are (hikae "
	   "accept). If it happens again, report the fault: the data may be "
	   "hostile.")},
    [FINDING_CONTENT_BROKEN] = {"content-broken", INTACT, WARNING,
	N_("The content is broken, although every byte is as it was when it "
	   "was recorded: the backup was already broken when it was made."),
	N_("Do not count on restoring it. Make this backup again and look at "
	   "the backup software's log; use another generation until then. If "
	   "it is as it should be, record why (hikae accept).")},
    [FINDING_CONTENT_MISMATCH] = {"content-mismatch", INTACT, WARNING,
	N_("The content contradicts itself (totals, names or numbers), "
	   "although every byte is as it was when it was recorded."),
	N_("Compare it with the system that wrote it. If it is wrong there "
	   "too, mend it there and back up again; if it is as it should be, "
	   "record why (hikae accept).")},
    [FINDING_CONTENT_UNINSPECTED] = {"content-uninspected", INTACT, UNSURE,
	N_("The content could not be looked at to its end, so it is not known "
	   "whether it is usable; its bytes are compared all the same."),
	N_("Prove with a drill that it can be restored. If the process that "
	   "looks failed again, report the fault: the data may be hostile.")},
    [FINDING_SIGNATURE_INVALID] = {"signature-invalid", UNDETERMINED, BAD,
	N_("A manifest is not the one that was signed and recorded, so there "
	   "is nothing to compare with."),
	N_("Treat it as tampering until the cause is known: keep this host's "
	   "disk as it is and compare with a catalog backup.")},
    [FINDING_MANIFEST_MISSING] = {"manifest-missing", UNDETERMINED, BAD,
	N_("The manifest of this copy is gone, so there is nothing to "
	   "compare with."),
	N_("Put it back from a catalog backup, or record the copy anew and "
	   "note why.")},
    [FINDING_FOREIGN_MANIFEST_MISMATCH] = {"foreign-manifest-mismatch", DAMAGED,
	BAD,
	N_("The file differs from the checksum that the backup software "
	   "wrote, or is missing, or is not listed where it must be."),
	N_("It was damaged before hikae first saw it: make this backup "
	   "again.")},
    [FINDING_FOREIGN_MANIFEST_UNREADABLE] = {"foreign-manifest-unreadable",
	INTACT, UNSURE,
	N_("The checksums that the backup software left could not be read."),
	N_("Look at that file, or set foreign = none if it holds no "
	   "checksums.")},
    [FINDING_COPIES_DIFFER] = {"copies-differ", UNDETERMINED, BAD,
	N_("Two copies of the same generation have different content."),
	N_("See which files differ (hikae show, hikae diff), find out which "
	   "copy is right, and make the other again.")},
    [FINDING_NAMES_DIFFER] = {"names-differ", INTACT, WARNING,
	N_("Two copies have the same content under different file names."),
	N_("Check charset and strip of both sources.")},
    [FINDING_JOURNAL_BROKEN] = {"journal-broken", INTACT, BAD,
	N_("The journal does not prove itself: its entries are not what was "
	   "signed."),
	N_("See what is wrong (hikae journal verify). Treat it as tampering: "
	   "keep this host's disk as it is, and compare with a catalog "
	   "backup, a witness or a printed checkpoint.")},
    [FINDING_JOURNAL_REWRITTEN] = {"journal-rewritten", INTACT, BAD,
	N_("The journal on the medium is not an earlier state of this "
	   "host's journal."),
	N_("Treat it as tampering: keep both, and compare with a printed or "
	   "exported checkpoint.")},
    [FINDING_JOURNAL_ROLLED_BACK] = {"journal-rolled-back", INTACT, BAD,
	N_("The journal on the medium has entries that this host's journal "
	   "lost: this host's was put back to an earlier state."),
	N_("If you put back an older state yourself, record that (hikae "
	   "accept). Otherwise treat it as tampering: keep the medium away, "
	   "and compare both journals.")},
    [FINDING_JOURNAL_LOST] = {"journal-lost", INTACT, BAD,
	N_("Entries of this host's journal were lost with its catalog: what "
	   "they told (findings, statements, drills) is not known here any "
	   "more."),
	N_("Look in printed reports, bundles of evidence and witnesses for "
	   "what was open and what was signed, and see to it again. Then "
	   "record that you know (hikae accept).")},
    [FINDING_WITNESS_UNKNOWN_KEY] = {"witness-unknown-key", INTACT, BAD,
	N_("The witness on this medium is in this installation's name, but "
	   "signed by a key that this host does not know: its state was put "
	   "back to before the key was replaced, or somebody else wrote it."),
	N_("If you put back an older state yourself, record that (hikae "
	   "accept). Otherwise treat it as tampering: keep the medium away, "
	   "and compare the keys in hikae-witness/keys with the printed "
	   "ones.")},
    [FINDING_WITNESS_FOREIGN] = {"witness-foreign", INTACT, UNSURE,
	N_("The witness on this medium is that of another installation of "
	   "hikae, so it says nothing of this journal."),
	N_("Make sure that it is the right medium. If it was another "
	   "installation's before, record that (hikae accept): it is then "
	   "overwritten.")},
    [FINDING_WITNESS_UNREADABLE] = {"witness-unreadable", INTACT, UNSURE,
	N_("The witness on this medium cannot be read, or its signature does "
	   "not hold, so it says nothing of this journal."),
	N_("Look at the folder hikae-witness on the medium and at another "
	   "medium's witness. If the cause is known, record it (hikae "
	   "accept): it is then overwritten.")},
    [FINDING_WITNESS_MISSING] = {"witness-missing", INTACT, WARNING,
	N_("The witness that hikae wrote to this medium is not there any "
	   "more; a new one is written."),
	N_("If the medium was formatted or replaced, record that (hikae "
	   "accept). Otherwise find out who deleted it.")},
    [FINDING_WITNESS_UNWRITTEN] = {"witness-unwritten", INTACT, WARNING,
	N_("The witness could not be written to this medium."),
	N_("Make a folder hikae-witness there that the user hikae may write, "
	   "see that there is room and that it is not mounted read-only, or "
	   "set witness = no.")},
    [FINDING_CATALOG_DAMAGED] = {"catalog-damaged", INTACT, BAD,
	N_("The catalog's database is damaged."),
	N_("Stop hikaed, keep the file, and put back the last catalog "
	   "backup.")},
    [FINDING_CATALOG_DIFFERS] = {"catalog-differs", INTACT, BAD,
	N_("The catalog says something else than the journal."),
	N_("Find out who or what changed it. Stop hikaed, make a new one from "
	   "the journal (hikae catalog rebuild NEW), and put it in its "
	   "place.")},
    [FINDING_RECORDS_UNCHECKED] = {"records-unchecked", INTACT, UNSURE,
	N_("hikae could not look at its own records to the end, so nobody "
	   "knows whether they are whole."),
	N_("See the log of hikaed, make room below var/lib/hikae, and look "
	   "again: hikae verify --self.")},
    [FINDING_KEY_EXPOSED] = {"key-exposed", INTACT, BAD,
	N_("Others than hikae can read the secret key."),
	N_("Set owner and mode right, and replace the key (hikae key "
	   "rotate).")},
    [FINDING_KEY_MISSING] = {"key-missing", INTACT, BAD,
	N_("A secret key of this installation is no longer where it was: "
	   "hikaed works on, but cannot start again."),
	N_("Put the folder var/lib/hikae/keys back from your backup of it, and "
	   "find out who or what removed it.")},
    [FINDING_CONFIG_EXPOSED] = {"config-exposed", INTACT, WARNING,
	N_("Others than root and hikae can change the configuration, and with "
	   "it what is verified."),
	N_("Take that right away below etc/hikae (chmod go-w, chown root); the "
	   "log of hikaed names the file.")},
    [FINDING_CONFIG_REFUSED] = {"config-refused", INTACT, BAD,
	N_("What stands in etc/hikae now could not be put in force: hikaed "
	   "goes on with what it read before, and may not start again."),
	N_("Mend it (hikae config check names file and line), then hikae "
	   "reload.")},
    [FINDING_STATE_NEARLY_FULL] = {"state-nearly-full", INTACT, WARNING,
	N_("Little room is left on the disk of var/lib/hikae: once it is full, "
	   "hikae can record nothing any more."),
	N_("Make room on that disk, or give the state a larger one. What "
	   "should be left: hikae show with the number of this finding.")},
    [FINDING_REPORT_STALE] = {"report-stale", INTACT, WARNING,
	N_("The report of the day is more than a day old: what it shows is not "
	   "how things stand now."),
	N_("See why (systemctl status hikae-report), and make it now: hikae "
	   "report --refresh.")},
    [FINDING_CANARY_PASSED] = {"canary-passed", UNDETERMINED, BAD,
	N_("A file that is wrong on purpose was called intact: verification "
	   "itself does not work."),
	N_("Believe no result since the last good self-test. Check this "
	   "host's memory and disks, and report the fault.")},
    [FINDING_WRONG_MEDIUM] = {"wrong-medium", UNDETERMINED, BAD,
	N_("What is mounted here is not the medium that was expected."),
	N_("Mount the right one, or correct uuid and path in the "
	   "configuration.")},
    [FINDING_MEDIUM_ABSENT] = {"medium-absent", INTACT, UNSURE,
	N_("The medium is not present, so nothing on it can be read."),
	N_("Connect it when it is due. If it should be present, check cable, "
	   "power and mount.")},
    [FINDING_ATTACHED_ELSEWHERE] = {"attached-elsewhere", INTACT, WARNING,
	N_("The medium was written or mounted elsewhere while it was away "
	   "from this host, so it was not offline all the time."),
	N_("Find out who connected it to what (hikae media show). It is "
	   "settled when it comes back unchanged the next time.")},
    [FINDING_LEFT_ATTACHED] = {"left-attached", INTACT, WARNING,
	N_("The medium is still connected: it has been in reach longer than "
	   "max_attached allows."),
	N_("If hikae media list says that it may be removed, unmount it and "
	   "take it to its place.")},
    [FINDING_SOURCE_MISSING] = {"source-missing", INTACT, UNSURE,
	N_("This copy cannot be read: the configuration no longer has its "
	   "source on this medium."),
	N_("If source or medium has another name now, hikae records the "
	   "backups anew under that one: let the copies with the old name "
	   "expire (hikae expire). Otherwise configure both again as they "
	   "were.")},
    [FINDING_GENERATION_MISSING] = {"generation-missing", DAMAGED, BAD,
	N_("A copy that was recorded is no longer there."),
	N_("If the backup software deletes old generations, set retention in "
	   "[source]. Otherwise find out who or what deleted it.")},
    [FINDING_GENERATION_LATE] = {"generation-late", INTACT, BAD,
	N_("No new generation has come for too long."),
	N_("Check whether the backup software ran, and its log.")},
    [FINDING_NAME_NO_DATE] = {"name-no-date", INTACT, WARNING,
	N_("A name looks like a generation, but its date does not exist."),
	N_("Check the pattern, and the clock of the machine that writes the "
	   "backups.")},
    [FINDING_NAME_OTHER_KIND] = {"name-other-kind", INTACT, WARNING,
	N_("A newer name looks like a generation, but is of another kind "
	   "(file, "
	   "folder or link) than layout says, so it is not recorded."),
	N_("Check whether the backup software writes something else now, and "
	   "layout in [source]. Links are not followed: what they lead to must "
	   "be a source of its own.")},
    [FINDING_NAME_UNCLEAR] = {"name-unclear", UNDETERMINED, UNSURE,
	N_("Something was written under the name of this backup, and it cannot "
	   "be told whether it is a new backup or the old one was changed."),
	N_("If it is a new backup, give it another name: it is then recorded "
	   "as a new generation. Otherwise put the old one back from another "
	   "copy. Names with a date are better.")},
    [FINDING_NOTHING_FOUND] = {"nothing-found", INTACT, BAD,
	N_("There is nothing to restore here: no generation in this source, or "
	   "one without a single byte."),
	N_("Check path, layout and pattern, and whether the backup software "
	   "writes there.")},
    [FINDING_NOT_SETTLING] = {"not-settling", INTACT, UNSURE,
	N_("A generation keeps changing, so it could not be recorded."),
	N_("Check whether the backup hangs or something else writes there. "
	   "If it is never at rest, set the layout to tree.")},
    [FINDING_DATA_UNCHANGED] = {"data-unchanged", INTACT, WARNING,
	N_("New backups come, but they have held the very same data for too "
	   "long: they may all be copies of one old backup."),
	N_("See since when (hikae show), and check whether the backup job "
	   "dumps the live database. If the data is right not to change, "
	   "record why (hikae accept), or set unchanged_after in [source].")},
    [FINDING_COVERAGE_OVERDUE] = {"coverage-overdue", INTACT, BAD,
	N_("Some bytes have not been read within the promised period."),
	N_("Leave the medium connected longer, widen the window, or promise "
	   "a longer period.")},
    [FINDING_COVERAGE_IMPOSSIBLE] = {"coverage-impossible", INTACT, WARNING,
	N_("With this nightly limit, not every byte can be read within the "
	   "promised period."),
	N_("Raise nightly_limit, or promise a longer period (coverage).")},
    [FINDING_CLOCK_BACK] = {"clock-back", INTACT, WARNING,
	N_("This host's clock went back."),
	N_("Check time synchronisation and the clock's battery. hikae orders "
	   "events by its journal meanwhile.")},
    [FINDING_CLOCK_AHEAD] = {"clock-ahead", INTACT, WARNING,
	N_("A time lies in the future; it does not count as fresh."),
	N_("Check the clocks of this host and of the machine that writes the "
	   "backups.")},
    [FINDING_CLOCK_JUMPED] = {"clock-jumped", INTACT, WARNING,
	N_("This host's clock jumped ahead."),
	N_("Check the time. If it is right now (a clock that was put right, a "
	   "virtual machine that stood still), record that (hikae accept). "
	   "Otherwise put it right, and check time synchronisation and the "
	   "clock's battery.")},
    [FINDING_WORKER_CRASHED] = {"worker-crashed", UNDETERMINED, UNSURE,
	N_("The process that examined this ended abnormally; nothing is said "
	   "about the data."),
	N_("hikae tries again. If it happens again, keep the file and report "
	   "the fault: the data may be hostile.")},
    [FINDING_WORKER_HUNG] = {"worker-hung", UNDETERMINED, UNSURE,
	N_("The process that examined this made no progress and was given "
	   "up."),
	N_("Check whether the medium responds. A dead NAS or a failing disk "
	   "does this.")},
    [FINDING_WORKER_LIMIT] = {"worker-limit", UNDETERMINED, UNSURE,
	N_("The process that examined this reached its limit of time, memory "
	   "or files."),
	N_("hikae tries again. If it happens again, report it with the kind "
	   "of data it was.")},
    [FINDING_SANDBOX_WEAK] = {"sandbox-weak", INTACT, WARNING,
	N_("This host cannot lock in the processes that read backups as "
	   "tightly as it should."),
	N_("Use a kernel with Landlock and seccomp (Debian 12 has both).")},
};

const char *
finding_name(enum finding finding)
{
	return findings[finding].name;
}

int
finding_parse(const char *name, enum finding *ret_finding)
{
	for (int i = 0; i < FINDINGS; i++) {
		if (strcmp(name, findings[i].name) != 0)
			continue;
		*ret_finding = (enum finding)i;
		return 0;
	}
	return -1;
}

enum verdict
finding_verdict(enum finding finding)
{
	return findings[finding].verdict;
}

bool
finding_is_of_members(enum finding finding)
{
	return finding >= FINDING_ARCHIVE_DAMAGED &&
	       finding <= FINDING_ARCHIVE_UNCHECKED;
}

bool
finding_is_of_content(enum finding finding)
{
	return finding >= FINDING_CONTENT_BROKEN &&
	       finding <= FINDING_CONTENT_UNINSPECTED;
}

bool
finding_is_acceptable(enum finding finding)
{
	return finding == FINDING_SUSPICIOUS_CONTENT ||
	       finding == FINDING_LOST_SINCE_CAPTURE ||
	       finding == FINDING_CONTENT_UNCHECKED ||
	       finding == FINDING_DATA_UNCHANGED ||
	       finding == FINDING_CLOCK_JUMPED ||
	       finding_is_of_content(finding) ||
	       (finding >= FINDING_JOURNAL_REWRITTEN &&
		   finding <= FINDING_WITNESS_MISSING);
}

enum verdict_exit
finding_severity(enum finding finding)
{
	return findings[finding].severity;
}

const char *
finding_sentence(enum finding finding)
{
	return _(findings[finding].sentence);
}

const char *
finding_advice(enum finding finding)
{
	return _(findings[finding].advice);
}
