// Who may start a runbook from outside, and how often, is set in the app; Twilio starts one, asks how it went, and what is not wanted is listed.
import { createHmac } from "node:crypto";
import { expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "starts" });

const RUNBOOK = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";
const SECRET = "example-signing-key";

async function publish(page, version) {
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("main")).toContainText(`Published, version ${version}`);
}

test("Twilio starts a runbook within its rules and asks how it went", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await signIn(page, nimbus);
  await page.goto(`/runbooks/${RUNBOOK}?tab=details`);
  await page.getByLabel("Who signs").selectOption("Twilio");
  await expect(main).toContainText("X-Twilio-Signature");
  await expect(main).toContainText("can send it again");
  await page.getByText("At once", { exact: true }).click();
  await page.getByLabel("Callers may ask how a run went").check();
  await expect(main).toContainText(`/api/automation/${RUNBOOK}/runs/{run_id}`);
  await expect(main).toContainText("The address is signed, without a body.");

  const limits = page.getByText("Limits: size, rate and where starts come from");
  await expect(page.getByLabel("Allowed addresses")).toBeHidden();
  await limits.click();
  await page.getByLabel("Allowed addresses").fill("300.1.1.1");
  await page.getByLabel("Allowed addresses").blur();
  await expect(page.getByLabel("Allowed addresses")).toHaveAttribute("aria-invalid", "true");
  // A problem leads to the section that it is in.
  const problems = page.locator("details.problems");
  await problems.locator("summary").click();
  await problems.getByRole("button", { name: "Limits" }).click();
  await expect(page.getByLabel("Largest body")).toBeFocused();
  await page.getByLabel("Allowed addresses").fill("203.0.113.0/24; 127.0.0.1");
  await page.getByLabel("Largest body").fill("1000");
  await page.getByText("Conditions to start", { exact: true }).click();
  const conditions = page.locator("details", { hasText: "Conditions to start" });
  await expect(conditions).toContainText("None so far.");
  await conditions.getByRole("button", { name: "Add a row" }).click();
  await conditions.getByLabel("Value", { exact: true }).fill("<<request^SmsStatus>>");
  await conditions.getByLabel("Compared with").fill("received");
  await picture(page, "starts-rules");
  await expectAccessible(page);
  await publish(page, 2);

  const address = `${nimbus.url}/api/automation/${RUNBOOK}`;
  const signature = (text) => createHmac("sha1", SECRET).update(text).digest("base64");
  const send = async (form) => {
    const fields = Object.keys(form).sort().map((name) => name + form[name]);
    return fetch(address, {
      method: "POST",
      headers: { "x-twilio-signature": signature(address + fields.join("")) },
      body: new URLSearchParams(form),
    });
  };
  const wanted = { SmsStatus: "received", ticket_id: "1001", question: "Who signed this?" };
  expect((await send({ ...wanted, question: "x".repeat(1000) })).status).toBe(413);
  const ignored = await send({ ...wanted, SmsStatus: "delivered" });
  expect([ignored.status, await ignored.json()]).toEqual([200, { status: "ignored" }]);
  const answer = await send(wanted);
  expect(answer.status).toBe(202);
  const { run_id } = await answer.json();

  const asked = `${address}/runs/${run_id}`;
  const ask = (text) => fetch(asked, { headers: { "x-twilio-signature": signature(text) } });
  await expect.poll(async () => (await ask(asked)).status).toBe(200);
  expect((await (await ask(asked)).json()).status).toBe("succeeded");
  expect((await ask(address)).status).toBe(401);

  await page.reload();
  // What is set is not folded away.
  await expect(page.getByLabel("Allowed addresses")).toHaveValue("203.0.113.0/24, 127.0.0.1");
  await expect(page.getByLabel("Largest body")).toHaveValue("1000");
  await expect(main).toContainText("delivered");
  await expect(main).toContainText("Last used");
  await picture(page, "starts-ignored");
  await expectAccessible(page);

  // Nobody from elsewhere gets in, whatever he says of himself.
  await page.getByLabel("Allowed addresses").fill("203.0.113.0/24");
  await page.getByLabel("Largest body").focus();
  await publish(page, 3);
  expect((await send(wanted)).status).toBe(401);
  const refused = page.locator("details", { hasText: "Refused starts" });
  await refused.getByText("Refused starts").click();
  await expect(refused).toContainText("not among the allowed addresses: add it under Limits");
  // What was too large is listed beside it, with what can be done.
  const tooLarge = refused.getByRole("listitem").filter({ hasText: "413" });
  await expect(tooLarge).toContainText("larger than 1000 bytes. Send less. Up to 1 MiB can be allowed with “Largest body”");
  await picture(page, "starts-refused");
  await expectAccessible(page);
});
