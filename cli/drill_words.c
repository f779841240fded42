#include "cli/drill_words.h"

#include <stddef.h>
#include <string.h>

#include "cli/view.h"
#include "lib/base/i18n.h"
#include "lib/inspect/inspect.h"

struct word {
	const char *word, *text;
};

static const struct word names[] = {
    {"aborted", N_("aborted")},
    {"assertions", N_("assertions")},
    {"assertions_failed", N_("assertions that failed")},
    {"blocks", N_("blocks")},
    {"broken", N_("broken")},
    {"bytes", N_("bytes")},
    {"claims", N_("claims")},
    {"clear", N_("removing what was restored")},
    {"decrypted", N_("decrypted")},
    {"dicom", N_("DICOM images")},
    {"differing", N_("different")},
    {"databases", N_("databases")},
    {"databases_failed", N_("databases that failed")},
    {"databases_undetermined", N_("databases undetermined")},
    {"documents", N_("documents")},
    {"dumps", N_("dumps")},
    {"dumps_failed", N_("dumps that failed")},
    {"dumps_restored", N_("dumps restored")},
    {"dumps_undetermined", N_("dumps undetermined")},
    {"elements", N_("elements")},
    {"encrypted", N_("encrypted")},
    {"entries", N_("entries")},
    {"extra", N_("too many")},
    {"failed", N_("failed")},
    {"failed_database", N_("the first that failed is no.")},
    {"failed_dump", N_("the first that failed is no.")},
    {"failed_file", N_("the first that failed is no.")},
    {"fhir", N_("FHIR resources")},
    {"files", N_("files")},
    {"fragments", N_("fragments")},
    {"images", N_("images")},
    {"inspect", N_("looking into the files")},
    {"links", N_("links")},
    {"lost", N_("lost")},
    {"make", N_("making a scratch folder")},
    {"members", N_("members")},
    {"messages", N_("messages")},
    {"missing", N_("missing")},
    {"not_inspected", N_("content not looked into")},
    {"note", N_("noted")},
    {"of_bytes", N_("bytes in all")},
    {"of_files", N_("files in all")},
    {"output_bytes", N_("bytes of output")},
    {"packed", N_("of them compressed")},
    {"pages", N_("pages")},
    {"parts", N_("parts")},
    {"passed", N_("passed")},
    {"pgdump", N_("pg_dump archives")},
    {"pgdump-tar", N_("pg_dump archives as tar")},
    {"plan", N_("choosing what is restored")},
    {"points", N_("points")},
    {"program", N_("running programs")},
    {"prove", N_("comparing with the signed manifest")},
    {"receipts", N_("receipts")},
    {"records", N_("records")},
    {"references", N_("files named")},
    {"refused_links", N_("refused links")},
    {"refused_paths", N_("refused names")},
    {"refused_special", N_("refused special files")},
    {"resources", N_("resources")},
    {"restore", N_("restoring")},
    {"roles", N_("roles")},
    {"roles_lacking", N_("roles named that no file holds")},
    {"rows", N_("rows")},
    {"segments", N_("segments")},
    {"sql", N_("SQL dumps")},
    {"sql_files", N_("SQL files that are no dumps")},
    {"sqlite", N_("SQLite databases")},
    {"ssmix2", N_("SS-MIX2 messages")},
    {"status", N_("exit status")},
    {"stream", N_("compressed files")},
    {"tables", N_("tables")},
    {"took_ms", N_("milliseconds")},
    {"uke", N_("receipt files (UKE)")},
    {"undetermined", N_("undetermined")},
    {"undetermined_database", N_("the first undetermined is no.")},
    {"undetermined_dump", N_("the first undetermined is no.")},
    {"undetermined_file", N_("the first undetermined is no.")},
    {"unpacked", N_("unpacked bytes")},
    {"unproved", N_("without a digest")},
    {"waiting", N_("waiting")},
    {"warning", N_("warning")},
};

