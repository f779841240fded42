/*
 * A configuration is whole or refused with every problem named; the sample in
 * conf/hikae.conf is what the table prints.
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

#include "lib/model/config.h"
#include "lib/model/config_key.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BASE                                           \
	"[facility]\nid = h\nname = 中央病院\n"    \
	"[system ehr]\nkind = ehr\n"                   \
	"[medium nas]\nkind = nas\npath = /mnt/nas/\n" \
	"[source a]\nsystem = ehr\nmedium = nas\nlayout = directory\n"

#define MAIL BASE "[notify a]\nmethod = mail\n"

static struct config *
load(const char *text)
{
	struct config_problems problems;
	struct config *config = NULL;

	if (config_load_text("f", text, strlen(text), &config, &problems) !=
	    0) {
		for (size_t i = 0; i < problems.count; i++)
			print_message("%s\n", problems.texts[i]);
		fail();
	}
	assert_int_equal(problems.count, 0);
	config_problems_done(&problems);
	return config;
}

static void
standards_and_values(void **state)
{
	struct config *c = load("[policy]\ncoverage = 14d\nreaders = 4\n" BASE
				"pattern = %Y%m%d\npath = x/y\n"
				"ignore = *.tmp , lost+found\n"
				"strip = 2\ncharset = cp932\n"
				"[medium usb]\nkind = removable\npath = /u\n"
				"coverage = 60d\noffline = detached\n");

	(void)state;
	assert_string_equal(c->facility.name, "中央病院");
	assert_string_equal(c->facility.timezone, "Asia/Tokyo");
	assert_true(c->policy.scan_interval_ms == 900000);
	assert_true(c->policy.nightly_limit == CONFIG_UNLIMITED);
	assert_true(c->policy.slice_size == 1 << 30);
	assert_int_equal(c->policy.sandbox, CONFIG_SANDBOX_REQUIRED);
	assert_true(c->policy.full_after_capture);
	assert_int_equal(c->policy.window.end_minute, 1440);
	assert_int_equal(c->system_count, 1);
	assert_string_equal(c->systems[0].name, "ehr");
	assert_true(c->systems[0].grace_ms == c->policy.late_grace_ms);
	assert_int_equal(c->medium_count, 2);
	assert_string_equal(c->media[0].id, "nas");
	assert_string_equal(c->media[0].path, "/mnt/nas");
	assert_true(c->media[0].coverage_ms == 14 * INT64_C(86400000));
	assert_true(c->media[0].readers == 4);
	assert_true(c->media[1].coverage_ms == 60 * INT64_C(86400000));
	assert_int_equal(c->media[1].offline, CONFIG_OFFLINE_DETACHED);
	assert_true(c->media[1].is_mount_point);
	assert_ptr_equal(c->sources[0].medium, &c->media[0]);
	assert_ptr_equal(c->sources[0].system, &c->systems[0]);
	assert_string_equal(c->sources[0].path, "x/y");
	assert_true(c->sources[0].strip == 2);
	assert_int_equal(c->sources[0].ignore.count, 2);
	assert_string_equal(c->sources[0].ignore.items[0], "*.tmp");
	assert_string_equal(c->sources[0].ignore.items[1], "lost+found");
	assert_ptr_equal(config_find_medium(c, "usb"), &c->media[1]);
	assert_ptr_equal(config_find_source(c, "a"), &c->sources[0]);
	assert_null(config_find_system(c, "nas"));
	config_free(c);
	config_free(NULL);
}

/* Who is told: standards, and what an address may be. */
static void
notify_sections(void **state)
{
	struct config *c = load(MAIL "to = a@b, root, x+y=z@h.example\n"
				     "escalate_after = 1h\nescalate_to = b\n"
				     "[notify b]\nmethod = command\n"
				     "command = /bin/true\nevents = none\n"
				     "group = 0s\n"
				     "[notify c]\nmethod = heartbeat\n");
	const struct config_notify *mail = config_find_notify(c, "a");
	const struct config_notify *command = config_find_notify(c, "b");

	(void)state;
	assert_int_equal(c->notify_count, 3);
	assert_int_equal(mail->to.count, 3);
	assert_int_equal(mail->events, CONFIG_EVENT_BAD |
					   CONFIG_EVENT_UNDETERMINED |
					   CONFIG_EVENT_RECOVERED);
	assert_true(mail->group_ms == 300000);
	assert_true(mail->digest_minute == 8 * 60);
	assert_true(mail->repeat_ms == 86400000);
	assert_string_equal(config_notify_program(mail), "/usr/sbin/sendmail");
	assert_int_equal(command->events, 0);
	assert_true(command->group_ms == 0);
	assert_string_equal(config_notify_program(command), "/bin/true");
	assert_null(config_notify_program(config_find_notify(c, "c")));
	assert_null(config_find_notify(c, "d"));
	config_free(c);
}

