#!/bin/sh
# Goal: hikaed itself draws, signs and records what is handed out, and nothing half is.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/bundle.sh
. "$here/../bundle.sh"
# shellcheck source=tests/reporter.sh
. "$here/../reporter.sh"
need minisign jq python3 unzip

# check FILE [ARGUMENT...]: by somebody without rights, state and daemon.
check() {
	chmod 644 "$1"
	as_user "$hikae" --root "$scratch/nowhere" evidence verify "$@" \
		--public-key daemon.pub
}

# exported: the newest such entry.
exported() {
	query "SELECT leaf FROM journal WHERE leaf ->> 'type' = 'exported'
		ORDER BY seq DESC LIMIT 1"
}

count_exported() {
	query "SELECT count(*) FROM journal WHERE leaf ->> 'type' = 'exported'"
}

policy=$(closed_window)
install_small
generation 20261101
begin
scan_all
cp "$state/keys/daemon.pub" .
chmod 644 daemon.pub

say "what is handed out stands in the journal: who, what period, which bytes"
expect_equal "$(count_exported)" 0
expect_status 0 export_today bundle.tar --by 'Dr. Sato' --json
expect_status 0 check bundle.tar
expect_equal "$(count_exported)" 1
exported >entry
expect_equal "$(jq -r .by entry)" 'Dr. Sato'
expect_equal "$(jq -r .uid entry)" "$(id -u)"
expect_equal "$(jq -r .sha256 entry)" "$(sha256sum bundle.tar | cut -d ' ' -f 1)"
expect_equal "$(jq -r .bytes entry)" "$(stat -c %s bundle.tar)"
expect_equal "$(jq -r .with_paths entry)" false
expect_equal "$(jq -r '[.from, .to] | map(. / 1000 | floor | todate) |
	join(" ")' entry)" "${today}T00:00:00Z ${today}T23:59:59Z"
export_today named.zip --with-paths --json >out
expect_status 0 check named.zip
export_today named.zip --with-paths --json >out
exported >entry
expect_equal "$(jq -r .with_paths entry)" true
expect_equal "$(jq -r .by entry)" "$(id -un)"
expect_equal "$(jq -r .entry out)" "$(jq -r .seq entry)"
expect_equal "$(jq -r .sha256 out)" "$(sha256sum named.zip | cut -d ' ' -f 1)"
expect_status 64 export_today bad.tar --by "two
lines"
[ ! -e bad.tar ] || fail "bad.tar was written"
hk journal list --json >listed
expect_line '"exported"' listed

say "the entry is none of the period's, so its bytes stay the same"
begin_period
hk verify ehr --wait >/dev/null
end_period
expect_status 0 export_period one.tar
expect_status 0 export_period two.tar
cmp one.tar two.tar
expect_status 0 check two.tar
expect_equal "$(query "SELECT count(DISTINCT leaf ->> 'sha256') FROM journal
	WHERE leaf ->> 'type' = 'exported' AND leaf ->> 'sha256' = '$(sha256sum \
	one.tar | cut -d ' ' -f 1)'")" 1
hk catalog rebuild rebuilt.db >out 2>err || [ $? -eq 1 ] || fail "$(cat err)"

say "who had which medium, who signed which drill; and only what was asked for"
expect_status 0 hk media checkout disk1 --by Ito --to Sato --place 'a safe'
expect_status 1 hk drill start ehr --operator Ito --json
expect_status 0 hk drill sign-off "$(jq .drill.id out)" --by 'Dr. Kato' \
	--observation 'it opens'
expect_status 0 export_today people.zip --pack law
expect_status 0 check people.zip
rm -rf people
mkdir people
unzip -q -j people.zip -d people
expect_equal "$(jq -rs '[.[] | select(.row == "event" and .event == "checkout") |
	[.by, .holder, .place] | join(" ")] | join(",")' people/media.jsonl)" \
	'Ito Sato a safe'
expect_equal "$(jq -rs '[.[] | select(.signed_by != null) |
	[.operator, .signed_by, .observation] | join(" ")] | join(",")' \
	people/drills.jsonl)" 'Ito Dr. Kato it opens'
expect_equal "$(sed 1d people/compliance.csv | cut -d , -f 2 | sort -u)" '"law"'
expect_line '^Hikae-Pack: law' people/bag-info.txt
expect_no_line 'FEE-R|BP-321' people/requirements.txt

say "one system of two, and nothing of the other"
source_keys='[system imaging]
		kind = imaging
		interval = none
		[source imaging-disk1]
		system = imaging
		medium = disk1
		path = imaging
		layout = directory
		pattern = %Y%m%d'
configure
mkdir -p "$disk/imaging/20261102"
echo image >"$disk/imaging/20261102/1.dcm"
give_user "$disk/imaging"
hk reload >/dev/null
scan_all
# systems_in BUNDLE: of its generations, copies and drills.
systems_in() {
	rm -rf one
	mkdir one
	tar -C one --strip-components 1 -xf "$1"
	jq -rs '[.[].system // empty] | unique | join(" ")' \
		one/data/generations.jsonl one/data/copies.jsonl
}
expect_status 0 export_today both.tar
expect_status 0 check both.tar
expect_equal "$(systems_in both.tar)" 'ehr imaging'
expect_status 0 export_today ehr.tar --system ehr
expect_status 0 check ehr.tar
expect_line 'only of one system: ehr' out
expect_equal "$(systems_in ehr.tar)" 'ehr'
expect_equal "$(sed 1d one/data/compliance.csv | grep -c imaging || :)" 0
source_keys=''
configure
hk reload >/dev/null

