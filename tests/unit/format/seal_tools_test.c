/*
 * What the programs that encrypt write is recognised, seen as a reader shows
 * it: the first 4 KiB and the last 1 KiB.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/format/seal.h"

#define HEAD_BYTES 4096
#define TAIL_BYTES 1024

static char folder[] = "/tmp/hikae-seal-XXXXXX";

static int
run(const char *command)
{
	char line[1024];

	(void)snprintf(
	    line, sizeof(line), "cd %s && { %s; } >>log 2>&1", folder, command);
	/* NOLINTNEXTLINE(cert-env33-c): what is to be tested are programs */
	return system(line);
}

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL
		   ? -1
		   : run("seq 1 20000 >large && seq 1 9 >small && :>empty && "
			 "mkdir -m 700 ring");
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)run("gpgconf --homedir ring --kill all");
	return run("cd / && rm -rf \"$OLDPWD\"");
}

static enum seal
seal_of_file(const char *name)
{
	uint8_t head[HEAD_BYTES], tail[TAIL_BYTES];
	struct seal_view view = {.head = head, .tail = tail};
	char path[128];
	off_t size;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s is not there", name);
	size = lseek(fd, 0, SEEK_END);
	view.size = (uint64_t)size;
	view.head_length = (size_t)pread(fd, head, HEAD_BYTES, 0);
	if (size > HEAD_BYTES)
		view.tail_length =
		    (size_t)pread(fd, tail, TAIL_BYTES, size - TAIL_BYTES);
	(void)close(fd);
	return seal_recognise(&view);
}

#define GPG "gpg --homedir ring --batch --quiet --yes "
#define SECRET "--pinentry-mode loopback --passphrase x "
#define CERTIFICATE                                                \
	"openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem " \
	"-out c.pem -subj /CN=t -days 2 && "

static const struct {
	enum seal seal;
	const char *command; /* writes the file `out` */
} made[] = {
    {SEAL_WHOLE, GPG SECRET "-c -o out large"},
    {SEAL_WHOLE, GPG SECRET "-c -a -o out large"},
    {SEAL_WHOLE, GPG SECRET "-c -z 0 -o out small"},
    {SEAL_WHOLE, GPG SECRET "-c --cipher-algo 3DES -o out small"},
    {SEAL_WHOLE, GPG SECRET "-c <large >out"},
    {SEAL_WHOLE,
	GPG "--pinentry-mode loopback --passphrase '' "
	    "--quick-gen-key t@example.org default default never && " GPG
	    "--trust-model always -r t@example.org -o out -e "
	    "large"},
    {SEAL_WHOLE, GPG "--trust-model always -R t@example.org -a -o out -e "
		     "small"},
    {SEAL_WHOLE, GPG SECRET "--trust-model always -r t@example.org -c -o out "
			    "-e -s small"},
    {SEAL_NONE, GPG "-s -o out large"},
    {SEAL_NONE, GPG "-s -a -o out large"},
    {SEAL_NONE, GPG "--clearsign -o out small"},
    {SEAL_NONE, GPG "--export -o out"},
    {SEAL_NONE, GPG "--store -o out large"},
    {SEAL_WHOLE, "openssl enc -aes-256-cbc -pbkdf2 -k x -in large -out out"},
    {SEAL_WHOLE, "openssl enc -a -aes-256-ctr -pbkdf2 -k x -in large -out out"},
    {SEAL_WHOLE, CERTIFICATE "openssl cms -encrypt -aes256 -binary -outform "
			     "DER -in large -out out c.pem"},
    {SEAL_WHOLE, "openssl cms -encrypt -stream -aes-256-gcm -binary -outform "
		 "DER -in large -out out c.pem"},
    {SEAL_WHOLE, "openssl cms -encrypt -binary -outform PEM -in large -out "
		 "out c.pem"},
    {SEAL_WHOLE, "openssl smime -encrypt -aes256 -binary -in large -out out "
		 "c.pem"},
    {SEAL_NONE, "openssl cms -sign -nodetach -binary -outform DER -in large "
		"-signer c.pem -inkey k.pem -out out"},
    /* The names too; their absence needs the header, which is small. */
    {SEAL_WHOLE, "7z a -psecret -mhe=on out.7z large small empty && "
		 "mv out.7z out"},
    {SEAL_WHOLE, "7z a -psecret -mhe=on -mx=0 out.7z large && mv out.7z out"},
    /* One file: the header lies open, and says so. */
    {SEAL_WHOLE, "7z a -psecret out.7z large && mv out.7z out"},
    {SEAL_NONE, "7z a out.7z large && mv out.7z out"},
    /* Several: the header is packed. */
    {SEAL_UNCLEAR, "7z a -psecret out.7z large small && mv out.7z out"},
    {SEAL_UNCLEAR, "7z a out.7z large small && mv out.7z out"},
    {SEAL_WHOLE, "zip -q -P x out.zip large small empty && mv out.zip out"},
    {SEAL_WHOLE, "7z a -tzip -psecret -mem=AES256 out.zip large small && "
		 "mv out.zip out"},
    {SEAL_WHOLE, "echo text | zip -q -z -P x out.zip large && mv out.zip out"},
    {SEAL_WHOLE, "cat large large | zip -q -P x -fz- >out"},
    {SEAL_NONE, "zip -q out.zip large small && mv out.zip out"},
    {SEAL_NONE, "zip -q -P x out.zip large && zip -q out.zip small && "
		"mv out.zip out"},
    {SEAL_NONE, "zip -q out.zip small && zip -q -P x out.zip large && "
		"mv out.zip out"},
    /* More members than the end shows. */
    {SEAL_UNCLEAR, "seq 1 2000 | split -l 10 - part. && "
		   "zip -q -P x out.zip part.* && mv out.zip out"},
    {SEAL_NONE, "zip -q out.zip part.* && mv out.zip out"},
    {SEAL_NONE, "gzip -c large >out"},
    {SEAL_NONE, "tar -cf out large"},
};

static void
what_programs_write_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		enum seal seal;

		(void)run("rm -f out out.zip out.7z");
		if (run(made[i].command) != 0)
			fail_msg("cannot run: %s", made[i].command);
		seal = seal_of_file("out");
		if (seal != made[i].seal)
			fail_msg("%s: %d", made[i].command, (int)seal);
	}
}

/* Cut anywhere, an archive is not clearer than it was. */
static void
cut_archives_are_not_whole(void **state)
{
	static const char *const commands[] = {
	    "zip -q -P x out.zip large small && head -c -1 out.zip >out",
	    "7z a -psecret -mhe=on out.7z large small && "
	    "head -c -1 out.7z >out",
	    "zip -q -P x out.zip large && head -c 9000 out.zip >out",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		(void)run("rm -f out out.zip out.7z");
		assert_int_equal(run(commands[i]), 0);
		assert_int_equal(seal_of_file("out"), SEAL_UNCLEAR);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_programs_write_is_known),
	    cmocka_unit_test(cut_archives_are_not_whole),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
