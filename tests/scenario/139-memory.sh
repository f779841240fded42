#!/bin/sh
# Goal: hikaed, its children and who asks it take the same memory, and not more
# than 64 MiB, however many files there are.
#
# FEW (4,000) files, then MANY (40,000), in a folder and in an archive, captured,
# verified with what the archive holds, and asked for: shows the peak memory of
# each process.  `make check-large` takes 10,000 and 2,000,000.  They are empty:
# what counts is their number.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
: "${FEW:=4000}" "${MANY:=40000}"
! ldd "$hikaed" | grep -q libasan || skip "ASan needs memory of its own"
peaks=$HIKAE_BUILD/tool/peaks

# The second system's backups are archives.
configure_archives() {
	cat >>"$root/etc/hikae/hikae.conf" <<-END
		[system receipt]
		kind = receipt
		interval = none
		[source receipt-disk1]
		system = receipt
		medium = disk1
		path = receipt
		layout = archive
		pattern = %Y%m%d.tar
	END
}

# make_backups COUNT: folders of a thousand files, and the same in a tar.  All of
# them but one are empty: where nothing is in any, a backup is none.
make_backups() {
	mkdir -p "$disk/unfinished" "$disk/receipt"
	for first in $(seq 0 1000 $(($1 - 1))); do
		folder=$disk/unfinished/$((first / 1000))
		mkdir "$folder"
		seq "$first" $((first + 999)) | (cd "$folder" && xargs touch)
	done
	echo one >"$disk/unfinished/0/0"
	tar -C "$disk/unfinished" -cf "$disk/receipt/20261101.tar" .
	give_user "$disk/receipt" "$disk/unfinished"
	mv -T "$disk/unfinished" "$landing/20261101"
}

is_captured() {
	[ "$(query 'SELECT count(*) FROM manifest')" = 2 ] && is_idle
}

# asks COMMAND...: of hikae's own command, whose peak counts, too.
asks() {
	as_owner "$peaks" "$told" "$hikae" --root "$root" "$@" >/dev/null
}

# measure SET COUNT: the end of each process goes to told.SET.
measure() {
	rm -rf "$root" "$disk"
	install_small
	configure_archives
	make_backups "$2"
	told=$scratch/told.$1
	: >"$told"
	give_user "$told"
	begin "$peaks" "$told"
	hk scan --json >/dev/null
	wait_until $((300 + $2 / 1000)) is_captured
	expect_equal "$(query 'SELECT max(files), max(members_files)
		FROM manifest')" "$2|$2" "files and members"
	echo '0 contents' >>"$told"
	expect_status 0 hk verify --wait --level members
	expect_status 0 hk verify --self
	hk compliance >/dev/null || :
	asks status
	asks show ehr@20261101T000000+0000
	asks show receipt@20261101T000000+0000
	stop_daemon
}

# The greatest peak of each kind of process: a child is named by its role.  One
# of each of these must be there.  A parser that looks into contents keeps 16 bytes
# for each of two million files' names (lib/inspect/inspect_set.h): it may grow, to
# the same limit.
judge() {
	awk -v few="$FEW" -v many="$MANY" '
	function add(name) {
		if (!(name in known))
			names[++count] = name
		known[name]
	}
	BEGIN {
		n = split("hikaed,reader,parser,parser (contents)," \
			"records,report,hikae status,hikae show", needed, ",")
		for (i = 1; i <= n; i++)
			add(needed[i])
	}
	$2 == "contents" { looks = 1 }
	FNR == 1 { looks = 0 }
	$1 > 0 {
		name = $2
		sub(/.*\//, "", name)
		for (i = 3; i < NF; i++)
			if ($i == "--role")
				name = $(i + 1)
			else if (name == "hikae" && $i == "--root")
				name = name " " $(i + 2)
		if (looks && name == "parser")
			name = name " (contents)"
		add(name)
		set = FILENAME ~ /few$/
		if ($1 > peak[name, set])
			peak[name, set] = $1
	}
	function tell(name,    before, after, word) {
		before = peak[name, 1]
		after = peak[name, 0]
		word = after > 65536 ? "more than 64 MiB" : \
			after > before * 1.5 && name !~ /contents/ ? "grows" : ""
		printf "   %-18s %10d KiB %10d KiB %s\n", name, before, after,
			word
		return word != "" || !before || !after
	}
	END {
		printf "   %-18s %10d     %10d      files\n", "", few, many
		for (i = 1; i <= count; i++)
			bad += tell(names[i])
		exit bad > 0
	}' told.few told.many
}

for set in few many; do
	[ "$set" = few ] && count=$FEW || count=$MANY
	say "$count files in a folder, and in an archive"
	measure "$set" "$count"
done
say "the peak memory of each process"
judge || fail "a process takes more than it may"
