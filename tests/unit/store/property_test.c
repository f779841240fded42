/*
 * For random histories over all types of entries: asking at any point gives
 * what was true at that point; a rebuilt catalog is the live one; the counters
 * of a copy are those of its slices.
 */
#include "lib/store/query_finding.h"
#include "lib/store/query_slice.h"
#include "lib/store/query_survey.h"
#include "tests/unit/store/drills.h"
#include "tests/unit/store/dump_media.h"
#include "tests/unit/store/random_entry.h"
#include "tests/unit/store/random_media.h"
#include "tests/unit/store/random_run.h"

#define HISTORIES 4
#define TRIES 600

static char folder[FOLDER_BYTES];

static int
setup(void **state)
{
	(void)state;
	folder_make(folder);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	folder_remove(folder);
	return 0;
}

/* ---- all that the queries say ---- */

ROW_OF(origin)
{
	ROW_BEGIN("origin");
	COUNT(from_seq), SAY(facility), SAY(origin), SAY(daemon_key);
	SAY(facility_key);
	return 0;
}

ROW_OF(system)
{
	ROW_BEGIN("system");
	SAY(id), SAY(kind), COUNT(from_seq), COUNT(interval_ms);
	COUNT(grace_ms), COUNT(generations_min), COUNT(recovery_order);
	COUNT(recovery_target_ms);
	return 0;
}

ROW_OF(medium)
{
	ROW_BEGIN("medium");
	SAY(id), SAY(kind), SAY(offline), COUNT(from_seq), COUNT(coverage_ms);
	COUNT(is_offsite), SAY(location), COUNT(max_attached_ms);
	return 0;
}

ROW_OF(source)
{
	ROW_BEGIN("source");
	SAY(id), SAY(system), SAY(medium), SAY(layout), COUNT(from_seq);
	COUNT(scan_seq), COUNT(scanned_at), SAY(result), COUNT(candidates);
	COUNT(good_at);
	return 0;
}

struct sums {
	uint64_t slices, intact, damaged, undetermined, unconfirmed;
	int64_t oldest;
};

static int
add_up(const struct query_slice *row, void *context, struct error *e)
{
	struct sums *sums = context;

	(void)e;
	sums->slices++;
	sums->intact += strcmp(row->verdict, "intact") == 0;
	sums->damaged += strcmp(row->verdict, "damaged") == 0;
	sums->undetermined += strcmp(row->verdict, "undetermined") == 0;
	if (strcmp(row->basis, "capture") == 0)
		sums->unconfirmed += row->bytes;
	if (sums->oldest == QUERY_NEVER || row->read_at < sums->oldest)
		sums->oldest = row->read_at;
	return 0;
}

ROW_OF(slice)
{
	ROW_BEGIN("slice");
	COUNT(manifest), COUNT(slice), COUNT(frame_offset);
	COUNT(frame_length), COUNT(entries), COUNT(bytes), SAY(verdict);
	SAY(outcome), SAY(basis), SAY(level), SAY(mode), COUNT(seq);
	COUNT(run), COUNT(tried_at), COUNT(read_at), COUNT(bytes_read);
	COUNT(findings);
	return 0;
}

/* Within a manifest: itself, and those beside it. */
ROW_OF(survey)
{
	ROW_BEGIN("survey");
	COUNT(manifest), COUNT(copy), COUNT(version), SAY(generation);
	SAY(system), SAY(medium), SAY(source), COUNT(captured_at);
	COUNT(is_current), COUNT(is_members), COUNT(files), COUNT(bytes);
	COUNT(problems), COUNT(has_survey), COUNT(has_drift), COUNT(since);
	COUNT(survey.files), COUNT(survey.carried), COUNT(survey.bytes);
	COUNT(survey.known), COUNT(survey.claimed), COUNT(survey.mismatched);
	COUNT(survey.noisy), COUNT(survey.notes), COUNT(drift.before);
	COUNT(drift.changed), COUNT(drift.vanished), COUNT(drift.appeared);
	COUNT(drift.extended), COUNT(is_hinted), COUNT(is_accepted);
	COUNT(has_loss), COUNT(loss.gone), COUNT(loss.emptied);
	COUNT(loss.older), COUNT(loss.expired);
	return 0;
}