/* Both ends of a range belong to it. */
static void
bounds_are_inclusive(void **state)
{
	struct config *low = load(BASE "[policy]\ncoverage = 1d\n"
				       "slice_size = 64KiB\nreaders = 1\n");
	struct config *high = load(BASE "[policy]\ncoverage = 1830d\n"
					"slice_size = 64GiB\nreaders = 32\n");

	(void)state;
	assert_true(low->policy.slice_size == 65536);
	assert_true(low->policy.readers == 1);
	assert_true(high->policy.slice_size == UINT64_C(64) << 30);
	assert_true(high->policy.readers == 32);
	config_free(low);
	config_free(high);
}

static const struct {
	const char *text;
	const char *problems[4]; /* how each begins, in order */
} wrong[] = {
    {"", {"id is missing", "name is missing"}},
    {BASE "nonsense = 1\n", {"f:13: "}},
    /* What may have been meant is said where it can be only one. */
    {BASE "[polcy]\nx = 1\n",
	{"f:13: there is no section [polcy]; did you mean [policy]?"}},
    {BASE "[medai nas]\n",
	{"f:13: there is no section [medai]; known are facility"}},
    {BASE "[policy]\nsettle_tiem = 5m\n",
	{"f:14: there is no key \"settle_tiem\" in [policy]; did you mean "
	 "\"settle_time\"?"}},
    {BASE "[policy]\nsettle = 5m\n",
	{"f:14: there is no key \"settle\" in [policy]; did you mean "
	 "\"settle_time\"?"}},
    {BASE "[policy]\nmountpoint = no\n",
	{"f:14: there is no key \"mountpoint\" in [policy]"}},
    {BASE "[policy]\ncoverage = 30\n", {"f:14: coverage: "}},
    {BASE "[policy]\ncoverage = 1h\n",
	{"f:14: coverage: it must be between 1d and 1830d"}},
    {BASE "[policy]\nslice_size = 65GiB\n", {"f:14: slice_size: it must be"}},
    {BASE "[policy]\nslice_size = 1000001B\n", {"f:14: slice_size: "}},
    {BASE "[policy]\nreaders = 0\n", {"f:14: readers: "}},
    {BASE "[policy]\nsandbox = off\n",
	{"f:14: sandbox: it must be one of: required, best-effort"}},
    {BASE "[policy]\nfull_after_capture = true\n", {"f:14: full_after"}},
    {BASE "[policy]\nwindow = 25:00-26:00\n", {"f:14: window: "}},
    {BASE "[policy]\nreaders = 1\n[policy]\nreaders = 1\n",
	{"f:16: readers is already set in f, line 14"}},
    {BASE "[policy x]\n", {"f:13: "}},
    {BASE "[system ehr]\nkind = other\n",
	{"f:13: [system ehr] is already defined in f, line 4"}},
    {BASE "[system EHR]\n", {"f:13: "}},
    {BASE "[system]\nkind = ehr\n", {"f:13: "}},
    {BASE "[system aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n", {"f:13: "}},
    {BASE "[system b]\n", {"f:13: kind is missing in [system]"}},
    {BASE "[source b]\nsystem = x\nmedium = y\nlayout = file\n",
	{"f:14: system: there is no [system x]",
	    "f:15: medium: there is no [medium y]"}},
    {BASE "[source b]\nsystem = ehr\nmedium = nas\nlayout = tree\n",
	{"f:13: [source a] and [source b] are the same place"}},
    {BASE "[source b]\nsystem = ehr\nmedium = nas\nlayout = tree\n"
	  "pattern = %Y%m%d\n",
	{"f:17: pattern: "}},
    {BASE "[medium b]\nkind = disk\npath = /mnt/nas\n",
	{"f:8: path: /mnt/nas is already the path of [medium b]"}},
    /* Disks may take turns, but not with what is no mount point. */
    {BASE "[medium b]\nkind = disk\npath = /b\nuuid = a-1\n"
	  "[medium c]\nkind = disk\npath = /b\nuuid = a-2\n"
	  "mountpoint = no\n",
	{"f:19: path: /b is already the path of [medium b]"}},
    {BASE "[medium b]\nkind = disk\npath = /b\nuuid = a-1\n"
	  "[medium c]\nkind = disk\npath = /c\nuuid = A-1\n",
	{"f:20: uuid: it is already that of [medium b]"}},
    {BASE "[medium b]\nkind = nas\npath = /b\naddress = nas1\n",
	{"f:16: address: "}},
    {BASE "[medium b]\nkind = nas\npath = /b\naddress = nas1:65536\n",
	{"f:16: address: "}},
    {BASE "[medium b]\nkind = nas\npath = /b\naddress = fe80::1:22\n",
	{"f:16: address: "}},
    {BASE "[medium b]\nkind = nas\npath = /b\naddress = [fe80::1]:22x\n",
	{"f:16: address: "}},
    {BASE "[medium b]\nkind = nas\npath = /b\nattach_time = 30s\n",
	{"f:16: attach_time: "}},
    {BASE "[medium b]\nkind = disk\npath = mnt\n", {"f:15: path: "}},
    {BASE "[medium b]\nkind = disk\npath = /a/../b\n", {"f:15: path: "}},
    {BASE "[medium b]\nkind = disk\npath = /b\nmount = hikae\n",
	{"f:16: mount: "}},
    {BASE "[medium b]\nkind = disk\npath = /b\nuuid = a-1\n"
	  "mount = hikae\nmountpoint = no\nwitness = yes\n"
	  "write_probe = yes\nwrite_probe_user = backup\n"
	  "write_probe_control = /c\n",
	{"f:17: mount: ", "f:19: witness: ", "f:20: write_probe: "}},
    {BASE "[medium b]\nkind = disk\npath = /b\nwrite_probe = yes\n",
	{"f:16: write_probe: it needs write_probe_user",
	    "f:16: write_probe: it needs write_probe_control"}},
    {BASE "[medium b]\nkind = disk\npath = /b\n"
	  "write_probe_control = c\n",
	{"f:16: write_probe_control: "}},
    {BASE "path = /x\n", {"f:13: path: "}},
    {BASE "path = ../x\n", {"f:13: path: "}},
    {BASE "path = x//y\n", {"f:13: path: "}},
    {BASE "pattern = %Q\n", {"f:13: pattern: "}},
    {BASE "marker = a/b\n", {"f:13: marker: "}},
    {BASE "ignore = a,,b\n", {"f:13: ignore: "}},
    {BASE "strip = 9\n", {"f:13: strip: "}},
    {BASE "[notify]\nmethod = mail\n", {"f:13: "}},
    {BASE "[notify a]\nto = a@b\n", {"f:13: method is missing"}},
    {BASE "[notify a]\nmethod = fax\nto = a@b\n", {"f:14: method: "}},
    {BASE "[notify a]\nmethod = mail\n", {"f:13: to: a mail needs an address"}},
    {MAIL "to = a@b, two words, -x, a<b>\n",
	{"f:15: to: \"two words\" is no mail address", "f:15: to: \"-x\" is no",
	    "f:15: to: \"a<b>\" is no"}},
    {MAIL "to = a@b\nfrom = \"x\" <a@b>\n", {"f:16: from: "}},
    {MAIL "to = 病院@b\n", {"f:15: to: "}},
    {MAIL "to = a@b\nevents = bad, good\n",
	{"f:16: events: \"good\" is none of"}},
    {MAIL "to = a@b\ncommand = sendmail -t\n", {"f:16: command: "}},
    {BASE "[notify a]\nmethod = command\n",
	{"f:13: command: the path of a program is needed"}},
    {BASE "[notify a]\nmethod = heartbeat\nfile = ../x\n", {"f:15: file: "}},
    {MAIL "to = a@b\ndelay = 8d\ngroup = 2h\ntimeout = 0s\n",
	{"f:16: delay: it must be", "f:17: group: it must be",
	    "f:18: timeout: it must be"}},
    {MAIL "to = a@b\ndigest_time = 24:00\n", {"f:16: digest_time: "}},
    {MAIL "to = a@b\nescalate_after = 1d\n",
	{"f:13: escalate_after and escalate_to belong together"}},
    {MAIL "to = a@b\nescalate_to = b\nescalate_after = 1d\n",
	{"f:16: escalate_to: it must be the ID of another"}},
    {MAIL "to = a@b\nescalate_to = a\nescalate_after = 1d\n",
	{"f:16: escalate_to: it must be the ID of another"}},
    {MAIL "to = a@b\nescalate_to = b\nescalate_after = 1d\n"
	  "[notify b]\nmethod = heartbeat\n",
	{"f:16: escalate_to: it must be the ID of another"}},
    {"k = v\n" BASE, {"f:1: "}},
    {"[facility]\nid = h\nname =\ntimezone = Asia/Tokio\n",
	{"f:3: name: ", "f:4: timezone: "}},
    /* Everything at once: a bad line, a bad value, a bad reference. */
    {BASE "pattern = %\n[policy]\njunk\nreaders = x\n"
	  "[source b]\nsystem = q\nmedium = nas\nlayout = file\n",
	{"f:13: ", "f:15: ", "f:16: ", "f:18: "}},
};

