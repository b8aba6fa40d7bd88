// sw.js: keeps now, programme, sessions, barcamp, info and one's own programme readable without network. What may be kept the server says
// with each answer ("Keep-Offline"); posts, notes, desks, admin and whatever belongs to a closed event it never says it of.

const PAGES = "eventhub-pages-{{ build }}"
const FILES = "eventhub-files-{{ build }}"
const KEPT = /^\/(?!(?:{{ reserved }})\/)[\w-]+\/(?:programme\/|session\/\d+\/|board\/|info\/|my\/|offline)?$/
const OWN = /\/(?:board|my)\/$/ // they hold what is one's own
const OTHERS = /^\/[\w-]+\/(?:wall|you)\/$/ // without network they say so, in our own words
const CODE = /^\/[A-Za-z2-9]{4,8}$/
const MAX_PAGES = 80
const PATIENCE_MS = 3000
const AGAIN = ["reload", "no-cache", "no-store"] // how a page is asked for that is loaded again

addEventListener("install", (event) => event.waitUntil(skipWaiting()))

addEventListener("activate", (event) => event.waitUntil(begin()))

// Another build has other pages and files: nothing of the old one stays.
async function begin() {
  const old = (await caches.keys()).filter((name) => name.startsWith("eventhub-") && ![PAGES, FILES].includes(name))
  await Promise.all(old.map((name) => caches.delete(name)))
  await clients.claim()
}

addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin) return
  if (request.mode !== "navigate") {
    if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(file(request))
  } else if (request.method !== "GET" || CODE.test(url.pathname)) {
    event.waitUntil(doubt()) // a language, a code, an erasure: what is kept may be another's, or in other words
  } else if (KEPT.test(url.pathname)) {
    event.respondWith(page(event, url))
  } else if (OTHERS.test(url.pathname)) {
    event.respondWith(fetch(request).catch(() => instead(url)))
  }
})

// What is kept at once, and renewed for the next time. What is one's own, a page that is loaded again, and whatever is in doubt wait
// for the network a moment.
async function page(event, url) {
  const { request } = event
  const cache = await caches.open(PAGES)
  const kept = await cache.match(request, { ignoreVary: true })
  const fresh = renew(cache, request, kept)
  event.waitUntil(fresh.catch(() => {}))
  if (!kept) return fresh.catch(() => instead(url))
  const waits = AGAIN.includes(request.cache) || OWN.test(url.pathname) || (await doubted(cache, kept))
  if (!waits) return kept
  return Promise.race([fresh.catch(() => kept), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept))])
}

// The answer of the server. What is not ours (a captive portal, a proxy) changes nothing of what is kept.
async function renew(cache, request, kept) {
  const answer = await fetch(request)
  const word = answer.headers.get("Keep-Offline")
  if (word === "yes" && answer.ok && !answer.redirected) await keep(cache, request, answer.clone())
  else if (word !== null) await cache.delete(request, { ignoreVary: true })
  return word === null && kept && answer.type !== "opaqueredirect" ? kept : answer
}

async function keep(cache, request, answer) {
  const headers = new Headers(answer.headers)
  headers.set("Kept-At", Date.now())
  const text = await answer.text()
  await cache.put(request, new Response(text, { status: answer.status, headers }))
  const names = await cache.keys()
  await Promise.all(names.slice(0, Math.max(0, names.length - MAX_PAGES)).map((name) => cache.delete(name)))
  return text
}

async function doubt() {
  const cache = await caches.open(PAGES)
  await cache.put("/doubt", new Response(String(Date.now())))
}

async function doubted(cache, kept) {
  const since = await cache.match("/doubt")
  return since !== undefined && Number(kept.headers.get("Kept-At")) <= Number(await since.text())
}

// Nothing is kept and nobody answers: the same page as it stood for another day, or the words for that.
async function instead(url) {
  const cache = await caches.open(PAGES)
  const same = KEPT.test(url.pathname) && (await cache.match(url.pathname, { ignoreSearch: true, ignoreVary: true }))
  return same || (await cache.match(`/${url.pathname.split("/")[1]}/offline`, { ignoreVary: true })) || Response.error()
}

// A page that was opened asks for its event's others, { pages, files }; what is there already is not fetched.
addEventListener("message", (event) => event.waitUntil(prepare(event.data)))

async function prepare({ pages, files }) {
  const cache = await caches.open(PAGES)
  for (const path of pages.filter((each) => KEPT.test(each))) {
    if (!(await cache.match(path, { ignoreVary: true }))) await renew(cache, new Request(path)).catch(() => {})
    const kept = await cache.match(path, { ignoreVary: true })
    if (kept) await keepParts(await kept.text(), files)
  }
}

// The styles and modules of a page, and what these import by the names in its map.
async function keepParts(html, files) {
  const map = JSON.parse(html.match(/<script type="importmap">(.*?)<\/script>/)?.[1] ?? "{}").imports ?? {}
  const waiting = [...files, ...[...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path]) => path)]
  const seen = new Set()
  for (const path of waiting) {
    if (seen.has(path) || !path.startsWith("/static/")) continue
    seen.add(path)
    const text = await keepFile(path).catch(() => "")
    for (const [, name] of text.matchAll(/^import\s[^"]*"([\w/-]+)"/gm)) if (map[name]) waiting.push(map[name])
  }
}

// The words of a module; of other files "".
async function keepFile(path) {
  const cache = await caches.open(FILES)
  if (!(await cache.match(path, { ignoreVary: true }))) await cache.add(path)
  return path.endsWith(".js") ? (await cache.match(path, { ignoreVary: true })).text() : ""
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}
