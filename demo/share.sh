# share: a NAS in another building that is said to be cut off, but answers.
#
#   share_open       serves a copy of the claims by sftp, mounts it by sshfs;
#                    sets $share to yes, or to no where that cannot be
#   share_cut        unmounts it, which is all that was done to "cut it off"
#   share_close      ends the server
#
# It is this machine in truth, by its loopback address.
#
# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $root and the words are run.sh's

share=no
share_server=
share_home=
share_port=

# Serves the user who runs it only; nobody for root, as with PostgreSQL.
as_sharer() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
	else
		"$@"
	fi
}

share_configure() {
	ssh-keygen -q -t ed25519 -N '' -f "$share_home/host" &&
		ssh-keygen -q -t ed25519 -N '' -f "$share_home/key" || return 1
	cp "$share_home/key.pub" "$share_home/may"
	cat >"$share_home/sshd.conf" <<-END
		ListenAddress 127.0.0.1
		Port $share_port
		HostKey $share_home/host
		PidFile none
		AuthorizedKeysFile $share_home/may
		StrictModes no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		Subsystem sftp internal-sftp
		ForceCommand internal-sftp
	END
}

# share_serve SSHD: a server on a port that is free.
share_serve() {
	share_home=$(mktemp -d /tmp/hikae-demo.XXXXXX)
	share_port=$((20000 + $$ % 20000))
	mkdir "$share_home/claims"
	cp -a "$root/media/nas1/receipt" "$share_home/claims/"
	share_configure || return 1
	[ "$(id -u)" -ne 0 ] || chown -R nobody:nogroup "$share_home"
	(cd / && as_sharer "$1" -D -f "$share_home/sshd.conf") \
		>"$root/sshd.log" 2>&1 &
	share_server=$!
}

share_mount() {
	cp "$share_home/key" "$root/share.key"
	mkdir -p "$root/media/share1"
	tries=0
	until sshfs -p "$share_port" -o "IdentityFile=$root/share.key" \
		-o BatchMode=yes,StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null,ro \
		"$(as_sharer id -un)@127.0.0.1:$share_home/claims" \
		"$root/media/share1" 2>>"$root/sshd.log"; do
		tries=$((tries + 1))
		[ "$tries" -lt 20 ] && kill -0 "$share_server" || return 1
		sleep 0.2
	done
}

share_open() {
	sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) &&
		command -v sshfs ssh-keygen >/dev/null && [ -w /dev/fuse ] ||
		return 0
	if share_serve "$sshd" && share_mount; then
		share=yes
	else
		share_close
	fi
}

share_cut() {
	[ "$share" = no ] || umount "$root/media/share1" 2>/dev/null ||
		fusermount3 -u "$root/media/share1"
}

share_close() {
	[ -z "$share_server" ] || kill "$share_server" 2>/dev/null || :
	share_server=
	[ -z "$share_home" ] || rm -rf "$share_home"
	share_home=
}

describe_share() {
	if [ "$share" = yes ]; then
		line "share1 is a NAS reached by network (sshfs to this very machine)." \
			"share1 はネットワーク越しの NAS です（sshfs でこのマシン自身につないでいます）。"
	else
		line "Skipped: a NAS that poses as offline (sshfs and an ssh server are not both here)." \
			"省略：オフラインのふりをする NAS（sshfs と ssh サーバーがそろっていません）。"
	fi
}

# Its part of the configuration.
share_section() {
	cat <<-END
		[medium share1]
		kind = nas
		name = $(words "NAS of the branch" "分院の NAS")
		path = $root/media/share1
		offsite = yes
		offline = network-partition
		address = 127.0.0.1:$share_port

		[source receipt-share1]
		system = receipt
		medium = share1
		path = receipt
		layout = directory
		pattern = orca-%Y%m%d-%H%M
	END
}
