#!/bin/sh
# Goal: a reading that finds a name used again before a scan does waits for the
# answer: no false alarm, no real damage hidden; what is read stays till then.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"

# backup NAME DAYS WORD: a file of 200 KB, so many days old.
backup() {
	seq -f "$3 $1 %06g" 1 10000 >"$disk/unfinished"
	touch -d "$2 days ago" "$disk/unfinished"
	give_user "$disk/unfinished"
	mv -T "$disk/unfinished" "$landing/$1"
}

# told CODE...: how often they were ever found.
told() {
	told_count=0
	for code in "$@"; do
		told_count=$((told_count + $(query "SELECT count(*)
			FROM finding WHERE code = '$code'")))
	done
	echo "$told_count"
}
expired() {
	query "SELECT count(*) FROM journal
		WHERE json_extract(leaf, '\$.event') = 'expired'"
}
has_expired() {
	[ "$(expired)" = "$1" ]
}
# What is due where somebody reads is done by the next scan.
scans_to() {
	scan_all
	has_expired "$1"
}
only_the_drill_works() {
	[ "$(hk jobs --json | jq '.jobs | length')" = 1 ]
}
are_settled() {
	[ -z "$(hk findings --json |
		jq '.findings[] | select(.code == "name-unclear")')" ] && is_idle
}

policy="full_after_capture = no
		slice_size = 64KiB
		scan_interval = 1d
		$(closed_window)"
system_keys='generations_min = 2'
source_keys='retention = 6d
		reuses_names = yes'
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
sed -i -e 's/^pattern = .*/pattern = */' -e 's/^layout = .*/layout = file/' \
	"$root/etc/hikae/hikae.conf"
for name in mon tue wed; do
	backup "$name" 8 first
done
backup sat 2 first
backup sun 1 first
begin
scan_all
expect_status 0 hk verify --wait
findings_are

say "a new backup is no damage to the old one"
backup mon 0 2nd__
expect_status 3 hk verify --wait
wait_until 60 scans_to 1
wait_until 60 are_settled
expect_equal "$(told overwritten truncated grown missing bit-rot)" 0 findings
expect_equal "$(told name-unclear)" 1 'findings that it cannot be told'
expect_status 0 hk verify --wait
findings_are

say "what was tampered with is, as soon as that is known"
printf x | dd of="$landing/tue" bs=1 seek=100000 conv=notrunc status=none
expect_status 3 hk verify --wait
wait_until 60 are_settled
findings_are overwritten
expect_equal "$(expired)" 1 'copies that expired'
expect_status 2 hk verify --wait
findings_are overwritten

say "rot waits for nobody"
flip "$landing/wed" 70000
expect_status 2 hk verify --wait
findings_are bit-rot overwritten

say "a copy that a drill restores is not replaced meanwhile"
cat >"$programs/ehr" <<-END
	#!/bin/sh
	$nap
END
chmod 755 "$programs/ehr"
give_user "$programs"
backup old 8 first
scan_all
number=$(hk copies --json | jq -r '.copies |
	max_by(.id) | .generation')
hk drill start ehr --operator Tester --generation "$number" --json \
	>drilled 2>&1 &
waiting=$!
wait_until 60 is_napping
backup old 0 second
for _ in 1 2; do
	hk scan --json >/dev/null
	wait_until 60 only_the_drill_works
done
expect_equal "$(expired)" 1 'copies that expired'
hk drill cancel ehr
wait "$waiting" || :
wait_until 60 scans_to 2
findings_are bit-rot overwritten
stop_daemon
expect_status 0 hk journal verify
