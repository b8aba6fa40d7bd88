// kept-slots.js: finds slots in the pages that this browser keeps for the time without network.

import { page } from "live/fragment"

const PAGES = "eventhub-pages-"

// Clones of the newest elements of these sessions, at most one for each slot.
export async function keptSlots(slug, sessions) {
  const found = new Map()
  for (const answer of await keptPages(slug)) {
    for (const element of page(await answer.text()).querySelectorAll(".slot[data-session]")) {
      const { key, session, version } = element.dataset
      if (sessions.includes(session) && Number(version) > Number(found.get(key)?.dataset.version ?? -1)) found.set(key, element)
    }
  }
  return [...found.values()]
}

async function keptPages(slug) {
  if (!globalThis.caches) return []
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES))
  const all = await Promise.all(names.map(async (name) => {
    const cache = await caches.open(name)
    const requests = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(`/${slug}/`))
    return Promise.all(requests.map((request) => cache.match(request)))
  }))
  return all.flat().filter(Boolean)
}
