/*
 * bsdtar (libarchive) and NetBSD's mtree read hikae's lines: a tree with the
 * names that break programs is described, and both must find it as it is.
 *
 * NetBSD's mtree takes a name with * ? [ for a pattern even when these are
 * escaped; such names work with it as long as they match no other file, so
 * the ones below match only themselves.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/crypto/digest.h"
#include "lib/format/mtree.h"

#define LONG_32                                                        \
	"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e" \
	"\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f"
#define LONG_64 LONG_32 "0123456789012345678901234567890\xff"

static const char *const names[] = {"plain", "a b", " lead", "trail ", "#hash",
    "a#b", "back\\slash", "back\\040", "g*1", "g?2", "[x]", "new\nline",
    "tab\t", "\r", "\x01", "\x7f", "\x8b\x4c\x98\x5e\x95\x5c" /* Shift_JIS */,
    "e\xcc\x81" /* NFD */, "\xe8\xa8\x98\xe9\x8c\xb2", "-dash", "--", "=",
    "a=b", "type=dir", "size=5", "...", ".hidden", "~", "!", "'q\"", "$x", "%",
    "`x`", "{}", "\xff\xfe",
    LONG_64 LONG_64 LONG_64 LONG_32 "0123456789012345678901234567890"};
#define NAMES (sizeof(names) / sizeof(*names))

static char folder[] = "/tmp/hikae-mtree-XXXXXX";

/* As it stands in the tree: the file's name is also its content.  The mtime
 * has nanoseconds and, for every second file, lies before 1970. */
static void
make_file(size_t i, const char *below, struct bytes *out)
{
	struct error err = {0};
	struct timespec times[2] = {{0}};
	char path[600];
	struct mtree_entry entry = {.type = MTREE_FILE,
	    .has_size = true,
	    .has_time = true,
	    .has_mode = true,
	    .has_digest = true,
	    .size = strlen(names[i]),
	    .time_seconds = i % 2 == 0 ? -2 : 1700000000,
	    .time_nanoseconds = 5,
	    .mode = 0640};
	FILE *file;

	snprintf(path, sizeof(path), "%s/tree/%s%s", folder, below, names[i]);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(names[i], file);
	fclose(file);
	times[1].tv_sec = entry.time_seconds;
	times[1].tv_nsec = entry.time_nanoseconds;
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(chmod(path, 0640), 0);
	digest_sha256_of(names[i], strlen(names[i]), entry.digest);
	entry.path = path + strlen(folder) + strlen("/tree/");
	entry.path_length = strlen(entry.path);
	assert_int_equal(mtree_append_entry(out, &entry, &err), 0);
}

static void
make_link(const char *name, const char *target, struct bytes *out)
{
	struct error err = {0};
	struct mtree_entry entry = {.path = name,
	    .path_length = strlen(name),
	    .type = MTREE_LINK,
	    .link = target,
	    .link_length = strlen(target)};
	char path[600];

	snprintf(path, sizeof(path), "%s/tree/%s", folder, name);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(mtree_append_entry(out, &entry, &err), 0);
}

static int
make_tree(void **state)
{
	struct error err = {0};
	struct bytes out = BYTES_EMPTY;
	struct mtree_entry sub = {
	    .path = "sub [*]", .path_length = 7, .type = MTREE_FOLDER};
	char path[100];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/tree", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/tree/sub [*]", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	bytes_append_text(
	    &out, "#mtree\n# hikae manifest 1\n. type=dir\n# hikae slice 0\n");
	for (size_t i = 0; i < NAMES; i++)
		make_file(i, "", &out);
	bytes_append_text(&out, "# hikae slice 1 offset=64 sha256state=00\n"
				"# hikae unread io\n");
	assert_int_equal(mtree_append_entry(&out, &sub, &err), 0);
	for (size_t i = 0; i < NAMES; i++)
		make_file(i, "sub [*]/", &out);
	make_link("link", "/abs/a b\\#*\n\x8b=", &out);
	make_link("l\x8b\x5cink", "-x", &out);
	bytes_append_text(&out, "# files 1 bytes 2\n# content undetermined\n");
	snprintf(path, sizeof(path), "%s/x.mtree", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(out.data, 1, out.length, file), out.length);
	fclose(file);
	bytes_done(&out);
	return 0;
}

/* Run a command in the test's folder; true when it succeeded silently. */
static bool
is_silent_success(const char *command)
{
	char whole[600];
	bool is_silent = true;
	FILE *pipe;
	int c;

	snprintf(whole, sizeof(whole),
	    "cd %s && export LC_ALL=C && { %s; } 2>&1", folder, command);
	pipe = popen(whole, "r");
	assert_non_null(pipe);
	while ((c = getc(pipe)) != EOF) {
		is_silent = false;
		putc(c, stderr);
	}
	return pclose(pipe) == 0 && is_silent;
}

static int
remove_tree(void **state)
{
	(void)state;
	return is_silent_success("rm -rf ../${PWD##*/}") ? 0 : -1;
}

static bool
is_missing(const char *program)
{
	char command[100];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", program);
	return system(command) != 0;
}

/* Also that the digests are compared at all: one byte changed is found. */
static void
netbsd_mtree_finds_the_tree(void **state)
{
	(void)state;
	if (is_missing("mtree"))
		skip();
	assert_true(is_silent_success("mtree -f x.mtree -p tree"));
	assert_true(is_silent_success(
	    "cp -a tree other && printf X | dd of='other/sub [*]/a#b' "
	    "conv=notrunc status=none && "
	    "! mtree -f x.mtree -p other >found && "
	    "grep -q sha256 found && ! grep -q -e missing -e extra found"));
}

/* bsdtar takes names and types from the lines, content from the tree. */
static void
bsdtar_makes_the_same_tree(void **state)
{
	(void)state;
	if (is_missing("bsdtar"))
		skip();
	assert_true(is_silent_success(
	    "mkdir out && (cd tree && bsdtar --format=gnutar -cf - "
	    "@../x.mtree) | bsdtar -xpf - -C out && "
	    "diff -r --no-dereference tree out"));
	assert_true(
	    is_silent_success("bsdtar -tvf x.mtree | grep -c . >count && "
			      "test $(cat count) -gt 70"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(netbsd_mtree_finds_the_tree),
	    cmocka_unit_test(bsdtar_makes_the_same_tree),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
