#!/usr/bin/env node
import "../dist/cli/gearadmin/gearadmin.js";
