# Part of inside.sh: an installation of an older version, whose catalog is of an
# older schema, is upgraded; and what happens to who puts the older one back.
# /root/older.deb and /root/hikae.deb are the packages, /root/schema the number
# of the new schema.
# shellcheck shell=sh disable=SC2154
echo 'an upgrade that migrates the catalog' >&2

# schema: of the catalog, while nothing has it open (SQLite's header, byte 60).
schema() {
	od -An -tu1 -j 63 -N 1 /var/lib/hikae/catalog.db | tr -d ' '
}
# entries: the journal's, a line each.
entries() {
	hikae journal list --limit 5000 --json | jq -c '.entries | sort_by(.seq)[]'
}
has_findings() {
	[ "$(hikae findings --json | jq -r '[.findings[].code] | unique |
		join(" ")')" = "$1" ]
}
manifests() {
	(cd /var/lib/hikae && find manifests keys -type f -exec sha256sum {} + |
		LC_ALL=C sort -k 2)
}
has_copies() {
	hikae copies --json | jq -e --argjson want "$1" '.copies |
		map(select(.verdict == "intact")) | length == $want'
}
# begins_with FILE OTHER: the other is its beginning.
begins_with() {
	head -n "$(wc -l <"$2")" "$1" | cmp - "$2"
}
# To its end: what is entered between is signed the next time.
proves_itself() {
	hikae journal checkpoint -o /tmp/head.txt
	runuser -u hikae -- hikae journal verify
}
catalog_sum() {
	sha256sum </var/lib/hikae/catalog.db
}
says_why() {
	journalctl -o cat -u hikaed | grep -q 'written by a newer hikae'
}
main_pid() {
	systemctl show -P MainPID hikaed
}
runs_another() {
	[ "$(main_pid)" != "$1" ] && systemctl is-active hikaed
}

upgrade() {
	check "an older version installs" dpkg -i /root/older.deb
	set_up
	mkdir /srv/disk/ehr/20261102
	echo 'another patient' >/srv/disk/ehr/20261102/a
	check "and starts" systemctl enable --now hikaed
	hikae scan >&2
	check "and records two copies" soon has_copies 2
	cp -a /srv/disk/ehr/20261102/a /root/sound
	printf b | dd of=/srv/disk/ehr/20261102/a bs=1 conv=notrunc
	touch -r /root/sound /srv/disk/ehr/20261102/a
	hikae verify --wait >&2
	check "and finds one damaged" has_findings bit-rot
	entries >/root/entries.old
	manifests >/root/manifests.old
	old_pid=$(main_pid)
	check "there is a journal" test "$(wc -l </root/entries.old)" -ge 5

	check "the newer one installs over it" dpkg -i /root/hikae.deb
	check "hikaed was started again" soon runs_another "$old_pid"
	check "from what was installed" test \
		"$(readlink "/proc/$(main_pid)/exe")" = /usr/sbin/hikaed
	check "it answers" soon hikae jobs
	check "the report's timer runs" systemctl is-active hikae-report.timer
	entries >/root/entries
	check "the journal begins as it was" begins_with /root/entries \
		/root/entries.old
	check "and proves itself" soon proves_itself
	manifests >/root/manifests
	check "manifests and keys are as they were" cmp /root/manifests \
		/root/manifests.old
	check "what was damaged is" has_findings bit-rot
	check "journal, catalog and manifests agree" hikae verify --self
	cp -a /root/sound /srv/disk/ehr/20261102/a
	hikae verify --wait >&2
	check "what is mended is good" has_findings ""
	check "with what the older one recorded" has_copies 2
	entries >/root/entries.old
	systemctl stop hikaed
	check "the catalog is of the newer schema" test "$(schema)" = \
		"$(cat /root/schema)"
	sum=$(catalog_sum)

	check "who puts the older one back" dpkg -i /root/older.deb
	check "is told why it does not start" soon says_why
	systemctl stop hikaed
	check "by what reads the catalog, too" sh -c 'runuser -u hikae -- hikae \
		--database /var/lib/hikae/catalog.db status 2>&1 |
		grep "written by a newer hikae"'
	check "and the catalog is untouched" test "$(catalog_sum)" = "$sum"
	check "the newer one again" dpkg -i /root/hikae.deb
	check "goes on" soon has_copies 2
	entries >/root/entries
	check "with the whole journal" begins_with /root/entries \
		/root/entries.old
	check "that proves itself" soon proves_itself
}

if [ -e /root/older.deb ]; then
	upgrade
else
	echo "  SKIP    an upgrade: the tree has no history of an older version"
fi
