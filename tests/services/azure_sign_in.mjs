// SPDX-License-Identifier: Apache-2.0
// Microsoft's own clients against a simulated tenant: ClientSecretCredential, ManagedIdentityCredential,
// SecretClient and CertificateClient. Prints one line for each that works; any other outcome ends it with an error.
//
//   node azure_sign_in.mjs URL TENANT CLIENT_ID SECRET_FILE
//   AZURE_POD_IDENTITY_AUTHORITY_HOST=URL node azure_sign_in.mjs --imds
import { readFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import { ClientSecretCredential, ManagedIdentityCredential } from "@azure/identity";
import { CertificateClient } from "@azure/keyvault-certificates";
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

const certificates = new CertificateClient(url, application(secret), vaultOptions);
for (const [name, contentType] of [["AsPem", "application/x-pem-file"], ["AsPfx", "application/x-pkcs12"]]) {
  const certificate = await certificates.getCertificate(name);
  const x509 = new X509Certificate(certificate.cer);
  const digest = Buffer.from(certificate.properties.x509Thumbprint).toString("hex").toUpperCase();
  if (digest !== x509.fingerprint.replaceAll(":", "")) throw new Error("wrong thumbprint");
  if (certificate.properties.expiresOn.getTime() !== Date.parse(x509.validTo)) throw new Error("wrong end");
  if (certificate.policy.contentType !== contentType || certificate.policy.subject !== "CN=application") {
    throw new Error("wrong policy");
  }
  const { version } = certificate.properties;
  const again = await certificates.getCertificateVersion(name, version);
  if (!again.cer.every((byte, i) => byte === certificate.cer[i])) throw new Error("wrong version");
  const versions = [];
  for await (const each of certificates.listPropertiesOfCertificateVersions(name)) versions.push(each.version);
  if (versions.length !== 1 || versions[0] !== version) throw new Error("wrong versions");
  const policy = await certificates.getCertificatePolicy(name);
  if (policy.keyType !== "RSA" || policy.keySize !== 2048) throw new Error("wrong policy");
  // Where the account says that the key is: in the secret of the same name and version.
  if (certificate.secretId !== `${url}/secrets/${name}/${version}`) throw new Error("wrong address of the secret");
  const key = await vault.getSecret(name, { version });
  if (key.properties.contentType !== contentType) throw new Error("wrong type of the secret");
  const holds = contentType.endsWith("pem-file")
    ? key.value.includes("PRIVATE KEY") && key.value.includes("CERTIFICATE")
    : Buffer.from(key.value, "base64")[0] === 0x30;
  if (!holds) throw new Error("no key in the secret");
}
const names = [];
for await (const each of certificates.listPropertiesOfCertificates()) names.push(each.name);
if (names.join() !== "AsPem,AsPfx") throw new Error(`wrong list: ${names}`);
const noCertificate = await refused("a missing certificate", certificates.getCertificate("KustoAccessAppKey"));
if (!noCertificate.includes("not found")) throw new Error(noCertificate);
console.log("certificates read");

// App Service is told by two variables, a virtual machine by the address of its metadata service.
process.env.IDENTITY_ENDPOINT = `${url}/msi/token`;
process.env.IDENTITY_HEADER = secret;
const token = await new ManagedIdentityCredential().getToken("https://vault.azure.net/.default");
if (!(token.expiresOnTimestamp > Date.now())) throw new Error("token without an end");
console.log("app service token");
