// Identifiers of people and businesses: the browser's twin of identifiers.py. Each returns [kept text, code of the message].

const PUNCTUATION = /[ .\-()\u00a0]/g;
const PHONE = /^(0[35789][0-9]{8}|02[0-9]{9}|1[89]00[0-9]{4,6})$/;
const EMAIL = /^[A-Za-z0-9._%+'-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$/;
const TAX_WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

export function personalId(text) {
  const plain = text.replace(PUNCTUATION, "");
  return [plain, /^([0-9]{9}|[0-9]{12})$/.test(plain) && /[^0]/.test(plain) ? "" : "personal_id"];
}

export function taxCode(text, today, personalFrom) {
  const plain = text.replace(/[ .\u00a0]/g, "");
  if (/^[0-9]{12}$/.test(plain) && /[^0]/.test(plain)) return [plain, today >= personalFrom ? "" : "tax_code"];
  const found = /^([0-9]{10})(?:-?([0-9]{3}))?$/.exec(plain);
  if (!found || found[2] === "000") return [plain, "tax_code"];
  const sum = TAX_WEIGHTS.reduce((total, weight, index) => total + weight * Number(found[1][index]), 0);
  return [found[1] + (found[2] ? `-${found[2]}` : ""), Number(found[1][9]) === 10 - (sum % 11) ? "" : "tax_code_check"];
}

export function phone(text) {
  let plain = text.replace(PUNCTUATION, "");
  for (const prefix of ["+84", "0084"]) if (plain.startsWith(prefix)) plain = "0" + plain.slice(prefix.length).replace(/^0/, "");
  return [plain, PHONE.test(plain) ? "" : "phone"];
}

export function email(text) {
  const at = text.lastIndexOf("@");
  const kept = at < 0 ? text.toLowerCase() : text.slice(0, at + 1) + text.slice(at + 1).toLowerCase();
  const name = at < 0 ? "" : text.slice(0, at);
  return [kept, EMAIL.test(kept) && !kept.includes("..") && !name.startsWith(".") && !name.endsWith(".") ? "" : "email"];
}
