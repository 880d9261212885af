/**
 * A web server that answers at once and has its e-mail sent in the background. The same mail twice, as by a double click, is one job.
 *
 *     npx tsx mail.ts web                   # on PORT, 8080 if it is not set
 *     npx tsx mail.ts worker OUTBOX         # "sends" by writing files to a folder
 *     curl -d '{"to":"ada@example.org","text":"Hello"}' localhost:8080
 */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Client, Worker } from "gearmand-ts";

interface Mail {
  readonly to: string;
  readonly text: string;
}

interface Functions {
  "send-mail": { workload: Mail; result: string };
}

const servers = (process.env["GEARMAN_SERVERS"] || "localhost").split(",");
const LONGEST = 100_000;

function serve(): void {
  const client = new Client<Functions>({ servers, codec: "json" });
  const web = createServer((request, response) => {
    queueMail(client, request, response).catch((error: Error) => answer(response, 500, { problem: error.message }));
  });
  web.listen(Number(process.env["PORT"] ?? 8080), "localhost", () => {
    console.log(`http://localhost:${(web.address() as AddressInfo).port}`);
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => web.close(() => void client.close()));
}

async function queueMail(client: Client<Functions>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const mail = await readMail(request);
  if (mail === undefined) return answer(response, 400, { problem: 'send JSON: {"to": "...", "text": "..."}' });
  // Equal mails have equal uniques: while one of them waits or runs, the server takes the next for the same job.
  const unique = createHash("sha256").update(JSON.stringify(mail)).digest("base64url");
  const { handle } = await client.submit("send-mail", mail, { background: true, unique });
  answer(response, 202, { queued: handle });
}

async function readMail(request: IncomingMessage): Promise<Mail | undefined> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
    if (body.length > LONGEST) return undefined;
  }
  try {
    const { to, text } = JSON.parse(body);
    // A line break in an address would begin another header.
    return /^[^\s@]+@[^\s@]+$/.test(to) && typeof text === "string" ? { to, text } : undefined;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}

async function work(outbox: string): Promise<void> {
  await mkdir(outbox, { recursive: true });
  const worker = new Worker<Functions>({ servers, codec: "json" });
  worker.register("send-mail", async ({ workload: { to, text }, unique }) => {
    // A job may run twice (a worker dies just before it says that it is done): under one name, it is one mail all the same.
    const file = join(outbox, `${unique}.eml`);
    await writeFile(file, `To: ${to}\n\n${text}\n`);
    console.log(`sent to ${to}`);
    return file;
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void worker.close());
  await worker.ready();
  console.log("ready");
}

const [role, outbox = "outbox"] = process.argv.slice(2);
await (role === "worker" ? work(outbox) : serve());
