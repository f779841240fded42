#!/bin/sh
# What run.sh runs as a service of the booted Debian: installs the package, uses
# it, tries its locks, upgrades and removes it.  A line a check in /root/result.
exec >/root/result 2>/root/trace
set -ux

# check WHAT COMMAND...
check() {
	what=$1
	shift
	if "$@" >/dev/null; then
		echo "  PASS    $what"
	else
		echo "  FAIL    $what"
	fi
}

# soon COMMAND...: within twenty seconds
soon() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || return 1
		sleep 0.1
	done
}

has() {
	[ "$(systemctl show -P "$1" hikaed)" = "$2" ]
}

# line_of KEY: of the daemon's /proc/PID/status
line_of() {
	sed -n "s/^$1:[[:blank:]]*//p" \
		"/proc/$(systemctl show -P MainPID hikaed)/status"
}

# refused COMMAND...: it fails
refused() {
	! "$@" 2>/dev/null
}

# A program of a drill that sleeps so long.
is_sleeping() {
	grep -qsa 'sleep.471[1]' /proc/[0-9]*/cmdline
}

# Of a drill's scratch nothing is there.
is_swept() {
	[ -z "$(find /var/lib/hikae-drill /var/lib/hikae/drills -mindepth 1)" ]
}

is_good() {
	[ "$(hikae status --json | jq -r .status)" = good ]
}

inside() {
	nsenter -t "$(systemctl show -P MainPID hikaed)" -m -n "$@"
}

# set_up: a configuration with one backup, and keys.
set_up() {
	mkdir -p /srv/disk/ehr/20261101
	echo 'a patient' >/srv/disk/ehr/20261101/a
	chmod -R go-rwx /srv/disk/ehr/20261101
	cat >/etc/hikae/hikae.conf <<END
[facility]
id = small
name = Small Clinic
timezone = UTC
[policy]
settle_time = 0s
[system ehr]
kind = ehr
interval = none
[medium disk1]
kind = disk
path = /srv/disk
mountpoint = no
[source ehr-disk1]
system = ehr
medium = disk1
path = ehr
layout = directory
pattern = %Y%m%d
END
	check "the configuration is good" hikae config check
	printf 'correct horse\n' >/tmp/passphrase
	chmod 644 /tmp/passphrase
	check "keys" runuser -u hikae -- hikae key init --facility-key \
		/tmp/facility.key --passphrase-file /tmp/passphrase
}

# A part alone, where one was asked for.
if [ -e /root/part ]; then
	# shellcheck source=tests/systemd/upgrade.sh
	. "/root/$(cat /root/part).sh"
	echo end
	exit
fi

check "the package installs" dpkg -i /root/hikae.deb
check "the state is hikae's" test "$(stat -c %U:%G:%a /var/lib/hikae)" = \
	hikae:hikae:750
check "nothing runs before there is a configuration" \
	test "$(systemctl is-active hikaed)" = inactive
check "the report's timer waits" systemctl is-active hikae-report.timer

set_up
check "readiness" systemctl enable --now hikaed
check "active" systemctl is-active hikaed
soon is_good || { hikae scan && sleep 2 && hikae verify --wait; } >&2
check "a backup that only root may read is read, recorded, verified" \
	soon is_good
check "what it does stands in its status text" \
	test -n "$(systemctl show -P StatusText hikaed)"

pid=$(systemctl show -P MainPID hikaed)
check "no new privileges" test "$(line_of NoNewPrivs)" = 1
check "a filter of system calls" test "$(line_of Seccomp)" = 2
check "one capability only" test "$(line_of CapEff)" = 0000000000000004
check "its own user" test "$(stat -c %U "/proc/$pid")" = hikae
# What the unit says in a word is what systemd does: it drops what it does not
# know, with a line in the log.
sed -n '/^[A-Z][A-Za-z]*=\(yes\|strict\|read-only\|invisible\|notify\|native\)$/p' \
	/lib/systemd/system/hikaed.service >/root/options
