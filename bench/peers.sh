# Other tools, each on the files of the present section.  Part of run.sh.
# shellcheck shell=sh disable=SC2154 # variables of run.sh

peer_sha256sum() {
	sha256sum --quiet -c "$sums"
}

peer_xargs_sha256sum() {
	xargs -P2 sha256sum <"$list"
}

peer_xargs_cat() {
	xargs -P8 cat <"$list"
}

# Without -c in the audit: with it hashdeep audits nothing and exits 0.
peer_prepare_hashdeep() {
	hashdeep -j2 -c sha256 -r "$place/$set" >"$place/known.$set"
}

peer_hashdeep() {
	hashdeep -a -j2 -k "$place/known.$set" -r "$place/$set"
}

peer_prepare_repositories() {
	export RESTIC_PASSWORD=bench RESTIC_CACHE_DIR="$disk/restic.cache"
	export BORG_BASE_DIR="$disk/borg.base"
	if ! restic -q -r "$disk/restic" init ||
		! restic -q -r "$disk/restic" backup "$disk/$set"; then
		failed "restic backup"
	fi
	if ! borg init -e none "$disk/borg" ||
		! borg create --compression none "$disk/borg::1" "$disk/$set"; then
		failed "borg create"
	fi
	{
		echo "database_in=file:$disk/aide.db"
		echo "database_out=file:$disk/aide.db"
		echo "gzip_dbout=no"
		echo "num_workers=2"
		echo "report_url=file:/dev/null"
		echo "$disk/$set p+s+m+sha256"
	} >"$disk/aide.conf"
	aide --config="$disk/aide.conf" --init >/dev/null ||
		failed "aide --init"
}

peer_remove_repositories() {
	rm -rf "$disk/restic" "$disk/restic.cache" "$disk/borg" \
		"$disk/borg.base" "$disk/aide.db"
}

peer_restic() {
	restic -q -r "$disk/restic" check --read-data
}

peer_borg() {
	borg check --verify-data "$disk/borg"
}

peer_aide() {
	aide --config="$disk/aide.conf" --check
}
