import type { Target } from "../link/address.ts";
import type { GearmanError } from "../link/errors.ts";
import { type Chooser, chooserOf } from "./chooser.ts";
import { Homeless, type Troubles } from "./homeless.ts";
import type { Choice } from "./options.ts";
import { coalescingKey } from "./request.ts";
import type { Submission } from "./submission.ts";
import { Upstream, type UpstreamOptions, type UpstreamOwner } from "./upstream.ts";

export interface ServersSettings {
  readonly targets: readonly Target[];
  readonly choose: Choice;
  /** Milliseconds. */
  readonly serverTimeout: number;
  readonly upstream: UpstreamOptions;
}

/** What is told about the servers, to whoever watches the client. */
export interface ServersEvents {
  connected(server: string): void;
  disconnected(server: string, why: GearmanError): void;
  resubmitted(submission: Submission, from: string, why: GearmanError): void;
}

/** The client's servers: every job is at one of them, or waits until one is up. */
export class Servers implements UpstreamOwner {
  readonly #upstreams: readonly Upstream[];
  readonly #choose: Chooser;
  readonly #homeless: Homeless;
  readonly #events: ServersEvents;
  /** Why each server that is down is down. */
  readonly #troubles: Map<Upstream, GearmanError> = new Map();

  constructor({ targets, choose, serverTimeout, upstream }: ServersSettings, events: ServersEvents) {
    this.#upstreams = targets.map((target) => new Upstream(target, upstream, this));
    this.#choose = chooserOf(
      choose,
      targets.map(({ name }) => name),
    );
    this.#homeless = new Homeless(serverTimeout);
    this.#events = events;
  }

  /** Those that may be asked something now. */
  get usable(): readonly Upstream[] {
    return this.#upstreams.filter(({ usable }) => usable);
  }

  named(server: string): Upstream | undefined {
    return this.#upstreams.find(({ name }) => name === server);
  }

  /** Why no server is up. */
  get troubles(): Troubles {
    const errors = [...this.#troubles.values()];
    const message = errors.map((error) => error.message).join("; ");
    return { message, cause: errors.length === 1 ? errors[0] : new AggregateError(errors, message) };
  }

  /** Gives a job to one of the servers. */
  place(submission: Submission): void {
    if (submission.settled) return;
    const chosen = this.#choose(
      () => coalescingKey(submission.request),
      (server) => this.#upstreams[server]?.usable === true,
    );
    const upstream = chosen === undefined ? undefined : this.#upstreams[chosen];
    if (upstream !== undefined) upstream.take(submission);
    else this.#homeless.add(submission, () => this.troubles);
  }

  async close(): Promise<void> {
    this.#homeless.takeAll();
    await Promise.all(this.#upstreams.map((upstream) => upstream.close()));
  }

  connected(upstream: Upstream): void {
    this.#troubles.delete(upstream);
    this.#events.connected(upstream.name);
    for (const submission of this.#homeless.takeAll()) this.place(submission);
  }

  /** Said once, however often it is then tried in vain. */
  disconnected(upstream: Upstream, why: GearmanError): void {
    const news = !this.#troubles.has(upstream);
    this.#troubles.set(upstream, why);
    if (news) this.#events.disconnected(upstream.name, why);
  }

  orphaned(submission: Submission): void {
    this.place(submission);
  }

  lost(submission: Submission, upstream: Upstream, why: GearmanError): void {
    if (!submission.lost(why)) return;
    this.#events.resubmitted(submission, upstream.name, why);
    this.place(submission);
  }
}
