// A service that a test brings along: an HTTP server on this machine that answers as it is told, and remembers what it was asked.
import { createServer } from "node:http";

export class Stub {
  #server;
  #answers = new Map();

  /** What was asked, in order: `{ method, path, query, headers, body }`. */
  requests = [];

  static async start() {
    const stub = new Stub();
    stub.#server = createServer((request, response) => stub.#answer(request, response));
    await new Promise((resolve) => stub.#server.listen(0, "127.0.0.1", resolve));
    stub.url = `http://127.0.0.1:${stub.#server.address().port}`;
    return stub;
  }

  /** From now on answers `method path` with what `answer` gives for the request: `{ status?, headers?, body }`. */
  on(method, path, answer) {
    this.#answers.set(`${method} ${path}`, answer);
  }

  /** Like `on`, but holds each answer until the test calls the function that this returns. */
  hold(method, path, answer) {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    this.on(method, path, async (request) => {
      await released;
      return answer(request);
    });
    return release;
  }

  async #answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname: path, searchParams } = new URL(request.url, this.url);
    const asked = {
      method: request.method,
      path,
      query: Object.fromEntries(searchParams),
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    this.requests.push(asked);
    const answer = this.#answers.get(`${asked.method} ${path}`) ?? (() => ({ status: 404, body: { error: "not here" } }));
    const { status = 200, headers = {}, body } = await answer(asked);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
