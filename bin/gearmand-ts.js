#!/usr/bin/env node
import "../dist/cli/gearmand.js";