say "hikaed signs nothing that others drew"
! "$hikae" --root "$root" jobs --json >/dev/null 2>&1 ||
	expect_equal "$(python3 - "$root/run/hikae/control.sock" <<'END'
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(json.dumps({"method": "io.hikae.Control.EvidenceSign",
                      "parameters": {}}).encode() + b"\0")
print(json.loads(s.recv(65536).rstrip(b"\0"))["error"])
END
)" org.varlink.service.MethodNotFound

say "the page for people, drawn by hikaed, whoever asks"
cat >fetch.py <<'END'
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(json.dumps({"method": "io.hikae.Control.Report",
                      "parameters": {"language": sys.argv[2]}}).encode() + b"\0")
text, fds = b"", []
while not text.endswith(b"\0"):
    data, got, flags, address = socket.recv_fds(s, 65536, 4)
    assert data, "no answer"
    text, fds = text + data, fds + got
reply = json.loads(text[:-1])
if "error" in reply:
    sys.exit(reply["error"])
assert len(fds) == 1
page = open(fds[0], "rb").read()
sys.stdout.buffer.write(page)
assert len(page) == reply["parameters"]["size_bytes"]
print(reply["parameters"]["sha256"], file=sys.stderr)
try:
    open("/proc/self/fd/%d" % fds[0], "rb").close()
    import os
    os.write(fds[0], b"x")
    sys.exit("it can be written to")
except OSError:
    pass
END
for language in ja en; do
	python3 fetch.py "$root/run/hikae/control.sock" "$language" >page.html \
		2>sum || fail "$(cat sum)"
	expect_line "<html lang=\"$language\"" page.html
	expect_equal "$(sha256sum page.html | cut -d ' ' -f 1)" "$(cat sum)"
done
! python3 fetch.py "$root/run/hikae/control.sock" xx >page.html 2>err ||
	fail "a page in no language"
expect_line InvalidParameter err

say "a child that is killed leaves no file, no entry, and a clear word"
catch_reporter export_today killed.tar
rm -f killed.tar
before=$(count_exported)
kill -KILL "$child"
await_asked 3
expect_line 'was ended by signal 9 before it was done' asked.err
[ ! -e killed.tar ] || fail "killed.tar was written"
expect_equal "$(find . -maxdepth 1 -name '.hikae-tmp-*')" ""
expect_equal "$(count_exported)" "$before"
expect_status 0 export_today after.tar
expect_status 0 check after.tar

say "who asks meanwhile waits for his own bundle, and gets it"
catch_reporter export_today first.tar
export_today second.zip >second 2>second.err &
second=$!
expect_status 0 hk jobs
expect_equal "$(reporters)" 1
[ ! -s asked ] || fail "something was said before it was drawn"
kill -CONT "$child"
await_asked 0
wait "$second" || fail "$(cat second second.err)"
expect_status 0 check first.tar
expect_status 0 check second.zip

say "who goes away takes his child along"
catch_reporter export_today gone.tar
kill -KILL "$waiting" 2>/dev/null
wait "$waiting" 2>/dev/null || :
pgrep -f "evidence export .*gone.tar" | xargs -r kill -KILL 2>/dev/null || :
no_reporter() {
	[ "$(reporters)" = 0 ]
}
wait_until 60 no_reporter
rm -f .hikae-tmp-*
expect_status 0 export_today bundle.tar

say "where the state's disk is full there is no half bundle, and no entry"
if [ "$(id -u)" -eq 0 ]; then
	before=$(count_exported)
	stop_daemon
	# A state of its own, on a file system that is nearly full.
	mkdir little
	if mount -t tmpfs -o size=4m,mode=755 none little 2>/dev/null; then
		cp -a "$state/." little/
		give_user little
		mount --bind little "$state"
		begin
		dd if=/dev/zero of="$state/ballast" bs=4k 2>/dev/null || :
		free=$(($(stat -f -c '%a * %S' "$state")))
		# Room for the journal, not for a bundle.
		truncate -s "-$((400 * 1024 - free))" "$state/ballast"
		rm -f full.tar
		expect_status 73 export_today full.tar
		[ ! -e full.tar ] || fail "full.tar was written"
		expect_equal "$(count_exported)" "$before"
		rm "$state/ballast"
		stop_daemon
		umount "$state" little
	fi
	begin
	expect_status 0 export_today bundle.tar
fi

say "the signed head as a file, for whoever has minisign alone"
expect_status 0 hk journal checkpoint -o head.txt
minisign -V -q -p daemon.pub -m head.txt
minisign -V -Q -p daemon.pub -m head.txt >comment
expect_line "^hikae checkpoint hikae/small/[0-9a-f]{16} $(sed -n 2p head.txt)\$" \
	comment
hk journal checkpoint >printed
expect_equal "$(head -n 1 printed)" "$(head -n 1 head.txt)"
expect_status 66 hk journal checkpoint -o nowhere/head.txt
# shellcheck disable=SC2119 # our own arguments are not meant
stop_daemon
