import { afterAll, beforeAll, expect, it } from 'vitest';
import { ssh } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test.close());

async function perl(program: string) {
  return await ssh(test.port, `perl - one <<'EOF'\n${program}\nEOF`);
}

it('a program of references, patterns, loops with labels and here-documents says what Perl 5.36 says', async () => {
  const { stdout, stderr, status } = await perl(program);
  expect(stdout).toBe(answer);
  expect({ stderr, status }).toEqual({ stderr: 'careful\n', status: 0 });
});

it('one-liners run for each line, and in place', async () => {
  const { stdout } = await ssh(
    test.port,
    `printf 'a:1\\nb:2\\n' > /tmp/f; perl -F: -lane 'print $F[1]' /tmp/f; perl -pi.old -e 's/a/z/' /tmp/f; cat /tmp/f /tmp/f.old; perl -ne 'print if $. == 2' /tmp/f`,
  );
  expect(stdout).toBe('1\n2\nz:1\nb:2\na:1\nb:2\nb:2\n');
});

it('what it opens, runs and connects to is of the visitor’s world, where nothing is let out', async () => {
  const { stdout, stderr, status } = await ssh(
    test.port,
    `perl -MIO::Socket::INET -e 'open(my $f, ">", "/tmp/p") or die; print $f "in\\n"; close $f; print \`cat /tmp/p\`; print system("exit 3") >> 8, "\\n"; IO::Socket::INET->new("203.0.113.4:80") or die "no: $!\\n"'; echo $?; perl -e 'open(F, "/proc/self/environ") or print "$!\\n"; require "nosuch.pm"' 2>&1 | cut -c1-28; printf '#!/usr/bin/perl\\nprint "run @ARGV\\\\n";' > /tmp/s; chmod +x /tmp/s; /tmp/s a b`,
  );
  expect(stdout).toContain('in\n3\n113\n');
  expect(stdout).toContain("Can't locate nosuch.pm in @I");
  expect(stdout).toContain('run a b\n');
  expect({ stderr, status }).toEqual({ stderr: 'no: No route to host\n', status: 0 });
});

it.each([
  ['a loop without end', 'while (1) { $x .= "a" x 1000 }'],
  ['a function that calls itself', 'sub f { f() } f()'],
  ['a list of all numbers', '@a = (1 .. 1e9); push @a, @a for 1 .. 40'],
  ['a text that doubles', '$s = "a"; $s .= $s for 1 .. 60; print length $s'],
  ['a pattern that takes for ever', '"a" x 60 . "b" =~ /^(a+)+$/'],
])('%s ends, and the next is answered', async (_, program) => {
  await perl(program);
  expect((await ssh(test.port, 'echo here')).stdout).toBe('here\n');
});

it('no name of JavaScript leads out of it', async () => {
  const { stdout, stderr } = await perl(
    'my %h; print exists $h{constructor} ? 1 : 0, defined $h{__proto__} ? 1 : 0, "\\n"; eval { constructor->new }; print $@; eval { __proto__() }; print $@; print hasOwnProperty, "\\n";',
  );
  expect(stderr).toBe('');
  expect(stdout).toBe(
    `00\nCan't locate object method "new" via package "constructor" (perhaps you forgot to load "constructor"?) at - line 1.\nUndefined subroutine &main::__proto__ called at - line 1.\nhasOwnProperty\n`,
  );
});

