#!/bin/sh
# Goal: a drill's record claims no more than was shown and says why it ended, and
# a signature has no slip in it that stays for good.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
# shellcheck source=tests/drill.sh
. "$here/../drill.sh"

medium_keys='offline = detached'
policy="full_after_capture = no
		$(closed_window)"
install_small
programs=$root/etc/hikae/drill.d
mkdir -p "$programs"
give_user "$programs"
generation 20261101
# Something that is looked into.
printf 'SQLite format 3\0' >"$landing/20261101/x.sqlite"
give_user "$landing/20261101"
begin
scan_all

# program: the only one, from standard input.
program() {
	cat >"$programs/ehr.check"
	chmod 755 "$programs/ehr.check"
	give_user "$programs/ehr.check"
}
show() {
	hk drill show "$number" >shown
}

for result in '{"rows": }' '{"rows": 1}{"rows": 2}' '[1]' 'rows'; do
	say "a result that is no object: $result"
	printf '#!/bin/sh\necho '"'%s'"' >&3\n' "$result" | program
	hk drill start ehr --operator Tester --json >out || :
	number=$(jq .drill.id out)
	check_of program >check
	expect_line '^ehr-check undetermined .*"reason":"result-malformed"' check
	show
	expect_line 'is no JSON object' shown
done

say "one of a gigabyte"
printf '#!/bin/sh\nhead -c 1000000000 /dev/zero >&3\n' | program
hk drill start ehr --operator Tester --json >out || :
check_of program >check
expect_line '^ehr-check undetermined .*"end":"output-limit"' check

say "that a program was content does not show that the application works"
printf '#!/bin/sh\necho "{\\"files\\": 1}" >&3\n' | program
hk drill start ehr --operator Tester --json >out || :
number=$(jq .drill.id out)
show
expect_line '^OK ehr-check' shown
expect_line 'That the application works' shown
printf '#!/bin/sh\necho "{\\"application\\": true}" >&3\n' | program
hk drill start ehr --operator Tester --json >out || :
number=$(jq .drill.id out)
show
expect_no_line 'That the application works' shown
expect_line 'By its own account the application works' shown
printf '#!/bin/sh\necho "{\\"application\\": true}" >&3\nexit 2\n' | program
drill 2 failed
show
expect_line 'That the application works' shown

say "who ended it, and what nobody looked into"
rm "$landing/20261101/x.sqlite" "$programs/ehr.check"
generation 20261102
scan_all
drill 1 warning
show
expect_line '^WARN No restored file has a format that hikae looks into' shown
expect_equal "$(grep -c 'No restored file has' shown)" 1 "said once"
printf '#!/bin/sh\nexec %s\n' "$nap" | program
hk drill start ehr --operator Tester --json >out &
waiting=$!
wait_until 60 is_napping
hk drill cancel ehr
got=0
wait "$waiting" || got=$?
expect_equal "$got" 3 "exit status of one that was ended"
number=$(jq .drill.id out)
show
expect_line 'Somebody ended it' shown
wait_until 60 is_awake

say "a witness is another, and a day that is over is no promise"
expect_status 64 hk drill sign-off "$number" --by 'A B' --witness 'A B' \
	--observation seen
expect_status 64 hk drill sign-off "$number" --by 'A B' --observation seen \
	--improvement better --due 2020-01-01
expect_status 0 hk drill sign-off "$number" --by 'A B' --witness 'C D' \
	--observation seen --improvement better --due "$(date +%F)"

say "hikaed is killed: what comes of it is not known, and nothing waits"
hk drill start ehr --operator Tester --json >out 2>err &
waiting=$!
wait_until 60 is_napping
kill_daemon
got=0
wait "$waiting" || got=$?
expect_equal "$got" 3 "exit status where hikaed ended"
wait_until 30 is_awake
begin
wait_until 60 is_swept
hk drill list --json >out
expect_equal "$(jq -r .drills[0].outcome out)" lost "outcome"
expect_equal "$(jq '.waiting | length' out)" 0 "waiting"
number=$(jq .drills[0].id out)
show
expect_line 'hikaed was ended in the middle' shown
stop_daemon
