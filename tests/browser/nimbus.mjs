// A Nimbus of one's own: started as a person starts it, on data that go away with it.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const ADMIN_TOKEN = "the-admin-token-of-the-browser-tests";

const START_LIMIT_MS = 60_000;

export class Nimbus {
  #process;
  #data;

  /** Starts Nimbus on a free port. `options` are options of `cargo xtask start`. */
  static async start(options = []) {
    const nimbus = new Nimbus();
    nimbus.#data = await mkdtemp(join(tmpdir(), "nimbus-browser-"));
    try {
      await nimbus.#run(["--port", "0", ...options]);
    } catch (error) {
      await nimbus.stop();
      throw error;
    }
    return nimbus;
  }

  async #run(options) {
    const { NIMBUS_XTASK: program } = process.env;
    if (!program) throw new Error("Run these tests with `cargo xtask test browser`.");
    const fixed = ["start", "--data", this.#data, "--admin-token", ADMIN_TOKEN];
    const child = spawn(program, [...fixed, ...options], { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    this.log = "";
    child.stderr.on("data", (chunk) => (this.log += chunk));
    await new Promise((resolve, reject) => {
      const fail = (what) => reject(new Error(`Nimbus ${what}:\n${this.log}`));
      const limit = setTimeout(() => fail("is not up in time"), START_LIMIT_MS);
      child.once("error", (error) => fail(`was not started (${error.message})`));
      child.once("close", () => fail("ended"));
      createInterface(child.stdout).on("line", (line) => {
        this.log += `${line}\n`;
        const address = /^Nimbus is at (\S+)$/.exec(line);
        if (address) this.url = address[1];
        const link = /^Sign in:\s+(.+)$/.exec(line);
        if (link) {
          this.signInLink = link[1];
          clearTimeout(limit);
          resolve();
        }
      });
    });
  }

  /** A request with the admin token, for preparing and checking behind the browser's back. */
  async call(method, path, body, more = {}) {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, ...more };
    if (body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(this.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Has its clock show so much more than the system's; it must have been started with `--movable-clock`. */
  async moveClock(aheadMs) {
    await this.call("POST", "/console/clock", { ahead_ms: aheadMs });
  }

  /** A link like the one it printed at its start: good once. */
  async newSignInLink() {
    const { token } = await this.call("POST", "/console/sign-in-links", {});
    return `${this.url}/#sign-in=${token}`;
  }

  async stop() {
    const child = this.#process;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    await rm(this.#data, { recursive: true, force: true });
  }
}
