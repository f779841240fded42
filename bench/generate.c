/*
 * generate: data that looks like what hospitals back up, the same every time.
 *
 *   generate images FOLDER COUNT   files of 448 to 576 KiB, like DICOM images
 *   generate texts  FOLDER COUNT   files of 2 to 8 KiB, like SS-MIX2's HL7
 *   generate names  FOLDER COUNT   empty files, a thousand a folder
 *   generate dump   FILE   MIB     a tar of a database: half of it in members
 *                                  of 256 MiB, half in members of 512 KiB
 *   generate sql    FILE   MIB     a text dump of a table
 *
 * No bytes of any real record are in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)
#define TAR_BLOCK 512

/* Large enough for any file made in one piece. */
static uint8_t room[2 * MIB];

/* Steele, Lea and Flood's SplitMix64: small, fast, and good enough here. */
static uint64_t random_state;

static uint64_t
next_random(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Each file has its own sequence, so that its content hangs on its name. */
static void
seed(uint64_t set, uint64_t number)
{
	random_state = set << 40 ^ number;
	(void)next_random();
}

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static void
make_folders(char *path)
{
	for (char *at = path + 1;; at++) {
		char was = *at;

		if (was != '/' && was != '\0')
			continue;
		*at = '\0';
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			fail(path);
		*at = was;
		if (was == '\0')
			return;
	}
}

static int
create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		fail(path);
	return fd;
}

static void
put(int fd, const void *data, size_t length)
{
	const uint8_t *at = data;

	while (length > 0) {
		ssize_t got = write(fd, at, length);

		if (got < 0)
			fail("write");
		at += got;
		length -= (size_t)got;
	}
}

static void
write_file(const char *path, const void *data, size_t length)
{
	int fd = create(path);

	put(fd, data, length);
	if (close(fd) != 0)
		fail(path);
}

/* Pixels of 12 bits in 16: a gradient, and some five bits of noise. */
static void
draw(uint8_t *data, size_t length)
{
	uint16_t base = (uint16_t)(next_random() & 0x3ff);
	uint16_t line[8];

	for (size_t at = 0; at + sizeof(line) <= length; at += sizeof(line)) {
		uint64_t noise = next_random();

		for (unsigned i = 0; i < 8; i++)
			line[i] = (uint16_t)((base + (at >> 9) +
						 (noise >> 8 * i & 31)) &
					     0xfff);
		memcpy(data + at, line, sizeof(line));
	}
}

static void
make_images(const char *folder, unsigned long count)
{
	char path[4096];

	for (unsigned long i = 0; i < count; i++) {
		size_t size, header;

		seed(1, i);
		size = 448 * KIB + next_random() % (128 * KIB);
		memset(room, 0, size);
		memcpy(room + 128, "DICM", 4);
		header = 132 + (size_t)snprintf((char *)room + 132, 500,
				   "UI 1.2.392.%lu LO HOSPITAL PN TEST^%06lu",
				   i, i / 200);
		draw(room + header, size - header);
		(void)snprintf(path, sizeof(path), "%s/%04lu/study%lu", folder,
		    i / 200, i / 100 % 2);
		if (i % 100 == 0)
			make_folders(path);
		(void)snprintf(path, sizeof(path),
		    "%s/%04lu/study%lu/IM%06lu.dcm", folder, i / 200,
		    i / 100 % 2, i);
		write_file(path, room, size);
	}
}

static const char *const words[] = {"glucose", "potassium", "sodium", "WBC",
    "creatinine", "hemoglobin", "platelets", "mg/dL", "mmol/L", "10*3/uL", "H",
    "L", "N", "final", "order", "ward", "outpatient", "injection", "JLAC10",
    "receipt", "insurance", "radiology", "admission", "discharge"};
#define WORDS (sizeof(words) / sizeof(words[0]))

/* Lines of results; the last one is cut where the text is to end. */
static void
write_results(char *to, size_t length)
{
	size_t at = 0;

	while (at < length) {
		uint64_t r = next_random();
		int n = snprintf(to + at, length - at,
		    "OBX|%u|NM|%s^JC10||%u|%s|F\r", (unsigned)(at & 127),
		    words[r % WORDS], (unsigned)(r >> 40) & 0xffff,
		    words[(r >> 16) % WORDS]);

		at += (size_t)n;
	}
}

