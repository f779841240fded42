#!/bin/sh
# Goal: hostile clients of the socket hurt nobody else, strangers stay outside.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/small.sh
. "$here/../small.sh"
need perl
perl -MIO::Socket::UNIX -e 1 2>/dev/null || skip "perl has no sockets"

socket=$root/run/hikae/control.sock

# Before each program: the connected socket $s and a function dial().
# shellcheck disable=SC2016 # perl's
prelude='my $path = shift; $SIG{PIPE} = "IGNORE";
	sub dial { IO::Socket::UNIX->new(Peer => $path) }
	sub done { print STDERR "harm done\n" }
	my $s = dial() or die "no connection\n"; '

client() {
	perl -MIO::Socket::UNIX -e "$prelude$1" "$socket"
}

# A status is there, whatever others do, before hikaed has lost its patience
# with a silent client (30 s).  Others than our clients may be in the way too, so
# there are three tries while these stay.
PATIENCE=20
answers() {
	for _ in 1 2 3; do
		got=0
		timeout "$PATIENCE" "$hikae" --root "$root" status >out 2>err ||
			got=$?
		[ "$got" -eq 124 ] || break
	done
	expect_equal "$got" 0 "status within $PATIENCE s"
}

# background PERL: a client that is connected, has done its harm (done) and
# stays; all are ended by `calm`.
clients=
background() {
	: >client.log
	perl -MIO::Socket::UNIX -e "$prelude$1" "$socket" >client.log 2>&1 &
	clients="$clients $!"
	wait_until 60 grep -q 'harm done' client.log
}
calm() {
	for client in $clients; do
		kill "$client" 2>/dev/null || :
		wait "$client" 2>/dev/null || :
	done
	clients=
	wait_until 60 "$hikae" --root "$root" status
	answers
}

install_small
generation 20261101
begin
scan_all
answers

say "half a message, and silence"
background 'print $s "{\"method\":"; $s->flush; done(); sleep 600'
answers
calm

say "garbage without an end, zeroes without an end"
background 'syswrite $s, "A" x 65536 for 1 .. 400; done(); sleep 600'
background 'syswrite $s, "\0" x 65536 for 1 .. 400; done(); sleep 600'
background 'my $n; while (1) { my $t = dial() or next;
	syswrite $t, "{}\0" x 1000; close $t; done() if ++$n == 10 }'
answers
calm

say "who never reads the answers"
background 'my $call = "{\"method\":\"io.hikae.Control.Status\"}\0";
	$s->blocking(0); for (1 .. 200000) { syswrite $s, $call; }
	done(); sleep 600'
answers
calm

say "calls that are none"
for call in '[]' '{}' '{"method":1}' '{"method":"io.hikae.Control.Nothing"}' \
	'{"method":"io.hikae.Control.Show"}' \
	'{"method":"io.hikae.Control.Show","parameters":{"what":1}}' \
	'{"method":"io.hikae.Control.Copies","parameters":{"limit":-1}}' \
	'{"method":"io.hikae.Control.Verify","parameters":{"copy":1e300}}' \
	"$(printf '%0300000d' 0 | tr 0 '[')"; do
	printf '%s' "$call" >call
	client 'open my $f, "<", "call"; local $/; my $c = <$f>;
		print $s $c, "\0"; $s->flush;
		$/ = "\0"; my $r = <$s>; print $r // "closed"' >out
	expect_line 'closed|"error"' out
done
answers

say "more connections than anybody needs, all idle"
background 'my @all; for (1 .. 2000) { push @all, dial(); done() if $_ == 9 }
	sleep 600'
got=0
timeout "$PATIENCE" "$hikae" --root "$root" status >out 2>err || got=$?
[ "$got" -eq 0 ] || [ "$got" -eq 75 ] || [ "$got" -eq 3 ] ||
	fail "status while the socket is full: $got"
calm

if [ "$(id -u)" -eq 0 ]; then
	say "another user is refused, also where files would let him in"
	chmod 777 "$root/run" "$root/run/hikae" "$socket"
	got=0
	setpriv --reuid=65533 --regid=65533 --clear-groups \
		"$hikae" --root "$root" status >out 2>err || got=$?
	cat out err >said
	expect_no_line 'ehr' said
	[ "$got" -eq 3 ] || fail "a stranger got $got: $(cat said)"
fi

say "all is as before"
kill -0 "$daemon" || fail "hikaed ended"
expect_status 0 hk verify --wait
answers
stop_daemon
