#!/usr/bin/env node
// Signals first, and the rest when they are listened to: until then SIGUSR1 opens Node's inspector.
import "../dist/cli/signals.js";

await import("../dist/cli/gearmand.js");
