// Every page, wide and narrow, light and dark: kept as pictures for people to look at, and checked for what a
// machine can see: nothing sticks out, nobody is shut out, no error is logged.
import { expect, expectAccessible, expectToFit, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "pictures" });

const INTEGRATION = "/integrations/0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0001";
const METHOD = `${INTEGRATION}/methods/0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0011`;
const RUNBOOK = "/runbooks/0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";
const QUESTION = "Outlook asks for the password again and again since the mailbox was moved. What should I check first?";

/** Each page by the name of its pictures: its address, what it shows when it is ready, and what to do first. */
const PAGES = {
  desk: { address: "/desk", ready: (page) => page.getByRole("link", { name: "1001", exact: true }) },
  ticket: { address: "/desk/tickets/1001", ready: (page) => page.getByText("You asked: “").first() },
  "ticket-question": {
    address: "/desk/tickets/1001",
    ready: (page) => page.getByRole("dialog").getByRole("button", { name: "Start" }),
    first: (page) => page.getByRole("button", { name: "Ask ChatGPT a Question" }).click(),
  },
  integrations: { address: "/integrations", ready: (page) => page.getByRole("link", { name: "Completions" }) },
  integration: { address: INTEGRATION, ready: (page) => page.getByLabel("Base URL") },
  "integration-methods": { address: `${INTEGRATION}?tab=methods`, ready: (page) => page.getByRole("link", { name: "Post Completions" }) },
  method: { address: METHOD, ready: (page) => page.getByLabel("JSON body", { exact: true }) },
  "method-tested": {
    address: `${METHOD}?tab=outputs`,
    ready: (page) => page.getByRole("region", { name: "Result" }).getByText("200 OK"),
    first: async (page) => {
      await page.getByLabel("Prompt", { exact: true }).fill(QUESTION);
      await page.getByRole("button", { name: "Send test" }).click();
    },
  },
  "method-query": { address: `${METHOD}?tab=query`, ready: (page) => page.getByRole("button", { name: "Add parameter" }) },
  "method-settings": { address: `${METHOD}?tab=settings`, ready: (page) => page.getByLabel("Time limit") },
  runbooks: { address: "/runbooks", ready: (page) => page.getByRole("link", { name: "Ask ChatGPT a Question" }) },
  "runbook-details": { address: `${RUNBOOK}?tab=details`, ready: (page) => page.getByText("Delete the action Ask ChatGPT a Question").or(page.getByRole("button", { name: "Delete the action Ask ChatGPT a Question" })) },
  "runbook-chart": { address: `${RUNBOOK}?tab=chart`, ready: (page) => page.getByRole("button", { name: /Ask Question/ }).first() },
  "runbook-step": { address: `${RUNBOOK}?tab=chart&step=ask`, ready: (page) => page.getByLabel("Success leads to") },
  "runbook-add-step": {
    address: `${RUNBOOK}?tab=chart`,
    ready: (page) => page.getByRole("dialog").getByRole("button", { name: /Condition/ }),
    first: (page) => page.getByRole("button", { name: "Add step" }).click(),
  },
  "runbook-runs": { address: `${RUNBOOK}?tab=runs`, ready: (page) => page.getByRole("img", { name: /Runs a day/ }) },
  runs: { address: "/runs", ready: (page) => page.getByRole("table").getByText("Succeeded").first() },
  run: { address: "/runs", ready: (page) => page.getByRole("region", { name: "Steps of this run" }), first: (page) => page.getByRole("link", { name: "Succeeded" }).click() },
  "run-replay": {
    address: "/runs",
    ready: (page) => page.getByRole("dialog", { name: "Replay from the start" }).getByRole("button", { name: "Replay" }),
    first: async (page) => {
      await page.getByRole("link", { name: "Succeeded" }).click();
      await page.getByRole("button", { name: "Replay", exact: true }).click();
    },
  },
  "runs-none": { address: "/runs?search=nobody-ever-said-this", ready: (page) => page.getByText("No run fits these filters") },
  "event-triggers": { address: "/settings/events", ready: (page) => page.getByText("No event triggers yet") },
  "new-event-trigger": { address: "/settings/new-event?example=closed", ready: (page) => page.getByLabel("From", { exact: true }) },
  "events-log": { address: "/settings/events-log", ready: (page) => page.getByText("Nothing yet") },
  settings: { address: "/settings", ready: (page) => page.getByRole("heading", { name: "Settings", level: 1 }) },
  deleted: { address: "/settings/deleted", ready: (page) => page.getByText("Nothing to bring back") },
  "not-found": { address: "/nowhere", ready: (page) => page.getByText("There is nothing at this address") },
};

test.beforeAll("somebody asked a question on the oldest ticket", async ({ nimbus }) => {
  await nimbus.call("POST", "/api/Actions", [{ ticket_id: 1001, outcome: "Ask ChatGPT a Question", note: QUESTION }]);
  await expect
    .poll(async () => (await nimbus.call("GET", "/console/runs")).items.map(({ status }) => status))
    .toEqual(["succeeded"]);
});

for (const [name, { address, ready, first }] of Object.entries(PAGES)) {
  test(name, async ({ page, nimbus }) => {
    await signIn(page, nimbus);
    await page.goto(address);
    await first?.(page);
    await expect(ready(page)).toBeVisible();
    await expectAccessible(page);
    for (const width of [1280, 900, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `${name}-${width}`);
      await expectToFit(page);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    await picture(page, `${name}-390-dark`);
    await page.setViewportSize({ width: 1280, height: 800 });
    await picture(page, `${name}-1280-dark`);
    await expectAccessible(page);
  });
}
