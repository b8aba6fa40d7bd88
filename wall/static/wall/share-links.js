// share-links.js: addresses with which other networks open a text that is written already. Pure; nothing is loaded from there.

const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/

// The note with the tags it does not hold yet, e.g. "Guten Tag! #Forum #Podium".
export function withTags(text, tags) {
  const held = new Set((text.match(/[#＃][\p{L}\p{N}_]+/gu) ?? []).map(bare))
  const missing = tags.filter((tag, at) => tag && !held.has(bare(tag)) && tags.findIndex((other) => bare(other) === bare(tag)) === at)
  return [text.trim(), ...missing.map((tag) => `#${tag.replace(/^#/, "")}`)].join(" ")
}

const bare = (tag) => tag.replace(/^[#＃]/, "").normalize("NFKC").toLowerCase()

export const blueskyLink = (text) => `https://bsky.app/intent/compose?text=${encodeURIComponent(text)}`

export const linkedinLink = (text) => `https://www.linkedin.com/feed/?shareActive=true&text=${encodeURIComponent(text)}`

// `server` as people type it: a host, an address, "@name@host". "" when it names no server.
export function mastodonLink(server, text) {
  const host = server.trim().replace(/^https?:\/\//i, "").replace(/[/?#].*$/s, "").replace(/^.*@/, "")
  const name = hostname(host)
  return HOST.test(name) ? `https://${name}/share?text=${encodeURIComponent(text)}` : ""
}

function hostname(host) {
  try {
    const url = new URL(`https://${host}`)
    return url.port ? "" : url.hostname
  } catch {
    return ""
  }
}