static void
problems_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct config_problems problems;
		struct config *config = NULL;
		size_t n = 0;

		assert_int_equal(config_load_text("f", wrong[i].text,
				     strlen(wrong[i].text), &config, &problems),
		    -1);
		assert_null(config);
		for (; n < 4 && wrong[i].problems[n] != NULL; n++) {
			assert_true(n < problems.count);
			if (strncmp(problems.texts[n], wrong[i].problems[n],
				strlen(wrong[i].problems[n])) != 0)
				fail_msg("%zu: %s", i, problems.texts[n]);
		}
		if (problems.count != n)
			fail_msg("%zu: %s", i, problems.texts[n]);
		config_problems_done(&problems);
	}
}

static void
problems_are_counted_beyond_the_limit(void **state)
{
	struct bytes text = BYTES_EMPTY;
	struct config_problems problems;
	struct config *config;

	(void)state;
	bytes_append_text(&text, BASE);
	for (int i = 0; i < 70; i++)
		bytes_append_format(&text, "key%d = 1\n", i);
	assert_int_equal(
	    config_load_text("f", text.data, text.length, &config, &problems),
	    -1);
	assert_int_equal(problems.count, CONFIG_PROBLEMS_MAX);
	assert_int_equal(problems.omitted, 20);
	config_problems_done(&problems);
	bytes_done(&text);
}

