// photo-shrink.js: makes a photo small enough for bad WLAN, upright and without what the camera wrote into it. Keeps nothing.

const LONGEST_PX = 1600
const ENOUGH_CHARS = 600_000 // of the data: URL, about 450 kB; storage in a browser ends at a few million
const QUALITIES = [0.82, 0.7, 0.55]

// { canvas, dataUrl } of an image file, a JPEG of at most 1600 px on its longest side. Rejects for what is no picture.
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" })
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const paper = canvas.getContext("2d")
  paper.fillStyle = "#fff" // JPEG knows no transparency
  paper.fillRect(0, 0, canvas.width, canvas.height)
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  let dataUrl = ""
  for (const quality of QUALITIES) {
    dataUrl = canvas.toDataURL("image/jpeg", quality)
    if (dataUrl.length <= ENOUGH_CHARS) break
  }
  if (!dataUrl.startsWith("data:image/jpeg")) throw new Error("no picture")
  return { canvas, dataUrl }
}

// The policy of our pages forbids to fetch a data: URL, so it is taken apart by hand.
export function fileOf(dataUrl) {
  const [head, body] = dataUrl.split(",")
  const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0))
  return new File([bytes], "photo.jpg", { type: head.slice(5).split(";")[0] })
}
