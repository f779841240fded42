#!/bin/sh
# Goal: what a backup holds is looked into, compressed files too, or it is said that nobody did.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"
# shellcheck source=tests/postgres.sh
. "$here/../postgres.sh"
need bzip2 gzip lz4 xz zstd

policy="full_after_capture = no
		$(closed_window)"
install_small

say "streams of each kind: whole, cut, damaged"
mkdir sound broken
seq 1 60000 >lines
for packer in bzip2 gzip lz4 xz zstd; do
	"$packer" -q -c <lines >"sound/lines.$packer"
	head -c -9 "sound/lines.$packer" >"broken/cut.$packer"
	size=$(wc -c <"sound/lines.$packer")
	{
		head -c $((size / 2)) "sound/lines.$packer"
		printf '\252\125\252\125\252\125\252\125'
		tail -c +$((size / 2 + 9)) "sound/lines.$packer"
	} >"broken/bits.$packer"
done
sqlite3 sound/orca.db 'CREATE TABLE a (i int); INSERT INTO a VALUES (1)'
cp sound/orca.db broken
put 20261101 sound/*
put 20261102 broken/*
begin
scan_all

# of DAY: the id of that day's generation.
of() {
	printf 'ehr@%sT000000+0000' "$1"
}

expect_status 0 hk verify --wait --level members "$(of 20261101)" --json
hk show "$(of 20261101)" --json | jq -r '.copies[0].id' >copy
expect_equal "$(hk show "$(cat copy)" --json | jq -r '
	.copy.manifests[0].contents.formats[] |
	"\(.format) \(.files) \(.broken) \(.counts.unpacked)"')" \
	"sqlite 1 0 null
stream 5 0 $(($(wc -c <lines) * 5))"
findings_are

expect_status 1 hk verify --wait --level members "$(of 20261102)" --json
hk findings --json | jq -r '.findings[] |
	"\(.name) \(.code) \(.verdict)"' | sort >told
for packer in bzip2 gzip lz4 xz zstd; do
	echo "bits.$packer content-broken none"
	echo "cut.$packer content-broken none"
done | sort | diff -u - told || fail "the findings"
finding=$(hk findings --json |
	jq '.findings[] | select(.name == "cut.gzip") | .id')
expect_equal "$(hk show "$finding" --json | jq -c '.finding.detail |
	[.format, .fault]')" '["stream","truncated"]'

say "a drill fails, and says which kind of files"
drill_day 0 passed 20261101
expect_line '^stream passed .*"files":5' - <<-END
	$(check_of inspect)
END
drill_day 2 failed 20261102
expect_line '^stream failed .*"broken":10' - <<-END
	$(check_of inspect)
END
LC_ALL=C.UTF-8 hk drill show "$number" >out
expect_line 'compressed files: broken 10' out

say "a name that its content refutes; a file that nobody looked into"
mkdir odd
cp sound/orca.db odd
head -c 4096 /dev/zero >odd/orca.dump
head -c 4096 /dev/zero >odd/orca.sql.gz
echo 'not known' >odd/readme
put 20261103 odd/*
scan_all
expect_status 1 hk verify --wait --level members "$(of 20261103)" --json
expect_equal "$(hk findings --json | jq -r '.findings[] |
	select(.code == "content-mismatch") | "\(.name) \(.code)"' | sort)" \
	'orca.dump content-mismatch
orca.sql.gz content-mismatch'
drill_day 1 warning 20261103
expect_line '"no_format":1.*"skipped":0' - <<-END
	$(check_of restore)
END
LC_ALL=C.UTF-8 hk drill show "$number" >out
sed -n '/^Not proved/,$p' out >not-proved
expect_line '^  Files of no format that hikae knows: 1$' not-proved
expect_no_line 'no_format\|skipped' out
