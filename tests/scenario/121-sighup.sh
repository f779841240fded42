#!/bin/sh
# Goal: SIGHUP reads the configuration anew as `hikae reload` does, tells the service manager and the log, and disturbs no work under way.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/reader.sh
. "$here/../reader.sh"
need python3

conf=$root/etc/hikae/hikae.conf
more=$root/etc/hikae/conf.d/more.conf

# What a service manager hears, a line a message.
listen() {
	python3 -u - "$1" >told <<-'END' &
		import socket, sys
		heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		heard.bind(sys.argv[1])
		while True:
		    print(heard.recv(4096).decode().replace("\n", " "))
	END
	listener=$!
	wait_until 60 test -S "$1"
	chmod 777 "$1"
}
stop_listening() {
	kill "$listener" 2>/dev/null
}
times_ready() {
	grep -c '^READY=1$' told || :
}
is_ready_again() {
	[ "$(times_ready)" -gt "$ready" ]
}
hang_up() {
	ready=$(times_ready)
	kill -HUP "$daemon"
	wait_until 60 is_ready_again
}
monotonic_us() {
	python3 -c 'import time
print(time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)'
}
systems() {
	hk systems --json | jq -r '.systems[].id' | sort | xargs
}
has_receipt() {
	[ "$(systems)" = 'ehr receipt' ]
}
# add_system ID: and a medium with nothing on it.
add_system() {
	printf '[system %s]\nkind = receipt\ninterval = none\n[medium more]
kind = disk\npath = %s\nmountpoint = no\n' "$1" "$scratch" >"$more"
}
# told_since LINE: in order, the instant left out.
told_since() {
	tail -n +"$(($1 + 1))" told | sed 's/USEC=[0-9]*$/USEC=/' | xargs
}

policy="readers = 1
		full_after_capture = no
		$(closed_window)"
install_small
mkdir "$root/etc/hikae/conf.d"
generation 20261101
truncate -s 300M "$landing/20261101/LARGE"
at_end=stop_listening
listen "$scratch/notify"
ready=0
begin env NOTIFY_SOCKET="$scratch/notify"
wait_until 60 is_ready_again
expect_line '^STATUS=watching 1 sources on 1 media$' told
scan_all
expect_equal "$(systems)" ehr systems

say "a valid change is in force, and the service manager is told"
add_system receipt
heard=$(wc -l <told)
before=$(monotonic_us)
hang_up
expect_equal "$(systems)" 'ehr receipt' systems
expect_equal "$(told_since "$heard")" \
	'RELOADING=1 MONOTONIC_USEC= STATUS=watching 1 sources on 2 media READY=1'
at=$(sed -n 's/^RELOADING=1 MONOTONIC_USEC=//p' told)
if [ "$at" -lt "$before" ] || [ "$at" -gt "$(monotonic_us)" ]; then
	fail "reloading at $at"
fi
rm "$more"
heard=$(wc -l <told)
ready=$(times_ready)
expect_status 0 hk reload
wait_until 60 is_ready_again
expect_equal "$(told_since "$heard")" \
	'RELOADING=1 MONOTONIC_USEC= STATUS=watching 1 sources on 1 media READY=1'
expect_equal "$(systems)" ehr systems

say "a mistake: the old one stays, and the log says where it is"
add_system receipt
printf 'colour = red\n' >>"$more"
hang_up
expect_line 'more\.conf:8: ' "$root.log"
expect_line 'old one stays in force' "$root.log"
expect_equal "$(systems)" ehr systems
expect_status 78 hk reload
cat out err >said
expect_line 'more\.conf:8: ' said
rm "$more"

say "requirements with a mistake: status tells them, until they are mended"
own_pack 'nonsense(system) >= 1'
hang_up
expect_line 'own\.conf:[0-9]*: ' "$root.log"
hk status --json >out || :
jq -r '.reasons[].code' out >codes
expect_line '^config-refused$' codes
own_pack 'generations(system) >= 1'
hang_up
hk status --json >out || :
jq -r '.reasons[].code' out >codes
expect_no_line '^config-refused$' codes

say "amid a verification: what was begun goes on with what it was asked for"
catch_reader LARGE
for turn in 1 2 3 4 5 6 7 8 9 10; do
	add_system "turn$turn"
	kill -HUP "$daemon"
	rm "$more"
	kill -HUP "$daemon"
done
# A service manager may miss some of those; this one is the last that comes.
add_system receipt
kill -HUP "$daemon"
wait_until 60 has_receipt
kill -CONT "$child"
await_verified 0
wait_until 120 is_idle

manifests() {
	query 'SELECT count(*) FROM manifest'
}
# catch_capture DAY: stop the reader in the large file of a new generation.
catch_capture() {
	mkdir "$scratch/new"
	truncate -s 300M "$scratch/new/LARGE"
	give_user "$scratch/new"
	mv "$scratch/new" "$landing/$1"
	taken=$(manifests)
	hk scan --json >/dev/null
	while :; do
		if find_reader && stop_child; then
			! has_open "$child" LARGE || return 0
			let_go_on
		elif [ "$(manifests)" -gt "$taken" ]; then
			return 1
		fi
	done
}
# catch_one DAY...: of several new generations.
catch_one() {
	for day in "$@"; do
		! catch_capture "$day" || return 0
		wait_until 120 is_idle
	done
	fail "no capture was caught"
}
is_taken() {
	[ "$(manifests)" -gt "$taken" ]
}

say "amid a capture: it is taken all the same"
catch_one 20261102 20261103 20261104 20261105
rm "$more"
hang_up
kill -CONT "$child"
wait_until 120 is_taken
wait_until 120 is_idle
findings_are

say "and of a source that is taken out meanwhile; put back, it is as before"
catch_one 20261106 20261107 20261108 20261109
cp "$conf" whole.conf
sed -i '/^\[source ehr-disk1/,$d' "$conf"
hang_up
kill -CONT "$child"
wait_until 120 is_taken
wait_until 120 is_idle
cat whole.conf >"$conf"
hang_up
scan_all
expect_equal "$(manifests)" $((taken + 1)) manifests
findings_are
expect_status 0 hk verify --wait
kill -0 "$daemon" || fail "hikaed is gone"
expect_equal "$(tail -n 1 told)" READY=1
stop_daemon
wait_until 60 grep -q '^STOPPING=1$' told
expect_status 0 hk journal verify
