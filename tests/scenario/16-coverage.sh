#!/bin/sh
# Goal: each night reads its share, oldest first; what is overdue is read
# whole; what failed is tried again in the next window.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../small.sh"

policy='coverage = 10d
slice_size = 64KiB'

# begin_at SHIFT: with another clock.
need_clock
begin_at() {
	begin env LD_PRELOAD="$clock_library" FAKETIME="$1"
}

# A day's clock is hikaed's alone: its children keep the real one, so what is
# to be old is recorded by a clock that stands in the past.
record_days_ago() {
	install_small
	for day in 20261101 20261102 20261103; do
		generation "$day"
		head -c 200000 /dev/zero >"$landing/$day/large"
		give_user "$landing/$day"
	done
	begin_at "-${1}d"
	scan_all
	expect_status 0 hk verify --wait
	stop_daemon
	# Without the readings every byte must come from the disk again.
	rm -f "$state"/readings/*
}

coverage() {
	query "select coalesce(sum($1), 0) from run where trigger = 'coverage'"
}

# The first look is 5 s after the start; where something else is under way then,
# the next is a minute later.
has_covered() {
	[ "$(query "select count(*) from run
		where trigger = 'coverage' and outcome = 'done'")" -ge "$1" ]
}

total() {
	query "select sum(bytes) from manifest"
}

say "a day after everything was read, a share of it is read again"
record_days_ago 1
begin
wait_until 120 has_covered 1
[ "$(coverage bytes_read)" -gt 0 ] || fail "nothing was read"
[ "$(coverage bytes_read)" -lt "$(total)" ] || fail "all was read at once"
stop_daemon

say "twelve days after, all is overdue, said so, and read"
rm -rf "$root" "$disk"
record_days_ago 12
usual=$policy
policy="$usual
$(closed_window)"
configure
begin
scan_all
expect_status 2 hk status
stop_daemon
policy=$usual
configure
begin
wait_until 120 has_covered 1
expect_equal "$(coverage bytes_read)" "$(total)" "bytes read"
expect_status 0 hk status

say "what failed is read again in the next window"
flip "$landing/20261102/b" 100
expect_status 2 hk verify --wait
expect_equal "$(coverage damaged)" 0 "damaged slices of coverage"
stop_daemon
begin_at +1d
wait_until 120 has_covered 2
expect_equal "$(coverage damaged)" 1 "damaged slices of coverage"
stop_daemon

say "a medium that is away is not tried, and says nothing of its copies"
rm -rf "$root" "$disk"
install_small
mkdir -p "$scratch/disk2/ehr"
cat >>"$root/etc/hikae/hikae.conf" <<-END
	[medium disk2]
	kind = disk
	path = $scratch/disk2
	mountpoint = no
	[source ehr-disk2]
	system = ehr
	medium = disk2
	path = ehr
	layout = directory
	pattern = %Y%m%d
END
generation 20261101
cp -a "$landing/20261101" "$scratch/disk2/ehr/"
give_user "$scratch/disk2"
begin_at -12d
scan_all
expect_status 0 hk verify --wait
stop_daemon
rm -f "$state"/readings/*
mv "$disk" "$disk.away"
begin
# disk1 comes before disk2.
wait_until 120 has_covered 1
expect_equal "$(query "SELECT group_concat(DISTINCT medium) FROM run
	WHERE trigger = 'coverage'")" disk2 "media that were tried"
hk copies --json | jq -r '.copies[] | [.medium, .verdict] | join(" ")' >copies.txt
expect_line '^disk1 intact$' copies.txt
expect_status 2 hk status
hk status --json | jq -r '.reasons[] | [.code, .medium] | join(" ")' >codes
expect_line '^coverage-overdue disk1$' codes
