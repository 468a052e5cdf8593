// SPDX-License-Identifier: Apache-2.0
// Microsoft's own clients against a simulated tenant: ClientSecretCredential, ManagedIdentityCredential
// and SecretClient. Prints one line for each that works; any other outcome ends it with an error.
//
//   node azure_sign_in.mjs URL TENANT CLIENT_ID SECRET_FILE
//   AZURE_POD_IDENTITY_AUTHORITY_HOST=URL node azure_sign_in.mjs --imds
import { readFileSync } from "node:fs";
import { ClientSecretCredential, ManagedIdentityCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

if (process.argv[2] === "--imds") {
  const token = await new ManagedIdentityCredential().getToken("https://storage.azure.com/.default");
  if (!(token.expiresOnTimestamp > Date.now())) throw new Error("token without an end");
  console.log("imds token");
  process.exit(0);
}

const [url, tenant, clientId, secretFile] = process.argv.slice(2);
const secret = readFileSync(secretFile, "utf8").trim();
const application = (value) =>
  new ClientSecretCredential(tenant, clientId, value, {
    authorityHost: url,
    disableInstanceDiscovery: true,
  });

async function refused(what, promise) {
  const outcome = await promise.then(() => "accepted", (error) => error.message);
  if (outcome === "accepted") throw new Error(`${what} was accepted`);
  return outcome;
}

const vaultOptions = { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } };
const vault = new SecretClient(url, application(secret), vaultOptions);
const found = await vault.getSecret("KustoAccessAppKey");
if (found.value !== "canary \u00e4\n" || found.name !== "KustoAccessAppKey") throw new Error("wrong secret");
console.log("secret read");

const missing = await refused("a missing secret", vault.getSecret("None"));
if (!missing.includes("not found")) throw new Error(missing);
console.log("missing secret refused");

const wrong = await refused("a wrong password", application("wrong").getToken(`${url}/.default`));
if (!wrong.includes("7000215")) throw new Error(wrong);
console.log("wrong password refused");

const strict = new SecretClient(url, application(secret), { retryOptions: { maxRetries: 0 } });
await refused("a vault of a foreign domain", strict.getSecret("KustoAccessAppKey"));
console.log("foreign domain refused");

// App Service is told by two variables, a virtual machine by the address of its metadata service.
process.env.IDENTITY_ENDPOINT = `${url}/msi/token`;
process.env.IDENTITY_HEADER = secret;
const token = await new ManagedIdentityCredential().getToken("https://vault.azure.net/.default");
if (!(token.expiresOnTimestamp > Date.now())) throw new Error("token without an end");
console.log("app service token");