check "the unit has its options" test "$(wc -l </root/options)" -ge 18
while read -r option; do
	check "$option" has "${option%=*}" "${option#*=}"
done </root/options
check "no capability but one" has CapabilityBoundingSet cap_dac_read_search
# lists OPTION WORDS: in whatever order systemd tells them
lists() {
	[ "$(systemctl show -P "$1" hikaed | tr ' ' '\n' | LC_ALL=C sort |
		xargs)" = "$2" ]
}
check "two families of sockets" lists RestrictAddressFamilies \
	"AF_NETLINK AF_UNIX"
check "no address" lists IPAddressDeny "0.0.0.0/0 ::/0"
filter() {
	systemctl show -P SystemCallFilter hikaed | tr ' ' '\n' | grep -qx "$1"
}
for call in landlock_create_ruleset landlock_add_rule landlock_restrict_self \
	seccomp openat2 io_submit; do
	check "it may call $call" filter "$call"
done
for call in mount ptrace bpf init_module reboot; do
	check "it may not call $call" refused filter "$call"
done
check "the file system is read-only to it" \
	sh -c "! nsenter -t $pid -m touch /usr/written 2>/dev/null"
check "its state is not" inside touch /var/lib/hikae/.written
rm -f /var/lib/hikae/.written
check "it sees no device" sh -c "! nsenter -t $pid -m test -e /dev/loop0"
check "its network is its own, and empty" sh -c \
	"! nsenter -t $pid -n cat /proc/net/dev | grep -qvE '^ *(lo:|Inter|face)'"
check "exposure of at most 1.5" systemd-analyze security --threshold=15 hikaed

echo 'drills, in a unit of their own' >&2
mkdir -p /etc/hikae/drill.d
cp /root/drill-program /etc/hikae/drill.d/ehr
hikae drill start ehr --operator Tester --json >/root/drill.json
check "a drill with a program is no failure" test \
	"$(jq -r .drill.outcome /root/drill.json)" = warning
check "and ran apart from hikaed" test \
	"$(jq .drill.is_apart /root/drill.json)" = true
hikae drill show "$(jq .drill.id /root/drill.json)" --json >/root/show.json
# sign: the last drill, which is a warning until then
sign() {
	hikae drill sign-off "$(jq .drill.id /root/drill.json)" --by Tester \
		--observation fine >&2
}
sign
# said KEY: of the program's own word
said() {
	jq -r ".checks[] | select(.kind == \"program\") | .detail.$1" \
		/root/show.json
}
check "the program passed" test "$(jq -r '.checks[] |
	select(.kind == "program") | .outcome' /root/show.json)" = passed
check "it ran as hikae-drill" test "$(said uid)" = "$(id -u hikae-drill)"
for lock in has_namespaces has_landlock has_seccomp is_apart; do
	check "with $lock" test "$(said $lock)" = true
done
check "every byte was proved" test "$(jq -r '.checks[] |
	select(.kind == "restore") | .outcome' /root/show.json)" = passed
check "nothing of it is left" is_swept
check "the unit has an exposure of at most 2.0" \
	systemd-analyze security --threshold=20 hikae-drill@.service
cat >/etc/hikae/drill.d/ehr <<'END'
#!/bin/sh
sleep 4711
END
hikae drill start ehr --operator Tester --json >/root/cut.json &
cut=$!
check "one that hangs" soon is_sleeping
# What is outside the program's own jail is locked in as well.
apart() {
	nsenter -t "$(systemctl show -P MainPID 'hikae-drill@*' |
		grep -m 1 '[1-9]')" -m -n \
		-S "$(id -u hikae-drill)" -G "$(id -g hikae-drill)" "$@"
}
check "the unit sees its scratch" apart find /var/lib/hikae-drill -name work
for hidden in /var/lib/hikae /var/lib/hikae/keys/daemon.key \
	/etc/hikae/hikae.conf /run/hikae /run/dbus /run/hikae-drill.sock \
	/srv/disk/ehr/20261101/a; do
	check "not $hidden" refused apart cat "$hidden"