static void
make_texts(const char *folder, unsigned long count)
{
	char path[4096], where[2048];

	for (unsigned long i = 0; i < count; i++) {
		unsigned long patient = i / 100;
		size_t size, header;

		seed(2, i);
		size = 2 * KIB + next_random() % (6 * KIB);
		header = (size_t)snprintf((char *)room, sizeof(room),
		    "MSH|^~\\&|HIS|SEND|GW|RCV|20260401||OML^O33|%lu|P|2.5\r"
		    "PID|0001||%010lu^^^^PI||",
		    i, patient);
		write_results((char *)room + header, size + 1 - header);
		(void)snprintf(where, sizeof(where),
		    "%s/%03lu/%03lu/%010lu/202604%02lu/OML-%02lu", folder,
		    patient % 50, patient / 50 % 40, patient, 1 + i / 10 % 10,
		    1 + i / 5 % 2);
		if (i % 5 == 0)
			make_folders(where);
		(void)snprintf(path, sizeof(path), "%s/%010lu_%015lu_-_1",
		    where, patient, i);
		write_file(path, room, size);
	}
}

static void
make_names(const char *folder, unsigned long count)
{
	char path[4096];

	for (unsigned long i = 0; i < count; i++) {
		(void)snprintf(
		    path, sizeof(path), "%s/%05lu", folder, i / 1000);
		if (i % 1000 == 0)
			make_folders(path);
		(void)snprintf(
		    path, sizeof(path), "%s/%05lu/%010lu", folder, i / 1000, i);
		if (close(create(path)) != 0)
			fail(path);
	}
}

/* Lines of a table, as a dump has them; continued from call to call. */
static void
write_rows(uint8_t *to, size_t length)
{
	static uint64_t row;
	char line[256];

	while (length > 0) {
		uint64_t r = next_random(), s = next_random();
		size_t n = (size_t)snprintf(line, sizeof(line),
		    "%010llu\t%08llu\t2026-%02u-%02u\t%s %s %s %s\t%016llx\n",
		    (unsigned long long)row++,
		    (unsigned long long)(r % 100000000),
		    (unsigned)(r >> 40) % 12 + 1, (unsigned)(r >> 48) % 28 + 1,
		    words[s % WORDS], words[(s >> 8) % WORDS],
		    words[(s >> 16) % WORDS], words[(s >> 24) % WORDS],
		    (unsigned long long)s);

		if (n > length)
			n = length;
		memcpy(to, line, n);
		to += n;
		length -= n;
	}
}

/* A header of POSIX.1-1988 "ustar". */
static void
put_member(int fd, const char *folder, unsigned long number, size_t size)
{
	char header[TAR_BLOCK] = {0};
	unsigned sum = 0;

	(void)snprintf(header, 100, "ehr/%s/%06lu.dat", folder, number);
	memcpy(header + 100, "0000644\0000000000\0000000000", 24);
	(void)snprintf(header + 124, 12, "%011zo", size);
	(void)snprintf(header + 136, 12, "%011o", 1775000000u);
	memset(header + 148, ' ', 8);
	header[156] = '0';
	memcpy(header + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof(header); i++)
		sum += (uint8_t)header[i];
	(void)snprintf(header + 148, 8, "%06o", sum);
	put(fd, header, sizeof(header));
	for (size_t done = 0; done < size; done += 512 * KIB) {
		write_rows(room, 512 * KIB);
		put(fd, room, 512 * KIB);
	}
}

static void
make_dump(const char *path, unsigned long mib)
{
	int fd = create(path);

	seed(3, 0);
	for (unsigned long i = 0; i < mib / 512; i++)
		put_member(fd, "tables", i, 256 * MIB);
	for (unsigned long i = 0; i < mib - mib / 512 * 256; i++) {
		put_member(fd, "files", 2 * i, 512 * KIB);
		put_member(fd, "files", 2 * i + 1, 512 * KIB);
	}
	memset(room, 0, 2 * TAR_BLOCK);
	put(fd, room, 2 * TAR_BLOCK);
	if (close(fd) != 0)
		fail(path);
}

static void
make_sql(const char *path, unsigned long mib)
{
	static const char head[] = "--\n-- PostgreSQL database dump\n--\n"
				   "COPY public.receipt FROM stdin;\n";
	static const char tail[] = "\\.\n"
				   "-- PostgreSQL database dump complete\n";
	int fd = create(path);

	seed(4, 0);
	put(fd, head, sizeof(head) - 1);
	for (unsigned long i = 0; i < mib; i++) {
		write_rows(room, MIB);
		put(fd, room, MIB);
	}
	put(fd, tail, sizeof(tail) - 1);
	if (close(fd) != 0)
		fail(path);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*make)(const char *target, unsigned long count);
	} sets[] = {
	    {"images", make_images},
	    {"texts", make_texts},
	    {"names", make_names},
	    {"dump", make_dump},
	    {"sql", make_sql},
	};

	for (size_t i = 0; argc == 4 && i < sizeof(sets) / sizeof(sets[0]); i++)
		if (strcmp(argv[1], sets[i].name) == 0) {
			sets[i].make(argv[2], strtoul(argv[3], NULL, 10));
			return 0;
		}
	(void)fprintf(stderr, "usage: generate images|texts|names|dump|sql "
			      "TARGET COUNT\n");
	return 64;
}