/* Printing is canonical: it loads again, and prints the same bytes. */
static void
effective_text_is_a_fixed_point(void **state)
{
	struct bytes first = BYTES_EMPTY, second = BYTES_EMPTY;
	struct config *a =
	    load(BASE "[medium aaa]\nkind=disk\npath=/\n[system s2]\n"
		      "interval = none\nkind = imaging\n[policy]\n"
		      "late_grace = 24h\nnightly_limit = 1024MiB\n");
	struct config *b;

	(void)state;
	config_print_effective(a, &first);
	bytes_append_u8(&first, 0);
	assert_non_null(strstr((char *)first.data, "grace = 1d\n"));
	assert_non_null(strstr((char *)first.data, "nightly_limit = 1GiB\n"));
	assert_non_null(strstr((char *)first.data, "interval = none\n"));
	assert_non_null(strstr((char *)first.data, "marker =\n"));
	assert_true(strstr((char *)first.data, "[medium aaa]") <
		    strstr((char *)first.data, "[medium nas]"));
	b = load((char *)first.data);
	config_print_effective(b, &second);
	bytes_append_u8(&second, 0);
	assert_string_equal((char *)first.data, (char *)second.data);
	bytes_done(&first);
	bytes_done(&second);
	config_free(a);
	config_free(b);
}