const program = `use strict;
use warnings;
use IO::Socket;
my @servers = ('203.0.113.5:6667', '203.0.113.6:6667');
my %handlers = (
    PING => sub { my ($arg) = @_; return "PONG $arg"; },
    PRIVMSG => \\&on_message,
);
sub on_message {
    my ($text) = @_;
    if ($text =~ /^!(\\w+)\\s*(.*)$/) {
        my ($cmd, $rest) = ($1, $2);
        return "cmd=$cmd rest=[$rest]";
    } elsif ($text eq '') { return 'empty' }
    else { return "talk: $text" }
}
foreach my $line ("PING :abc", "PRIVMSG !exec uname -a", "PRIVMSG hello there", "NOPE x") {
    my ($verb, $arg) = split(/ /, $line, 2);
    if (exists $handlers{$verb}) { print $handlers{$verb}->($arg), "\\n"; }
    else { printf "%-6s|%s\\n", $verb, 'unknown'; }
}
my $n = 0;
OUTER: for my $i (1 .. 5) {
    for my $j (1 .. 5) {
        next OUTER if $j > $i;
        last OUTER if $i * $j > 6;
        $n += $i * $j;
    }
}
print "n=$n\\n";
my @stack; push @stack, $_ * $_ for 1 .. 4; print "@stack[0 .. 1] / ", pop @stack, " / ", shift(@stack), "\\n";
my %tree = (a => { b => [1, 2, { c => 'deep' }] }); print "$tree{a}{b}[2]{c} $tree{a}->{b}->[0]\\n";
print join(' ', map { "$_:" . scalar(@{[ 1 .. $_ ]}) } grep { $_ & 1 } 1 .. 4), "\\n";
my $s = 'x=1;y=22'; my %kv = map { split /=/ } split /;/, $s; print join(',', map { "$_$kv{$_}" } sort keys %kv), "\\n";
my $t = 'aXbXc'; my $count = () = $t =~ /X/g; print "count $count ", ($t =~ tr/X//), "\\n";
print "ok\\n" if 'abc' lt 'abd' and not 0; print 'single $novar\\n', "\\n"; print "tab\\there \\x41\\101 \\$5 \\@x\\n";
my @sorted = sort { $b->[1] <=> $a->[1] || $a->[0] cmp $b->[0] } (['u', 3], ['v', 9], ['t', 3]); print join(' ', map { $_->[0] } @sorted), "\\n";
print "last: ", substr('abcdef', -2), ' ', substr('abcdef', 1, 3), ' ', index('hello', 'l'), ' ', ucfirst(lc 'HELLO'), "\\n";
my ($min) = sort { $a <=> $b } 5, 3, 9; print "min $min\\n"; print "a" . 1 + 2, "\\n"; print "10" + "20", " ", "3 apples" * 2, "\\n";
my $str = sprintf('%s-%03d-%x-%.1e-%5s|%-5s|%+d', 'a', 7, 255, 12345.678, 'r', 'l', 5); print "$str\\n";
print 1/3, ' ', 1e21, ' ', 10/2, ' ', 2**40, ' ', -7 % 3, ' ', int(-3.7), "\\n";
my $h = {}; $h->{list}[2] = 'x'; print scalar @{$h->{list}}, ' ', defined $h->{list}[0] ? 'def' : 'undef', "\\n";
{ local $, = '-'; local $\\ = "!\\n"; print 1, 2, 3; }
my $heredoc = <<~EOT;
    indented $n
      more
    EOT
print $heredoc; print "wantarray: ", (sub { wantarray ? 'list' : 'scalar' })->(), "\\n";
my $res = eval { die "inner\\n"; 1 } || "caught: $@"; print $res; warn "careful\\n";
print "chained: ", join(',', reverse sort map { $_ * 2 } grep { !($_ % 2) } 1 .. 6), "\\n";
my @copy = @stack; $_ += 10 for @copy; print "@copy | @stack\\n"; my ($p, $q, @r) = (1, 2, 3, 4); ($p, $q) = ($q, $p); print "$p$q@r\\n";
while (my ($k, $v) = each %kv) { $n++ } print "n now $n\\n"; print "exists\\n" unless exists $kv{zz}; delete $kv{x}; print join(',', keys %kv), "\\n";
my $re = qr/(\\d+)-(\\d+)/; if ("10-20" =~ $re) { print $1 + $2, "\\n" } (my $trim = "  pad ") =~ s/^\\s+|\\s+$//g; print "[$trim]\\n"; my $e = 'a1b2'; $e =~ s/(\\d)/$1*2/ge; print "$e\\n";
print "A".."C", "\\n"; my $z = "az"; $z++; print "$z\\n";
`;

const answer = `PONG :abc
cmd=exec rest=[uname -a]
talk: hello there
NOPE  |unknown
n=16
1 4 / 16 / 1
deep 1
1:1 3:3
x1,y22
count 2 2
ok
single $novar\\n
tab	here AA $5 @x
v t u
last: ef bcd 2 Hello
min 3
2
30 6
a-007-ff-1.2e+04-    r|l    |+5
0.333333333333333 1e+21 5 1099511627776 2 -3
3 undef
1-2-3!
indented 16
  more
wantarray: list
caught: inner
chained: 8,4,12
14 19 | 4 9
213 4
n now 18
exists
y
30
[pad]
a2b4
ABC
ba
`;
