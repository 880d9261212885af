# perl-client.pl HOST PORT: the client side of test/support/interop-clients.ts.
use strict;
use warnings;
use Gearman::Client;

$| = 1;
my ($host, $port) = @ARGV;
my $server = $ENV{INTEROP_TLS}
    ? { host => $host, port => $port, use_ssl => 1, ca_file => $ENV{GEARMAND_CA_CERTIFICATE}, cert_file => $ENV{GEARMAN_CLIENT_PEM}, key_file => $ENV{GEARMAN_CLIENT_KEY} }
    : "$host:$port";
my $client = Gearman::Client->new(job_servers => [$server]);
my $tasks;

sub say_words { print join("\t", @_), "\n" }
sub bytes { "x:" . unpack("H*", shift) }

# The options of a task whose events are said behind the given words.
sub task_options {
    my ($priority, $unique, @words) = @_;
    return {
        uniq         => $unique,
        priority     => $priority,
        on_data      => sub { say_words(@words, "data", bytes(${ $_[0] })) },
        on_warning   => sub { say_words(@words, "warning", bytes(${ $_[0] })) },
        on_status    => sub { say_words(@words, "status", @_) },
        on_complete  => sub { say_words(@words, "complete", bytes(${ $_[0] })) },
        on_fail      => sub { say_words(@words, "fail") },
        on_exception => sub { say_words(@words, "exception", bytes($_[0])) },
    };
}

sub foreground {
    my ($priority, $function, $workload, $unique, $timeout) = @_;
    my $options = task_options($priority, $unique);
    $options->{timeout} = $timeout if $timeout;
    $client->do_task($function, $workload, $options);
}

# The handle as the server knows it: the client puts "host:port//" before it.
sub background {
    my ($priority, $function, $workload, $unique) = @_;
    my $handle = $client->dispatch_background($function, $workload, { uniq => $unique, priority => $priority });
    say_words("created", $handle =~ s!^.*//!!r);
}

sub add {
    my ($priority, $function, $workload, $unique, $name) = @_;
    $tasks ||= $client->new_task_set;
    my $handle = $tasks->add_task($function => $workload, task_options($priority, $unique, "task", $name));
    say_words("task", $name, "created", $handle =~ s!^.*//!!r);
}

sub status {
    my $status = $client->get_status("$host:$port//" . shift);
    say_words("status", $status->known, $status->running, @{ $status->progress });
}

sub server_status {
    my $rows = $client->get_job_server_status->{"$host:$port"};
    say_words("row", $_, @{ $rows->{$_} }{qw(queued running capable)}) for sort keys %$rows;
}

my %operations = (
    status          => \&status,
    "server-status" => \&server_status,
    option          => sub { $client = Gearman::Client->new(job_servers => [$server], exceptions => 1) },
    run             => sub { $tasks->wait; undef $tasks },
);
for my $priority (qw(normal high low)) {
    $operations{$priority} = sub { foreground($priority, @_) };
    $operations{"$priority-background"} = sub { background($priority, @_) };
    $operations{"add-$priority"} = sub { add($priority, @_) };
}

while (my $line = <STDIN>) {
    chomp $line;
    my ($op, $function, $unique, $hex, $extra) = split /\t/, $line, -1;
    my $done = eval { $operations{$op}->($function, pack("H*", $hex), $unique, $extra); 1 };
    say_words("end", $done ? "ok" : $@ =~ s/\n.*//sr);
}
