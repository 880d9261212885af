# perl-worker.pl HOST PORT PREFIX [id=NAME]: the worker side of test/support/interop-clients.ts.
use strict;
use warnings;
use Gearman::Worker;

$| = 1;
my ($host, $port, $prefix, @options) = @ARGV;
my %option = map { split /=/, $_, 2 } @options;
my $server = $ENV{INTEROP_TLS}
    ? { host => $host, port => $port, use_ssl => 1, ca_file => $ENV{GEARMAND_CA_CERTIFICATE}, cert_file => $ENV{GEARMAN_CLIENT_PEM}, key_file => $ENV{GEARMAN_CLIENT_KEY} }
    : "$host:$port";
my $worker = Gearman::Worker->new(job_servers => [$server], ($option{id} ? (client_id => $option{id}) : ()));

sub say_words { print join("\t", @_), "\n" }

sub announce {
    my ($function, $job) = @_;
    say_words("job", "$prefix-$function", $job->handle, "", "x:" . (length($job->arg) < 1024 ? unpack("H*", $job->arg) : ""));
}

sub hold {
    my $job = shift;
    $job->set_status(3, 10);
    announce("hold", $job);
    <STDIN>;
    return "released";
}

my %functions = (
    reverse => sub { my $job = shift; announce("reverse", $job); return scalar reverse $job->arg },
    events => sub {
        my $job = shift;
        announce("events", $job);
        $worker->send_work_data($job, "some");
        $worker->send_work_warning($job, "careful");
        $job->set_status(1, 2);
        return "rest";
    },
    fail => sub { my $job = shift; announce("fail", $job); return undef },
    exception => sub { my $job = shift; announce("exception", $job); $worker->send_work_exception($job, "boom") },
    hold => \&hold,
    leave => sub {
        my $job = shift;
        announce("leave", $job);
        $worker->unregister_function("$prefix-reverse");
        return "left";
    },
    reset => sub {
        my $job = shift;
        announce("reset", $job);
        $worker->send_work_complete($job, "reset");
        $worker->reset_abilities;
        $worker->register_function("$prefix-events" => sub { "back" });
    },
    die => sub { my $job = shift; announce("die", $job); die "with reason\n" },
);
$worker->register_function("$prefix-$_" => $functions{$_}) for sort keys %functions;
$worker->register_function("$prefix-hold-timeout" => 1000 => \&hold);
say_words("ready");
$worker->work;
