// storage.js: what a page keeps in the browser, and random names for it. Knows nothing of what is kept.

// 128 random bits, url-safe. crypto.randomUUID does not exist on plain http, and the venue's LAN may have nothing else.
export function newKey(random = (bytes) => crypto.getRandomValues(bytes)) {
  const text = String.fromCharCode(...random(new Uint8Array(16)))
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}

// localStorage, or memory where the browser forbids it.
export function safeStorage() {
  try {
    const { localStorage } = globalThis
    localStorage.setItem("eventhub.probe", "1")
    localStorage.removeItem("eventhub.probe")
    return localStorage
  } catch {
    return memoryStorage()
  }
}

export function memoryStorage() {
  const kept = new Map()
  return {
    setItem: (name, value) => kept.set(name, value),
    getItem: (name) => kept.get(name) ?? null,
    removeItem: (name) => kept.delete(name),
    key: (at) => [...kept.keys()][at] ?? null,
    get length() { return kept.size },
  }
}

// The names in `storage` that begin with one of `prefixes`; asked for as a whole, because taking one away moves the others.
export function namesIn(storage, ...prefixes) {
  const names = Array.from({ length: storage.length }, (_, at) => storage.key(at))
  return names.filter((name) => prefixes.some((prefix) => name?.startsWith(prefix)))
}