/* Within a copy: its manifests, and the slices of the current one. */
ROW_OF(manifest)
{
	ROW_BEGIN("manifest");
	COUNT(id), COUNT(copy), COUNT(version), COUNT(run);
	COUNT(superseded_seq), SAY(sha256), SAY(content), SAY(mode);
	COUNT(slices), COUNT(entries), COUNT(bytes), COUNT(problems);
	COUNT(captured_at), COUNT(oldest_reading), SAY(members_state);
	COUNT(members_files), SAY(foreign_kind), COUNT(foreign_listed);
	assert_int_equal(query_survey(dump->catalog, dump->at, row->id,
			     dump_survey, dump, &err),
	    0);
	assert_int_equal(query_surveys_before(dump->catalog, dump->at,
			     (struct query_survey_place){row->copy, row->id},
			     dump_survey, dump, &err),
	    0);
	assert_int_equal(query_surveys_after(dump->catalog, dump->at, row->copy,
			     dump_survey, dump, &err),
	    0);
	if (row->superseded_seq == 0)
		return query_slices(
		    dump->catalog, dump->at, row->id, dump_slice, dump, &err);
	return 0;
}

ROW_OF(copy)
{
	struct sums sums = {.oldest = QUERY_NEVER};

	ROW_BEGIN("copy");
	COUNT(id), SAY(generation), SAY(system), SAY(medium), SAY(source);
	SAY(layout), SAY(subject), COUNT(taken_at), SAY(time_from);
	SAY(state), SAY(reason), COUNT(state_seq), SAY(verdict);
	COUNT(manifest), COUNT(version), COUNT(bytes), COUNT(problems);
	SAY(members), SAY(foreign), COUNT(slices), COUNT(intact);
	COUNT(damaged), COUNT(undetermined), COUNT(unconfirmed_bytes);
	COUNT(captured_at), COUNT(oldest_read_at), COUNT(findings_damaged);
	COUNT(findings_undetermined), COUNT(has_sealing);
	COUNT(sealing.sealed), COUNT(sealing.plain), COUNT(sealing.aside);
	COUNT(sealing.unclear), COUNT(sealing.unseen);
	/* The counters are those of the slices. */
	assert_int_equal(query_slices(dump->catalog, dump->at, row->manifest,
			     add_up, &sums, &err),
	    0);
	assert_int_equal(sums.slices, row->slices);
	assert_int_equal(sums.intact, row->intact);
	assert_int_equal(sums.damaged, row->damaged);
	assert_int_equal(sums.undetermined, row->undetermined);
	assert_int_equal(sums.unconfirmed, row->unconfirmed_bytes);
	assert_true(sums.oldest == row->oldest_read_at);
	return query_manifests(
	    dump->catalog, dump->at, row->id, dump_manifest, dump, &err);
}

ROW_OF(match)
{
	ROW_BEGIN("match");
	COUNT(seq), SAY(generation), SAY(result), COUNT(copy), COUNT(at);
	return 0;
}

ROW_OF(generation)
{
	ROW_BEGIN("generation");
	SAY(id), SAY(system), SAY(time_from), COUNT(from_seq);
	COUNT(taken_at), COUNT(copies), COUNT(intact), COUNT(damaged);
	COUNT(undetermined), COUNT(missing), COUNT(bytes);
	COUNT(oldest_read_at), SAY(verdict), SAY(match);
	assert_int_equal(
	    row->copies, row->intact + row->damaged + row->undetermined);
	return query_matches(
	    dump->catalog, dump->at, row->id, dump_match, dump, &err);
}

ROW_OF(finding)
{
	ROW_BEGIN("finding");
	COUNT(id), SAY(code), SAY(verdict), SAY(severity), COUNT(is_open);
	COUNT(copy), COUNT(manifest), COUNT(slice), SAY(generation);
	SAY(system), SAY(medium), SAY(source), SAY(subject), SAY(detail);
	SAY(reason), COUNT(times), COUNT(last_seq), COUNT(opened_at);
	COUNT(last_at), SAY(by), SAY(note);
	return 0;
}

ROW_OF(run)
{
	ROW_BEGIN("run");
	COUNT(id), SAY(trigger), SAY(level), SAY(system), SAY(medium);
	SAY(source), SAY(generation), COUNT(copy), COUNT(began_at);
	COUNT(is_ended), COUNT(end_seq), COUNT(ended_at), SAY(outcome);
	SAY(canary), COUNT(bytes), COUNT(bytes_read), COUNT(intact);
	COUNT(damaged), COUNT(undetermined);
	return 0;
}

ROW_OF(service)
{
	ROW_BEGIN("service");
	COUNT(start_seq), COUNT(stop_seq), SAY(software), SAY(sandbox);
	SAY(reason), COUNT(started_at), COUNT(stopped_at);
	return 0;
}

