/*
 * Archives of every kind and compression, made by other programs: all of them
 * contain the same, and say so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/os/tree.h"

#include "tests/unit/examine/parsing.h"

/* A small generation: Japanese names, an empty file, a link, folders. */
static void
make_generation(void)
{
	shell("mkdir -p src/カルテ/検査 src/empty\n"
	      "seq 1 40000 >src/dump.sql\n"
	      "printf 'プログラム' >src/カルテ/表.txt\n"
	      "printf x >src/カルテ/検査/結果.csv\n"
	      ": >src/カルテ/空.dat\n"
	      "head -c 300000 /dev/urandom >src/image.dcm\n"
	      "touch -d 2026-11-21 src/dump.sql");
}

static const struct {
	const char *name, *kind, *command;
} makers[] = {
    {"a.tar", "tar", "tar -C src -cf a.tar ."},
    {"p.tar", "tar", "tar --format=pax -C src -cf p.tar ."},
    {"u.tar", "tar", "tar --format=ustar -cf u.tar src"},
    {"v.tar", "tar", "tar --format=v7 -cf v.tar src"},
    {"b.tar", "tar", "bsdtar -cf b.tar src"},
    {"a.tar.gz", "tar", "tar -C src -czf a.tar.gz ."},
    {"a.tgz", "tar", "tar -C src -czf a.tgz ."},
    {"a.tar.bz2", "tar", "tar -C src -cjf a.tar.bz2 ."},
    {"a.tar.xz", "tar", "tar -C src -cJf a.tar.xz ."},
    {"a.tar.zst", "tar", "tar -C src -c . | zstd -q -o a.tar.zst"},
    {"a.tar.lz4", "tar", "tar -C src -c . | lz4 -q - a.tar.lz4"},
    {"p.tar.zst", "tar", "pzstd -q -p 4 -o p.tar.zst a.tar"},
    {"two.tar.gz", "tar",
	"{ head -c 100000 a.tar | gzip; tail -c +100001 a.tar | gzip; }"
	" >two.tar.gz"},
    {"two.tar.zst", "tar",
	"{ head -c 100000 a.tar | zstd -q; tail -c +100001 a.tar | zstd -q; }"
	" >two.tar.zst"},
    {"two.tar.bz2", "tar",
	"{ head -c 100000 a.tar | bzip2; tail -c +100001 a.tar | bzip2; }"
	" >two.tar.bz2"},
    {"two.tar.xz", "tar",
	"{ head -c 100000 a.tar | xz; tail -c +100001 a.tar | xz; }"
	" >two.tar.xz"},
    {"long.tar.zst", "tar", "zstd -q --long=27 -o long.tar.zst a.tar"},
    {"skip.tar.zst", "tar",
	"{ printf '\\120\\052\\115\\030\\004\\0\\0\\0abcd'; cat a.tar.zst; }"
	" >skip.tar.zst"},
    {"a.cpio", "cpio", "find src | cpio -o -H newc >a.cpio"},
    {"o.cpio.gz", "cpio", "find src | cpio -o -H odc | gzip >o.cpio.gz"},
    {"c.cpio", "cpio", "find src | cpio -o -H crc >c.cpio"},
    {"a.zip", "zip", "zip -qr a.zip src"},
    {"s.zip", "zip", "zip -qr0 s.zip src"},
    {"pipe.zip", "zip", "zip -qr - src | cat >pipe.zip"},
    {"b.zip", "zip", "bsdtar -a -cf b.zip src"},
    {"a.7z", "7z", "7z a -bd a.7z ./src/*"},
    {"c.7z", "7z", "7z a -bd -m0=bzip2 c.7z ./src/*"},
    {"n.7z", "7z", "7z a -bd -ms=off -m0=deflate n.7z ./src/*"},
    {"r.iso", "iso9660", "genisoimage -quiet -R -o r.iso src"},
    {"j.iso", "iso9660", "genisoimage -quiet -J -joliet-long -o j.iso src"},
    {"rj.iso", "iso9660", "genisoimage -quiet -R -J -o rj.iso src"},
};

static void
every_kind_has_the_same_content(void **state)
{
	static struct parsed first, parsed;

	(void)state;
	make_generation();
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		shell(makers[i].command);
		parse(makers[i].name, &parsed);
		if (i == 0)
			first = parsed;
		print_message("%s: %s %s, %zu findings\n", makers[i].name,
		    archive_kind_name(parsed.result.kind),
		    parse_state_name(parsed.result.state), parsed.found);
		assert_kind(&parsed, makers[i].kind);
		assert_state(&parsed, PARSE_COMPLETE);
		assert_int_equal(parsed.found, 0);
		assert_true(parsed.result.has_manifest);
		assert_int_equal(parsed.result.files, 5);
		assert_int_equal(parsed.result.bytes, first.result.bytes);
		assert_true(has_same_content(&parsed, &first));
		assert_int_equal(parsed.result.is_seeking,
		    archive_kind_is_seeking(parsed.result.kind));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_has_the_same_content),
	};

	return cmocka_run_group_tests(tests, parsing_set_up, tree_tear_down);
}