done
check "the programs of the site" apart cat /etc/hikae/drill.d/ehr
check "no network" refused apart grep -vE '^ *(lo:|Inter|face)' /proc/net/dev
check "no device" refused apart test -e /dev/loop0
check "it writes nowhere else" refused apart touch /var/lib/written
hikae drill cancel ehr
wait $cut || :
check "is cancelled" test "$(jq -r .drill.outcome /root/cut.json)" = aborted
check "with all that it started" refused is_sleeping
hikae drill start ehr --operator Tester --json >/root/cut.json &
check "one that is cut off" soon is_sleeping
systemctl kill --signal=KILL --kill-whom=main hikaed
check "ends as well" soon refused is_sleeping
systemctl reset-failed hikaed
systemctl start hikaed
check "and what it left is removed at the next start" soon is_swept
rm /etc/hikae/drill.d/ehr

runuser -u postgres -- psql -q -c \
	'CREATE TABLE patients AS SELECT generate_series(1, 1234) AS id' >&2
mkdir /srv/disk/ehr/20261102
runuser -u postgres -- pg_dump -Fc postgres >/srv/disk/ehr/20261102/ehr.dump
ln -s /usr/share/hikae/drill.d/postgresql /etc/hikae/drill.d/pgdump
hikae scan >&2
check "a dump of PostgreSQL" soon sh -c \
	'hikae copies --json | jq -e ".copies | map(select(.verdict ==
	\"intact\")) | length == 2"'
hikae drill start ehr --operator Tester --json >/root/drill.json
check "is restored into a server" test \
	"$(jq -r .drill.outcome /root/drill.json)" = passed
hikae drill show "$(jq .drill.id /root/drill.json)" --json >/root/show.json
check "with all its rows" test "$(said rows_patients)" = 1234
sign
check "and all is good" soon is_good

echo 'group hikae reads, hikae-admin acts' >&2
useradd -G hikae reader
useradd -G hikae,hikae-admin admin
useradd stranger
check "a member of hikae asks" runuser -u reader -- hikae status
check "but does not act" sh -c '! runuser -u reader -- hikae scan 2>/dev/null'
check "a member of hikae-admin acts" runuser -u admin -- hikae scan
check "a stranger does not connect" \
	sh -c '! runuser -u stranger -- hikae status 2>/dev/null'

check "the report of the day" systemctl start hikae-report.service
check "is whole, and the group hikae reads it" \
	runuser -u reader -- grep -q '^</html>' /var/lib/hikae/report/index.html
check "it is renewed each morning" systemctl is-enabled hikae-report.timer
check "with an exposure of at most 1.5" \
	systemd-analyze security --threshold=15 hikae-report.service
check "a member of hikae writes one" \
	runuser -u reader -- hikae report -o /tmp/report.html

echo 'a child draws documents and bundles under the locks of the unit' >&2
judged() {
	runuser -u reader -- hikae compliance --json >/tmp/compliance ||
		[ $? -le 3 ]
	jq -e '.requirements | length > 0' /tmp/compliance
}
check "a member of hikae asks what evidence there is" judged
today=$(date -u +%Y-%m-%d)
exported() {
	rm -rf /tmp/out && install -d -m 777 /tmp/out
	runuser -u "$1" -- hikae evidence export --from "$today" --to "$today" \
		-o /tmp/out/bundle.zip
}
check "a member of hikae is given no bundle" sh -c \
	"! runuser -u reader -- hikae evidence export --from $today --to $today \
	-o /tmp/no.zip"
check "a member of hikae-admin is" exported admin
check "and it proves itself" hikae evidence verify /tmp/out/bundle.zip \
	--public-key /var/lib/hikae/keys/daemon.pub
check "the journal knows who was given it" sh -c \
	"hikae journal list --limit 5000 --json |
	jq -e '.entries | any(.type == \"exported\" and .by == \"admin\")'"
