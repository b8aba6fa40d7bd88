// stars.js: the stars of this page's event: one box for all its buttons, its list and its news.

import { StarBox } from "agenda/star-box"
import { ask } from "eventhub/request"
import { safeStorage } from "eventhub/storage"

const slug = location.pathname.split("/")[1]
const address = `/${slug}/stars`

export const stars = new StarBox({
  slug,
  storage: safeStorage(),
  ask: () => ask(address),
  put: (data, csrf) => ask(address, { data, csrf }),
  lock: (act) => navigator.locks?.request(`eventhub.stars.${slug}`, act) ?? act(),
})

// Whatever tells that the network may be back, or that another tab has set one.
const wake = () => document.hidden || stars.wake()
addEventListener("online", wake)
addEventListener("storage", ({ key }) => key?.startsWith("eventhub.star") && wake())
document.addEventListener("visibilitychange", wake)
document.addEventListener("stream-state", ({ detail }) => detail.state === "open" && wake())
stars.flush()
