import { basename } from "node:path";

/** The name in messages. */
export const PROGRAM = "gearman-ts";

/** A link of this name makes us the C tool's stand-in: what it would do differently on the same command line, we do as it does. */
const C_NAME = "gearman";

/** @param path as the program was called, links not followed */
export const calledAsC = (path: string): boolean => basename(path) === C_NAME;
