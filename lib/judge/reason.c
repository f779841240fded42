#include "lib/judge/reason.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/model/finding.h"

#define INFO VERDICT_EXIT_GOOD
#define WARNING VERDICT_EXIT_WARNING
#define BAD VERDICT_EXIT_BAD
#define UNSURE VERDICT_EXIT_UNDETERMINED

/* Where sentence and advice are NULL, they are those of the finding. */
static const struct {
	const char *name;
	enum verdict_exit severity;
	const char *title, *sentence, *advice;
} reasons[REASONS] = {
    [REASON_NO_JOURNAL] = {"no-journal", UNSURE, N_("nothing recorded yet"),
	N_("The journal is empty: nothing was checked yet."),
	N_("Start hikaed and wait for its first scan.")},
    [REASON_NO_SYSTEMS] = {"no-systems", UNSURE, N_("no system configured"),
	N_("No system is configured, so nothing can be checked."),
	N_("Write [system] sections (hikae config sample), then hikae "
	   "reload.")},
    [REASON_NO_MEDIA] = {"no-media", UNSURE, N_("no medium configured"),
	N_("No medium is configured, so nothing can be checked."),
	N_("Write [medium] sections (hikae config sample), then hikae "
	   "reload.")},
    [REASON_NO_SOURCE] = {"no-source", UNSURE, N_("no source configured"),
	N_("This system has no source: hikae does not know where its backups "
	   "lie."),
	N_("Write a [source] section for it, then hikae reload.")},
    [REASON_UNUSED_MEDIUM] = {"unused-medium", UNSURE,
	N_("no source on this medium"),
	N_("No source lies on this medium, so nothing on it is checked."),
	N_("Write a [source] section for it, or remove the medium.")},
    [REASON_NEVER_SCANNED] = {"never-scanned", UNSURE, N_("never scanned"),
	N_("This source has not been scanned yet."),
	N_("Wait for the first scan, or start it: hikae scan.")},
    [REASON_NO_GENERATION] = {"no-generation", UNSURE, N_("no generation"),
	N_("There is not a single generation of this system."),
	N_("Check path and pattern of its sources, and whether the backup "
	   "software ran.")},
    [REASON_NOTHING_CAPTURED] = {"nothing-captured", UNSURE,
	N_("nothing recorded yet"),
	N_("Nothing here has a manifest yet, so nothing can be compared."),
	N_("Wait until the copies are at rest; see hikae jobs.")},
    [REASON_NOT_DETERMINED] = {"not-determined", UNSURE,
	N_("no intact copy in sight"),
	N_("No copy of this system is known to be intact and in sight."),
	N_("Connect a medium that holds a copy, then hikae verify --wait.")},
    [REASON_WRONG_MEDIUM] = {"wrong-medium", BAD, N_("wrong medium mounted"),
	NULL, NULL},
    [REASON_MEDIUM_ABSENT] = {"medium-absent", UNSURE, N_("medium not there"),
	NULL, NULL},
    [REASON_MEDIUM_AWAY] = {"medium-away", INFO, N_("medium detached"),
	N_("The medium is detached, as planned: what lies on it was not "
	   "looked at now."),
	N_("Connect it before its promise ends.")},
    [REASON_SOURCE_UNREADABLE] = {"source-unreadable", UNSURE,
	N_("source not readable"),
	N_("The folder of the backups could not be read."),
	N_("Check cable, power, network, and the rights of the user hikae.")},
    [REASON_NOTHING_FOUND] = {"nothing-found", BAD, N_("nothing there"), NULL,
	NULL},
    [REASON_SCAN_STALE] = {"scan-stale", UNSURE, N_("not looked at for days"),
	N_("The source has not been looked at for more than a day."),
	N_("Check whether hikaed runs (systemctl status hikaed).")},
    [REASON_UUID_TWICE] = {"uuid-twice", UNSURE,
	N_("two devices have one UUID"),
	N_("Another connected device has the medium's UUID: which of them is "
	   "the medium cannot be told, so what lies there is not read and "
	   "does not count."),
	N_("Disconnect the clone, or give the right disk's serial in "
	   "[medium].")},
    [REASON_UUID_UNSURE] = {"uuid-unsure", UNSURE,
	N_("perhaps a clone of the medium"),
	N_("Not every device could be looked at, so another one may have the "
	   "medium's UUID: what lies there is not read and does not count."),
	N_("Let udev run (a container needs /run/udev), or give serial in "
	   "[medium].")},
    [REASON_IDENTITY_UNREADABLE] = {"identity-unreadable", UNSURE,
	N_("the medium is not recognised"),
	N_("hikae could not read the UUID or serial number of the device "
	   "there, nor look for clones of it: what lies there does not "
	   "count."),
	N_("Let udev run (a container needs /run/udev); or mend uuid and "
	   "serial.")},
    [REASON_COPIES_DAMAGED] = {"copies-damaged", BAD, N_("damaged copies"),
	N_("Copies are damaged: do not rely on them for recovery."),
	N_("See why (hikae findings); make these copies again from a "
	   "good one.")},
    [REASON_COPIES_UNDETERMINED] = {"copies-undetermined", UNSURE,
	N_("copies in doubt"),
	N_("Of some copies it could not be determined whether they are "
	   "intact."),
	N_("See why (hikae findings); hikae reads them again by itself.")},
    [REASON_COPIES_MISSING] = {"copies-missing", BAD, N_("missing copies"),
	N_("Copies that were recorded are no longer there."),
	N_("Find out who deleted them; if the backup software does, set "
	   "retention.")},
    [REASON_COPIES_UNWATCHED] = {"copies-unwatched", WARNING,
	N_("copies nobody looks at"),
	N_("Copies lie in a source that is no longer configured."),
	N_("Configure the source again, or record that they expired.")},
    [REASON_CAPTURE_AWAITED] = {"capture-awaited", WARNING,
	N_("copies not recorded yet"),
	N_("New copies have no manifest yet: they must rest first."),
	N_("Nothing, if a backup has just run; else see hikae jobs.")},
    [REASON_GENERATION_LATE] = {"generation-late", BAD, N_("backup is late"),
	NULL, NULL},
    [REASON_LATE_IN_GRACE] = {"late-in-grace", WARNING, N_("backup is due"),
	N_("The next generation is due, and still within its grace."),
	N_("If it does not come, check the backup software and its log.")},
    [REASON_SOURCE_BEHIND] = {"source-behind", WARNING,
	N_("second copies are late"),
	N_("New generations of this system come, but not to this source: the "
	   "newest exist on fewer media."),
	N_("Check what copies the backups there, and its log.")},
    [REASON_FEW_GENERATIONS] = {"few-generations", WARNING,
	N_("too few good generations"),
	N_("There are fewer intact generations in sight than the "
	   "configuration asks for."),
	N_("Check how long the backup software keeps them, or lower "
	   "generations_min.")},
    [REASON_SUSPICIOUS] = {"suspicious-content", WARNING,
	N_("suspicious content"), NULL, NULL},
    [REASON_CONTENT_UNCHECKED] = {"content-unchecked", UNSURE,
	N_("content not looked at"), NULL, NULL},
    [REASON_COVERAGE_OVERDUE] = {"coverage-overdue", BAD,
	N_("verification overdue"), NULL, NULL},
    [REASON_NEVER_VERIFIED] = {"never-verified", WARNING,
	N_("not verified yet"),
	N_("Nothing on this medium has been read again since it was "
	   "recorded."),
	N_("Wait for the next window, or start it: hikae verify.")},
    [REASON_STATEMENT_ENDED] = {"statement-ended", WARNING,
	N_("statements ended"),
	N_("What somebody stated about a requirement has ended: it counts no "
	   "more."),
	N_("State it again, or withdraw it (hikae attest --list).")},
    [REASON_STATEMENT_ENDS] = {"statement-ends", WARNING,
	N_("statements end soon"),
	N_("What somebody stated about a requirement ends within 30 days."),
	N_("Look whether it still holds, and state it again (hikae attest "
	   "--list).")},
    [REASON_OFFLINE_STALE] = {"offline-stale", WARNING,
	N_("evidence of being offline is old"),
	N_("What speaks for the medium to be out of reach is so old that what "
	   "lies on it no longer counts as offline."),
	N_("Connect it, let hikae verify it, and take it back to its place.")},
    [REASON_OFFLINE_UNKNOWN] = {"offline-unknown", UNSURE,
	N_("offline or not: unknown"),
	N_("The medium should be out of reach, but nobody could observe "
	   "whether it is."),
	N_("See how it stands: hikae media list.")},
    [REASON_CUSTODY_OVERDUE] = {"custody-overdue", WARNING,
	N_("not returned in time"),
	N_("A medium that was checked out was not brought back by the agreed "
	   "time."),
	N_("Ask who has it (hikae media list), and check it in.")},
    [REASON_DRILL_FAILED] = {"drill-failed", BAD,
	N_("the last restore drill failed"),
	N_("What was restored in the last drill is not what it should be."),
	N_("See hikae drill show ID, mend it, drill again, and have it "
	   "signed.")},
    [REASON_DRILL_OVERDUE] = {"drill-overdue", BAD,
	N_("no restore drill within a year"),
	N_("Restoring was not proved for more than a year. Rules ask for a "
	   "drill about once a year."),
	N_("hikae drill start SYSTEM --operator NAME, and have it signed.")},
    [REASON_DRILL_DUE] = {"drill-due", WARNING, N_("restore drill due"),
	N_("Restoring was not proved for more than a quarter. This is hikae's "
	   "own default, not a requirement."),
	N_("hikae drill start SYSTEM --operator NAME, and have it signed.")},
    [REASON_DRILL_UNSIGNED] = {"drill-unsigned", WARNING,
	N_("a restore drill is not signed"),
	N_("A drill that passed counts only when a person signed it."),
	N_("Look at its record (hikae drill show) and sign it (hikae drill "
	   "sign-off).")},
    [REASON_IMPROVEMENT_OVERDUE] = {"improvement-overdue", WARNING,
	N_("an improvement from a drill is overdue"),
	N_("What was to be improved after a drill is not done by its date."),
	N_("Do it, and record it: hikae drill improved ID --by NAME.")},
    [REASON_CANARY_PASSED] = {"canary-passed", BAD,
	N_("verification itself is broken"), NULL, NULL},
    [REASON_CANARY_NOT_RUN] = {"canary-not-run", UNSURE,
	N_("self-test did not run"),
	N_("The last verification had no self-test, so its results prove "
	   "nothing."),
	N_("Check that var/lib/hikae/canary is there, then hikae verify.")},
    [REASON_RUN_FAILED] = {"run-failed", UNSURE, N_("last verification failed"),
	N_("The last verification did not come to its end."),
	N_("See the log of hikaed, then hikae verify.")},
    [REASON_CLOCK_BACK] = {"clock-back", WARNING, N_("clock went back"), NULL,
	NULL},
    [REASON_CLOCK_AHEAD] = {"clock-ahead", WARNING,
	N_("a time lies in the future"), NULL, NULL},
    [REASON_CONFIG_REFUSED] = {"config-refused", BAD,
	N_("configuration on disk is not in force"), NULL, NULL},
    [REASON_PACK_FAULTY] = {"pack-faulty", BAD,
	N_("a file of requirements is faulty"),
	N_("A file of the facility's own requirements has errors and is left "
	   "out: what it asks for is not judged."),
	N_("Mend it (hikae config check names file and line), then hikae "
	   "reload.")},
    [REASON_NOT_RECORDED] = {"not-recorded", UNSURE,
	N_("the journal cannot be written"),
	N_("hikaed cannot write its journal: what it finds now is not "
	   "recorded."),
	N_("Make room below var/lib/hikae, and see the log of hikaed.")},
    [REASON_NOTICE_UNDELIVERED] = {"notice-undelivered", WARNING,
	N_("notifications do not get through"),
	N_("A notification could not be delivered in several attempts: "
	   "somebody was not told. hikae goes on trying."),
	N_("See why: hikae notify list; try it: hikae notify test ID.")},
    [REASON_MEDIUM_LEFT] = {"medium-left-mounted", WARNING,
	N_("a medium of before is still mounted"),
	N_("hikae has mounted a medium that is no longer configured, and "
	   "cannot unmount it. hikae goes on trying."),
	N_("See the log of hikaed: who uses it? Then unmount it, or pull it "
	   "out.")},
    [REASON_NOT_JUDGED] = {"not-judged", UNSURE,
	N_("how the backups stand is not known"),
	N_("hikaed cannot read its own catalog: what is wrong now would not be "
	   "told."),
	N_("See the log of hikaed, then hikae verify --self.")},
};

static const char *
translate(const char *text)
{
	return text == NULL ? NULL : _(text);
}

const char *
reason_name(enum reason reason)
{
	return reasons[reason].name;
}

enum verdict_exit
reason_severity(enum reason reason)
{
	return reasons[reason].severity;
}

/* Its place in the table, or REASONS. */
static int
find(const char *name)
{
	int i = 0;

	while (i < REASONS && strcmp(name, reasons[i].name) != 0)
		i++;
	return i;
}

const char *
reason_title(const char *name)
{
	int i = find(name);

	return i < REASONS ? translate(reasons[i].title)
			   : reason_sentence(name);
}

const char *
reason_sentence(const char *name)
{
	int i = find(name);
	enum finding finding;

	if (i < REASONS && reasons[i].sentence != NULL)
		return translate(reasons[i].sentence);
	return finding_parse(name, &finding) == 0 ? finding_sentence(finding)
						  : NULL;
}

const char *
reason_advice(const char *name)
{
	int i = find(name);
	enum finding finding;

	if (i < REASONS && reasons[i].advice != NULL)
		return translate(reasons[i].advice);
	return finding_parse(name, &finding) == 0 ? finding_advice(finding)
						  : NULL;
}
