<?php
// php-worker.php HOST PORT PREFIX [id=NAME] [timeout=MS]: the worker side of test/support/interop-clients.ts.
[, $host, $port, $prefix] = $argv;

function say(string ...$words): void { fwrite(STDOUT, implode("\t", $words) . "\n"); }
function bytes(string $data): string { return 'x:' . bin2hex($data); }
function announce(GearmanJob $job): void {
    say('job', $job->functionName(), $job->handle(), $job->unique(), bytes($job->workloadSize() < 1024 ? $job->workload() : ''));
}

$worker = new GearmanWorker();
$worker->addServer($host, (int) $port);
foreach (array_slice($argv, 4) as $option) {
    [$name, $value] = explode('=', $option);
    if ($name === 'id') $worker->setId($value);
    if ($name === 'timeout') $worker->setTimeout((int) $value);
}
if (!$worker->ping('ping')) exit(1);

$hold = function (GearmanJob $job): string {
    $job->sendStatus(3, 10);
    announce($job);
    fgets(STDIN);
    return 'released';
};
$functions = [
    'reverse' => function (GearmanJob $job): string { announce($job); return strrev($job->workload()); },
    'events' => function (GearmanJob $job, string $context): string {
        announce($job);
        $job->sendData('some');
        $job->sendWarning('careful');
        $job->sendStatus(1, 2);
        return $context;
    },
    'fail' => function (GearmanJob $job): void { announce($job); $job->sendFail(); },
    'exception' => function (GearmanJob $job): void { announce($job); $job->sendException('boom'); },
    'hold' => $hold,
    'hold-timeout' => $hold,
    'leave' => function (GearmanJob $job) use ($worker, $prefix): string {
        announce($job);
        $worker->unregister("$prefix-reverse");
        return 'left';
    },
];
foreach ($functions as $name => $run) {
    if ($name === 'hold-timeout') $worker->addFunction("$prefix-$name", $run, 'rest', 1000);
    else $worker->addFunction("$prefix-$name", $run, 'rest');
}
say('ready');
// a failed job is no reason to stop
while (@$worker->work() || in_array($worker->returnCode(), [GEARMAN_WORK_FAIL, GEARMAN_WORK_EXCEPTION], true));
say('stopped', $worker->returnCode() === GEARMAN_TIMEOUT ? 'GEARMAN_TIMEOUT' : (string) $worker->error());
