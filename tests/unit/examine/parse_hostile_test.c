/*
 * Archives that were made to do harm, that are encrypted, that are not what
 * their name says, or that are merely odd.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/resource.h>

#include "tests/unit/os/tree.h"

#include "tests/unit/examine/parsing.h"

static struct parsed parsed, other;

/* ---- encrypted ---- */

static void
encrypted_is_opaque(void **state)
{
	static const struct {
		const char *name, *kind, *command, *encrypted;
	} makers[] = {
	    {"g.tar.gpg", "openpgp",
		"mkdir -pm 700 gpg; tar -c f | gpg --homedir gpg --batch -q "
		"--pinentry-mode loopback --passphrase x -c -o g.tar.gpg; "
		"gpgconf --homedir gpg --kill all; "
		"rm -rf gpg",
		"file"},
	    {"g.asc", "openpgp",
		"mkdir -pm 700 gpg; tar -c f | gpg --homedir gpg --batch -q "
		"--pinentry-mode loopback --passphrase x -a -c -o g.asc; "
		"gpgconf --homedir gpg --kill all; "
		"rm -rf gpg",
		"file"},
	    {"o.tar.enc", "openssl",
		"tar -c f | openssl enc -aes-256-cbc -pbkdf2 -k x "
		"-out o.tar.enc",
		"file"},
	    {"e.zip", "zip", "zip -q -e -P x e.zip f", "archive"},
	    {"p.7z", "7z", "7z a -bd -px p.7z f", "archive"},
	    {"h.7z", "7z", "7z a -bd -px -mhe=on h.7z f", "archive"},
	    {"a.zip", "zip", "7z a -bd -tzip -px -mem=AES256 a.zip f",
		"archive"},
	    /* A link's target and an empty file are encrypted, or nothing. */
	    {"sl.zip", "zip",
		"mkdir s; cp f s; ln -s f s/l; : >s/e; zip -qrye -Px sl.zip s",
		"archive"},
	    {"al.zip", "zip", "7z a -bd -snl -tzip -px -mem=AES256 al.zip s",
		"archive"},
	    {"sl.7z", "7z", "7z a -bd -snl -px sl.7z s", "archive"},
	    {"l.img", "luks", "printf 'LUKS\\272\\276' >l.img; cat f >>l.img",
		"file"},
	    {"plain.sql", "unknown", "seq 1 100 >plain.sql", "unknown"},
	};

	(void)state;
	shell("seq 1 10000 >f");
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		shell(makers[i].command);
		parse(makers[i].name, &parsed);
		print_message("%s: %s %s\n", makers[i].name,
		    archive_kind_name(parsed.result.kind),
		    parse_state_name(parsed.result.state));
		assert_kind(&parsed, makers[i].kind);
		assert_state(&parsed, PARSE_OPAQUE);
		assert_string_equal(
		    parse_encryption_name(parsed.result.encryption),
		    makers[i].encrypted);
		assert_int_equal(parsed.found, 1);
		assert_true(has_found(&parsed, FINDING_ARCHIVE_OPAQUE));
		assert_int_equal(parsed.result.files > 0 &&
				     parsed.result.manifest.totals.has_content,
		    0);
	}
}

/* A part that cannot be read is never left out in silence. */
static void
partly_encrypted_is_partial(void **state)
{
	(void)state;
	shell("seq 1 1000 >f; seq 1 2000 >g\n"
	      "zip -q m.zip f; zip -q -e -P x m.zip g");
	parse("m.zip", &parsed);
	assert_state(&parsed, PARSE_PARTIAL);
	/* A part lies bare. */
	assert_int_equal(parsed.result.encryption, PARSE_ENCRYPTION_NONE);
	assert_true(has_found(&parsed, FINDING_ARCHIVE_OPAQUE));
	assert_true(has_line(&parsed, "# hikae unread archive-opaque\n./g "));
	assert_true(has_line(&parsed, "# content undetermined"));
}

