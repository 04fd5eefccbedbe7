// A shared key is replaced by a public one, with which only its owner can sign; the old one ends by itself.
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "starts-keys" });

const RUNBOOK = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";
const SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0";

test("a key is changed for a public one, and the old one ends", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await signIn(page, nimbus);
  await page.goto(`/runbooks/${RUNBOOK}?tab=details`);
  // Only what was saved is said to be stored: the example's signature has a key, a password was never entered.
  const stored = main.getByText("Stored. Type to replace it.");
  await expect(stored).toHaveCount(1);
  await page.getByLabel("Authentication").selectOption("basic");
  await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
  await expect(stored).toHaveCount(0);
  await page.getByLabel("Authentication").selectOption("signature");
  await expect(stored).toHaveCount(1);
  await page.getByLabel("Who signs").selectOption("Standard Webhooks");
  await page.getByLabel("Secret key", { exact: true }).fill("whsk_AAAA");
  await expect(main).toContainText("This is the private key");
  await page.getByLabel("Secret key", { exact: true }).fill(`whsec_${SECRET}`);
  await expect(main).not.toContainText("This is the private key");
  await expect(page.getByLabel("Secret key 1 ends")).toHaveCount(0);
  await page.getByRole("button", { name: "Add a secret key" }).click();
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  await page.getByLabel("Secret key 2", { exact: true }).fill(`whpk_${raw.toString("base64")}`);
  await page.getByLabel("Secret key 1 ends").fill("2020-01-31T09:00");
  await page.getByLabel("Secret key 1 ends").blur();
  await expect(main).toContainText("Ended: no longer accepted");
  await expect(main).toContainText("counts as soon as you save");
  await picture(page, "starts-secrets");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(main).toContainText("Published, version 2");

  const body = JSON.stringify({ ticket_id: 1001, question: "Who signed this?" });
  const send = async (sender) => {
    const [id, time] = ["msg_1", String(Math.floor(Date.now() / 1000))];
    const value = sender(Buffer.from(`${id}.${time}.${body}`));
    const headers = { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": value };
    return fetch(`${nimbus.url}/api/automation/${RUNBOOK}`, { method: "POST", headers, body });
  };
  const old = (message) => `v1,${createHmac("sha256", Buffer.from(SECRET, "base64")).update(message).digest("base64")}`;
  expect((await send(old)).status).toBe(401);
  const own = (message) => `v1a,${sign(null, message, privateKey).toString("base64")}`;
  expect((await send(own)).status).toBeLessThan(300);
});
