/*
 * dump_media: all that query_media and query_record say, as text.
 */
#ifndef HIKAE_TESTS_STORE_DUMP_MEDIA_H
#define HIKAE_TESTS_STORE_DUMP_MEDIA_H

#include "lib/store/query_content.h"
#include "lib/store/query_media.h"
#include "lib/store/query_record.h"
#include "tests/unit/store/dump.h"

ROW_OF(facility)
{
	ROW_BEGIN("facility");
	COUNT(from_seq), SAY(kind), COUNT(beds), SAY(fees);
	COUNT(offline_verified_ms), COUNT(offline_attested_ms);
	COUNT(max_undetermined_ms), COUNT(clock_ahead_ms);
	return 0;
}

ROW_OF(medium_state)
{
	ROW_BEGIN("medium state");
	SAY(medium), COUNT(from_seq), COUNT(is_current), COUNT(at), SAY(state);
	SAY(reason), COUNT(in_reach), COUNT(attached_at), COUNT(seen_at);
	SAY(filesystem), SAY(uuid), SAY(serial), SAY(disks), SAY(transport);
	SAY(reach), SAY(encrypted), SAY(stamp), COUNT(read_only);
	COUNT(device_read_only), COUNT(removable), COUNT(rotational);
	COUNT(capacity), COUNT(free);
	return 0;
}

ROW_OF(medium_event)
{
	ROW_BEGIN("medium event");
	COUNT(seq), COUNT(at), SAY(medium), SAY(event), SAY(by), SAY(holder);
	SAY(place), SAY(note), SAY(result), SAY(detail), COUNT(until);
	return 0;
}

ROW_OF(custody)
{
	ROW_BEGIN("custody");
	SAY(medium), COUNT(from_seq), SAY(by), SAY(holder), SAY(place);
	SAY(note), COUNT(at), COUNT(until);
	return 0;
}

ROW_OF(protection)
{
	ROW_BEGIN("protection");
	SAY(medium), SAY(method), COUNT(from_seq), COUNT(at), SAY(result);
	SAY(reason);
	return 0;
}

ROW_OF(content)
{
	ROW_BEGIN("content");
	COUNT(id), COUNT(manifest), COUNT(run), COUNT(at), SAY(outcome);
	COUNT(files), COUNT(other), COUNT(skipped), COUNT(findings);
	SAY(formats);
	return 0;
}

ROW_OF(trait)
{
	ROW_BEGIN("trait");
	COUNT(copy), COUNT(from_seq), COUNT(at), COUNT(files);
	COUNT(immutable), SAY(encrypted);
	return 0;
}

ROW_OF(attestation)
{
	ROW_BEGIN("attestation");
	COUNT(id), COUNT(at), COUNT(until), SAY(requirement), SAY(by);
	SAY(note), SAY(document_kind), SAY(document_sha256);
	COUNT(document_bytes);
	return 0;
}

ROW_OF(preflight)
{
	ROW_BEGIN("preflight");
	COUNT(seq), COUNT(at), COUNT(max_age_ms), SAY(system), SAY(by);
	SAY(note), SAY(outcome), SAY(reason), SAY(generation);
	return 0;
}

static void
dump_media(struct dump *d)
{
	static const struct query_medium_history history = {
	    "usb1", DAY_ONE + 100 * HOUR};
	static const struct query_medium_event_filter events = {0};
	static const struct query_preflight_filter preflights = {0};
	struct catalog *catalog = d->catalog;
	struct catalog_at at = d->at;

	assert_int_equal(
	    query_facility(catalog, at, dump_facility, d, &err), 0);
	assert_int_equal(
	    query_medium_states(catalog, at, NULL, dump_medium_state, d, &err),
	    0);
	bytes_append_text(&d->out, "\nhistory:");
	assert_int_equal(query_medium_history(
			     catalog, at, &history, dump_medium_state, d, &err),
	    0);
	assert_int_equal(query_medium_events(
			     catalog, at, &events, dump_medium_event, d, &err),
	    0);
	assert_int_equal(
	    query_custody(catalog, at, NULL, dump_custody, d, &err), 0);
	assert_int_equal(
	    query_protections(catalog, at, NULL, dump_protection, d, &err), 0);
	assert_int_equal(query_traits(catalog, at, 0, dump_trait, d, &err), 0);
	for (uint64_t manifest = 1; manifest < 100; manifest++)
		assert_int_equal(query_contents(catalog, at, manifest,
				     dump_content, d, &err),
		    0);
	assert_int_equal(
	    query_attestations(catalog, at, NULL, dump_attestation, d, &err),
	    0);
	assert_int_equal(
	    query_preflights(catalog, at, &preflights, dump_preflight, d, &err),
	    0);
}

#endif
