// graphemes.js: counts what people call characters, as the server does. Pure.

const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "grapheme" })

export function graphemes(text) {
  const plain = text.replace(/\r\n?/g, "\n").normalize("NFC").trim()
  if (!segmenter) return [...plain].length
  let count = 0
  for (const _ of segmenter.segment(plain)) count += 1
  return count
}
