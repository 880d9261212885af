<?php
// php-client.php HOST PORT: the client side of test/support/interop-clients.ts.
[, $host, $port] = $argv;

function say(string|int ...$words): void { fwrite(STDOUT, implode("\t", $words) . "\n"); }
function bytes(?string $data): string { return 'x:' . bin2hex($data ?? ''); }

$client = new GearmanClient();
$client->addServer($host, (int) $port);

$foreground = function (string $method, string $function, string $workload, string $unique) use ($client): void {
    do {
        $result = @$client->$method($function, $workload, ...($unique === '' ? [] : [$unique]));
        match ($client->returnCode()) {
            GEARMAN_WORK_DATA => say('data', bytes($result)),
            GEARMAN_WORK_WARNING => say('warning', bytes($result)),
            GEARMAN_WORK_STATUS => say('status', ...$client->doStatus()),
            GEARMAN_WORK_FAIL => say('fail'),
            GEARMAN_WORK_EXCEPTION => say('exception'),
            GEARMAN_SUCCESS => say('complete', bytes($result)),
            default => null,
        };
    } while (in_array($client->returnCode(), [GEARMAN_WORK_DATA, GEARMAN_WORK_WARNING, GEARMAN_WORK_STATUS], true));
};
$background = fn(string $method, string $function, string $workload, string $unique) =>
    say('created', $client->$method($function, $workload, ...($unique === '' ? [] : [$unique])));
$add = fn(string $method, string $function, string $workload, string $unique, string $name) =>
    @$client->$method($function, $workload, $name, ...($unique === '' ? [] : [$unique]));

$event = fn(string $kind) => fn(GearmanTask $task, string $name) => say('task', $name, $kind, bytes($task->data()));
$client->setCreatedCallback(fn(GearmanTask $task, string $name) => say('task', $name, 'created', $task->jobHandle()));
$client->setDataCallback($event('data'));
$client->setWarningCallback($event('warning'));
$client->setCompleteCallback($event('complete'));
$client->setExceptionCallback($event('exception'));
$client->setFailCallback(fn(GearmanTask $task, string $name) => say('task', $name, 'fail'));
$client->setStatusCallback(fn(GearmanTask $task, string $name) =>
    say('task', $name, 'status', (int) $task->isKnown(), (int) $task->isRunning(), $task->taskNumerator(), $task->taskDenominator()));
$status = function (array $status): void { say('status', ...array_map('intval', $status)); };

$operations = [
    'echo' => fn($function, $workload) => $client->ping($workload),
    'status' => fn($function) => $status($client->jobStatus($function)),
    'unique-status' => fn($function, $workload, $unique) => $status($client->jobStatusByUniqueKey($unique)),
    'option' => fn() => $client->enableExceptionHandler(),
    'timeout' => fn($function, $workload, $unique, $extra) => $client->setTimeout((int) $extra),
    'run' => fn() => @$client->runTasks(),
    'add-status' => fn($function, $workload, $unique, $extra) => $client->addTaskStatus($function, $extra),
];
foreach (['normal' => 'Normal', 'high' => 'High', 'low' => 'Low'] as $op => $name) {
    $infix = $op === 'normal' ? '' : $name;
    $operations[$op] = fn(...$args) => $foreground("do$name", ...array_slice($args, 0, 3));
    $operations["$op-background"] = fn(...$args) => $background("do{$infix}Background", ...array_slice($args, 0, 3));
    $operations["add-$op"] = fn(...$args) => $add("addTask$infix", ...$args);
    $operations["add-$op-background"] = fn(...$args) => $add("addTask{$infix}Background", ...$args);
}

while (($line = fgets(STDIN)) !== false) {
    [$op, $function, $unique, $hex, $extra] = explode("\t", rtrim($line, "\n"));
    $operations[$op]($function, hex2bin($hex), $unique, $extra);
    say('end', $client->returnCode() === GEARMAN_SUCCESS ? 'ok' : (string) $client->error());
}
