// Sends a file in pieces to /tep/tai-len/ and goes on after a broken line, also after the page was closed and opened again.
//
//   import { upload } from "/static/files/upload.js";
//   const file = await upload(input.files[0], { purpose: "dossier", onProgress: (sent, total) => …, signal });   // {id, name, size}
//
// Throws an Error whose message is a sentence for the person: the server's own where it gave one.

const BEGIN = "/tep/tai-len/";
const SMALLEST = 64 * 1024;
const LARGEST = 4 * 1024 * 1024;
const GOOD_PIECE = 4000; // milliseconds that one piece may well take
const WAITS = [1000, 2000, 5000, 10000, 20000, 30000];

export async function upload(file, { purpose, onProgress = () => {}, signal } = {}) {
  const memory = `upload:${purpose}:${file.name}:${file.size}:${file.lastModified}`;
  let { address, offset, done } = (await resume(memory, signal)) ?? (await begin(file, purpose, memory, signal));
  let size = 256 * 1024;
  let failures = 0;
  while (!done) {
    onProgress(offset, file.size);
    const piece = file.slice(offset, offset + size);
    const started = performance.now();
    try {
      const answer = await send(address, offset, piece, signal);
      if (answer.file || answer.error) {
        localStorage.removeItem(memory);
        if (answer.error) throw refusal(answer.error);
        done = answer.file;
        continue;
      }
      offset = answer.offset;
      failures = 0;
      size = performance.now() - started < GOOD_PIECE ? Math.min(size * 2, LARGEST) : Math.max(size / 2, SMALLEST);
    } catch (error) {
      if (error.final || signal?.aborted) throw error;
      size = SMALLEST;
      await pause(WAITS[Math.min(failures, WAITS.length - 1)], signal);
      failures += 1;
      const known = await resume(memory, signal).catch(() => ({ address, offset }));
      ({ address, offset, done } = known ?? (await begin(file, purpose, memory, signal)));
    }
  }
  onProgress(file.size, file.size);
  return done;
}

async function begin(file, purpose, memory, signal) {
  const about = { filename: file.name, purpose };
  const metadata = Object.entries(about).map(([key, value]) => `${key} ${base64(value)}`).join(",");
  const headers = { ...common(), "Upload-Length": String(file.size), "Upload-Metadata": metadata };
  const response = await fetch(BEGIN, { method: "POST", headers, signal }).catch(() => {
    throw refusal("Không kết nối được với máy chủ; xin kiểm tra mạng rồi gửi lại.");
  });
  const answer = await read(response);
  if (!response.ok) throw refusal(answer.error);
  const address = response.headers.get("Location");
  localStorage.setItem(memory, address);
  return { address, offset: 0 };
}

// How far an earlier attempt got, or the file when its last answer was lost; undefined when the server has forgotten it.
async function resume(memory, signal) {
  const address = localStorage.getItem(memory);
  if (!address) return undefined;
  const response = await fetch(address, { headers: common(), signal });
  const answer = await read(response);
  if (response.status >= 500) throw new Error(String(response.status));
  if (!response.ok || answer.error || answer.file) localStorage.removeItem(memory);
  if (!response.ok || answer.error) return undefined;
  return { address, offset: answer.offset, done: answer.file };
}

async function send(address, offset, piece, signal) {
  const headers = { ...common(), "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
  if (window.crypto?.subtle) headers["Upload-Checksum"] = `sha256 ${await digest(piece)}`;
  const response = await fetch(address, { method: "PATCH", headers, body: piece, signal });
  const answer = await read(response);
  if ([403, 413, 507].includes(response.status)) throw refusal(answer.error);
  if (!response.ok && response.status !== 422) throw new Error(String(response.status));
  return answer;
}

function common() {
  const body = document.body.getAttribute("hx-headers");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? (body ? JSON.parse(body)["X-CSRFToken"] : "");
  return { "Tus-Resumable": "1.0.0", "X-CSRFToken": token };
}

async function read(response) {
  return response.json().catch(() => ({}));
}

function refusal(sentence) {
  return Object.assign(new Error(sentence || "Không gửi được tệp; xin tải lại trang rồi thử lại."), { final: true });
}

async function digest(piece) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await piece.arrayBuffer()));
  return btoa(String.fromCharCode(...bytes));
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function pause(milliseconds, signal) {
  return new Promise((done, failed) => {
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
    signal?.addEventListener("abort", () => { clearTimeout(timer); failed(signal.reason); }, { once: true });
  });
}