ROW_OF(clock_event)
{
	ROW_BEGIN("clock");
	COUNT(seq), SAY(event), COUNT(by_ms), COUNT(at);
	return 0;
}

static void
dump_coverage(struct dump *dump, const char *medium)
{
	struct query_coverage read;
	const struct query_coverage *row = &read;

	assert_int_equal(
	    query_coverage(dump->catalog, dump->at, medium, &read, &err), 0);
	bytes_append_text(&dump->out, "\ncoverage");
	COUNT(copies), COUNT(missing), COUNT(settling), COUNT(slices);
	COUNT(damaged), COUNT(undetermined), COUNT(bytes);
	COUNT(unconfirmed_bytes), COUNT(oldest_read_at);
	COUNT(copies_linked), COUNT(copies_read_twice);
}

/* To be freed by the caller. */
static char *
dump_at(struct catalog *catalog, struct catalog_at at)
{
	static const struct query_finding_filter open = {.only_open = true};
	static const struct query_run_filter runs = {false, 0};
	struct dump d = {.catalog = catalog, .at = at};

	assert_int_equal(query_origin(catalog, at, dump_origin, &d, &err), 0);
	assert_int_equal(query_systems(catalog, at, dump_system, &d, &err), 0);
	assert_int_equal(query_media(catalog, at, dump_medium, &d, &err), 0);
	assert_int_equal(query_sources(catalog, at, dump_source, &d, &err), 0);
	assert_int_equal(
	    query_copies(catalog, at, NULL, dump_copy, &d, &err), 0);
	assert_int_equal(
	    query_generations(catalog, at, NULL, dump_generation, &d, &err), 0);
	assert_int_equal(
	    query_findings(catalog, at, NULL, dump_finding, &d, &err), 0);
	bytes_append_text(&d.out, "\nopen:");
	assert_int_equal(
	    query_findings(catalog, at, &open, dump_finding, &d, &err), 0);
	assert_int_equal(query_runs(catalog, at, &runs, dump_run, &d, &err), 0);
	assert_int_equal(
	    query_services(catalog, at, 0, dump_service, &d, &err), 0);
	assert_int_equal(
	    query_clock_events(catalog, at, 0, dump_clock_event, &d, &err), 0);
	dump_coverage(&d, "nas1");
	dump_media(&d);
	dump_drills(&d);
	dump_coverage(&d, "usb1");
	bytes_append_u8(&d.out, 0);
	assert_false(d.out.failed);
	return (char *)d.out.data;
}

/* Of hikaed itself: its keys, its life, what it was told, where it looks. */
static json_t *
own_members_of(enum entry_type type)
{
	if (type == ENTRY_CONFIG)
		return some_config();
	if (type == ENTRY_START || type == ENTRY_STOP)
		return some_life(type);
	if (type == ENTRY_SCAN)
		return some_scan();
	return some_key();
}

static json_t *
members_of(enum entry_type type, uint64_t size, int64_t at)
{
	switch (type) {
	case ENTRY_ORIGIN: /* refused after the first */
	case ENTRY_KEY:
	case ENTRY_START:
	case ENTRY_STOP:
	case ENTRY_CONFIG:
	case ENTRY_SCAN:
		return own_members_of(type);
	case ENTRY_SEEN:
		return some_seen();
	case ENTRY_CAPTURED:
		return some_captured(size, at);
	case ENTRY_SLICE:
		return some_slice(size, at);
	case ENTRY_RUN_BEGIN:
	case ENTRY_RUN_END:
		return type == ENTRY_RUN_END ? some_run_end(size) : some_run();
	case ENTRY_FINDING_OPEN:
		return some_finding(size);
	case ENTRY_FINDING_AGAIN:
		return some_again(size);
	case ENTRY_FINDING_CLOSE:
		return some_close(size);
	case ENTRY_COPY_MISSING:
	case ENTRY_COPY_RETURNED:
	case ENTRY_COPY_EXPIRED:
		return json_pack("{sI}", "copy", some_seq(size));
	case ENTRY_MATCH:
		return some_match(size);
	case ENTRY_CLOCK_BACK:
	case ENTRY_CLOCK_AHEAD:
	case ENTRY_LOST:
	case ENTRY_MEDIUM_STATE:
	case ENTRY_MEDIUM_CHECKOUT:
	case ENTRY_MEDIUM_CHECKIN:
	case ENTRY_MEDIUM_RETIRED:
	case ENTRY_MEDIUM_RECORD:
	case ENTRY_MEDIUM_WITNESS:
	case ENTRY_MEDIUM_PROTECTION:
	case ENTRY_MEDIUM_MOUNT:
	case ENTRY_COPY_TRAIT:
	case ENTRY_CONTENT:
	case ENTRY_ATTESTATION_MADE:
	case ENTRY_ATTESTATION_WITHDRAWN:
	case ENTRY_PREFLIGHT:
	case ENTRY_EXPORTED:
	case ENTRY_ACKNOWLEDGED:
	case ENTRY_SELF_CHECK:
		return some_record(type, size, at);
	case ENTRY_DRILL_BEGIN:
	case ENTRY_DRILL_CHECK:
	case ENTRY_DRILL_END:
	case ENTRY_DRILL_SIGNED:
	case ENTRY_DRILL_IMPROVED:
		return some_drill(type, size);
	}
	return NULL;
}

