# A small installation for scenarios, after tests/lib.sh: one system, `ehr`,
# whose generations are the folders of $landing on one medium, `disk1`, with
# $root as its --root.  The daemon and who writes backups are one
# ordinary user, the owner; for root that is nobody.
#
# hikae and scratch are tests/lib.sh's; what is set here, the scenarios'.
# shellcheck shell=sh disable=SC2154,SC2034

need jq sqlite3

root=$scratch/root
disk=$scratch/disk
landing=$disk/ehr
state=$root/var/lib/hikae
catalog=$state/catalog.db
# What configure writes besides what is needed; scenarios set them before.
policy='' system_keys='' medium_keys='' source_keys=''
# Words that go before a command of the owner's.
owner=
[ "$(id -u)" -ne 0 ] ||
	owner='setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all'

as_owner() {
	# shellcheck disable=SC2086 # words
	$owner "$@"
}

# A set of keys; making one is slow on purpose, so it is made once a build.
make_keys() {
	keys=$HIKAE_BUILD/scenario/keys
	(
		flock 9
		[ ! -e "$keys/var/lib/hikae/keys" ] || exit 0
		mkdir -p "$keys"
		configure "$keys"
		printf 'correct horse\n' >"$keys/passphrase"
		"$hikae" --root "$keys" key init --facility-key "$keys/facility.key" \
			--passphrase-file "$keys/passphrase" >/dev/null
	) 9>"$keys.lock"
	cp -a "$keys/var" "$1/"
}

# configure [ROOT]: write the configuration anew.
configure() {
	configured=${1:-$root}
	mkdir -p "$configured/etc/hikae"
	cat >"$configured/etc/hikae/hikae.conf" <<-END
		[facility]
		id = small
		name = Small Clinic
		timezone = UTC
		[policy]
		settle_time = 0s
		$policy
		[system ehr]
		kind = ehr
		interval = none
		$system_keys
		[medium disk1]
		kind = disk
		path = $disk
		mountpoint = ${mountpoint:-no}
		$medium_keys
		[source ehr-disk1]
		system = ehr
		medium = disk1
		path = ehr
		layout = directory
		pattern = %Y%m%d
		$source_keys
	END
}

# install_small: folders, configuration and keys, nothing in them yet.
install_small() {
	mkdir -p "$root" "$landing"
	configure
	make_keys "$root"
	give_user "$root" "$disk"
	chmod 755 "$scratch" "$disk"
}

# Start the daemon as the owner; what is given goes before it.  Its first look
# at the media is over then, with the entries and scans that follow from it.
begin() {
	# shellcheck disable=SC2086 # words
	start_daemon "$root" $owner "$@"
	wait_until 60 media_are_looked_at
}

media_are_looked_at() {
	[ "$(hk media list --json | jq '.media | all(.is_looked)')" = true ]
}

hk() {
	"$hikae" --root "$root" "$@"
}

# query SQL: of the catalog, read-only.
query() {
	sqlite3 -readonly "$catalog" "$1"
}

is_idle() {
	[ "$(hk jobs --json | jq '.jobs | length')" = 0 ]
}

# medium_is ID STATE: as it was last looked at; hk reload looks again.
medium_is() {
	[ "$(hk media list --json | jq -r --arg id "$1" \
		'.media[] | select(.id == $id).state')" = "$2" ]
}

# Scan, and wait until all that follows from it was done.
scan_all() {
	hk scan --json >/dev/null
	wait_until 120 is_idle
}

# generation DAY: a folder with three files in two folders; 20261101 is a DAY.
# It appears whole: a scan may be under way.
generation() {
	mkdir -p "$disk/unfinished/sub"
	printf 'patients of %s\n' "$1" >"$disk/unfinished/a"
	seq 1 9000 >"$disk/unfinished/b"
	seq 1 "$1" 20300000 | head -n 100 >"$disk/unfinished/sub/c"
	give_user "$disk/unfinished"
	mv -T "$disk/unfinished" "$landing/$1"
}

# own_pack CHECK: a requirement of the facility's own, OWN-1 of $packs/own.conf.
packs=$root/etc/hikae/requirements.d
own_pack() {
	mkdir -p "$packs"
	cat >"$packs/own.conf" <<-END
		[pack]
		id = own
		name = 自院の規程
		name_en = Own rules
		[requirement OWN-1]
		kind = best-practice
		title = 題
		title_en = Own rule
		source = 規程
		text_status = memory
		systems = ehr
		check = $1
	END
}

# A policy under which hikaed reads nothing of its own accord for hours: soon
# after the start it otherwise reads what nobody has read a second time.
closed_window() {
	printf 'window = %s-%s\n' "$(date -d '6 hours' +%H:00)" \
		"$(date -d '7 hours' +%H:00)"
}

# findings_are CODE...: exactly these are open, in any order.
findings_are() {
	findings_now=$(hk findings --json | jq -r '.findings[].code' | sort |
		xargs)
	findings_expected=$(printf '%s\n' "$@" | sort | xargs)
	expect_equal "$findings_now" "$findings_expected" "open findings"
}