static const struct word sentences[] = {
    {"archive-damaged", N_("The archive is damaged.")},
    {"assertion-failed",
	N_("A query of the site's assertions did not answer what it should.")},
    {"assertions-of-which",
	N_("The newest dump holds several databases: the site's assertions "
	   "need a line \"-- database: NAME\" before their queries.")},
    {"assertions-not-trusted",
	N_("The site's assertions were not asked, because others than root "
	   "and hikaed's user may write to them.")},
    {"assertions-malformed",
	N_("The site's assertions cannot be read: a query needs a line "
	   "\"-- expect: VALUE\" before it.")},
    {"bytes-differ",
	N_("Restored bytes are not those of the signed manifest.")},
    {"cancelled", N_("Somebody ended it.")},
    {"crashed", N_("A process of the drill ended before its work.")},
    {"cut-off", N_("The medium was not read to the end.")},
    {"database-not-restored",
	N_("The site's assertions name a database, or ask the newest one, "
	   "and it was not restored.")},
    {"dump-unknown",
	N_("Some dumps are still packed or encrypted, of another product, or "
	   "no longer look like dumps: whether they can be restored is not "
	   "known.")},
    {"extension-missing",
	N_("A dump needs an extension of PostgreSQL that is not installed on "
	   "this host: whether it can be restored is not known.")},
    {"files-appeared",
	N_("Files lie there that the signed manifest does not have.")},
    {"empty", N_("The file that was to be restored is empty.")},
    {"files-missing", N_("Files of the signed manifest were not restored.")},
    {"hung", N_("A process of the drill said nothing for too long.")},
    {"killed", N_("hikaed was ended in the middle of it.")},
    {"limit", N_("A process of the drill met one of its limits.")},
    {"links-missing", N_("Links of the signed manifest were not restored.")},
    {"medium-damaged", N_("The medium's bytes are damaged.")},
    {"no-cluster", N_("A cluster of PostgreSQL could not be made.")},
    {"no-database", N_("No SQLite database was found in the restored files.")},
    {"no-digest", N_("The manifest has no digest of some files.")},
    {"no-dump", N_("No dump was found in the restored files.")},
    {"needs-a-key",
	N_("The files are encrypted with a key, and none was given: hikae "
	   "drill start --key-file gives it.")},
    {"no-memory",
	N_("There is no folder in memory for the private key, and a disk is "
	   "no place for one: the sandbox has no name spaces here.")},
    {"no-private-key",
	N_("gpg found no private key in what was given with --key-file.")},
    {"no-openpgp",
	N_("A file is named as an encrypted one, and gpg finds nothing in it "
	   "that it knows: whether it can be decrypted is not known.")},
    {"no-passphrase",
	N_("The files are encrypted, and no passphrase was given: "
	   "hikae drill start --secret asks for it.")},
    {"no-result",
	N_("The program ended with status 1 and without a result that says "
	   "what it warns of: it may have given up.")},
    {"result-malformed",
	N_("What the program wrote as its result is no JSON object of up to "
	   "16 KiB: what it found is not known.")},
    {"no-rows", N_("A restored database has no rows.")},
    {"no-scratch",
	N_("The scratch folder could not be made; the log says why.")},
    {"no-server", N_("The server of PostgreSQL did not start.")},
    {"no-space",
	N_("There is too little room to restore; --target names a folder "
	   "with more.")},
    {"no-sqlite",
	N_("A file is named as a SQLite database, and is none that anybody "
	   "can read.")},
    {"no-tables", N_("The restored database's tables cannot be listed.")},
    {"gpg-missing",
	N_("gpg is not installed on this host: whether the files can be "
	   "decrypted is not known.")},
    {"gpg-agent-missing",
	N_("gpg-agent, which uses private keys, is not installed on this "
	   "host: whether the files can be decrypted is not known.")},
    {"not-encrypted",
	N_("A file is named as an encrypted one, and anybody can read it.")},
    {"not-decrypted",
	N_("The passphrase or key is right, and the encrypted file is "
	   "damaged.")},
    {"odd-name",
	N_("The name of a restored file holds a line break: no program "
	   "was given it.")},
    {"not-asked",
	N_("The folder drill.d holds assertions that no program asked: they "
	   "belong into SYSTEM.sql, and need a program that asks them.")},
    {"misspelt",
	N_("A name in the folder drill.d is no system's and no format's, and "
	   "was probably meant for this drill. See: hikae config check")},
    {"not-executable",
	N_("A name in the folder drill.d is meant for this drill and is no "
	   "executable file.")},
    {"program-not-found",
	N_("A name in the folder drill.d is meant for this drill and leads to "
	   "no file that hikaed can see.")},
    {"not-trusted",
	N_("The program was not run, because others than root and hikaed's "
	   "user may write to it.")},
    {"too-many-programs",
	N_("Some programs were not run: sixteen is the most.")},
    {"nothing-encrypted",
	N_("No encrypted file (*.gpg) was found in the restored files.")},
    {"wrong-key",
	N_("The files are encrypted for another key than the one that was "
	   "given: whether they can be decrypted is not known.")},
    {"wrong-passphrase",
	N_("The passphrase is wrong: whether the files can be decrypted is "
	   "not known.")},
    {"not-decoded",
	N_("The archive was restored as a file; its members were not.")},
    {"not-readable", N_("PostgreSQL cannot read the dump.")},
    {"not-opened",
	N_("SQLite could not open a database: whether it is whole is not "
	   "known.")},
    {"not-sound", N_("SQLite finds a database damaged (integrity_check).")},
    {"not-whole",
	N_("The program's parts do not lie beside it (PROGRAM.d): link it "
	   "instead of copying it.")},
    {"not-run", N_("The program could not be started.")},
    {"nothing-inspected",
	N_("No restored file has a format that hikae looks into.")},
    {"nothing-restored", N_("Not one file was restored.")},
    {"output-limit", N_("The program wrote too much.")},
    {"path-too-long",
	N_("The scratch folder's path is too long for PostgreSQL.")},
    {"postgresql-missing",
	N_("PostgreSQL is not installed on this host: whether the dump can "
	   "be restored is not known.")},
    {"postgresql-too-old",
	N_("A newer version of PostgreSQL made the dump than is installed "
	   "here: whether it can be restored is not known.")},
    {"refused",
	N_("Some names or links would have led out of the scratch folder, "
	   "and were not restored.")},
    {"restore-failed", N_("PostgreSQL could not restore the dump.")},
    {"role-missing",
	N_("A dump names a role that no restored file holds: whether it can "
	   "be restored is not known.")},
    {"sampled",
	N_("A dump of several files was not restored whole, because the "
	   "drill took a share of the files only.")},
    {"server-gone",
	N_("The server of PostgreSQL ended before its work: whether the "
	   "dumps can be restored is not known.")},
    {"runs-as-root", N_("PostgreSQL does not run as root.")},
    {"signalled", N_("The program was ended by a signal.")},
    {"sqlite-missing",
	N_("sqlite3 is not installed on this host: whether the databases are "
	   "whole is not known.")},
    {"stopped", N_("hikaed was stopped in the middle of it.")},
    {"table-unreadable", N_("A restored table cannot be read.")},
    {"target-on-medium",
	N_("The target lies on a backup medium, where hikae never writes.")},
    {"time-limit", N_("The program took longer than drill_time allows.")},
    {"unavailable",
	N_("What the drill needs is not there; the log says what.")},
};