/*
 * Every key of the table can be written with its standard; every bound is a
 * value of its type; every key has a sentence.
 */
static void
the_table_is_sound(void **state)
{
	const struct config_key *key;

	(void)state;
	for (size_t i = 0; (key = config_key_at(i)) != NULL; i++) {
		assert_ptr_equal(config_key_find(key->section, key->name), key);
		assert_true(key->is_required + (key->standard != NULL) +
				(key->inherits != NULL) ==
			    1);
		assert_true(!key->is_required || key->sample != NULL);
		assert_true(key->help[strlen(key->help) - 1] == '.');
		if (key->inherits != NULL)
			assert_int_equal(
			    config_key_find(CONFIG_POLICY, key->inherits)->type,
			    key->type);
	}
}

static void
the_sample_is_current_and_loads(void **state)
{
	struct bytes sample = BYTES_EMPTY;
	FILE *file = fopen("conf/hikae.conf", "r");
	static char text[65536];
	struct config *config;
	size_t length;

	(void)state;
	assert_non_null(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	assert_int_equal(fclose(file), 0);
	config_print_sample(&sample);
	bytes_append_u8(&sample, 0);
	assert_string_equal((char *)sample.data, text);
	assert_int_equal(sample.length, length + 1);
	for (const char *at = text; *at != '\0'; at++) {
		size_t line = strcspn(at, "\n");

		assert_true(line <= 80);
		at += line;
	}
	config = load(text);
	assert_string_equal(config->sources[0].medium->id, "nas1");
	config_free(config);
	bytes_done(&sample);
}

static void
put(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
files_below_a_root(void **state)
{
	char root[] = "/tmp/hikae-config-XXXXXX", command[64];
	struct config_problems problems;
	struct config *config;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(root));
	(void)snprintf(
	    command, sizeof(command), "mkdir -p %s/etc/hikae/conf.d", root);
	assert_int_equal(system(command), 0);
	fd = open(root, O_RDONLY | O_DIRECTORY);
	assert_int_equal(config_load(fd, &config, &problems), -1);
	assert_int_equal(
	    strncmp(problems.texts[0], "etc/hikae/hikae.conf: ", 22), 0);
	config_problems_done(&problems);
	put(root, "etc/hikae/hikae.conf", BASE);
	put(root, "etc/hikae/conf.d/10.conf",
	    "[policy]\nreaders = 3\n[system img]\nkind = imaging\n");
	assert_int_equal(config_load(fd, &config, &problems), 0);
	config_problems_done(&problems);
	assert_int_equal(config->system_count, 2);
	assert_true(config->media[0].readers == 3);
	config_free(config);
	put(root, "etc/hikae/conf.d/20.conf",
	    "[policy]\nreaders = 3\n[system img]\nkind = imaging\n");
	assert_int_equal(config_load(fd, &config, &problems), -1);
	assert_int_equal(problems.count, 2);
	assert_string_equal(problems.texts[0],
	    "etc/hikae/conf.d/20.conf:2: readers is already set in "
	    "etc/hikae/conf.d/10.conf, line 2");
	config_problems_done(&problems);
	assert_int_equal(close(fd), 0);
	(void)snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(standards_and_values),
	    cmocka_unit_test(notify_sections),
	    cmocka_unit_test(bounds_are_inclusive),
	    cmocka_unit_test(problems_are_named),
	    cmocka_unit_test(problems_are_counted_beyond_the_limit),
	    cmocka_unit_test(effective_text_is_a_fixed_point),
	    cmocka_unit_test(the_table_is_sound),
	    cmocka_unit_test(the_sample_is_current_and_loads),
	    cmocka_unit_test(files_below_a_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
