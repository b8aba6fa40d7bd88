// offline.js: asks the browser to keep the programme for the time without network. On plain http it has no place for that, and
// everything works as ever.

import { workerAddress } from "live/fragment"

const PAGES = ["", "programme/", "my/", "info/", "offline"]
const PATIENCE_MS = 2000 // first the page itself

const here = new URL(document.querySelector("link[rel=manifest]").href).pathname.split("/")[1]

async function prepare() {
  await navigator.serviceWorker.register(workerAddress(), { scope: "/" })
  const { active } = await navigator.serviceWorker.ready
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name))
  const files = loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/"))
  const board = document.querySelector(`.tabs__tab[href="/${here}/board/"]`) ? ["board/"] : [] // not every event has a barcamp
  const pages = [location.pathname, ...[...board, ...PAGES].map((page) => `/${here}/${page}`)]
  active.postMessage({ pages: [...new Set(pages)], files: files.map(({ pathname }) => pathname) })
}

// A browser that forbids it, or a server that is away: the next page asks again.
const begin = () => setTimeout(() => prepare().catch(() => {}), PATIENCE_MS)
if (navigator.serviceWorker && document.readyState === "complete") begin()
else if (navigator.serviceWorker) addEventListener("load", begin, { once: true })