echo 'notifications: a mailer with rights of its own, and no sight of hikae' >&2
install -d -m 1777 /srv/mailed
install -g mail -m 2755 /usr/bin/id /usr/local/bin/mailer-id
cat >/usr/local/bin/mailer <<'END'
#!/bin/sh
{
	/usr/local/bin/mailer-id -gn
	id -un
	id -Gn
	ls /var/lib/hikae /run/hikae 2>&1 && echo "sees the state"
	echo "$@"
	cat
} >/srv/mailed/message
END
chmod 755 /usr/local/bin/mailer
cat >/etc/hikae/conf.d/notify.conf <<'END'
[notify it]
method = mail
to = it@hospital.example
command = /usr/local/bin/mailer
[notify monitor]
method = heartbeat
END
check "reload" systemctl reload hikaed
check "a test goes out" hikae notify test it
check "through a mailer with a group of its own" \
	sh -c '[ "$(head -n 1 /srv/mailed/message)" = mail ]'
check "as a user of its own" sh -c '[ "$(sed -n 2p /srv/mailed/message)" = hikae-notify ]'
check "who is in no group of hikae" \
	sh -c '[ "$(sed -n 3p /srv/mailed/message)" = hikae-notify ]'
check "and sees nothing of it" sh -c '! grep -q "sees the state" /srv/mailed/message'
check "the message is whole" grep -q '^-i it@hospital.example$' /srv/mailed/message
check "the other monitor sees it alive" soon test -e /run/hikae/monitor.alive
check "and well" soon test -e /run/hikae/monitor.well
echo 'the daemon key as a credential, and nowhere in the state' >&2
mkdir -p /etc/systemd/system/hikaed.service.d
mv /var/lib/hikae/keys/daemon.key /root/daemon.key
refused systemctl restart hikaed
check "without its key hikaed does not start" \
	refused systemctl is-active hikaed
printf '[Service]\nLoadCredential=daemon.key:/root/daemon.key\n' \
	>/etc/systemd/system/hikaed.service.d/key.conf
systemctl daemon-reload
systemctl reset-failed hikaed
check "with the credential it does" systemctl restart hikaed
check "and signs with it" hikae journal checkpoint -o /tmp/head.txt
check "who reads the journal needs no secret" \
	runuser -u hikae -- hikae journal verify
check "the key is not in the state" test ! -e /var/lib/hikae/keys/daemon.key
mv /root/daemon.key /var/lib/hikae/keys/daemon.key
rm /etc/systemd/system/hikaed.service.d/key.conf
printf '[Service]\nWatchdogSec=3\nRestartSec=1\n' \
	>/etc/systemd/system/hikaed.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart hikaed
before=$(systemctl show -P MainPID hikaed)
kill -STOP "$before"
check "the watchdog ends one that hangs, and it comes back" soon sh -c \
	"systemctl is-active hikaed && [ \$(systemctl show -P MainPID hikaed) != \
	$before ] && [ \$(systemctl show -P NRestarts hikaed) -ge 1 ]"

entries=$(hikae journal list --limit 5000 --json | jq .size)
check "an upgrade keeps what is there" dpkg -i /root/hikae.deb
check "and it goes on" soon is_good
check "with the report of the day" systemctl is-active hikae-report.timer
check "what it asks other units for goes on too" sh -c \
	'hikae drill start ehr --operator Tester --json |
		jq -e ".drill.is_apart and .drill.outcome == \"passed\""'
check "the journal is longer, not shorter" \
	test "$(hikae journal list --limit 5000 --json | jq .size)" -ge "$entries"
# Last: the copies of media that went are no longer looked at.
# shellcheck source=tests/systemd/media.sh
. /root/media.sh

check "purging ends the service" dpkg --purge hikae
check "and keeps the evidence" test -s /var/lib/hikae/catalog.db

rm -rf /var/lib/hikae /etc/hikae /srv/disk/ehr /tmp/facility.key
# shellcheck source=tests/systemd/upgrade.sh
. /root/upgrade.sh
echo end
