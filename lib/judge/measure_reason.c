/* Why a value is unknown, none, or known with a reservation. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/measure.h"
#include "lib/judge/reason.h"

/* Words beside those of judge/reason and model/finding. */
static const struct {
	const char *name, *sentence;
} words[] = {
    {"clock", N_("A time lies in the future, so nobody knows how long ago it "
		 "was.")},
    {"content-not-examined",
	N_("Nobody looked into all generations for suspicious content.")},
    {"detach-not-recorded",
	N_("The medium is gone, but hikae did not record that it was "
	   "recognised and verified before.")},
    {"disk-shared", N_("Physical disks are counted: copies that lie on one "
		       "disk are one.")},
    {"disks-unknown",
	N_("It is not known on which disks the copies lie, so two may be on "
	   "one.")},
    {"document-missing",
	N_("What can be observed speaks for it, but the excerpt of the "
	   "contract or the in-house rule is not attached "
	   "(hikae attest offline-MEDIUM --document).")},
    {"drill-sampled",
	N_("The drill restored a share of the bytes; of the others it shows "
	   "nothing.")},
    {"drill-small",
	N_("The drill restored less than a twentieth (5 %) of the bytes, which "
	   "counts in part only. That is hikae's own default; no rule names a "
	   "share.")},
    {"drill-unsigned", N_("A restore drill passed, but nobody signed it yet.")},
    {"encryption-unknown",
	N_("It is not known whether the copies are encrypted.")},
    {"exposed", N_("The medium is in reach of this host now.")},
    {"history-short",
	N_("The medium has not been observed for the whole period yet.")},
    {"journal-broken",
	N_("The journal does not agree with its signed head, or it was found "
	   "to be rewritten.")},
    {"journal-unsigned",
	N_("The journal's last entries have waited for hours to be signed, so "
	   "they prove nothing.")},
    {"medium-overdue",
	N_("A medium was not returned, or not shown, by the time that was "
	   "agreed.")},
    {"medium-retired", N_("The medium was taken out of service.")},
    {"never-seen", N_("The medium was never seen by hikae.")},
    {"no-checkpoint", N_("No head of the journal has been signed yet.")},
    {"no-drill", N_("No restore drill has been recorded.")},
    {"no-good-generation",
	N_("No generation is known to have an intact copy.")},
    {"no-offline-medium",
	N_("No copy lies on a medium that is kept out of reach.")},
    {"no-offline-mode", N_("The medium is not configured to be out of reach.")},
    {"no-offsite-medium",
	N_("No copy lies on a medium that is kept in another building.")},
    {"no-old-generation", N_("There is no generation from before last week.")},
    {"no-online-medium",
	N_("No good copy lies on a medium that is always connected "
	   "(offline = none).")},
    {"no-promise",
	N_("For none of the media it is configured how often they are read.")},
    {"no-restore-order", N_("The system has no place in the order of recovery "
			    "(recovery_order).")},
    {"no-schedule",
	N_("It is not configured how often there is to be a new generation "
	   "(interval).")},
    {"no-system", N_("The system is not configured.")},
    {"no-window",
	N_("It is not configured how long the medium may be connected "
	   "(max_attached).")},
    {"not-in-sight", N_("The copy is not in sight now.")},
    {"not-observed",
	N_("The medium has not been observed, so nobody knows whether it is in "
	   "reach.")},
    {"not-on-site", N_("No intact copy is in sight on site.")},
    {"not-protected",
	N_("There are older generations of which no copy is write-protected or "
	   "out of reach.")},
    {"not-watched",
	N_("hikaed has recorded nothing for more than a day, so nobody was "
	   "watching.")},
    {"offline-decayed",
	N_("The medium has not been seen for long; it counts on the word of "
	   "the person who has it.")},
    {"offsite-here",
	N_("The medium that is to be kept in another building is connected to "
	   "this host now.")},
    {"partly-encrypted",
	N_("Of a copy some files are encrypted and others are not, so it does "
	   "not count as encrypted; hikae show says how many.")},
    {"protection-not-measured",
	N_("Whether it is write-protected was not measured.")},
    {"schedule-missed",
	N_("The newest generation did not come in time, or there are too "
	   "few.")},
    {"served-here",
	N_("This host itself serves one of the media, or a tunnel begins "
	   "here: on which disks it lies is not known, nor in which "
	   "building.")},
    {"state-unknown",
	N_("The medium does not answer, so nobody knows whether it is in "
	   "reach.")},
    {"window-exceeded",
	N_("The medium was connected longer than the transfer may take "
	   "(max_attached).")},
    {"writable", N_("Writing to the medium was tried, and succeeded.")},
};

const char *
measure_sentence(const char *reason)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(reason, words[i].name) == 0)
			return _(words[i].sentence);
	return reason_sentence(reason);
}
