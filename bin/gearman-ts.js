#!/usr/bin/env node
// Signals first, and the rest when they are listened to: Ctrl-C may come before all is loaded.
import "../dist/cli/signals.js";

await import("../dist/cli/gearman/gearman.js");
