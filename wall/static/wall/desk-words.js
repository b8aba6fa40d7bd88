// desk-words.js: short forms for the desk. Pure.

// "waiting for 40 s", from two minutes on in minutes.
export function ageWords(ms, { seconds, minutes }) {
  const s = Math.max(0, Math.floor(ms / 1000))
  return s < 120 ? seconds.replace("{n}", s) : minutes.replace("{n}", Math.floor(s / 60))
}

// "Stands on the wall in 12 s".
export function dueWords(ms, { dueWords: words, dueNow }) {
  const s = Math.ceil(ms / 1000)
  return s > 0 ? words.replace("{n}", s) : dueNow
}

// The first words of a text, whole words where possible, at most `limit` characters.
export function excerpt(text, limit = 28) {
  const plain = text.replace(/\s+/g, " ").trim()
  const points = [...plain]
  if (points.length <= limit) return plain
  const cut = points.slice(0, limit).join("")
  const space = cut.lastIndexOf(" ")
  return `${space > limit / 2 ? cut.slice(0, space) : cut} …`
}