static json_t *
some_entry(enum entry_type type, uint64_t size, int64_t at)
{
	json_t *entry = members_of(type, size, at);

	(void)json_object_set_new(
	    entry, "type", json_string(entry_forms[type].type));
	if (entry_forms[type].event != NULL)
		(void)json_object_set_new(
		    entry, "event", json_string(entry_forms[type].event));
	return entry;
}

static void
assert_same(struct catalog *a, struct catalog *b, const char *table)
{
	struct bytes difference = BYTES_EMPTY;

	assert_int_equal(catalog_compare(a, b, &difference, &err), 0);
	bytes_append_u8(&difference, 0);
	assert_string_equal((const char *)difference.data, table);
	bytes_done(&difference);
}

/* One history; how often each type was accepted is added up. */
static void
history(unsigned seed, unsigned accepted[ENTRY_TYPES])
{
	static char *was[TRIES + 2];
	char name[32], path[128];
	uint64_t size = 0, seq;
	struct catalog *live, *rebuilt;

	srandom(seed);
	(void)snprintf(name, sizeof(name), "live-%u.db", seed);
	live = open_as(folder, name, CATALOG_WRITE);
	begin(live);
	add_hospital(live);
	size = 2;
	was[0] = NULL;
	was[1] = dump_at(live, CATALOG_NOW);
	for (unsigned i = 0; i < TRIES; i++) {
		/* Slices, captures and findings are what histories are of. */
		static const enum entry_type often[] = {ENTRY_SEEN,
		    ENTRY_CAPTURED, ENTRY_SLICE, ENTRY_SLICE, ENTRY_RUN_BEGIN,
		    ENTRY_COPY_MISSING, ENTRY_COPY_RETURNED, ENTRY_FINDING_OPEN,
		    ENTRY_FINDING_CLOSE, ENTRY_DRILL_BEGIN, ENTRY_DRILL_END,
		    ENTRY_DRILL_SIGNED, ENTRY_MATCH, ENTRY_CONTENT};
		enum entry_type type =
		    below(2) ? (enum entry_type)below(ENTRY_TYPES)
			     : often[below(sizeof(often) / sizeof(*often))];
		int64_t at =
		    DAY_ONE + (int64_t)i * HOUR - (int64_t)below(2) * 2 * HOUR;

		/* A type that refers to others gets several tries. */
		for (int tries = 0; tries < 40; tries++) {
			if (journal_append(live, some_entry(type, size, at), at,
				&seq, &err) == 0) {
				assert_int_equal(seq, size);
				accepted[type]++;
				was[size++] = dump_at(live, CATALOG_NOW);
				break;
			}
			assert_int_equal(err.code, ERROR_INPUT);
		}
	}
	commit(live);
	for (seq = 1; seq < size; seq++) {
		char *now = dump_at(live, (struct catalog_at){seq});

		assert_string_equal(now, was[seq]);
		free(now);
		free(was[seq]);
	}
	(void)snprintf(path, sizeof(path), "%s/rebuilt-%u.db", folder, seed);
	if (catalog_rebuild(live, path, &err) != 0)
		fail_msg("%s", err.text);
	rebuilt = open_as(folder, path + strlen(folder) + 1, CATALOG_READ);
	assert_same(live, rebuilt, "");
	catalog_close(rebuilt);
	catalog_close(live);
}

static void
every_point_can_be_asked_and_rebuilt(void **state)
{
	unsigned accepted[ENTRY_TYPES] = {0};

	(void)state;
	for (unsigned seed = 1; seed <= HISTORIES; seed++)
		history(seed, accepted);
	for (unsigned type = 0; type < ENTRY_TYPES; type++)
		if (type != ENTRY_ORIGIN && accepted[type] < 3)
			fail_msg("type %u came %u times", type, accepted[type]);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(every_point_can_be_asked_and_rebuilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
