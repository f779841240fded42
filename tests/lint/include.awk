# Rules about includes, from what tokens.awk gives.
# Output, separated by tabs: FILE LINE RULE WORD MESSAGE.
#
# layer   a module includes lower layers and its own folder only
# circle  headers do not include each other in a circle (what a source includes
#         does not count: catalog.c and the internal header that both it and
#         catalog_part.c include); printed as FILE LINE edge FROM TO for run.sh
# owner   a third-party header belongs to one module

BEGIN {
	FS = OFS = "\t"
	order = "base:0 os:1 crypto:2 format:2 model:3 inspect:3 examine:4 " \
		"worker:5 store:5 judge:6 output:7"
	n = split(order, pair, " ")
	for (i = 1; i <= n; i++) {
		split(pair[i], part, ":")
		layer[part[1]] = part[2]
	}
	# Within one layer only this is allowed; below it, this is not.
	allowed["inspect model"] = 1
	forbidden["judge examine"] = forbidden["output examine"] = 1

	owner["sodium.h"] = "lib/crypto/signature"
	owner["openssl/"] = "lib/crypto/digest"
	owner["archive.h"] = owner["archive_entry.h"] = "lib/format/archive"
	owner["zstd.h"] = owner["zstd_errors.h"] = "lib/format/frame"
	owner["ucontext.h"] = "lib/format/decoder"
	owner["zlib.h"] = "lib/format/gzip"
	owner["jansson.h"] = "lib/format/json"
	owner["sqlite3.h"] = "lib/store/sql"
	owner["libaio.h"] = "lib/os/stream"
	owner["cpuid.h"] = owner["immintrin.h"] = "lib/crypto/digest"
	owner["seccomp.h"] = owner["linux/landlock.h"] = "lib/os/sandbox"
	owner["blkid/"] = "lib/os/superblock"
	owner["qrencode.h"] = "lib/output/qr"
	owner["libintl.h"] = "lib/base/i18n"

	# What the C library and the kernel bring belongs to everybody.
	n = split("assert ctype dirent dlfcn elf endian errno fcntl fnmatch " \
	    "ftw getopt glob grp iconv ifaddrs inttypes langinfo libgen limits " \
	    "locale malloc math mntent netdb poll pthread pwd regex sched setjmp " \
	    "signal stdarg stdatomic stdbool stddef stdint stdio " \
	    "stdio_ext stdlib string strings sysexits syslog termios " \
	    "time uchar unistd utime wchar wctype", name, " ")
	for (i = 1; i <= n; i++)
		common[name[i] ".h"] = 1
}

function report(rule, word, message)
{
	print $1, $2, rule, word, message
}

# "base" of lib/base/...; "daemon", "cli", "tests" of theirs.
function folder(path,    part)
{
	split(path, part, "/")
	return part[1] == "lib" ? part[2] : part[1]
}

# The module of a file: lib/x/foo_part.c is part of foo when foo.h is there.
function module(path,    stem, shorter)
{
	stem = shorter = path
	sub(/\.[ch]$/, "", stem)
	shorter = stem
	while (sub(/_[^_\/]*$/, "", shorter))
		if ((shorter ".h") in files)
			return shorter
	return stem
}

function check_own(path,    from, to)
{
	from = folder($1)
	to = folder(path)
	if (from == "tests" || from == "bench")
		return
	if (to == "tests" || to == "bench")
		report("layer", path, "product code includes a test")
	else if (from == "daemon" && to == "cli" || from == "cli" && to == "daemon")
		report("layer", path, "daemon and cli never reach each other")
	else if (from == "daemon" || from == "cli" || from == to)
		;
	else if (!(from in layer) || !(to in layer))
		report("layer", path, "a folder that is no layer")
	else if (from " " to in forbidden)
		report("layer", path, from " never reaches " to)
	else if (layer[to] > layer[from])
		report("layer", path, from " is below " to)
	else if (layer[to] == layer[from] && !(from " " to in allowed))
		report("layer", path, from " and " to " are one layer")
	if (from == to && $1 ~ /\.h$/)
		print $1, $2, "edge", $1, path
}

function check_foreign(header,    key)
{
	if (folder($1) == "tests" || folder($1) == "bench")
		return
	key = header
	sub(/\/.*/, "/", key)
	if (header in owner)
		key = header
	if (key in owner) {
		if (module($1) != owner[key])
			report("owner", header, "belongs to " owner[key])
	} else if (!(header in common) &&
	    header !~ /^(sys|linux|netinet|arpa|net|asm)\//) {
		report("owner", header, "has no owner (tests/lint/include.awk)")
	}
}

# A list of the tree's files comes first, on standard input.
FILENAME == "-" {
	files[$1] = 1
	next
}

$3 == "include" {
	path = substr($4, 2, length($4) - 2)
	if (substr($4, 1, 1) == "\"")
		check_own(path)
	else
		check_foreign(path)
}
