import type { Codec, CodecName } from "./codec.ts";

/** What goes into a function and what comes out of it, as the codec reads and writes it. */
export interface FunctionTypes {
  readonly workload: unknown;
  readonly result: unknown;
  /** Of each WORK_DATA; as the result, if it is not said. */
  readonly data?: unknown;
}

/** A map of functions: any object type or interface whose members are FunctionTypes. */
export type FunctionMap<F> = { readonly [Name in keyof F]: FunctionTypes };

export type NameOf<F> = keyof F & string;
export type WorkloadOf<F extends FunctionMap<F>, Name extends keyof F> = F[Name]["workload"];
export type ResultOf<F extends FunctionMap<F>, Name extends keyof F> = F[Name]["result"];
export type DataOf<F extends FunctionMap<F>, Name extends keyof F> = F[Name] extends { readonly data: infer Data }
  ? Data
  : F[Name]["result"];

/** Any function, with text in and out: for the codec "text". */
export interface TextFunctions {
  readonly [name: string]: { readonly workload: string; readonly result: string };
}

/** Any function, with any JSON in and out: for the codec "json". */
export interface JsonFunctions {
  readonly [name: string]: { readonly workload: unknown; readonly result: unknown };
}

/** An argument that may be left out if nothing in it must be given. */
export type Given<Options> = Partial<Options> extends Options ? [options?: Options] : [options: Options];

/** Who says what types his functions have, any JSON included, also says which codec makes them; without either, they are bytes. */
export type CodecOption<F, Bytes> = [F, Bytes] extends [Bytes, F]
  ? { readonly codec?: "bytes" }
  : { readonly codec: CodecName | Codec };