static const char *
find(const struct word *table, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].word, word) == 0)
			return _(table[i].text);
	return NULL;
}

const char *
drill_words_name(const char *word)
{
	const char *text = find(names, sizeof(names) / sizeof(names[0]), word);

	return text != NULL ? text : word;
}

/* What a word says behind how it begins, or NULL. */
static const char *
behind(const char *word, const char *beginning)
{
	size_t length = strlen(beginning);

	return strncmp(word, beginning, length) == 0 ? word + length : NULL;
}

const char *
drill_words_count(const char *word, char *text)
{
	const char *what;

	if ((what = behind(word, "rows_in_")) != NULL)
		(void)snprintf(text, VIEW_TEXT_BYTES,
		    /* TRANSLATORS: a database; its number of rows follows. */
		    _("rows in %s"), what);
	else if ((what = behind(word, "tables_in_")) != NULL)
		(void)snprintf(text, VIEW_TEXT_BYTES,
		    /* TRANSLATORS: a database; its number of tables follows. */
		    _("tables in %s"), what);
	else if ((what = behind(word, "rows_")) != NULL)
		(void)snprintf(text, VIEW_TEXT_BYTES,
		    /* TRANSLATORS: a table; its number of rows follows. */
		    _("rows of %s"), what);
	else
		return drill_words_name(word);
	return text;
}

const char *
drill_words_sentence(const char *reason)
{
	for (unsigned i = 0; i < INSPECT_CODES; i++)
		if (strcmp(inspect_code_name((enum inspect_code)i), reason) ==
		    0)
			return inspect_code_sentence((enum inspect_code)i);
	return find(
	    sentences, sizeof(sentences) / sizeof(sentences[0]), reason);
}

enum print_mark
drill_words_mark(const json_t *object, const char *key)
{
	static const struct {
		const char *word;
		enum print_mark mark;
	} marks[] = {
	    {"passed", PRINT_GOOD},
	    {"warning", PRINT_WARNING},
	    {"failed", PRINT_BAD},
	};
	const char *word = json_string_value(json_object_get(object, key));

	for (size_t i = 0; word != NULL && i < sizeof(marks) / sizeof(marks[0]);
	     i++)
		if (strcmp(word, marks[i].word) == 0)
			return marks[i].mark;
	return PRINT_UNKNOWN;
}

const char *
drill_words_percent(const json_t *object, const char *key, char *text)
{
	(void)snprintf(text, VIEW_TEXT_BYTES, "%.4g %%",
	    (double)view_number(object, key) / 10000);
	return text;
}
