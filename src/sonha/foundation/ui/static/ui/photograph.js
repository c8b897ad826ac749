// A photograph of a paper is made small before it leaves the telephone: a village line carries half a megabyte in seconds, five in minutes.
// PDF files and pictures that are small already stay as they are. Drawing anew also turns the picture upright as its maker meant (EXIF),
// and leaves behind where and with which telephone it was taken.

export const LIMITS = { bytes: 800_000, pixels: 2000 }; // an A4 page at 2000 pixels is read at some 170 dots per inch
const TRIES = [[2000, 0.8], [2000, 0.68], [1700, 0.62], [1500, 0.55]]; // longest side, JPEG quality

/** The picture to send: a JPEG within LIMITS, or the file itself when it is no picture, small, or cannot be read here. */
export async function smaller(file) {
  if (!file.type.startsWith("image/") || file.size <= LIMITS.bytes / 2) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    if (file.size <= LIMITS.bytes && Math.max(picture.width, picture.height) <= LIMITS.pixels) return file;
    let made = null;
    for (const [longest, quality] of TRIES) {
      made = await drawn(picture, longest, quality);
      if (made && made.size <= LIMITS.bytes) break;
    }
    if (!made || made.size >= file.size) return file;
    return new File([made], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // a kind of picture this browser does not know: the server says what it takes
  } finally {
    picture?.close();
  }
}

function drawn(picture, longest, quality) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff"; // see-through places of a PNG would turn black
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.imageSmoothingQuality = "high";
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
}

/** Bytes as people say them: `1,4 MB`, `620 kB`. */
export function size(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toLocaleString("vi-VN", { maximumFractionDigits: 1 })} MB`;
}
