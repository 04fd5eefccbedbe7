// The worked example for workerd, written by hand: what anybody's worker costs that keeps the history of its runs. It knows
// one integration, one runbook and one key, and can do nothing else.

import { DurableObject } from "cloudflare:workers";

const text = new TextEncoder();

export default {
  async fetch(request, env) {
    const body = await request.arrayBuffer();
    if (!(await isSigned(env.SIGNING_KEY, request.headers.get("x-signature"), body))) {
      return Response.json({ error: "unauthorized" }, { status: 401 });
    }
    const runner = env.RUNNER.get(env.RUNNER.idFromName("example"));
    return runner.fetch("http://runner/start", { method: "POST", body });
  },
};

let key;

async function isSigned(secret, sent, body) {
  key ??= await crypto.subtle.importKey("raw", text.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  const digits = (sent ?? "").replace("sha256=", "").match(/../g) ?? [];
  const signature = new Uint8Array(digits.map((pair) => parseInt(pair, 16)));
  return crypto.subtle.verify("HMAC", key, signature, body);
}

// The runtime holds what leaves an object until what the object wrote before is on disk; runs in flight share that.
export class Runner extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = state.storage.sql;
    this.sql.exec(`
      CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, started_at INTEGER, status TEXT, input TEXT, outputs TEXT) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS journal (run TEXT, step INTEGER, at INTEGER, request TEXT, status INTEGER, response TEXT,
        PRIMARY KEY (run, step)) WITHOUT ROWID;
    `);
  }

  async fetch(request) {
    const body = await request.text();
    const { ticket_id, question } = JSON.parse(body);
    const run = crypto.randomUUID();
    this.sql.exec("INSERT INTO runs VALUES (?, ?, 'running', ?, NULL)", run, Date.now(), body);
    const asked = await this.step(run, 1, "/v1/completions", { model: "example", max_tokens: 200, prompt: question });
    const answer = asked.choices[0].text;
    await this.step(run, 2, "/api/actions", [{ ticket_id, outcome: "ChatGPT", note_html: answer, hiddenfromuser: false }]);
    const outputs = { ResponseText: answer };
    this.sql.exec("UPDATE runs SET status = 'succeeded', outputs = ? WHERE id = ?", JSON.stringify(outputs), run);
    return Response.json({ status: "succeeded", run_id: run, outputs });
  }

  async step(run, step, path, value) {
    const body = JSON.stringify(value);
    const headers = { authorization: "Bearer sk-example", "content-type": "application/json" };
    const response = await fetch(this.env.UPSTREAM + path, { method: "POST", headers, body });
    const answer = await response.text();
    this.sql.exec("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)", run, step, Date.now(), body, response.status, answer);
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return JSON.parse(answer);
  }
}