/* A file that was made and never written, and archives of nothing. */
static void
nothing_is_damaged(void **state)
{
	(void)state;
	shell(
	    "head -c 100000 /dev/zero >zero.tar; gzip -c zero.tar "
	    ">zero.tar.gz\n"
	    "printf 'PK\\005\\006' >none.zip; head -c 18 /dev/zero >>none.zip\n"
	    "7z a -bd none.7z ./nothing-*; : | cpio -o -H newc >none.cpio");
	for (const char *const *name = (const char *const[]){"zero.tar",
		 "zero.tar.gz", "none.zip", "none.7z", "none.cpio", NULL};
	     *name != NULL; name++) {
		parse(*name, &parsed);
		assert_state(&parsed, PARSE_DAMAGED);
	}
}

static void
not_what_its_name_says_is_damaged(void **state)
{
	static const char *const names[] = {"x.tar", "x.tar.gz", "x.tgz",
	    "x.zip", "x.7z", "x.iso", "x.gz", "x.ZIP", "x.sql.zst"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		parse_bytes(names[i], "nothing known", 13, &parsed);
		assert_state(&parsed, PARSE_DAMAGED);
		parse_bytes(names[i], "", 0, &parsed);
		assert_state(&parsed, PARSE_DAMAGED);
	}
	shell("seq 1 100 | gzip >not.tar.gz");
	parse("not.tar.gz", &parsed);
	assert_state(&parsed, PARSE_DAMAGED);
	shell("cp not.tar.gz fine.sql.gz");
	parse("fine.sql.gz", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_kind(&parsed, "compressed");
	assert_true(has_line(&parsed, "\n./fine.sql type=file size=292 "));
}

/* ---- names ---- */

static void
unsafe_names_are_told_and_cut(void **state)
{
	(void)state;
	shell("mkdir -p d; echo a >a; echo b >d/b\n"
	      "tar -P -cf up.tar d/../a\n"
	      "bsdtar -P -cf abs.tar -s ',^a,/etc/passwd,' a\n"
	      "tar -cf dots.tar ./d/./b");
	parse("up.tar", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_true(has_found(&parsed, FINDING_ARCHIVE_NAMES));
	assert_true(has_line(&parsed, "\n./a type=file"));
	parse("abs.tar", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_string_equal(parsed.findings[0].path, "etc/passwd");
	assert_true(has_line(&parsed, "\n./etc type=dir\n"));
	assert_true(has_line(&parsed, "\n./etc/passwd type=file"));
	parse("dots.tar", &parsed);
	assert_int_equal(parsed.found, 0);
	assert_true(has_line(&parsed, "\n./d/b type=file"));
}

static void
the_last_of_a_name_counts(void **state)
{
	(void)state;
	shell("echo old >n; tar -cf twice.tar n; echo new1 >n\n"
	      "tar -rf twice.tar n; tar -cf once.tar n");
	parse("twice.tar", &parsed);
	parse("once.tar", &other);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_true(has_found(&parsed, FINDING_ARCHIVE_NAMES));
	assert_int_equal(parsed.result.files, 1);
	assert_true(has_same_content(&parsed, &other));
}

static void
a_file_is_no_folder(void **state)
{
	(void)state;
	shell("echo x >n; mkdir -p m; echo y >m/y; tar -cf clash.tar n\n"
	      "tar -rf clash.tar --transform 's,^m/,n/,' m/y");
	parse("clash.tar", &parsed);
	assert_state(&parsed, PARSE_PARTIAL);
	assert_true(has_found(&parsed, FINDING_ARCHIVE_NAMES));
	assert_false(parsed.result.has_manifest);
}

/* A CP932 name is the same as the UTF-8 one, where the source says so. */
static void
names_are_decoded(void **state)
{
	struct parsing cp932 = PARSING_USUAL;

	(void)state;
	cp932.charset = "cp932";
	shell("mkdir utf sjis; echo x >utf/表.txt; echo y >utf/検査ﾃｽﾄ.csv\n"
	      "cd utf; for f in *; do\n"
	      "cp \"$f\" ../sjis/\"$(printf %s \"$f\" | iconv -t CP932)\"\n"
	      "done; cd ..\n"
	      "tar -C utf -cf utf.tar .; tar -C sjis -cf sjis.tar .\n"
	      "(cd utf; zip -qr ../utf.zip .)\n"
	      "(cd sjis; LC_ALL=C zip -qr ../sjis.zip .)");
	parse("utf.tar", &other);
	parse("sjis.tar", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_false(has_same_content(&parsed, &other));
	parse_with("sjis.tar", cp932, &parsed);
	assert_true(has_same_content(&parsed, &other));
	parse_with("sjis.zip", cp932, &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_true(has_same_content(&parsed, &other));
	/* zip marks its Unicode names, whatever the source says. */
	parse_with("utf.zip", cp932, &parsed);
	assert_true(has_same_content(&parsed, &other));
}

/* ---- links, holes, devices ---- */

static void
links_and_holes_are_what_they_stand_for(void **state)
{
	(void)state;
	shell("mkdir -p l/sub; seq 1 5000 >l/one; ln l/one l/sub/two\n"
	      "ln l/one l/a-first; ln -s ../../etc/passwd l/out\n"
	      "mkdir c; cp -r --no-preserve=links l/. c\n"
	      "tar -cf l.tar l; tar -cf c.tar c; tar -czf l.tar.gz l\n"
	      "find l | cpio -o -H newc >l.cpio; find l | cpio -o -H odc "
	      ">o.cpio\n"
	      "bsdtar -cf l.pax l; genisoimage -quiet -R -o l.iso l\n"
	      "zip -qry l.zip l; 7z a -bd -snl l.7z ./l");
	parse("c.tar", &other);
	assert_state(&other, PARSE_COMPLETE);
	assert_int_equal(other.result.files, 3);
	assert_true(has_line(&other, "type=link"));
	for (const char *const *name =
		 (const char *const[]){"l.tar", "l.tar.gz", "l.cpio", "o.cpio",
		     "l.pax", "l.iso", "l.zip", "l.7z", NULL};
	     *name != NULL; name++) {
		parse(*name, &parsed);
		print_message(
		    "%s: %s\n", *name, parse_state_name(parsed.result.state));
		assert_state(&parsed, PARSE_COMPLETE);
		assert_int_equal(parsed.result.files, 3);
		assert_true(has_same_content(&parsed, &other));
	}
}

static void
holes_are_zeros(void **state)
{
	(void)state;
	shell("mkdir h; truncate -s 3M h/hole; truncate -s 2M h/mixed\n"
	      "echo data | dd of=h/mixed bs=1 seek=1M conv=notrunc\n"
	      "tar -cf plain.tar h; tar --sparse -cf sparse.tar h\n"
	      "tar --sparse --format=pax -cf psparse.tar h\n"
	      "bsdtar --read-sparse -cf bsparse.tar h");
	parse("plain.tar", &other);
	assert_int_equal(other.result.bytes, 5 << 20);
	for (const char *const *name = (const char *const[]){"sparse.tar",
		 "psparse.tar", "bsparse.tar", NULL};
	     *name != NULL; name++) {
		parse(*name, &parsed);
		print_message(
		    "%s: %s\n", *name, parse_state_name(parsed.result.state));
		assert_state(&parsed, PARSE_COMPLETE);
		assert_true(has_same_content(&parsed, &other));
	}
}

static void
devices_have_no_content(void **state)
{
	(void)state;
	shell("mkdir v; mkfifo v/pipe; echo x >v/x; tar -cf v.tar v");
	parse("v.tar", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_int_equal(parsed.result.files, 1);
	assert_true(has_line(&parsed, "\n./v/pipe type=fifo"));
}

/* A hard link to what is not there. */
static void
dangling_hard_link_is_partial(void **state)
{
	(void)state;
	shell("echo x >t1; ln t1 t2; tar -cf dangle.tar t1 t2\n"
	      "tar --delete -f dangle.tar t1");
	parse("dangle.tar", &parsed);
	assert_state(&parsed, PARSE_PARTIAL);
	assert_true(has_found(&parsed, FINDING_MEMBER_UNREADABLE));
}

/* ---- the end ---- */

static void
what_follows_the_end_is_told(void **state)
{
	static const char *const commands[] = {
	    "cp t.tar x.tar; echo more >>x.tar",
	    "gzip -c t.tar >x.tar.gz; echo more >>x.tar.gz",
	    "zstd -q -c t.tar >x.tar.zst; echo more >>x.tar.zst",
	    "{ cat t.tar; echo more; } | gzip >x.tar.gz",
	    "zip -q x.zip f; echo more >>x.zip",
	    "find f | cpio -o -H newc >x.cpio; echo more >>x.cpio",
	    "bzip2 -c t.tar >x.tar.bz2; echo more >>x.tar.bz2",
	    "lz4 -q -c t.tar >x.tar.lz4; echo more >>x.tar.lz4",
	    "7z a -bd x.7z f; head -c 5000 /dev/zero >>x.7z; echo more >>x.7z",
	};
	static const char *const names[] = {"x.tar", "x.tar.gz", "x.tar.zst",
	    "x.tar.gz", "x.zip", "x.cpio", "x.tar.bz2", "x.tar.lz4", "x.7z"};

	(void)state;
	shell("seq 1 100 >f; tar -cf t.tar f");
	parse("t.tar", &other);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		shell(commands[i]);
		parse(names[i], &parsed);
		print_message("%s: %s\n", names[i],
		    parse_state_name(parsed.result.state));
		assert_state(&parsed, PARSE_COMPLETE);
		assert_int_equal(parsed.found, 1);
		assert_true(has_found(&parsed, FINDING_ARCHIVE_TRAILING));
		assert_true(has_same_content(&parsed, &other));
	}
	/* A tape's padding is nothing. */
	shell(
	    "gzip -c t.tar >x.tar.gz; head -c 5000 /dev/zero >>x.tar.gz\n"
	    "zstd -q -c t.tar >z.tar.zst; head -c 5000 /dev/zero >>z.tar.zst\n"
	    "7z a -bd z.7z f; head -c 5000 /dev/zero >>z.7z");
	parse("z.7z", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_int_equal(parsed.found, 0);
	parse("x.tar.gz", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_int_equal(parsed.found, 0);
	parse("z.tar.zst", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_int_equal(parsed.found, 0);
}

/* ---- too much ---- */

static void
bombs_end_at_the_limit(void **state)
{
	struct parsing small = PARSING_USUAL;

	(void)state;
	small.limits.bytes = 16 << 20;
	shell("truncate -s 1G zeros; zstd -q -3 zeros -o bomb.zst\n"
	      "bsdtar --read-sparse -cf hole.tar zeros\n"
	      "head -c 40M /dev/zero | bzip2 >bomb.bz2\n"
	      "head -c 40M /dev/zero | gzip >bomb.gz\n"
	      "head -c 40M /dev/zero >z; zip -q bomb.zip z; rm z");
	for (const char *const *name = (const char *const[]){"bomb.zst",
		 "bomb.bz2", "bomb.gz", "bomb.zip", "hole.tar", NULL};
	     *name != NULL; name++) {
		parse_with(*name, small, &parsed);
		print_message(
		    "%s: %s\n", *name, parse_state_name(parsed.result.state));
		assert_state(&parsed, PARSE_PARTIAL);
		assert_true(has_found(&parsed, FINDING_ARCHIVE_LIMIT));
		assert_false(parsed.result.has_manifest);
	}
}

static void
too_many_members_end_at_the_limit(void **state)
{
	struct parsing small = PARSING_USUAL;

	(void)state;
	small.limits.members = 10;
	shell("mkdir many; cd many; seq 1 20 | xargs touch; cd ..\n"
	      "tar -cf many.tar many");
	parse_with("many.tar", small, &parsed);
	assert_state(&parsed, PARSE_PARTIAL);
	assert_true(has_found(&parsed, FINDING_ARCHIVE_LIMIT));
}

static void
windows_beyond_memory_are_a_limit(void **state)
{
	struct parsing small = PARSING_USUAL;

	(void)state;
	small.limits.memory = 16 << 20;
	shell("head -c 40M /dev/zero | zstd -q --long=26 --ultra -1 -o w.zst\n"
	      "rm -f w");
	parse_with("w.zst", small, &parsed);
	assert_state(&parsed, PARSE_PARTIAL);
	assert_true(has_found(&parsed, FINDING_ARCHIVE_LIMIT));
	parse("w.zst", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
}

/* One compression inside another is not followed. */
static void
nested_compression_is_one_file(void **state)
{
	(void)state;
	shell("seq 1 100 | gzip | zstd -q -o n.gz.zst\n"
	      "seq 1 100 | bzip2 | bzip2 >n.bz2.bz2");
	parse("n.gz.zst", &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_true(has_line(&parsed, "\n./n.gz type=file"));
	parse("n.bz2.bz2", &parsed);
	assert_state(&parsed, PARSE_PARTIAL);
	assert_true(has_found(&parsed, FINDING_ARCHIVE_LIMIT));
}

/* An endless archive: as many members as anybody wants, in no space. */
static void
memory_does_not_grow_with_members(void **state)
{
	struct rusage before, after;

	(void)state;
	shell(
	    "mkdir t; echo x >t/f\n"
	    "bsdtar -cf one.tar t\n"
	    "awk 'BEGIN { print \"#mtree\"; for (i = 0; i < 100000; i++) "
	    "printf \"./some/long/folder/name/that/takes/room/%d/file-%d "
	    "type=file mode=0644 time=0 size=0\\n\", i % 1000, i }' >m.mtree\n"
	    "bsdtar -cf - @m.mtree | zstd -q -o m.tar.zst; rm m.mtree");
	parse("one.tar", &parsed);
	assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
	parse("m.tar.zst", &parsed);
	assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
	assert_state(&parsed, PARSE_COMPLETE);
	assert_int_equal(parsed.result.files, 100000);
	print_message("%ld KiB more\n", after.ru_maxrss - before.ru_maxrss);
#ifndef __SANITIZE_ADDRESS__
	assert_true(after.ru_maxrss - before.ru_maxrss < 48 * 1024);
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(encrypted_is_opaque),
	    cmocka_unit_test(partly_encrypted_is_partial),
	    cmocka_unit_test(nothing_is_damaged),
	    cmocka_unit_test(not_what_its_name_says_is_damaged),
	    cmocka_unit_test(unsafe_names_are_told_and_cut),
	    cmocka_unit_test(the_last_of_a_name_counts),
	    cmocka_unit_test(a_file_is_no_folder),
	    cmocka_unit_test(names_are_decoded),
	    cmocka_unit_test(links_and_holes_are_what_they_stand_for),
	    cmocka_unit_test(holes_are_zeros),
	    cmocka_unit_test(devices_have_no_content),
	    cmocka_unit_test(dangling_hard_link_is_partial),
	    cmocka_unit_test(what_follows_the_end_is_told),
	    cmocka_unit_test(bombs_end_at_the_limit),
	    cmocka_unit_test(too_many_members_end_at_the_limit),
	    cmocka_unit_test(windows_beyond_memory_are_a_limit),
	    cmocka_unit_test(nested_compression_is_one_file),
	    cmocka_unit_test(memory_does_not_grow_with_members),
	};

	return cmocka_run_group_tests(tests, parsing_set_up, tree_tear_down);
}
