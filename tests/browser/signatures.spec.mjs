// A service that signs in its own way starts a runbook, chosen by its name; its own library makes the signature.
import { sign } from "@octokit/webhooks-methods";
import { expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "signatures" });

const RUNBOOK = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";

test("a webhook of GitHub starts a runbook", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await signIn(page, nimbus);
  await page.goto(`/runbooks/${RUNBOOK}?tab=details`);
  await page.getByLabel("Who signs").selectOption("Stripe");
  await expect(main).toContainText("A recorded request that is sent again starts nothing.");
  await expect(page.getByLabel("Algorithm")).toHaveCount(0);
  // By hand, what is signed decides.
  await page.getByLabel("Who signs").selectOption("Another sender: set by hand");
  await expect(main).toContainText("can send it again");
  await page.getByLabel("Prefix").fill("sha256=");
  await page.getByLabel("Algorithm").selectOption("SHA-512");
  await expect(page.getByLabel("Prefix")).toHaveValue("sha512=");
  await page.getByLabel("What is signed").fill("<<request@header[X-Delivery]>>.<<body>>");
  await expect(main).toContainText("each has its own X-Delivery");
  await page.getByLabel("Header of the time stamp").fill("X-Time");
  await page.getByLabel("What is signed").fill("<<timestamp>>.<<body>>");
  await expect(main).toContainText("A recorded request that is sent again starts nothing.");
  await page.getByLabel("Who signs").selectOption("GitHub");
  await expect(main).toContainText("X-Hub-Signature-256");
  await expect(main).toContainText("can send it again");
  await picture(page, "signatures-github");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(main).toContainText("Published, version 2");

  const body = JSON.stringify({ ticket_id: 1001, question: "Who signed this?" });
  const send = async (signature) => {
    const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
    return fetch(`${nimbus.url}/api/automation/${RUNBOOK}`, { method: "POST", headers, body });
  };
  expect((await send(await sign("another secret", body))).status).toBe(401);
  const answer = await send(await sign("example-signing-key", body));
  expect(answer.status).toBeLessThan(300);
  const { run_id } = await answer.json();
  await page.goto(`/runs/${run_id}`);
  await expect(main).toContainText("Succeeded");
});
