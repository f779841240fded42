#!/bin/sh
# Goal: a refused write counts only where the backups' own account met it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need_root
need chattr
private_mounts
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/loops.sh
. "$here/../loops.sh"

# probe: what is on record of it, RESULT:REASON.
probe() {
	hk media show disk1 --json | jq -r '.medium.protections[] |
		select(.method == "probe") | .result + ":" + (.reason // "")'
}
probe_is() {
	[ "$(probe)" = "$1" ]
}
# tried RESULT:REASON: after somebody asked.
tried() {
	hk scan --json >/dev/null
	wait_until 120 probe_is "$1"
	wait_until 120 is_idle
}
leftovers() {
	find "$disk" "$scratch/beside" -name '.hikae-probe-*' | wc -l
}
# What was asked for may be tried once more: that ends, too.
has_no_leftovers() {
	[ "$(leftovers)" = 0 ]
}
has_old_times() {
	[ "$(stat -c %y "$landing/20261102")" = "$times" ]
}
# set_key KEY VALUE: of the medium.
set_key() {
	sed -i "s|^\t*$1 = .*|$1 = $2|" "$root/etc/hikae/hikae.conf"
	hk reload >/dev/null
}
soften() {
	chattr -R -i -a "$disk/control" "$landing/20261102" 2>/dev/null || :
}
at_end="soften let_go"

truncate -s 64M ext4
mkfs.ext4 -q -m 0 -U "$uuid" ext4
mkdir -p "$disk" beside
plug ext4
mount -o noatime "$device" "$disk"
mkdir "$disk/control"
chown nobody "$disk/control" beside
chmod 755 "$scratch"
mountpoint=yes
policy=$(closed_window)
medium_keys="uuid = $uuid
		offline = append-only
		write_probe = yes
		write_probe_user = nobody
		write_probe_control = $disk/control"
install_small
generation 20261101
generation 20261102
chown -R nobody "$landing"
times=$(stat -c %y "$landing/20261102")

say "it can write: accepted, and nothing is left of the try"
begin
scan_all
tried accepted:
wait_until 60 has_no_leftovers
wait_until 60 has_old_times
expect_status 0 hk verify --wait
findings_are

say "no new file, but those that are there can be overwritten"
chattr +i "$landing/20261102"
tried undetermined:files-writable

say "refused, while the control is accepted: that counts"
chattr -R +i "$landing/20261102"
tried refused:
hk media show disk1 >out
expect_line 'try to write: writing is refused' out

say "both refused: nothing is known"
chattr +i "$disk/control"
tried undetermined:control-refused
chattr -i "$disk/control"
tried refused:

say "a control on another file system proves nothing"
set_key write_probe_control "$scratch/beside"
tried undetermined:control-elsewhere
set_key write_probe_control "$disk/control"
tried refused:

say "no such account: a sentence, and nothing is known"
set_key write_probe_user no-such-account
tried undetermined:no-account
expect_line 'there is no account "no-such-account" on this host' "$root.log"
set_key write_probe_user nobody
tried refused:

say "a mode is no protection: who has no permission is not refused for good"
chattr -R -i "$landing/20261102"
chown root "$landing/20261102"
tried undetermined:no-permission
chown nobody "$landing/20261102"

say "read-only on this host says nothing of others"
mount -o remount,ro "$disk"
tried undetermined:mounted-read-only
mount -o remount,rw "$disk"

say "what cannot be removed is told, and not done again"
chattr +a "$landing/20261102"
tried accepted:left-behind
expect_line 'could be made and not removed' "$root.log"
expect_equal "$(leftovers)" 1 "files left"
for _ in 1 2 3; do
	hk scan --json >/dev/null
	wait_until 60 is_idle
done
expect_equal "$(leftovers)" 1 "files left"

say "and is removed as soon as that is possible"
chattr -a "$landing/20261102"
tried accepted:
wait_until 60 has_no_leftovers

say "a refusal whose control cannot be removed is none, and tried again"
chattr -R +i "$landing/20261102"
tried refused:
chattr +a "$disk/control"
tried undetermined:left-behind
expect_equal "$(leftovers)" 1 "files left"
hk scan --json >/dev/null
wait_until 60 is_idle
expect_equal "$(leftovers)" 1 "files left"
chattr -a "$disk/control"
tried refused:
wait_until 60 has_no_leftovers

say "what lies deeper in the copy counts too"
chattr -i "$landing/20261102/sub/c"
tried undetermined:files-writable
chattr +i "$landing/20261102/sub/c"
tried refused:
chattr -R -i "$landing/20261102"
tried accepted:
stop_daemon

say "without the right to become that account it says so"
sed -i 's|^write_probe_user = .*|write_probe_user = daemon|' \
	"$root/etc/hikae/hikae.conf"
chown -R 65534:65534 "$root/var" "$root/run"
begin setpriv --reuid=65534 --regid=65534 --clear-groups \
	--inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search
await state mounted
tried undetermined:no-right
expect_line 'no right to act as another account' "$root.log"

say "a configuration that others can write is no reason to write"
chmod go+w "$root/etc/hikae/hikae.conf"
hk scan --json >/dev/null
wait_until 60 grep -q 'the configuration can be changed by others' "$root.log"
chmod go-w "$root/etc/hikae/hikae.conf"
stop_daemon
umount "$disk"
unplug
